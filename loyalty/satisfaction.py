"""What members' answers come to: scores of 1 to 5 about visits, gifts and cases, and the net promoter score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_NONE_OF_FIVE = (0,) * 5
_NONE_OF_ELEVEN = (0,) * 11
_PROMOTERS = slice(9, None)
_PASSIVES = slice(7, 9)
_DETRACTORS = slice(None, 7)


@dataclass(frozen=True, slots=True)
class Scores:
    """Answers from 1 to 5; they can be added up."""

    asked: int = 0
    counts: tuple[int, ...] = _NONE_OF_FIVE  # how many gave 1, 2, 3, 4, 5

    @property
    def answered(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        """1 to 5; None where nobody answered."""
        given = sum(score * times for score, times in enumerate(self.counts, start=1))
        return given / self.answered if self.answered else None

    def __add__(self, other: Scores) -> Scores:
        return Scores(self.asked + other.asked, _added(self.counts, other.counts))


@dataclass(frozen=True, slots=True)
class Recommending:
    """Answers from 0 to 10 to “would you recommend us?”; they can be added up.

    By the definition of the net promoter score (Reichheld 2003): 9 and 10 promote, 7 and 8 are passive, 0 to 6 detract.
    """

    asked: int = 0
    counts: tuple[int, ...] = _NONE_OF_ELEVEN  # how many gave 0, 1, … 10

    @property
    def answered(self) -> int:
        return sum(self.counts)

    @property
    def promoters(self) -> int:
        return sum(self.counts[_PROMOTERS])

    @property
    def passives(self) -> int:
        return sum(self.counts[_PASSIVES])

    @property
    def detractors(self) -> int:
        return sum(self.counts[_DETRACTORS])

    @property
    def nps(self) -> float | None:
        """Per cent of promoters less per cent of detractors, -100 to 100; None where nobody answered."""
        return 100 * (self.promoters - self.detractors) / self.answered if self.answered else None

    def __add__(self, other: Recommending) -> Recommending:
        return Recommending(self.asked + other.asked, _added(self.counts, other.counts))


@dataclass(frozen=True, slots=True)
class Result:
    """One store's calendar month: what was asked in it, and answered whenever."""

    store_id: int  # 0: no store in particular
    store: str  # its name, '' for none
    month: date  # its first day, in the charter's time zone
    visits: Scores = Scores()
    gifts: Scores = Scores()
    cases: Scores = Scores()
    recommending: Recommending = Recommending()


def _added(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))
