"""People's names: cleaned for keeping, folded into keys for finding."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Literal

from loyalty.digits import fold
from loyalty.errors import NameInvalid
from loyalty.variants import simplified

KeyKind = Literal["name", "pinyin", "initials"]

_MAX_GRAPHEMES = 40
_MAX_CODE_POINTS = 120
# Visible by category, blank on every screen.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_READINGS_TOGETHER = 16
# Longer runs of characters are no Chinese name; their readings would only cost time.
_READ_CHARACTERS = 8
_SEPARATORS = re.compile(r"[\s\-·・,.]+")
_COMPOUND_SURNAMES = {
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "夏侯", "长孙", "宇文",
    "端木", "南宫", "轩辕", "独孤", "西门", "闻人", "澹台", "呼延",
}  # fmt: skip
# Readings these characters have as surnames only, or above all: pypinyin's first reading is the everyday one.
_SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "查": "zha", "解": "xie", "区": "ou", "朴": "piao", "盖": "ge",
    "任": "ren", "华": "hua", "乐": "yue", "覃": "qin", "翟": "zhai", "冼": "xian", "洗": "xian", "秘": "bi",
    "种": "chong", "缪": "miao", "折": "she", "繁": "po", "黑": "he", "召": "shao", "宓": "fu", "员": "yun",
    "卜": "bu", "薄": "bo", "隗": "wei", "阚": "kan", "莘": "xin", "都": "du", "郗": "chi", "尉": "yu", "澹": "tan",
}  # fmt: skip
# What else these are read as in names. Of all others the everyday reading will do: 谷 is no lu, nor 叶 a xie.
_SECOND_READINGS = {
    "长": "chang", "朝": "zhao", "重": "chong", "行": "hang", "乐": "yue", "柏": "bo", "晟": "sheng", "茜": "xi",
    "娜": "nuo", "伽": "jia", "仔": "zi", "莞": "wan", "琢": "zhuo", "隽": "jun", "筠": "jun", "裳": "chang",
    "蔓": "wan", "蹊": "xi", "鹄": "hu", "偲": "si", "嬛": "xuan", "佛": "fo", "藏": "zang", "劲": "jing", "似": "si",
    "曾": "zeng", "浚": "xun", "盛": "cheng", "解": "xie", "单": "shan", "朴": "piao",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchKey:
    """Something a clerk may type to find a member; looked up through its keyed hash."""

    kind: KeyKind
    text: str


def clean(text: str) -> str:
    """The name as it is kept: NFC, single spaces, nothing invisible; markup stays as typed. Any script.

    Refuses with NameInvalid: empty, more than 40 characters as people count them, without any letter or symbol.
    """
    visible = "".join(_visible(char) for char in unicodedata.normalize("NFC", text[: 4 * _MAX_CODE_POINTS]))
    name = " ".join(visible.split())
    if not name:
        raise NameInvalid("empty")
    if _graphemes(name) > _MAX_GRAPHEMES or len(name) > _MAX_CODE_POINTS or len(text) > 4 * _MAX_CODE_POINTS:
        raise NameInvalid("too_long")
    if not any(unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "So" for char in name):
        raise NameInvalid("no_letters")
    return name


def search_keys(name: str) -> frozenset[SearchKey]:
    """All keys under which a member of this name is found: whole name, its words, given name, pinyin, initials."""
    words = _words(name)
    whole = "".join(words)
    keys = {SearchKey("name", text) for text in (whole, *words)}
    if len(words) > 1 and not is_chinese(whole):
        keys.add(SearchKey("initials", "".join(word[0] for word in words)))
    return frozenset(key for key in (*keys, *_chinese_keys(whole)) if key.text)


def lookup_keys(text: str) -> frozenset[SearchKey]:
    """The keys a clerk's `text` may mean: a member matches who has any of them."""
    whole = "".join(_words(text))
    if not whole:
        return frozenset()
    if is_chinese(whole):
        return frozenset({SearchKey("name", whole)})
    syllables = "".join(_words(text.replace("ü", "v").replace("Ü", "v")))
    return frozenset({SearchKey("name", whole), SearchKey("pinyin", syllables), SearchKey("initials", syllables)})


def similarity(one: str, other: str) -> int:
    """0–100: how alike two names are, whatever the script, spacing and case: for putting the best hit first."""
    from rapidfuzz import fuzz  # only where people are looked for by name: it costs a start 20 ms

    return round(fuzz.ratio("".join(_words(one)), "".join(_words(other))))


def warm_up() -> None:
    """Load what the first search, or the first Chinese name, would otherwise have to wait for: half a second."""
    similarity("安", "安")
    _syllables("安")


def mask(name: str) -> str:
    """For lists in which people are told apart, not named: of each word only its beginning."""
    if is_chinese(name):
        return name[0] + "＊" * (len(name) - 1)
    return " ".join(f"{word[0]}…" for word in name.split())


def is_chinese(text: str) -> bool:
    """Whether any Chinese character is in the text."""
    return any(map(_is_han, text))


def _chinese_keys(name: str) -> Iterator[SearchKey]:
    han = "".join(filter(_is_han, name))
    given = han[2 if han[:2] in _COMPOUND_SURNAMES else 1 :]
    if len(given) > 1:
        yield SearchKey("name", given)
        yield from (SearchKey("pinyin", "".join(reading)) for reading in _readings(given, surname=False))
    for reading in _readings(han, surname=True) if han else ():
        yield SearchKey("pinyin", "".join(reading))
        yield SearchKey("initials", "".join(syllable[0] for syllable in reading))


def _readings(han: str, *, surname: bool) -> Iterable[tuple[str, ...]]:
    """Combinations of the characters' readings, likelier ones first, not more than is reasonable."""
    each = [_syllables(char) for char in han[:_READ_CHARACTERS]]
    if surname and han[0] in _SURNAME_READINGS:
        each[0] = tuple(dict.fromkeys((_SURNAME_READINGS[han[0]], *each[0])))
    return islice(product(*each), _READINGS_TOGETHER)


@cache
def _syllables(char: str) -> tuple[str, ...]:
    """Toneless readings in names, the everyday one first; ü also as passports (lyu) and lazy fingers (lu) spell it."""
    # Imported at first use: the library loads a dictionary of phrases, which single characters never need.
    from pypinyin import Style, pinyin

    everyday = pinyin(char, style=Style.NORMAL)[0][0]
    read = (everyday, _SECOND_READINGS.get(char, everyday))
    return tuple(dict.fromkeys(syllable.replace("v", u) for syllable in read for u in ("v", "yu", "u")))


def _words(text: str) -> list[str]:
    """Words in simplified characters, lower case, without accents and marks: what is compared, never shown."""
    plain = unicodedata.normalize("NFKD", simplified(fold(text)).casefold())
    parts = _SEPARATORS.split("".join(char for char in plain if unicodedata.category(char) != "Mn"))
    words = ("".join(char for char in part if unicodedata.category(char)[0] not in "PZC") for part in parts)
    return [unicodedata.normalize("NFC", word) for word in words if word]


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


def _visible(char: str) -> str:
    """The character, a space for line breaks and tabs, or nothing for what cannot be seen or turns text around."""
    category = unicodedata.category(char)
    if char.isspace():
        return " "
    return "" if category in ("Cc", "Cf", "Cs", "Cn", "Co") or char in _BLANK else char


def _graphemes(text: str) -> int:
    """Characters as people count them, nearly: marks, variation selectors and skin tones belong to what they follow."""
    return sum(unicodedata.category(char) not in ("Mn", "Me") and char not in _SKIN_TONES for char in text)
