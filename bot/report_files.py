"""Managers' spreadsheets. Members are in them by the number of their card alone, never by name or phone; staff are
not, since their ratings are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, Literal

from xlsxwriter import Workbook

from actions import reports, reports_service
from actions.reports import Scope
from actions.reports_service import Figures, Reason, StoreFigures
from bot.documents import Row, Sheet, add_rows, add_table, begin_table
from bot.words import N_, Language
from db import reports as counts
from db.database import Database, Tx
from db.reports import COHORTS, SORTS, Listed
from loyalty.cases import KINDS, OPEN
from loyalty.reports import Times

_PAGE = 500
_MOST_ROWS = 100_000
_HOUR_MS = 3_600_000
_MINUTES = 60
_NOTHING: tuple[Literal["text"], str] = ("text", "")
_SORTS = {
    "complaint": N_("Complaint"), "low_score": N_("Low score"), "suggestion": N_("Suggestion"), "praise": N_("Praise"),
}  # fmt: skip
_STATES = {
    "new": N_("nobody has it"), "taken": N_("in hand"), "waiting": N_("waits for the member"),
    "resolved": N_("solved"), "confirmed": N_("confirmed by the member"), "unanswered": N_("closed"),
    "closed": N_("closed"), "merged": N_("goes on in another case"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Names:
    """What the numbers in a case stand for."""

    stores: Mapping[int, str]
    now: int  # epoch ms UTC


async def service_workbook(db: Database, language: Language, params: Mapping[str, Any]) -> bytes:
    """An .xlsx file with a sheet of cases, one of stores and one of reasons, for what `reports_service.export` asks.

    However many cases there are, a page of them is in memory at a time; what is written waits in a file of its own.
    """
    scope, told, names = await db.read(_ask, params)
    with TemporaryDirectory(prefix="report-") as folder:
        file = BytesIO()
        workbook = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        await _add_cases(db, workbook, language, scope, names)
        await asyncio.to_thread(_complete, workbook, language, told)
    return file.getvalue()


def _ask(tx: Tx, params: Mapping[str, Any]) -> tuple[Scope, Figures, _Names]:
    today = date.fromisoformat(params["today"])
    scope = reports.scope(tx, params["user_id"], params["period"], params["store_id"], today)
    stores = {store.id: store.name for store in scope.stores}
    return scope, reports_service.figures(tx, scope), _Names(stores, tx.now)


async def _add_cases(db: Database, workbook: Workbook, language: Language, scope: Scope, names: _Names) -> None:
    _ = language.gettext
    headings = (
        _("Case"), _("Kind"), _("Severity"), _("Reason"), _("Store"), _("State"), _("Opened"), _("First answer"),
        _("Hours to first answer"), _("Solved"), _("Hours to solution"), _("Late"), _("Opened again"), _("Score"),
        _("Card number"), _("Points given"), _("Coupons given"),
    )  # fmt: skip
    begun, written = begin_table(workbook, language, Sheet(_("Cases"), headings, ())), 1
    async for page in _pages(db, scope):
        rows = [_case(language, case, names) for case in page]
        await asyncio.to_thread(add_rows, begun, language, rows, written)
        written += len(rows)
        if written > _MOST_ROWS:
            add_rows(begun, language, [[("text", _("There are more, left out here."))]], written)
            break
    begun[0].autofilter(0, 0, written - 1, len(headings) - 1)


async def _pages(db: Database, scope: Scope) -> AsyncIterator[list[Listed]]:
    """Store by store: cases opened in the time, then older ones still open, then older ones solved since it began.

    Each page is read as things stand by then: what was opened again meanwhile is found with the open ones at the end.
    """
    for store_id in scope.store_ids:
        listed = set[int]()
        for cohort in (*COHORTS, "open"):
            place = (0, 0)
            while found := await db.read(counts.list_cases, cohort, store_id, scope.instants, place, _PAGE):
                place = found[-1][0]
                yield [case for _place, case in found if case.id not in listed]
                listed |= {case.id for _place, case in found}


def _case(language: Language, case: Listed, names: _Names) -> Row:
    service = language.charter.service
    return [
        ("points", case.id), ("text", language.gettext(_SORTS[case.sort])),
        ("text", language.local(service.severity(case.severity).names)),
        ("text", language.local(service.category(case.category).names)),
        ("text", names.stores.get(case.store_id, "")), ("text", language.gettext(_STATES[case.state])),
        ("time", case.opened_at), *_took(case.answered_at, case.answer_ms),
        *_took(case.resolved_at, case.resolve_ms), ("text", _late(language, case, names.now)),
        ("points", case.reopened), ("points", case.score) if case.score else _NOTHING, ("text", case.number),
        ("points", case.points), ("points", case.coupons),
    ]  # fmt: skip


def _took(at: int, took_ms: int) -> Row:
    return [("time", at), ("tenths", took_ms / _HOUR_MS)] if at else [_NOTHING, _NOTHING]


def _late(language: Language, case: Listed, now: int) -> str:
    """What came, or is, after its due time."""
    _, is_open = language.gettext, case.state in OPEN
    late = []
    if case.answer_late or (is_open and 0 < case.answer_due < now):
        late.append(_("answer"))
    if case.resolve_late or (is_open and case.resolve_due < now):
        late.append(_("solution"))
    return ", ".join(late)


def _complete(workbook: Workbook, language: Language, told: Figures) -> None:
    add_table(workbook, language, _stores(language, told.stores))
    add_table(workbook, language, _reasons(language, told.reasons))
    workbook.close()


def _stores(language: Language, stores: Sequence[StoreFigures]) -> Sheet:
    _ = language.gettext
    headings = (
        _("Store"), _("Complaints"), _("Low scores"), _("Suggestions"), _("Praise"), _("Solved"), _("Open now"),
        _("Late now"), _("Hours to first answer, half within"), _("Hours to first answer, 90%% within"),
        _("Answered in time, %%"), _("Hours to solution, half within"), _("Hours to solution, 90%% within"),
        _("Solved in time, %%"), _("Score"), _("Answers"), _("NPS"), _("Points given"), _("Coupons given"),
    )  # fmt: skip
    return Sheet(_("Stores"), headings, [_store(language, one) for one in stores])


def _store(language: Language, of: StoreFigures) -> Row:
    return [
        ("text", of.store or language.gettext("No store")), *_counts(of.kinds, SORTS), ("points", of.solutions.count),
        ("points", of.pending.open), ("points", of.pending.late), *_times(of.answers), *_times(of.solutions),
        _maybe(of.scores.mean), ("points", of.scores.answered), _maybe(of.recommending.nps),
        ("points", of.spent.points), ("points", of.spent.coupons),
    ]  # fmt: skip


def _reasons(language: Language, reasons: Sequence[Reason]) -> Sheet:
    _ = language.gettext
    headings = (_("Reason"), _("Complaints"), _("Suggestions"), _("Praise"))
    rows = [[("text", language.local(one.name)), *_counts(one.kinds, KINDS)] for one in reasons]
    return Sheet(_("Reasons"), headings, rows)


def _counts(counted: Mapping[str, int], sorts: Sequence[str]) -> Row:
    return [("points", counted.get(sort, 0)) for sort in sorts]


def _times(times: Times) -> Row:
    half, most, share = times.percentile(50), times.percentile(90), times.in_time
    if half is None or most is None or share is None:
        return [_NOTHING] * 3
    return [("tenths", half / _MINUTES), ("tenths", most / _MINUTES), ("tenths", 100 * share)]


def _maybe(value: float | None) -> tuple[Literal["tenths", "text"], Any]:
    return _NOTHING if value is None else ("tenths", value)
