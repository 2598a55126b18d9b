"""Spaces where Chinese meets what is filled in: one beside Latin letters, digits and signs, none beside Chinese.

A translation cannot know which: `%(store)s有 %(count)s 件` is said of 西门店 and of Lotus Café. So its seams are marked
when it is read, and closed or opened when it is filled in.
"""

import re

_BEFORE, _AFTER = "\ue000", "\ue001"  # what Unicode leaves to everybody's own use
_HAN = r"\u3007\u3400-\u9fff\U00020000-\U0003ffff"
_TAGS = r"(?:<[^>]*>)*"
# Beside these, and at either end, Chinese stands without a space: itself, its punctuation, space that is there already.
_CLOSE = rf"\s{_HAN}{_BEFORE}{_AFTER}\u2010-\u206f\u3000-\u303f\uff00-\uffef"

_HOLE_AFTER = re.compile(rf"(?<=[{_HAN}]) *(?={_TAGS}%\()")
# A year is written as in all other dates: 1990年.
_HOLE_BEFORE = re.compile(rf"(%\(\w+\)[sd]{_TAGS})(?!年) *(?=[{_HAN}])")
_CLOSED_BEFORE = re.compile(rf"{_BEFORE}(?={_TAGS}(?:[{_CLOSE}]|$))")
_CLOSED_AFTER = re.compile(rf"((?:^|[{_CLOSE}]){_TAGS}){_AFTER}")
_NUMBER_ENDS = re.compile(rf"(?<=\d)(?=[{_HAN}])")
_OPEN = re.compile(f"[{_BEFORE}{_AFTER}]")


def mark(translation: str) -> str:
    """With its seams marked: where a Chinese character and a placeholder meet, with or without a space."""
    return _HOLE_BEFORE.sub(rf"\1{_AFTER}", _HOLE_AFTER.sub(_BEFORE, translation))


def part(text: str) -> str:
    """1天后 → 1 天后."""
    return _NUMBER_ENDS.sub(" ", text)


def fit(text: str) -> str:
    """`text` with its marked seams closed, or opened by one space."""
    if not _OPEN.search(text):
        return text
    return _OPEN.sub(" ", _CLOSED_AFTER.sub(r"\1", _CLOSED_BEFORE.sub("", text)))
