from __future__ import annotations

from io import BytesIO

import zxingcpp
from PIL import Image

from bot.pictures.posters import PosterFace, draw_poster

LINK = "https://t.me/regulars_demo_bot?start=s_a-code-of-thirty-two-characters"


def test_the_posters_code_opens_the_join_link() -> None:
    face = PosterFace("老友会", "曲江大悦城店", "扫码入会", LINK, "zh_Hans", "#B4532A")
    codes = zxingcpp.read_barcodes(Image.open(BytesIO(draw_poster(face))))
    assert [code.text for code in codes] == [LINK]
