"""The tables of all that is held about a member, as sheets to read: which rows, and under which headings.

What is told on the first sheet, about the person, is in `bot/data_files.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from actions.privacy import Dossier
from bot import data_cells as cells
from bot.buttons.audit import KINDS
from bot.data_cells import Held, Read, View
from bot.documents import Kind, Sheet
from bot.words import N_, Language

_PURCHASES = {"recorded": N_("recorded"), "undone": N_("undone")}
_RESERVATIONS = {
    "held": N_("reserved"), "captured": N_("handed over"), "cancelled": N_("cancelled"),
    "lapsed": N_("not collected in time"),
}  # fmt: skip
_WAITS = {
    "waiting": N_("waiting"), "offered": N_("offered"), "taken": N_("taken"), "passed": N_("left to the next in line"),
    "lapsed": N_("not taken in time"), "left": N_("given up"),
}  # fmt: skip
_COUPONS = {"held": N_("not used yet"), "used": N_("used"), "lapsed": N_("lapsed")}
_GRANTS = {
    "birthday": N_("birthday"), "tier": N_("tier reached"), "joining": N_("welcome"), "quiet": N_("missed you"),
    "apology": N_("apology"), "promotion": N_("promotion"), "festival": N_("festival"), "manual": N_("from our staff"),
}  # fmt: skip
_ADJUSTMENTS = {"waiting": N_("waits for agreement"), "entered": N_("entered"), "declined": N_("declined")}
_TASKS = {"open": N_("open"), "done": N_("done"), "no_answer": N_("no answer"), "lapsed": N_("lapsed")}
_CONSENTS = {
    "privacy": N_("Privacy policy"), "charter": N_("Programme rules"), "counter": N_("Agreed at the counter"),
}  # fmt: skip
_LOOKS = {
    "member_opened": N_("Page at the counter"), "member_revealed": N_("Whole phone number"),
    "member_listed": N_("Name, in a list or a search"), "purchases_read": N_("Purchases"), "points_read": N_("Points"),
    "notes_read": N_("Notes"), "case_read": N_("Feedback"), "record_read": N_("What staff did for the member"),
}  # fmt: skip
_ROLES = {"owner": N_("owner"), "manager": N_("manager"), "clerk": N_("clerk")}


@dataclass(frozen=True, slots=True)
class Column:
    """heading: to be translated. read: what makes the cell, or the name of what is held."""

    heading: str
    kind: Kind
    read: str | Read

    def cell(self, view: View, row: Held) -> tuple[Kind, Any]:
        return self.kind, row[self.read] if isinstance(self.read, str) else self.read(view, row)


@dataclass(frozen=True, slots=True)
class Table:
    """title: to be translated, 31 characters at most in each language. names: of what is held."""

    title: str
    names: Sequence[str]
    columns: Sequence[Column]
    wanted: Callable[[Held], bool] = lambda _row: True

    def sheet(self, view: View) -> Sheet:
        _ = view.language.gettext
        rows = [
            [column.cell(view, row) for column in self.columns]
            for name in self.names
            for row in view.rows(name)
            if self.wanted(row)
        ]
        return Sheet(_(self.title), [_(column.heading) for column in self.columns], rows)


def sheets(language: Language, dossier: Dossier) -> Iterator[Sheet]:
    """Those with something in them."""
    view = View(language, dossier)
    told = (table.sheet(view) for table in TABLES)
    yield from (sheet for sheet in told if sheet.rows)


_DATE, _STORE = N_("Date"), Column(N_("Store"), "text", cells.store)
_CASE = Column(N_("Case"), "text", cells.number("case_id"))

TABLES = (
    Table(N_("Points by expiry"), ("lot",), (
        Column(N_("Usable from"), "time", "active_at"),
        Column(N_("Good until"), "day", cells.until),
        Column(N_("Points"), "points", "points"),
        Column(N_("Still there"), "points", "remaining"),
        Column(N_("Expired"), "points", "lapsed"),
    )),
    Table(N_("Purchases"), ("purchase",), (
        Column(_DATE, "time", "occurred_at"),
        _STORE,
        Column(N_("Amount"), "money", "amount"),
        Column(N_("Refunded"), "money", "refunded"),
        Column(N_("Points"), "points", "points"),
        Column(N_("State"), "text", cells.word(_PURCHASES, "status")),
        Column(N_("Goods"), "text", cells.goods),
        Column(N_("Paid by"), "text", cells.payment),
        Column(N_("Full price"), "money", cells.saving("full_amount")),
        Column(N_("Saved"), "money", cells.saving("saved")),
    )),
    Table(N_("Goods"), ("purchase_line",), (
        Column(_DATE, "time", cells.of_purchase(cells.bought_at)),
        Column(N_("Store"), "text", cells.of_purchase(cells.store)),
        Column(N_("Goods"), "text", "item"),
        Column(N_("Category"), "text", cells.category),
        Column(N_("Quantity"), "text", cells.quantity),
        Column(N_("Amount"), "money", "amount"),
    )),
    Table(N_("Refunds"), ("refund",), (
        Column(_DATE, "time", "refunded_at"),
        _STORE,
        Column(N_("Amount"), "money", "amount"),
        Column(N_("Points"), "points", "points"),
        Column(N_("Date of purchase"), "time", cells.of_purchase(cells.bought_at)),
    )),
    Table(N_("Adjustments"), ("adjustment",), (
        Column(_DATE, "time", "asked_at"),
        _STORE,
        Column(N_("Points"), "points", "points"),
        Column(N_("Reason"), "text", cells.reason),
        Column(N_("Note"), "text", "note"),
        Column(N_("State"), "text", cells.word(_ADJUSTMENTS, "state")),
    )),
    Table(N_("Gifts"), ("gift_reservation",), (
        Column(_DATE, "time", "reserved_at"),
        Column(N_("Gift"), "text", cells.gift),
        _STORE,
        Column(N_("Points"), "points", "points"),
        Column(N_("Amount"), "money", "cash"),
        Column(N_("State"), "text", cells.word(_RESERVATIONS, "state")),
        Column(N_("Code"), "text", cells.code),
        Column(N_("Collect from"), "time", "collect_from"),
        Column(N_("Collect by"), "time", "collect_by"),
        Column(N_("Settled"), "time", "resolved_at"),
    )),
    Table(N_("Waiting for gifts"), ("gift_waiting",), (
        Column(_DATE, "time", "joined_at"),
        Column(N_("Gift"), "text", cells.gift),
        _STORE,
        Column(N_("State"), "text", cells.word(_WAITS, "state")),
        Column(N_("Offered"), "time", "offered_at"),
        Column(N_("Settled"), "time", "resolved_at"),
    )),
    Table(N_("Coupons"), ("coupon",), (
        Column(_DATE, "time", "granted_at"),
        Column(N_("Coupon"), "text", cells.coupon_of),
        Column(N_("Why"), "text", cells.word(_GRANTS, "why")),
        Column(N_("Usable from"), "time", "usable_from"),
        Column(N_("Until"), "time", "usable_until"),
        Column(N_("State"), "text", cells.word(_COUPONS, "state")),
        Column(N_("Code"), "text", cells.code),
        Column(N_("Settled"), "time", "ended_at"),
        _STORE,
        Column(N_("Saved"), "money", "saving"),
    )),
    Table(N_("What staff noted"), ("member_note",), (
        Column(_DATE, "time", "noted_at"),
        Column(N_("About"), "text", cells.shown("note_about")),
        Column(N_("Words"), "text", "words"),
        Column(N_("File"), "text", cells.file),
        _STORE,
        Column(N_("Put right by you"), "time", "corrected_at"),
    )),
    Table(N_("Cases"), ("service_case",), (
        Column(N_("Case"), "text", cells.number("id")),
        Column(N_("Begun"), "time", "opened_at"),
        Column(N_("What"), "text", cells.shown("case_kind")),
        Column(N_("Category"), "text", cells.case_category),
        _STORE,
        Column(N_("State"), "text", cells.shown("case_state")),
        Column(N_("Answered"), "time", "answered_at"),
        Column(N_("Solved on"), "time", "resolved_at"),
        Column(N_("Closed"), "time", "ended_at"),
        Column(N_("Score"), "text", cells.score),
    )),
    Table(N_("What was said in cases"), ("case_line",), (
        _CASE,
        Column(_DATE, "time", "at"),
        Column(N_("Who"), "text", cells.said_by),
        Column(N_("Words"), "text", "words"),
        Column(N_("File"), "text", cells.file),
    ), lambda row: row["side"] != "event"),
    Table(N_("Compensation"), ("case_compensation",), (
        _CASE,
        Column(_DATE, "time", "settled_at"),
        _STORE,
        Column(N_("Points"), "points", "points"),
        Column(N_("Coupon"), "text", cells.coupon),
    )),
    Table(N_("Ratings"), ("survey", "recommendation"), (
        Column(N_("Asked"), "time", "asked_at"),
        Column(N_("About"), "text", cells.about),
        _STORE,
        Column(N_("Score"), "text", cells.score),
        Column(N_("Words"), "text", "words"),
        Column(N_("Answered"), "time", "answered_at"),
    )),
    Table(N_("Calls and greetings"), ("care_task",), (
        Column(N_("Due"), "text", "due_on"),
        Column(N_("What"), "text", cells.rule),
        _STORE,
        Column(N_("State"), "text", cells.word(_TASKS, "state")),
        Column(N_("Settled"), "time", "settled_at"),
    )),
    Table(N_("Birthdays"), ("birthday_given",), (
        Column(N_("Birthday"), "text", "kept_on"),
        Column(N_("Greeted"), "time", "greeted_at"),
        Column(N_("Coupon"), "text", cells.coupon),
    )),
    Table(N_("Bought regularly"), ("rhythm",), (
        Column(N_("Goods"), "text", cells.item),
        Column(N_("Every so many days"), "points", "every_days"),
        Column(N_("Last bought"), "text", "last_on"),
        Column(N_("Due"), "text", "due_on"),
        Column(N_("Mentioned"), "text", "told_on"),
    )),
    Table(N_("Tiers"), ("tier_change",), (
        Column(_DATE, "time", "changed_at"),
        Column(N_("Before"), "text", cells.tier("tier_before")),
        Column(N_("After"), "text", cells.tier("tier_after")),
    )),
    Table(N_("By month"), ("account_month",), (
        Column(N_("Month"), "text", "month"),
        Column(N_("Spent"), "money", "spent"),
        Column(N_("How many purchases"), "points", "purchases"),
        Column(N_("Points"), "points", "earned"),
    )),
    Table(N_("Consents"), ("consent",), (
        Column(_DATE, "time", "given_at"),
        Column(N_("What"), "text", cells.word(_CONSENTS, "kind")),
        Column(N_("Version"), "points", "version"),
    )),
    Table(N_("Who looked at my data"), ("looks",), (
        Column(_DATE, "time", "at"),
        Column(N_("What"), "text", cells.word(_LOOKS, "action")),
        Column(N_("Store"), "text", "store"),
        Column(N_("As what"), "text", cells.word(_ROLES, "role")),
    )),
    Table(N_("What staff did"), ("audit",), (
        Column(_DATE, "time", "at"),
        Column(N_("What"), "text", cells.word(KINDS, "action")),
        _STORE,
    )),
)  # fmt: skip
