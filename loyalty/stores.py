"""Store codes: short, typable, and fit for a link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from loyalty.digits import fold
from loyalty.errors import StoreCodeInvalid

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_LENGTH = 32
_SUGGESTED_LENGTH = 20
# What nearly every store's name ends with tells none apart.
_ENDINGS = ("分店", "门店", "門店", "门市", "門市", "店")


def parse_code(text: str) -> str:
    """A store's code as typed: small letters, digits, single hyphens between them, 32 at most.

    Refuses with StoreCodeInvalid; the charter and the link `?start=s_<code>` use it.
    """
    code = re.sub(r"[\s_-]+", "-", fold(text).casefold())
    if len(code) > _MAX_LENGTH or not _CODE.fullmatch(code):
        raise StoreCodeInvalid
    return code


def suggest_code(name: str, is_taken: Callable[[str], bool]) -> str:
    """A free code from the name's pinyin or letters: 西门店 → ximen; "store" where the name gives none."""
    stem = _stem(name) or "store"
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 10_000))
    return next(code for code in numbered if not is_taken(code))


def _stem(name: str) -> str:
    shorter = [name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)]
    short = next((stem for stem in shorter if len(stem) > 1), name)
    letters = unicodedata.normalize("NFKD", _romanised(short)).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", letters)[:_SUGGESTED_LENGTH].strip("-")


def _romanised(name: str) -> str:
    # Imported at first use: stores are created once in a while, and the library loads a dictionary.
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(fold(name)))
