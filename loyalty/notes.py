"""What staff may note about a member: what it is about, and the words."""

import re
from typing import Literal, get_args

from loyalty import profiles

Field = Literal["likes", "sizes", "colours", "brands", "allergies", "wishes", "other"]
FIELDS: tuple[Field, ...] = get_args(Field)

# What a note may begin with to say what it is about, as staff type it.
_SAID: tuple[tuple[Field, str], ...] = (
    ("likes", "likes like 喜欢 喜歡 喜好"),
    ("sizes", "sizes size 尺码 尺碼 尺寸"),
    ("colours", "colours colour colors color 颜色 顏色"),
    ("brands", "brands brand 品牌 牌子"),
    ("allergies", "allergies allergy allergic 过敏 過敏"),
    ("wishes", "wishes wish wants 想要 希望 心愿 心願"),
)
_WORDS = {word: field for field, words in _SAID for word in words.split()}
# Wherever it stands in the line: an allergy that is filed among the rest is overlooked.
_ALLERGY = re.compile(r"过敏|過敏|忌口|不能吃|\ballerg", re.IGNORECASE)
_TO = re.compile(r"^\s*to\s+", re.IGNORECASE)


def read(text: str) -> str:
    """The words of a note on one line, as short as what members tell of themselves. Refuses TextInvalid."""
    return profiles.read("likes", text)


def read_line(text: str) -> tuple[Field, str]:
    """What a note is about, if its first word says so, and its words. Refuses TextInvalid.

    `likes oat milk`, `过敏：花生`, `allergic to nuts`; 'allergies' as well if it speaks of one anywhere, as `坚果过敏`
    does; all else is 'other' until somebody files it.
    """
    first, _, rest = text.strip().replace("：", " ", 1).replace(":", " ", 1).partition(" ")
    field = _WORDS.get(first.casefold())
    if field == "allergies" and rest.strip():
        return field, read(_TO.sub("", rest))
    if _ALLERGY.search(text):
        return "allergies", read(text)
    return (field, read(rest)) if field and rest.strip() else ("other", read(text))
