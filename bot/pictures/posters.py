"""A store's join link as a picture to print and put at the counter."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image, ImageColor, ImageDraw

from bot.pictures import fonts

_SIZE = (1200, 1600)
_CODE_SIDE = 960
_TEXT_WIDTH = 1080
_WHITE = (255, 255, 255)
_INK = (24, 26, 31)


@dataclass(frozen=True, slots=True)
class PosterFace:
    """All that a poster shows; every word comes ready in the reader's language."""

    programme: str
    store: str
    hint: str  # what scanning is good for
    link: str  # what the QR code opens
    locale: str  # zh_Hans, zh_Hant or en: chooses the glyph variants
    brand_colour: str  # "#RRGGBB"


def draw_poster(face: PosterFace) -> bytes:
    """`face` as PNG, 1200 x 1600 pixels. Refuses, as ValueError, a colour that is none."""
    canvas = Image.new("RGB", _SIZE, _WHITE)
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, 0, _SIZE[0], 24), fill=ImageColor.getrgb(face.brand_colour))
    _write(pen, face, face.programme, 150, 72)
    _write(pen, face, face.store, 290, 110)
    code = _qr(face.link)
    canvas.paste(code, ((_SIZE[0] - code.width) // 2, 360))
    _write(pen, face, face.hint, 1470, 84)
    file = BytesIO()
    canvas.save(file, "PNG", compress_level=3)
    return file.getvalue()


def _write(pen: ImageDraw.ImageDraw, face: PosterFace, text: str, baseline: int, size: int) -> None:
    line, typeface = fonts.typeset(text, face.locale)
    line, font = fonts.fit(line, typeface, _TEXT_WIDTH, size, size // 2)
    pen.text((_SIZE[0] // 2, baseline), line, _INK, font, "ms", stroke_width=0.015 * font.size)


def _qr(link: str) -> Image.Image:
    """The code with its quiet zone; it bears a stain or a tear, as print does (error correction Q)."""
    code = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    drawn: Any = code.to_image(_CODE_SIDE // int(code.to_image(1).shape[1]))  # its stub leaves out the array protocol
    return Image.fromarray(drawn)
