"""How content members are: their answers by store and month."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

from actions import charters
from db import satisfaction, stores
from db.database import Tx
from db.satisfaction import Count
from loyalty import days
from loyalty.satisfaction import Recommending, Result, Scores


def results(tx: Tx, store_ids: Collection[int] | None, since: int, until: int) -> list[Result]:
    """Of what was asked from since to before until (epoch ms UTC), by store, then by month in the charter's time zone.

    store_ids: 0 stands for no store in particular; None: all there are. Months in which a store's members were asked
    nothing are left out; the first and the last month may be parts of one.
    """
    zone = charters.current(tx).zone
    names = {0: ""} | {store.id: store.name for store in stores.list_all(tx)}
    wanted = sorted(names.keys() if store_ids is None else names.keys() & set(store_ids))
    found = []
    for begins, ends in _months(since, until, zone):
        counted = satisfaction.count(tx, wanted, begins, ends)
        month = days.local_date(begins, zone).replace(day=1)
        for store_id in {count.store_id for count in counted}:
            of_store = [count for count in counted if count.store_id == store_id]
            found.append(
                Result(
                    store_id, names[store_id], month, visits=_scores(of_store, "visit"),
                    gifts=_scores(of_store, "gift"), cases=_scores(of_store, "case"), recommending=_likely(of_store),
                )
            )  # fmt: skip
    return sorted(found, key=lambda result: (result.store_id, result.month))


def _months(since: int, until: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Begin and end (not included) of each local month's part of the time from since to before until."""
    while since < until:
        ends = min(days.month_span(since, zone)[1] + 1, until)
        yield since, ends
        since = ends


def _scores(counts: Collection[Count], about: str) -> Scores:
    return Scores(*_distribution(counts, about, 1, 5))


def _likely(counts: Collection[Count]) -> Recommending:
    return Recommending(*_distribution(counts, "recommend", 0, 10))


def _distribution(counts: Collection[Count], about: str, least: int, most: int) -> tuple[int, tuple[int, ...]]:
    """How many were asked, and how many gave each score."""
    times = {count.score: count.times for count in counts if count.about == about}
    return sum(times.values()), tuple(times.get(score, 0) for score in range(least, most + 1))
