"""Whatever anybody does to cases in whatever order: by the drawn arrows only, within what each may give, and what is
refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from actions import case_desk, case_merges, case_times, case_transfers, compensations, erasure, feedback
from actions.feedback import Said
from db import case_compensations, cases as rows, people, staff as posts
from db.case_compensations import Compensation
from db.cases import Case
from db.database import Database, Tx
from db.people import Person
from loyalty.cases import OPEN
from loyalty.compensations import Gift
from loyalty.errors import Refusal
from loyalty.jobs import DAY_MS, HOUR_MS, Page, Run
from loyalty.lots import NEVER
from tests import desk_weeks

_DAY = date(2025, 3, 3)
MEMBERS = (1_000, 1_001)
MANAGER, CLERK, COLLEAGUE, FAR = 100, 103, 106, 101  # of the first store, and the second's manager
WHO = st.sampled_from([CLERK, CLERK, MANAGER, CLERK, COLLEAGUE, FAR])
PLACE = st.integers(min_value=0, max_value=3)  # of a case among those there are
GIFTS = st.sampled_from([Gift(), Gift(20), Gift(40), Gift(200), Gift(coupon="apology"), Gift(coupon="apology")])
# Points each of them may give alone by the default charter; a clerk and a manager together, what a manager may.
ALONE = {CLERK: 50, COLLEAGUE: 50, MANAGER: 500, FAR: 500}
TOGETHER = 500


class DeskMachine(RuleBasedStateMachine):
    """One history at the desk, undone in the end."""

    tx: ClassVar[Tx]

    @initialize()
    def begins(self) -> None:
        self.history = self.tx.savepoint()
        self.history.__enter__()
        self.began, self.number, self.cases, self.whose = self.tx.now, 0, list[int](), dict[int, int]()
        for who in (*MEMBERS, MEMBERS[0]):
            self.somebody_complains(who, 1)

    def teardown(self) -> None:
        if hasattr(self, "history"):
            self.tx.now = self.began
            self.history.__exit__(_Undone, _Undone(), None)

    @rule(who=st.sampled_from(MEMBERS), store=st.sampled_from([1, 2, 0]))
    def somebody_complains(self, who: int, store: int) -> None:
        told = self._does(feedback.open_own, who, "complaint", store, self._said(who))
        if told:
            self.cases.append(told.case_id)
            self.whose[told.case_id] = who

    @rule(who=WHO, place=PLACE, deed=st.sampled_from([case_desk.take, case_desk.give_back]))
    def somebody_takes_or_leaves(self, who: int, place: int, deed: Callable[..., Any]) -> None:
        self._does(deed, who, self._case(place))

    @rule(who=WHO, place=PLACE, way=st.sampled_from(["answer", "ask", "note"]))
    def somebody_speaks(self, who: int, place: int, way: str) -> None:
        self._does(case_desk.say, who, self._case(place), way, self._said(who))

    @rule(who=WHO, place=PLACE, gift=GIFTS)
    def somebody_resolves(self, who: int, place: int, gift: Gift) -> None:
        self._does(case_desk.say, who, self._case(place), "resolve", self._said(who), gift)

    @rule(who=WHO, place=PLACE, to=st.sampled_from([1, 2]))
    def somebody_hands_it_to_a_store(self, who: int, place: int, to: int) -> None:
        self._does(case_transfers.transfer, who, self._case(place), to)

    @rule(who=WHO, place=PLACE, to=WHO)
    def somebody_hands_it_to_a_colleague(self, who: int, place: int, to: int) -> None:
        (post, *_) = posts.list_posts(self.tx, to)
        self._does(case_transfers.assign, who, self._case(place), post.id)

    @rule(who=WHO, place=PLACE, into=PLACE)
    def somebody_merges(self, who: int, place: int, into: int) -> None:
        self._does(case_merges.merge, who, self._case(place), self._case(into))

    @rule(place=PLACE, deed=st.sampled_from([feedback.confirm, feedback.reopen]))
    def the_member_has_a_word(self, place: int, deed: Callable[..., Any]) -> None:
        self._does(deed, self._whose(place), self._case(place))

    @rule(who=WHO, place=PLACE, gift=GIFTS)
    def it_was_not_enough_and_a_manager_agrees_to_more(self, who: int, place: int, gift: Gift) -> None:
        self.the_member_has_a_word(place, feedback.reopen)
        self.somebody_resolves(who, place, gift)
        self.somebody_decides(MANAGER, agrees=True)

    @rule(place=PLACE)
    def the_member_writes(self, place: int) -> None:
        who = self._whose(place)
        self._does(feedback.add, who, self._case(place), self._said(who))

    @precondition(lambda self: len(self.cases) > 4)
    @rule()
    def a_member_is_erased(self) -> None:
        self._does(erasure.erase_own, MEMBERS[1])

    @rule(who=WHO, agrees=st.booleans())
    def somebody_decides(self, who: int, agrees: bool) -> None:
        for wish in self.tx.all("SELECT id FROM case_compensation WHERE state = 'waiting'"):
            self._does(compensations.decide, who, wish[0], agrees)

    @rule(hours=st.sampled_from([1, 30, 80]))
    def time_passes(self, hours: int) -> None:
        self.tx.now += hours * HOUR_MS
        for job in (case_times.watch, case_times.close):
            page: Page = job(self.tx, Run("job", self.tx.now, _DAY, ""))
            assert not page.cursor

    @invariant()
    def all_stand_as_drawn(self) -> None:
        for case in self._all():
            if self._is_erased(case):
                assert case.ended_at
            else:
                desk_weeks.stands_as_drawn(self.tx, case)
            desk_weeks.goes_on_whole(self.tx, case)

    @invariant()
    def the_clock_stands_still_while_the_member_is_asked(self) -> None:
        for case in self._all():
            if case.state in OPEN:
                assert (case.resolve_due == NEVER) == (case.state == "waiting")
                assert bool(case.answered_at) != bool(case.answer_due)

    @invariant()
    def what_was_given_is_there(self) -> None:
        assert all(bool(one.entry_id) != bool(one.coupon_id) for case in self._all() for one in self._given(case))

    @invariant()
    def nobody_gives_a_member_more_alone_than_they_may_within_a_day(self) -> None:
        alone = [one for case in self._all() for one in self._given(case) if not one.decided_by]
        for last in alone:
            day = [one for one in alone if (one.asked_by, one.member_id) == (last.asked_by, last.member_id)
                   and last.asked_at - DAY_MS <= one.asked_at <= last.asked_at]  # fmt: skip
            assert _are_within(day, ALONE[last.asked_by])

    @invariant()
    def for_a_case_no_more_is_given_than_its_giver_may_for_whoever_gave_the_rest(self) -> None:
        """What was merged in was given as it stood then."""
        found = self._all()
        for case in [one for one in found if all(other.merged_into != one.id for other in found)]:
            given = self._given(case)
            for number, last in enumerate(given, start=1):
                if not last.decided_by:
                    assert _are_within(given[:number], ALONE[last.asked_by])
                elif last.asked_by in (CLERK, COLLEAGUE):
                    assert _are_within(given[:number], TOGETHER)

    def _is_erased(self, case: Case) -> bool:
        """Nobody can read any more what was done there; only that it is over."""
        return bool(self.tx.value("SELECT COUNT(*) FROM erasure WHERE member_id = :id", id=case.member_id))

    def _given(self, case: Case) -> list[Compensation]:
        """In that order."""
        listed = [one for one in case_compensations.list_of_case(self.tx, case.id) if one.state == "given"]
        return sorted(listed, key=lambda one: (one.settled_at, one.id))

    def _does(self, action: Callable[..., Any], who: int, *args: object) -> Any:
        """What is refused is undone whole, as the bot does it; None for it."""
        before = self._all()
        try:
            with self.tx.savepoint():
                return action(self.tx, self._person(who), *args)
        except Refusal:
            assert self._all() == before
            return None

    def _all(self) -> list[Case]:
        found = [rows.get(self.tx, case_id) for case_id in getattr(self, "cases", [])]
        return [case for case in found if case]

    def _case(self, place: int) -> int:
        return self.cases[place % len(self.cases)]

    def _whose(self, place: int) -> int:
        return self.whose[self._case(place)]

    def _person(self, user_id: int) -> Person:
        person = people.get(self.tx, user_id)
        assert person is not None
        return replace(person, desk_store_id=1)

    def _said(self, user_id: int) -> Said:
        self.number += 1
        return Said(f"word {self.number}", "", "", f"{user_id}:{self.number}")


def _are_within(given: list[Compensation], points: int) -> bool:
    """Either so many points, or one coupon."""
    coupons = sum(bool(one.coupon) for one in given)
    return sum(one.points for one in given) <= (0 if coupons else points) and coupons <= 1


class _Undone(Exception):
    """A history is over."""


def _run_within(tx: Tx, examples: int) -> None:
    desk_weeks.settle(tx, len(MEMBERS))

    class Machine(DeskMachine):
        pass

    Machine.tx = tx
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )  # fmt: skip


@pytest.mark.parametrize("examples", [25, pytest.param(1_000, marks=pytest.mark.long)])
async def test_in_whatever_order_cases_move_by_the_drawn_arrows(db: Database, database_url: str, examples: int) -> None:
    """On PostgreSQL, where each statement travels, a third as often."""
    await db.write(_run_within, examples if database_url.startswith("sqlite") else examples // 3)
