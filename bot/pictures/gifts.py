"""A plain picture for a gift that has none: its name on the programme's colour."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageColor, ImageDraw

from bot.pictures import fonts
from bot.pictures.inks import WHITE, ink_on

_SIZE = (1200, 800)
_TEXT_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class GiftFace:
    """All that the picture shows."""

    name: str
    colour: str  # "#RRGGBB" of the programme
    locale: str  # zh_Hans, zh_Hant or en: chooses the glyph variants


def draw_gift(face: GiftFace) -> bytes:
    """`face` as PNG, 1200 x 800 pixels. Refuses, as ValueError, a colour that is none."""
    colour = ImageColor.getrgb(face.colour)[:3]
    ink = ink_on(face.colour)
    canvas = Image.new("RGB", _SIZE, colour)
    pen = ImageDraw.Draw(canvas, "RGBA")
    for radius in (520, 400, 280):
        pen.ellipse((900 - radius, 100 - radius, 900 + radius, 100 + radius), fill=(*WHITE, 18))
    _bow(pen, ink)
    line, typeface = fonts.typeset(face.name, face.locale)
    line, font = fonts.fit(line, typeface, _TEXT_WIDTH, 110, 52)
    pen.text((_SIZE[0] // 2, 660), line, ink, font, "ms", stroke_width=0.015 * font.size)
    file = BytesIO()
    canvas.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _bow(pen: ImageDraw.ImageDraw, ink: tuple[int, ...]) -> None:
    """A wrapped box, in lines."""
    pen.rounded_rectangle((470, 270, 730, 500), 18, outline=ink, width=14)
    pen.rounded_rectangle((445, 210, 755, 285), 18, outline=ink, width=14)
    pen.line((600, 215, 600, 495), fill=ink, width=14)
    pen.ellipse((485, 120, 600, 212), outline=ink, width=14)
    pen.ellipse((600, 120, 715, 212), outline=ink, width=14)
