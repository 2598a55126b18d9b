"""The picture of a gift's code, and the picture of a gift that has none."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from bot.pictures import Studio
from bot.pictures.codes import CodeFace, draw_code
from bot.pictures.gifts import GiftFace, draw_gift
from bot.pictures.inks import INK, WHITE, ink_on

FACE = CodeFace("老友会", "#B4532A", "马克杯", "西门店", "7K2M9QXA", "到店出示此码", "zh_Hans")


def opened(drawn: bytes) -> Image.Image:
    return Image.open(BytesIO(drawn))


@pytest.mark.parametrize("code", ["7K2M9QXA", "00000000", "ZZZZZZZZ"])
def test_both_symbols_say_the_code(code: str) -> None:
    drawn = opened(draw_code(CodeFace("Regulars", "#FFFFFF", "Mug", "West Gate", code, "Show this", "en")))
    found = zxingcpp.read_barcodes(drawn)
    assert {(symbol.format.name, symbol.text) for symbol in found} == {("QRCode", code), ("Code128", code)}


def test_a_phone_photo_of_half_the_size_is_read() -> None:
    small = opened(draw_code(FACE)).resize((600, 600))
    assert {symbol.text for symbol in zxingcpp.read_barcodes(small)} == {"7K2M9QXA"}


def test_the_same_face_is_the_same_picture() -> None:
    assert draw_code(FACE) == draw_code(FACE)


@pytest.mark.parametrize("title", ["x" * 400, "🎁", "", "Ğ\u202eabc", "骨直角" * 30])
def test_any_title_is_drawn(title: str) -> None:
    face = CodeFace("老友会", "#B4532A", title, "西门店", "7K2M9QXA", "", "zh_Hant")
    assert opened(draw_code(face)).size == (1200, 1200)
    assert opened(draw_gift(GiftFace(title, "#B4532A", "zh_Hant"))).size == (1200, 800)


def test_letters_stand_out_on_any_colour() -> None:
    assert [ink_on(colour) for colour in ("#FFFFFF", "#F5E663", "#B4532A", "#000000")] == [INK, INK, WHITE, WHITE]


async def test_the_studio_draws_both() -> None:
    studio = Studio()
    code = {"programme": "P", "colour": "#B4532A", "title": "Mug", "place": "W", "code": "7K2M9QXA"}
    drawn = await studio.draw("code", {**code, "hint": "h", "locale": "en"})
    plain = await studio.draw("gift", {"name": "Mug", "colour": "#B4532A", "locale": "en"})
    studio.close()
    assert opened(drawn).format == opened(plain).format == "PNG"
