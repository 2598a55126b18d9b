"""The membership card as a picture: name, tier and number; a QR code for phones and a Code 128 bar code for tills."""

import math
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from typing import Any

import zxingcpp
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

from bot.pictures import fonts

Colour = tuple[int, int, int]

_WHITE: Colour = (255, 255, 255)
_BLACK: Colour = (0, 0, 0)
_INK: Colour = (24, 26, 31)
# Telegram scales pictures to 1280 on the long side; at 1200 the modules arrive as they were drawn.
_SIZE = (1200, 760)
_LARGE_PRINT_SIZE = (1200, 1600)
_PANELS = ((756, 56, 1144, 444), (56, 480, 1144, 712))
_MARGIN = 60
_SMOOTHING = 4
# Fewer pixels per module do not survive a phone's screen under a till's laser.
_SMALLEST_MODULE = 3


@dataclass(frozen=True, slots=True)
class CardFace:
    """All that a card picture shows; every word comes ready in the member's language."""

    programme: str
    name: str
    tier: str
    tier_colour: str  # "#RRGGBB"
    number: str  # as the tills read it: ASCII, ungrouped
    link: str  # what the QR code opens
    locale: str  # zh_Hans, zh_Hant or en: chooses the glyph variants
    hint: str = ""  # one short line, such as when to show the card
    brand_colour: str = ""  # "#RRGGBB" of the programme's mark; none without it
    large_print: bool = False


def draw_card(face: CardFace) -> bytes:
    """`face` as PNG: 1200 x 760 pixels, or 1200 x 1600 in large print; the same bytes for the same face.

    Refuses, as ValueError, a colour that is none and a number or link too long for readable modules.
    """
    canvas = _large_print(face) if face.large_print else _standard(face)
    file = BytesIO()
    canvas.save(file, "PNG", compress_level=3)
    return file.getvalue()


def grouped(number: str) -> str:
    """`number` in groups of three or four, as even as they get: easy to read out and to compare."""
    groups = math.ceil(len(number) / 4)
    edges = [len(number) * edge // groups for edge in range(groups + 1)]
    return " ".join(number[start:end] for start, end in pairwise(edges))


def _standard(face: CardFace) -> Image.Image:
    colour = _rgb(face.tier_colour)
    canvas = _blank(colour).copy()
    pen = _Pen(canvas, face.locale, _readable_on(colour))
    left = _mark(canvas, face) if face.brand_colour else _MARGIN
    pen.write((left, 106), face.programme, 710 - left, (44, 26))
    pen.write((_MARGIN, 292), face.name, 650, (88, 38), weight=0.018)
    pen.badge((_MARGIN, 330), face.tier, 36)
    pen.write((_MARGIN, 440), face.hint, 650, (32, 22))
    _paste_code(canvas, _qr(face.link, 384), (950, 250))
    _paste_code(canvas, _bars(face.number, 1040, 124), (600, 564))
    _Pen(canvas, face.locale, _INK).write((600, 692), grouped(face.number), 1000, (50, 28), anchor="ms")
    return canvas


def _large_print(face: CardFace) -> Image.Image:
    colour = _rgb(face.tier_colour)
    canvas = Image.new("RGB", _LARGE_PRINT_SIZE, _WHITE)
    ImageDraw.Draw(canvas).rectangle((0, 0, 1200, 190), fill=colour)
    if face.brand_colour:
        ImageDraw.Draw(canvas).rectangle((0, 190, 1200, 206), fill=_rgb(face.brand_colour))
    band = _Pen(canvas, face.locale, _readable_on(colour, _BLACK))
    band.write((_MARGIN, 118), face.programme, 620, (64, 36), weight=0.02)
    band.write((1200 - _MARGIN, 122), face.tier, 420, (80, 40), weight=0.025, anchor="rs")
    body = _Pen(canvas, face.locale, _BLACK)
    body.write((_MARGIN, 368), face.name, 1080, (130, 64), weight=0.025)
    _paste_code(canvas, _qr(face.link, 800), (600, 800))
    _paste_code(canvas, _bars(face.number, 1160, 180), (600, 1290))
    body.write((600, 1474), grouped(face.number), 1100, (96, 48), weight=0.02, anchor="ms")
    body.write((600, 1570), face.hint, 1120, (76, 48), weight=0.02, anchor="ms")
    return canvas


def _mark(canvas: Image.Image, face: CardFace) -> int:
    """The programme's initial on a disc of its colour; returns where the text beside it begins."""
    colour = _rgb(face.brand_colour)
    canvas.paste(_WHITE, (_MARGIN, 54), _rounded((72, 72), 36))
    canvas.paste(colour, (_MARGIN + 4, 58), _rounded((64, 64), 32))
    pen = _Pen(canvas, face.locale, _readable_on(colour))
    pen.write((_MARGIN + 36, 104), face.programme.strip()[:1], 60, (38, 20), weight=0.02, anchor="ms")
    return _MARGIN + 92


class _Pen:
    """Writes lines of text of one colour and locale on a canvas."""

    def __init__(self, canvas: Image.Image, locale: str, ink: Colour) -> None:
        self._canvas = canvas
        self._draw = ImageDraw.Draw(canvas)
        self._locale = locale
        self._ink = ink

    def write(
        self,
        at: tuple[int, int],
        text: str,
        width: int,
        sizes: tuple[int, int],
        weight: float = 0.0,
        anchor: str = "ls",
    ) -> None:
        """`text` with its baseline at `at`; the weight, a stroke in parts of the size, stands in for a bold face."""
        line, face = fonts.typeset(text, self._locale)
        line, font = fonts.fit(line, face, width, *sizes)
        self._draw.text(at, line, self._ink, font, anchor, stroke_width=weight * font.size)

    def badge(self, at: tuple[int, int], text: str, size: int) -> None:
        """`text` in a rounded, slightly tinted box whose upper left corner is `at`."""
        line, face = fonts.typeset(text, self._locale)
        line, font = fonts.fit(line, face, 520, size, size * 2 // 3)
        width, height = round(font.getlength(line)) + 2 * 26, size + 24
        tint = _rounded((width, height), height // 2).point(lambda alpha: alpha * 46 // 255)
        self._canvas.paste(self._ink, at, tint)
        self._draw.text((at[0] + 26, at[1] + height // 2), line, self._ink, font, "lm", stroke_width=0.01 * size)


@lru_cache(maxsize=4)  # 4 MB each
def _blank(colour: Colour) -> Image.Image:
    """A card without a holder: a diagonal gradient, two faint discs of light, and white panels for the codes."""
    lighter, deeper = _mix(colour, _WHITE, 0.16), _mix(colour, _BLACK, 0.22)
    canvas = Image.composite(Image.new("RGB", _SIZE, deeper), Image.new("RGB", _SIZE, lighter), _diagonal())
    for centre, radius in (((1130, -40), 520), ((180, 880), 430)):
        canvas.paste(_WHITE, (centre[0] - radius, centre[1] - radius), _disc(radius))
    for panel in _PANELS:
        _paste_panel(canvas, panel, _mix(colour, _BLACK, 0.7))
    return canvas


def _diagonal() -> Image.Image:
    down = Image.linear_gradient("L").resize(_SIZE, Image.Resampling.BICUBIC)
    across = Image.linear_gradient("L").rotate(90).resize(_SIZE, Image.Resampling.BICUBIC)
    return ImageChops.blend(down, across, 0.6)


def _disc(radius: int) -> Image.Image:
    """A fading disc of light, strongest at its rim; too faint for a jagged edge to show."""
    glow = Image.radial_gradient("L").resize((2 * radius, 2 * radius), Image.Resampling.BICUBIC)
    disc = Image.new("L", glow.size)
    ImageDraw.Draw(disc).ellipse((0, 0, 2 * radius - 1, 2 * radius - 1), fill=255)
    return ImageChops.multiply(glow.point(lambda distance: 8 + distance // 12), disc)


@lru_cache(maxsize=32)
def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    """A filled mask with rounded corners, drawn larger and scaled down so that its edge is smooth."""
    large = Image.new("L", (size[0] * _SMOOTHING, size[1] * _SMOOTHING))
    corner = (large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(((0, 0), corner), radius * _SMOOTHING, fill=255)
    return large.resize(size, Image.Resampling.BOX)


def _paste_panel(canvas: Image.Image, box: tuple[int, int, int, int], shade: Colour) -> None:
    """A white rounded panel with a soft shadow below it."""
    size = (box[2] - box[0], box[3] - box[1])
    shadow = Image.new("L", _SIZE)
    shadow.paste(90, (box[0], box[1] + 8), _rounded(size, 28))
    canvas.paste(shade, (0, 0), shadow.filter(ImageFilter.GaussianBlur(14)))
    canvas.paste(_WHITE, box[:2], _rounded(size, 28))


def _paste_code(canvas: Image.Image, code: Image.Image, centre: tuple[int, int]) -> None:
    canvas.paste(code, (centre[0] - code.width // 2, centre[1] - code.height // 2))


def _qr(link: str, side: int) -> Image.Image:
    return _symbol(zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ec_level="M"), side)


def _bars(number: str, width: int, height: int) -> Image.Image:
    bars = _symbol(zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.Code128), width)
    return bars.resize((bars.width, height), Image.Resampling.NEAREST)


def _symbol(code: zxingcpp.Barcode, width: int) -> Image.Image:
    """The code with its quiet zones, in whole pixels per module so that no bar is wider than another by rounding."""
    pixels = width // int(code.to_image(1).shape[1])
    if pixels < _SMALLEST_MODULE:
        raise ValueError(f"{code.format.name} of {len(code.bytes)} bytes is too long for the card")
    drawn: Any = code.to_image(pixels)  # its stub leaves out the array protocol that Pillow asks for
    return Image.fromarray(drawn)


def _rgb(colour: str) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def _mix(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(own + (its - own) * share) for own, its in zip(colour, other, strict=True))
    return red, green, blue


def _readable_on(colour: Colour, dark: Colour | None = None) -> Colour:
    """White, or a dark shade, whichever stands out more (WCAG 2 contrast)."""
    dark = dark or _mix(colour, _BLACK, 0.82)
    luminance = _luminance(colour) + 0.05
    return _WHITE if 1.05 / luminance >= luminance / (_luminance(dark) + 0.05) else dark


def _luminance(colour: Colour) -> float:
    linear = [(part / 255 / 12.92) if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
