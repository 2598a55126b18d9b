"""What people type where a button or a command would do: yes, no and skip, everyday requests, greetings, thanks.

Bounded on purpose: short messages, whole words or a few patterns, the same answer every time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.routing import fold


def _any_of(words: str) -> frozenset[str]:
    """The words between the strokes."""
    return frozenset(words.split("|"))


_NO = _any_of("no|nope|no thanks|不|不要|不用|不用了|不了|不同意|不愿意|不願意|否")
_NOTHING = _NO | _any_of("skip|none|pass|later|跳过|跳過|略过|略過|没有|沒有|无|無|不说|不說|不填|随便|隨便|都可以")
_YES = _any_of("yes|yep|ok|okay|sure|agree|i agree|好|好的|是|是的|可以|行|同意|我同意")
_LUNAR = _any_of("lunar|农历|農曆|阴历|陰曆|旧历|舊曆")
# By the values that buttons have throughout the dialogues. Nothing here confirms an erasure: its value is "on".
_ANSWERS = {"yes": _YES, "no": _NO, "skip": _NOTHING, "none": _NOTHING, "-": _NOTHING, "lunar": _LUNAR}

_EDGES = re.compile(r"^\W+|\W+$")


def chosen(text: str, offered: Iterable[tuple[str, str]]) -> str | None:
    """The value of the button that a typed text stands for, by its label or by a word for yes, no or skip; else None.

    offered: label and value of each button, in whatever languages.
    """
    said = _bare(text)
    by_label = {_bare(label): value for label, value in offered}
    if said in by_label:
        return by_label[said]
    values = set(by_label.values())
    return next((value for value, words in _ANSWERS.items() if value in values and said in words), None)


def _bare(text: str) -> str:
    """Without case, emoji and marks at either end."""
    folded = fold(text)
    return _EDGES.sub("", folded) or folded
