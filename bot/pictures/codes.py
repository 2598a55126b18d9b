"""A code to show at the counter: as letters, as a QR code for phones and as a Code 128 bar code for tills."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image, ImageColor, ImageDraw

from bot.pictures import fonts
from bot.pictures.inks import INK, WHITE, ink_on
from loyalty.codes import grouped

_SIZE = (1200, 1200)
_FAINT = (96, 100, 108)
_BAND = 190
_QR_SIDE = 560
_BARS = (1000, 150)
_TEXT_WIDTH = 1080


@dataclass(frozen=True, slots=True)
class CodeFace:
    """All that the picture shows; every word comes ready in the member's language."""

    programme: str
    colour: str  # "#RRGGBB" of the programme
    title: str  # what the code stands for
    place: str  # where it is good
    code: str  # as issued: ASCII, ungrouped
    hint: str
    locale: str  # zh_Hans, zh_Hant or en: chooses the glyph variants
    link: str = ""  # what the QR code opens; '' where it is to say the code itself


def draw_code(face: CodeFace) -> bytes:
    """`face` as PNG, 1200 x 1200 pixels. Refuses, as ValueError, a colour that is none."""
    canvas = Image.new("RGB", _SIZE, WHITE)
    pen = ImageDraw.Draw(canvas)
    colour = ImageColor.getrgb(face.colour)[:3]
    pen.rectangle((0, 0, _SIZE[0], _BAND), fill=colour)
    on_band = ink_on(face.colour)
    _write(pen, face, face.programme, (70, 34), on_band, 40)
    _write(pen, face, face.title, (146, 64), on_band, 40)
    _write(pen, face, face.place, (256, 40), _FAINT, 40)
    _paste(canvas, _symbol(face.link or face.code, zxingcpp.BarcodeFormat.QRCode, _QR_SIDE), 560)
    bars = _symbol(face.code, zxingcpp.BarcodeFormat.Code128, _BARS[0])
    _paste(canvas, bars.resize((bars.width, _BARS[1]), Image.Resampling.NEAREST), 930)
    _write(pen, face, grouped(face.code), (1090, 84), INK, 84)
    _write(pen, face, face.hint, (1160, 38), _FAINT, 26)
    file = BytesIO()
    canvas.save(file, "PNG", compress_level=3)
    return file.getvalue()


def _write(
    pen: ImageDraw.ImageDraw, face: CodeFace, text: str, at: tuple[int, int], ink: tuple[int, ...], smallest: int
) -> None:
    """Centred; at: the baseline, and the largest size."""
    line, typeface = fonts.typeset(text, face.locale)
    line, font = fonts.fit(line, typeface, _TEXT_WIDTH, at[1], min(at[1], smallest))
    pen.text((_SIZE[0] // 2, at[0]), line, ink, font, "ms", stroke_width=0.015 * font.size)


def _paste(canvas: Image.Image, code: Image.Image, middle: int) -> None:
    canvas.paste(code, ((_SIZE[0] - code.width) // 2, middle - code.height // 2))


def _symbol(text: str, kind: zxingcpp.BarcodeFormat, width: int) -> Image.Image:
    """With its quiet zones, in whole pixels per module."""
    code = zxingcpp.create_barcode(text, kind)
    drawn: Any = code.to_image(width // int(code.to_image(1).shape[1]))  # its stub leaves out the array protocol
    return Image.fromarray(drawn)
