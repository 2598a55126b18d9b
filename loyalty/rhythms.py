"""What a member buys at regular intervals, and when it should be running out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from loyalty.charter_greetings import Replenishment
from loyalty.variants import comparable

# Older habits say little about the present one.
_LATEST = 9
_REGULAR_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of a purchase; `on` is the local day, `category` a code or ''."""

    on: date
    item: str
    category: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`what` names it for ever; `item` as it was last called, '' for any goods of the category."""

    what: str
    item: str
    category: str
    every_days: int
    last_on: date

    @property
    def due_on(self) -> date:
        """The local day on which the next one should be due."""
        return self.last_on + timedelta(days=self.every_days)


def find(rules: Replenishment, bought: Iterable[Bought]) -> list[Rhythm]:
    """The regular ones, in the order of `what`. A category counts as a whole where none of its items is regular."""
    by_item: defaultdict[str, list[Bought]] = defaultdict(list)
    by_category: defaultdict[str, list[Bought]] = defaultdict(list)
    for one in bought:
        if not rules.categories or one.category in rules.categories:
            by_item[comparable(one.item)].append(one)
            by_category[one.category].append(one)
    found = list(_regular(rules, "item", by_item))
    covered = {"", *(rhythm.category for rhythm in found)}
    others = {code: lines for code, lines in by_category.items() if code not in covered}
    return sorted([*found, *_regular(rules, "category", others)], key=lambda rhythm: rhythm.what)


def _regular(rules: Replenishment, kind: str, groups: dict[str, list[Bought]]) -> Iterator[Rhythm]:
    for name, lines in groups.items():
        on = sorted({line.on for line in lines})
        if every := interval(rules, on):
            last = max(lines, key=lambda line: line.on)
            yield Rhythm(f"{kind}:{name}", last.item if kind == "item" else "", last.category, every, on[-1])


def interval(rules: Replenishment, on: list[date]) -> int:
    """The usual number of days between these days (rising, each once); 0 if there is none."""
    if len(on) < rules.times:
        return 0
    gaps = [(later - earlier).days for earlier, later in pairwise(on[-_LATEST:])]
    usual = median(gaps)
    near = sum(1 for gap in gaps if abs(gap - usual) <= max(1.0, usual * float(rules.tolerance)))
    regular = near >= len(gaps) * _REGULAR_SHARE and rules.min_days <= usual <= rules.max_days
    return round(usual) if regular else 0
