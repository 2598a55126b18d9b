"""The chapter “Service” of managers' reports: cases, how long they took, why, what they cost, and how content members
are. What happened in the time counts: a case opened in it, a first answer given, a solution found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from actions import charters, looks, purchases, reports, satisfaction
from actions.reports import Scope
from db import audit, care, members, reports as counts
from db.database import Tx
from db.people import Person
from db.reports import SORTS, Opened, Pending, Spent, Took
from loyalty import days
from loyalty.jobs import DAY_MS
from loyalty.messages import Document, Picture, Say
from loyalty.reports import Times, parts
from loyalty.satisfaction import Recommending, Result, Scores

CHAPTER = "service"
_YEAR_MS = 365 * DAY_MS
_MOST_COMPLAINERS = 10
_NOT_DRAWN = {"stores", "store_id", "anything", "choosing", "weekly"}


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """One store's part. store_id 0: what is about no store in particular."""

    store_id: int
    store: str  # '' for none in particular
    kinds: Mapping[str, int]  # opened, by sort
    pending: Pending
    answers: Times
    solutions: Times
    scores: Scores  # of visits, gifts and cases
    recommending: Recommending
    spent: Spent

    @property
    def opened(self) -> int:
        return sum(self.kinds.values())

    @property
    def anything(self) -> bool:
        """Whether there is anything to tell of it."""
        done = self.opened or self.answers.count or self.solutions.count or self.pending.open or self.spent.cases
        return bool(done or self.scores.asked or self.recommending.answered)


@dataclass(frozen=True, slots=True)
class Reason:
    """What cases were about, low scores apart: opened, by kind."""

    name: dict[str, str]  # by locale
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the chapter tells."""

    stores: list[StoreFigures]
    reasons: list[Reason]  # the most frequent first
    columns: list[dict[str, Any]]  # begins, ends (ISO dates), opened, solved

    @property
    def anything(self) -> bool:
        """Whether there is anything to tell."""
        return any(one.anything for one in self.stores)


@dataclass(frozen=True, slots=True)
class Complaining:
    """Somebody who complained twice or more within a year."""

    member_id: int
    name: str
    tier: dict[str, str]  # by locale
    complaints: int
    last_at: int  # epoch ms UTC
    spent: int  # in that year, minor units, less refunds


def page(tx: Tx, user_id: int, period: str, store_id: int, choosing: bool = False) -> Say:
    """The picture, its main numbers in words. choosing: the buttons offer the stores. Refuses as `reports.scope`."""
    scope = reports.scope(tx, user_id, period, store_id)
    return said(scope, figures(tx, scope), choosing=choosing)


def said(scope: Scope, told: Figures, choosing: bool = False, weekly: bool = False) -> Say:
    """How the figures are told. weekly: of the programme's own accord."""
    params = scope.params() | _summary(told) | {"anything": told.anything, "choosing": choosing, "weekly": weekly}
    shown = {name: value for name, value in params.items() if name not in _NOT_DRAWN}
    colour = scope.charter.programme.colour
    return Say("report_service", params, picture=Picture("report_service", shown | _drawn(told) | {"colour": colour}))


def export(tx: Tx, person: Person, period: str, store_id: int) -> Say:
    """The spreadsheet of every case that was open in the time; made when it is sent. Refuses as `reports.scope`."""
    scope = reports.scope(tx, person.user_id, period, store_id)
    told = {"begins": scope.span.begins.isoformat(), "ends": scope.span.ends.isoformat()}
    today = days.local_date(tx.now, scope.charter.zone)
    params = {"user_id": person.user_id, "period": period, "store_id": store_id, "today": today.isoformat()}
    audit.add(tx, person.user_id, "report_exported", store_id=store_id, period=period, chapter=CHAPTER)
    name = f"service-{told['begins']}-{told['ends']}.xlsx"
    return Say("report_file", told, document=Document("report_service", params, name))


def complainers(tx: Tx, user_id: int, store_id: int) -> dict[str, Any]:
    """Who complained twice or more at these stores within a year, ten at most. Refuses as `reports.scope`."""
    scope, charter = reports.scope(tx, user_id, "year", store_id), charters.current(tx)
    found = counts.list_complainers(tx, scope.store_ids, tx.now - _YEAR_MS, _MOST_COMPLAINERS)
    told = []
    for one in found:
        member, name = members.get_named(tx, one.member_id) or (None, "")
        assert member is not None
        tier, spent = charter.tier(member.tier).names, care.spent(tx, member.id, tx.now - _YEAR_MS)
        told.append(asdict(Complaining(member.id, name, tier, one.complaints, one.last_at, spent)))
    return {"members": told, "store": scope.params()["store"]}


def note_complainers(tx: Tx, person: Person, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """That they were looked at is recorded."""
    place = purchases.place_of(tx, person)
    audit.add(tx, person.user_id, "members_listed", store_id=place, count=len(told["members"]))
    looks.note_all(tx, person, (member["member_id"] for member in told["members"]), place)
    return told


def figures(tx: Tx, scope: Scope) -> Figures:
    """Of the scope's stores and time."""
    begins, ends = scope.instants
    opened = counts.count_opened(tx, scope.store_ids, begins, ends)
    return Figures(_by_store(tx, scope, opened), _reasons(scope, opened), _columns(tx, scope))


def _by_store(tx: Tx, scope: Scope, opened: Collection[Opened]) -> list[StoreFigures]:
    ids, span = scope.store_ids, scope.instants
    pending = {one.store_id: one for one in counts.count_open(tx, ids)}
    answers = _times(counts.count_times(tx, "answer", ids, *span))
    solutions = _times(counts.count_times(tx, "resolve", ids, *span))
    spent = {one.store_id: one for one in counts.count_spent(tx, ids, *span)}
    content = satisfaction.results(tx, ids, *span)
    names = {store.id: store.name for store in scope.stores}
    return [
        StoreFigures(
            store_id, names.get(store_id, ""), _kinds(one for one in opened if one.store_id == store_id),
            pending.get(store_id, Pending(store_id, 0, 0)), answers.get(store_id, Times()),
            solutions.get(store_id, Times()), *_content(content, store_id),
            spent.get(store_id, Spent(store_id, 0, 0, 0)),
        )
        for store_id in ids
    ]  # fmt: skip


def _times(took: Iterable[Took]) -> dict[int, Times]:
    """By store."""
    minutes, late = defaultdict[int, dict[int, int]](dict), Counter[int]()
    for one in took:
        minutes[one.store_id][one.minutes] = one.times
        late[one.store_id] += one.late
    return {store_id: Times(of, late[store_id]) for store_id, of in minutes.items()}


def _content(results: Iterable[Result], store_id: int) -> tuple[Scores, Recommending]:
    scores, recommending = Scores(), Recommending()
    for result in results:
        if result.store_id == store_id:
            scores += result.visits + result.gifts + result.cases
            recommending += result.recommending
    return scores, recommending


def _kinds(opened: Iterable[Opened]) -> Counter[str]:
    kinds = Counter[str]()
    for one in opened:
        kinds[one.sort] += one.times
    return kinds


def _reasons(scope: Scope, opened: Iterable[Opened]) -> list[Reason]:
    """What a newer charter dropped is among the last of its categories; a low score says no reason."""
    service, by_code = scope.charter.service, defaultdict[str, list[Opened]](list)
    for one in (one for one in opened if one.sort != "low_score"):
        by_code[service.category(one.category).code].append(one)
    found = [Reason(service.category(code).names, _kinds(of)) for code, of in by_code.items()]
    return sorted(found, key=lambda reason: (-reason.kinds["complaint"], -sum(reason.kinds.values()), str(reason.name)))


def _columns(tx: Tx, scope: Scope) -> list[dict[str, Any]]:
    found = []
    for part in parts(scope.period, scope.span):
        span = part.instants(scope.charter.zone)
        opened = counts.total(tx, "opened_at", scope.store_ids, *span)
        solved = counts.total(tx, "resolved_at", scope.store_ids, *span)
        found.append(
            {"begins": part.begins.isoformat(), "ends": part.ends.isoformat(), "opened": opened, "solved": solved}
        )
    return found


def _summary(told: Figures) -> dict[str, Any]:
    """The main numbers, of all stores together."""
    of = told.stores
    kinds = sum((Counter(one.kinds) for one in of), Counter[str]())
    scores = sum((one.scores for one in of), Scores())
    recommending = sum((one.recommending for one in of), Recommending())
    return {
        "kinds": {sort: kinds[sort] for sort in SORTS}, "opened": sum(kinds.values()),
        "open": sum(one.pending.open for one in of), "late": sum(one.pending.late for one in of),
        "answers": _told(sum((one.answers for one in of), Times())),
        "solutions": _told(sum((one.solutions for one in of), Times())),
        "reasons": [{"name": one.name, "times": one.kinds["complaint"]} for one in told.reasons],
        "points": sum(one.spent.points for one in of), "coupons": sum(one.spent.coupons for one in of),
        "compensated": sum(one.spent.cases for one in of), "score": scores.mean, "answered": scores.answered,
        "asked": scores.asked,
        "scores": list(scores.counts), "nps": recommending.nps, "recommending": recommending.answered,
    }  # fmt: skip


def _told(times: Times) -> dict[str, Any]:
    """Minutes of working time; None where nothing was done."""
    return {
        "count": times.count, "median": times.percentile(50), "most": times.percentile(90), "in_time": times.in_time,
    }  # fmt: skip


def _drawn(told: Figures) -> dict[str, Any]:
    """What only the picture shows."""
    by_store = [
        {
            "store": one.store, "opened": one.opened, "solved": one.solutions.count, "open": one.pending.open,
            "late": one.pending.late, "score": one.scores.mean, "answered": one.scores.answered,
        }
        for one in told.stores
    ]  # fmt: skip
    return {"columns": told.columns, "by_store": by_store}
