"""Each way the record of who did what can be wrong, in a sentence."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.tampering import describe
from loyalty.audit import Problem, ProblemKind


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("changed", 3), "entry 3 is not as it was written"),
        (Problem("missing", 97, 1), "has a gap: entry 97 is missing"),
        (Problem("missing", 97, 3), "has a gap: entries 97 to 99 are missing"),
        (Problem("inserted", 0, 2), "holds 2 entries that the bot never wrote"),
        (Problem("cut_off", 5, 2), "was cut off: entries 5 to 6 are missing at its end"),
        (Problem("rewound", 6), "entry 6 is not the one that was noted"),
        (Problem("rewound", 0), "witness file beside the key file is damaged"),
    ],
)
def test_it_says_what_is_wrong_and_where(problem: Problem, said: str) -> None:
    assert said in describe(problem)


@pytest.mark.parametrize("kind", get_args(ProblemKind))
def test_every_kind_has_its_sentence(kind: ProblemKind) -> None:
    assert describe(Problem(kind, 1)).endswith(".")
