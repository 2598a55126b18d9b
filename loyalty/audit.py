"""The arithmetic of the audit's chain: each deed's mac covers the deed, its place and the mac of the place before.

Who has no key can neither change a deed nor add one. What could still be done is to cut the end off, so the end is
known elsewhere too: in a table of its own, and by a witness outside the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from json.encoder import encode_basestring as _text
from typing import Literal

Mac = Callable[[bytes], bytes]
ProblemKind = Literal["changed", "missing", "inserted", "cut_off", "rewound"]


@dataclass(frozen=True, slots=True)
class Deed:
    """What the mac covers. detail: JSON, as stored."""

    place: int  # 1, 2, 3 …
    at: int  # epoch ms UTC
    actor: int
    action: str
    store_id: int
    member_id: int
    detail: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the chain and its mac; place 0 with '' is before the first."""

    place: int = 0
    mac: str = ""


BEGINNING = Mark()


@dataclass(frozen=True, slots=True)
class Problem:
    """changed: the deed at this place. missing: so many from there on. inserted: so many that never were in the chain.
    cut_off: so many at the end. rewound: the chain was taken back and went another way."""

    kind: ProblemKind
    place: int
    places: int = 1


def link(mac: Mac, before: str, deed: Deed) -> str:
    """The deed's mac (hex), after that of the place before."""
    # As json.dumps writes a list, without its cost: most of what an action does is waiting for this.
    covered = (
        f"[{_text(before)}, {deed.place}, {deed.at}, {deed.actor}, {_text(deed.action)}, {deed.store_id}, "
        f"{deed.member_id}, {_text(deed.detail)}]"
    )
    return mac(covered.encode()).hex()


def follow(mac: Mac, reached: Mark, chained: Iterable[tuple[Deed, str]]) -> tuple[Mark, list[Problem]]:
    """Go on from `reached` along deeds with their macs, in the order of their places: how far that led, what is wrong.

    Each deed is held against the mac kept for the one before, so one changed deed is one problem.
    """
    problems: list[Problem] = []
    for deed, kept in chained:
        problems += _problems(mac, reached, deed, kept)
        reached = Mark(deed.place, kept)
    return reached, problems


def _problems(mac: Mac, reached: Mark, deed: Deed, kept: str) -> Iterator[Problem]:
    if deed.place != reached.place + 1:
        # Without its forerunner a deed's mac cannot be told from a wrong one.
        yield Problem("missing", reached.place + 1, deed.place - reached.place - 1)
    elif link(mac, reached.mac, deed) != kept:
        yield Problem("changed", deed.place)


def end(reached: Mark, head: Mark) -> list[Problem]:
    """What is wrong where the chain ends: `head` is where it should."""
    if reached.place < head.place:
        return [Problem("cut_off", reached.place + 1, head.place - reached.place)]
    return [] if reached == head else [Problem("rewound", reached.place)]


def against_witness(witness: Mark, kept: str | None, head: Mark) -> list[Problem]:
    """What is wrong with the place a witness remembers, whose mac is `kept` now; None if nothing is there."""
    if witness.place > head.place:
        return [Problem("cut_off", head.place + 1, witness.place - head.place)]
    return [] if not witness.place or kept == witness.mac else [Problem("rewound", witness.place)]
