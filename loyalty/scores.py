"""What a member of staff did in a month, beside other months of their own; and whom a team may thank for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from loyalty.days import add_months

# A mean of fewer could be traced to a single member.
FEWEST_RATINGS = 3
MONTHS_BACK = 24
# The months among which one's best is looked for, the shown one included.
BEST_OF = 12
MOST_THANKED = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one person, or of a team, in one month. stars: the sum of the ratings, 1 to 5 each."""

    enrolled: int = 0
    purchases: int = 0
    gifts: int = 0
    solved: int = 0
    in_time: int = 0  # of those solved
    ratings: int = 0
    stars: int = 0
    care: int = 0
    quizzes: int = 0
    asked: int = 0  # questions of those quizzes
    correct: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def mean(self) -> int:
        """Of the ratings, in tenths: 46 is 4.6. 0 while there are too few."""
        return round(10 * self.stars / self.ratings) if self.ratings >= FEWEST_RATINGS else 0

    @property
    def shown(self) -> dict[str, int]:
        """What is told of them: no single rating, and none below which it could be guessed."""
        told = {name: getattr(self, name) for name in NAMES if name not in ("ratings", "stars")}
        return {**told, "mean": self.mean}


NAMES = tuple(field.name for field in fields(Figures))
# What one can be thanked for, the dearest first: to be preferred where somebody leads in several.
MERITS = ("mean", "in_time", "care", "enrolled", "gifts", "purchases", "quizzes")


@dataclass(frozen=True, slots=True)
class Merit:
    """What somebody did best, compared with the most anybody of the team did; `mean` in tenths."""

    person: int
    what: str  # one of MERITS
    value: int


# What a month can be one's best in.
_STARRED = ("purchases", "enrolled", "gifts", "solved", "mean", "care")


def bests(months: Sequence[Figures]) -> dict[str, int]:
    """The most of each figure in any of these months; of the means the highest."""
    return {name: max(month.shown[name] for month in months) for name in Figures().shown}


def is_best(shown: Mapping[str, int], best: Mapping[str, int]) -> bool:
    """Whether the month is, in anything, the best one. shown: its figures; best: as `bests` gives them."""
    return any(0 < shown[name] >= best[name] for name in _STARRED)


def thanked(team: Mapping[int, Figures]) -> list[Merit]:
    """The first three and what each did best; never the last, so of four one knows three, and of one nobody.

    The order is by what each did as a share of the most that anybody did, over all merits; who did nothing has no
    place in it. team: everybody who works there, by id.
    """
    most = {what: max((one.shown[what] for one in team.values()), default=0) for what in MERITS}
    merits = {person: _shares(figures, most) for person, figures in team.items()}
    order = sorted(team, key=lambda person: (-sum(merits[person].values()), person))
    first = [person for person in order if any(merits[person].values())][: min(MOST_THANKED, len(team) - 1)]
    return [_best(person, merits[person], team[person]) for person in first]


def _shares(figures: Figures, most: Mapping[str, int]) -> dict[str, float]:
    return {what: figures.shown[what] / most[what] if most[what] else 0.0 for what in MERITS}


def _best(person: int, shares: Mapping[str, float], figures: Figures) -> Merit:
    what = max(MERITS, key=lambda merit: (shares[merit], -MERITS.index(merit)))
    return Merit(person, what, figures.shown[what])


def read_month(told: str, today: date) -> date | None:
    """The first day of `yyyymm`, '' for this month; None for what is no month, to come, or too long ago."""
    this = today.replace(day=1)
    if not told:
        return this
    if len(told) != 6 or not (told.isascii() and told.isdigit()) or not 1 <= int(told[4:]) <= 12 or told < "1970":
        return None
    month = date(int(told[:4]), int(told[4:]), 1)
    return month if add_months(this, -MONTHS_BACK) <= month <= this else None


def months_until(month: date) -> list[date]:
    """The first days of the months up to this one among which one's best is looked for."""
    return [add_months(month, -back) for back in reversed(range(BEST_OF))]
