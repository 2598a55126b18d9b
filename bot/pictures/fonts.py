"""Typefaces for pictures: the right CJK glyph variants for a locale, and text cut down to what can be drawn."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL.ImageFont import FreeTypeFont, Layout, truetype

# One collection holds a face per region; the same code point (骨, 直, 角) is drawn differently in each.
_FAMILY = {"zh_Hans": "Noto Sans CJK SC", "zh_Hant": "Noto Sans CJK TC"}
_DEFAULT_FAMILY = "Noto Sans CJK SC"
_COLLECTION = "NotoSansCJK-Regular.ttc"
_COLLECTION_FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"))
# Scripts the CJK faces lack (Arabic, Hebrew, Armenian …); used where the system has it.
_WIDE_COVERAGE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

_PROBE_SIZE = 16
_ELLIPSIS = "…"
_MARKS_PER_LETTER = 2
# No line of a picture holds more; measuring a longer one would only take time.
_LONGEST_LINE = 120


class FontNotFound(Exception):
    """No Noto Sans CJK collection on this machine: install noto-cjk-sans-otc or Debian's fonts-noto-cjk."""


def clean(text: str) -> str:
    """`text` on one line in NFC, without control, format and zero-width characters and without stacks of marks."""
    kept = "".join(_without_stacks(unicodedata.normalize("NFC", text)))
    return " ".join(kept.split())[:_LONGEST_LINE]


def typeset(text: str, locale: str) -> tuple[str, "Typeface"]:
    """What of `text` can be drawn, and the typeface that draws most of it.

    Characters without a glyph (emoji, rare scripts) are left out; of a text of nothing else nothing is left.
    """
    line = clean(text)
    face = max(_faces(locale), key=lambda candidate: sum(map(candidate.has, filter(str.isalnum, line))))
    return clean("".join(filter(face.has, line))), face


class Typeface:
    """One face of a font file at any size in pixels."""

    def __init__(self, path: Path, index: int = 0) -> None:
        self.path = path
        self.index = index
        self.at = lru_cache(maxsize=32)(self._open)
        self.has = lru_cache(maxsize=8192)(self._has_glyph)
        probe = truetype(str(path), _PROBE_SIZE, index, layout_engine=Layout.BASIC)
        self._glyph = probe.getmask
        self._missing = bytes(probe.getmask("\uffff"))

    def _open(self, size: int) -> FreeTypeFont:
        return truetype(str(self.path), size, self.index)

    def _has_glyph(self, character: str) -> bool:
        return character == " " or bytes(self._glyph(character)) != self._missing


def fit(text: str, face: Typeface, width: float, largest: int, smallest: int) -> tuple[str, FreeTypeFont]:
    """`text` at a size that makes it at most `width` pixels wide, cut with an ellipsis where the smallest does not."""
    natural = face.at(largest).getlength(text)
    size = largest if natural <= width else max(smallest, int(largest * width / natural))
    font = face.at(size)
    return (text if font.getlength(text) <= width else _shorten(text, font, width)), font


def _shorten(text: str, font: FreeTypeFont, width: float) -> str:
    for end in range(len(text) - 1, 0, -1):
        if unicodedata.combining(text[end]):
            continue
        shortened = text[:end].rstrip() + _ELLIPSIS
        if font.getlength(shortened) <= width:
            return shortened
    return _ELLIPSIS


def _without_stacks(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        if character.isspace():
            yield " "
        elif not category.startswith("C") and marks <= _MARKS_PER_LETTER:
            yield character


@lru_cache(maxsize=4)
def _faces(locale: str) -> list[Typeface]:
    cjk = _collection()
    faces = [Typeface(cjk, _index(cjk, _FAMILY.get(locale, _DEFAULT_FAMILY)))]
    return [*faces, Typeface(_WIDE_COVERAGE)] if _WIDE_COVERAGE.exists() else faces


def _collection() -> Path:
    spec = find_spec("noto_cjk_sans_otc")
    packaged = [Path(folder) for folder in spec.submodule_search_locations or ()] if spec else []
    for folder in (*packaged, *_COLLECTION_FOLDERS):
        if (folder / _COLLECTION).exists():
            return folder / _COLLECTION
    raise FontNotFound(FontNotFound.__doc__)


def _index(collection: Path, family: str) -> int:
    index = 0
    while truetype(str(collection), _PROBE_SIZE, index).getname()[0] != family:
        index += 1
    return index
