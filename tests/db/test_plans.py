"""What is asked of large tables goes by an index, however many members, purchases and cases there ever were."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db import (
    accounts,
    audit,
    birthdays,
    campaigns,
    care,
    case_times,
    cases,
    coupons,
    dialogues,
    expiring,
    quizzes,
    reports,
    reviews,
    scores,
    series,
    surveys,
)
from loyalty.birthdays import Birthday
from loyalty.campaigns import Draft

Look = Callable[..., Any]

STORES = (0, 1, 2)
SPAN = (1_000, 2_000)
AFTER = (1_500, 7)
MONTHS = list(range(0, 13_000, 1_000))

DAILY: list[tuple[str, Look, tuple[Any, ...]]] = [
    ("audit_member (member_id=?", audit.is_known, (7, "member_opened", 3, 1_000)),
    ("audit_member (member_id=? AND id<?", audit.list_of_member, (3, ("member_opened", "notes_read"), 20)),
    ("member_birthday", birthdays.list_told, (Birthday(8, 15, lunar=True), date(2026, 9, 25), 0, 200)),
    ("INTEGER PRIMARY KEY (rowid>?)", campaigns.list_receivers, (Draft({}, 0, "gold", 0, 0), 7, 200)),
    ("rhythm_due", series.list_due, (date(2026, 9, 25), 0, 200)),
]
# A row's own id is in no tuple: SQLite seeks by what comes before it.
PAGES: list[tuple[str, Look, tuple[Any, ...]]] = [
    ("account_expiry_time ((expires_at,member_id)>(?,?)", accounts.list_lapsed, (AFTER, 200)),
    ("account_expiry_time ((expires_at,member_id)>(?,?)", expiring.list_expiring, (*SPAN, AFTER, 300)),
    ("account_review (review_on>? AND review_on<?", reviews.list_due, ("spend", "2026-09-25", ("2026-09-01", 7), 200)),
    ("coupon_due (usable_until=? AND id>?", coupons.list_due, (AFTER, 2_000, 200)),
    ("member_joined (joined_at>? AND joined_at<?", series.list_joined, (*SPAN, AFTER, 200)),
    ("purchase_time ((occurred_at,member_id)>(?,?)", series.list_gone_quiet, (*SPAN, AFTER, 200)),
    ("purchase_time ((occurred_at,member_id)>(?,?)", series.list_buyers, (*SPAN, AFTER, 200)),
    ("purchase_time ((occurred_at,member_id)>(?,?)", care.list_quiet, (*SPAN, AFTER, 200)),
    ("service_case_ended (ended_at>? AND ended_at<?", care.list_appeased, (*SPAN, AFTER, 200)),
    ("purchase_time (occurred_at>? AND occurred_at<?", surveys.list_visits, (*SPAN, AFTER, 200)),
    ("gift_reservation_captured (resolved_at>? AND resolved_at<?", surveys.list_gifts, (*SPAN, AFTER, 200)),
    ("dialogue_kept (user_id>?", dialogues.list_kept, ("feedback", 2_000, 7, 100)),
    ("service_case_open ((store_id,resolve_due)>(?,?)", case_times.list_open, ((1, 1_500, 7), 200)),
    ("service_case_resolved (resolved_at>? AND resolved_at<?", case_times.list_resolved, (2_000, AFTER, 200)),
    ("service_case_open (store_id=? AND resolve_due>?", cases.list_open, ([1], AFTER, 10)),
]
REPORTS: list[tuple[str, Look, tuple[Any, ...]]] = [
    ("COVERING INDEX service_case_opened (store_id=? AND opened_at>?", reports.count_opened, (STORES, *SPAN)),
    ("COVERING INDEX service_case_opened (store_id=? AND opened_at>?", reports.total, ("opened_at", STORES, *SPAN)),
    ("COVERING INDEX service_case_solved (store_id=? AND resolved_at>?", reports.total, ("resolved_at", STORES, *SPAN)),
    ("COVERING INDEX service_case_answered (store_id=? AND", reports.count_times, ("answer", STORES, *SPAN)),
    ("COVERING INDEX service_case_solved (store_id=? AND", reports.count_times, ("resolve", STORES, *SPAN)),
    ("INDEX service_case_open (store_id=? AND resolve_due>?", reports.count_open, (STORES,)),
    ("INDEX case_compensation_given (settled_at>?", reports.count_spent, (STORES, *SPAN)),
    ("COVERING INDEX service_case_opened (store_id=? AND opened_at>?", reports.list_complainers, (STORES, 1_000, 10)),
    ("INDEX service_case_opened (store_id=? AND", reports.list_cases, ("opened", 1, SPAN, (0, 0), 500)),
    ("INDEX service_case_solved (store_id=? AND", reports.list_cases, ("resolved", 1, SPAN, (0, 0), 500)),
    ("INDEX service_case_open (store_id=? AND resolve_due>?", reports.list_cases, ("open", 1, SPAN, (0, 0), 500)),
    ("COVERING INDEX purchase_recorder (recorded_by=? AND recorded_at>?", scores.of_person, (11, MONTHS)),
]
STAFF: list[tuple[Look, tuple[Any, ...]]] = [
    (scores.of_person, (11, MONTHS)),
    (scores.of_store, (1, 0, 1_000)),
    (quizzes.list_shares, ([11, 12], ["5d2cc6a7"])),
    (quizzes.last_done, ([11, 12],)),
    (quizzes.list_of, (11, 10)),
]


class Asked:
    """Stands for a transaction on an empty database, and finds out how what it is asked would be answered."""

    now = 1_500

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.plan: list[str] = []
        self.bound: set[str] = set()
        self._connection = connection

    def all(self, sql: str, **params: Any) -> list[Any]:
        self.bound |= params.keys()
        self.plan += [str(row[-1]) for row in self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", params)]
        return self._connection.execute(sql, params).fetchall()

    def one(self, sql: str, **params: Any) -> Any:
        return next(iter(self.all(sql, **params)), None)

    def value(self, sql: str, **params: Any) -> Any:
        row = self.one(sql, **params)
        return row and row[0]

    @property
    def scans(self) -> list[str]:
        """Of whole tables."""
        return [line for line in self.plan if line.startswith("SCAN") and "INDEX" not in line]


@pytest.fixture
def asked(sqlite_template: Path) -> Iterator[Asked]:
    connection = sqlite3.connect(sqlite_template)
    yield Asked(connection)
    connection.close()


@pytest.mark.parametrize(("index", "look", "args"), [*DAILY, *PAGES])
def test_a_look_for_whom_it_concerns_goes_by_its_index(
    index: str, look: Look, args: tuple[Any, ...], asked: Asked
) -> None:
    look(asked, *args)
    assert [line for line in asked.plan if index in line], asked.plan
    assert asked.scans == []


@pytest.mark.parametrize(("look", "args"), [(look, args) for _, look, args in PAGES])
def test_a_page_has_no_other_beginning_than_where_the_one_before_ended(
    look: Look, args: tuple[Any, ...], asked: Asked
) -> None:
    """Of two lower bounds SQLite may take the one that all pages share, and pass what they had, page after page."""
    look(asked, *args)
    assert asked.bound & {"begins", "begins_at", "since"} == set()


@pytest.mark.parametrize(("index", "look", "args"), REPORTS)
def test_a_report_walks_an_index_over_its_time(index: str, look: Look, args: tuple[Any, ...], asked: Asked) -> None:
    look(asked, *args)
    assert [line for line in asked.plan if index in line], asked.plan
    assert [line for line in asked.scans if line != "SCAN c"] == []


@pytest.mark.parametrize(("tier", "store_id"), [("", 0), ("gold", 0), ("", 1)])
def test_an_audience_is_counted_from_its_index_alone(tier: str, store_id: int, asked: Asked) -> None:
    campaigns.count_audience(asked, tier, store_id)
    assert "SCAN member USING COVERING INDEX member_audience" in asked.plan


@pytest.mark.parametrize(("look", "args"), STAFF)
def test_of_staff_nothing_is_scanned_but_their_list(look: Look, args: tuple[Any, ...], asked: Asked) -> None:
    look(asked, *args)
    assert asked.plan
    assert [line for line in asked.scans if not line.startswith("SCAN staff")] == []
