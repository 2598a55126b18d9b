"""What managers are told of service, held against a count by hand over invented cases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from actions import case_desk, case_merges, feedback, reports, reports_service
from actions.feedback import Said
from db import cases as rows, reports as counts
from db.database import Database, Tx
from loyalty.errors import NoStoreYet, NotAllowed, StaleButton
from loyalty.lots import NEVER
from loyalty.reports import PERIODS, Period, Times
from tests.actions.complainers import opened
from tests.actions.shops import CLERK, MANAGER, OWNER, Shop, add_member, add_store, open_shop
from tests.actions.test_low_scores import low
from tests.conftest import Clock

HOUR, DAY = 3_600_000, 86_400_000
OTHER = 14


@dataclass(frozen=True, slots=True)
class Invented:
    kind: str
    source: str
    category: str
    store_id: int
    opened_at: int
    answered_at: int
    answer_ms: int
    answer_late: int
    answer_due: int
    resolved_at: int
    resolve_ms: int
    resolve_late: int
    resolve_due: int
    state: str
    merged_into: int
    member_id: int


def invent(random: Random, now: int, stores: list[int], members: list[int]) -> Invented:
    opened = now - random.randrange(400 * DAY)
    answered = random.choice([0, min(now, opened + random.randrange(20 * DAY))])
    resolved = random.choice([0, min(now, answered + random.randrange(20 * DAY))]) if answered else 0
    merged = not resolved and random.random() < 0.1
    state = random.choice(["resolved", "confirmed", "unanswered"]) if resolved else "taken" if answered else "new"
    kind = random.choice(["complaint", "complaint", "suggestion", "praise"])
    return Invented(
        kind=kind, source=random.choice(["member", "staff", "survey"] if kind == "complaint" else ["member", "staff"]),
        category=random.choice(["goods", "service", "dropped", "other"]), store_id=random.choice(stores),
        opened_at=opened, answered_at=answered, answer_ms=random.randrange(40 * HOUR), answer_late=random.randrange(2),
        answer_due=0 if answered else now + random.randrange(-DAY, DAY), resolved_at=resolved,
        resolve_ms=random.randrange(90 * HOUR), resolve_late=random.randrange(2),
        resolve_due=random.choice([NEVER, now + random.randrange(-DAY, DAY)]), state="merged" if merged else state,
        merged_into=int(merged), member_id=random.choice(members),
    )  # fmt: skip


def _add(tx: Tx, invented: list[Invented]) -> None:
    columns = list(Invented.__dataclass_fields__)
    tx.many(
        f"INSERT INTO service_case ({', '.join(columns)}, severity, opened_by, key) VALUES "
        f"({', '.join(f':{column}' for column in columns)}, 'normal', 1, :key)",
        [
            {"key": f"invented:{n}", **{column: getattr(case, column) for column in columns}}
            for n, case in enumerate(invented)
        ],
    )


@dataclass(frozen=True, slots=True)
class Chain:
    shop: Shop
    other: int  # another store
    cases: list[Invented]


@pytest.fixture
async def chain(db: Database, clock: Clock) -> Chain:
    shop = await open_shop(db)
    other = await db.write(add_store, "dongmen", "东门店")
    second = await db.write(add_member, "Bob", "13800138001")
    random = Random(5)
    cases = [invent(random, clock.now, [0, shop.store_id, other], [0, shop.member.id, second.id]) for _ in range(300)]
    await db.write(_add, cases)
    return Chain(shop, other, cases)


async def figures(db: Database, user_id: int, period: str, store_id: int = 0) -> tuple[reports.Scope, Any]:
    def look(tx: Tx) -> tuple[reports.Scope, Any]:
        scope = reports.scope(tx, user_id, period, store_id)
        return scope, reports_service.figures(tx, scope)

    return await db.read(look)


def _within(at: int, span: tuple[int, int]) -> bool:
    return span[0] <= at < span[1]


def _sort(case: Invented) -> str:
    return "low_score" if case.source == "survey" else case.kind


def _is_late(case: Invented, now: int) -> bool:
    return (case.answer_due or case.resolve_due) < now


@pytest.mark.parametrize("period", PERIODS)
async def test_the_figures_are_those_of_a_count_by_hand(
    db: Database, chain: Chain, clock: Clock, period: Period
) -> None:
    scope, found = await figures(db, OWNER, period)
    span = scope.instants
    for of in found.stores:
        mine = [case for case in chain.cases if case.store_id == of.store_id]
        opened = [case for case in mine if not case.merged_into and _within(case.opened_at, span)]
        answered = [case for case in mine if not case.merged_into and _within(case.answered_at, span)]
        solved = [case for case in mine if case.resolved_at and _within(case.resolved_at, span)]
        open_now = [case for case in mine if case.state in ("new", "taken")]
        assert dict(of.kinds) == dict(Counter(_sort(case) for case in opened))
        assert of.answers == Times(
            Counter(case.answer_ms // 60_000 for case in answered), sum(case.answer_late for case in answered)
        )
        assert of.solutions == Times(
            Counter(case.resolve_ms // 60_000 for case in solved), sum(case.resolve_late for case in solved)
        )
        assert (of.pending.open, of.pending.late) == (
            len(open_now), sum(_is_late(case, clock.now) for case in open_now)
        )  # fmt: skip


@pytest.mark.parametrize("period", PERIODS)
async def test_columns_and_reasons_add_up_to_what_was_opened_and_solved(
    db: Database, chain: Chain, period: Period
) -> None:
    _scope, found = await figures(db, OWNER, period)
    opened, solved = sum(of.opened for of in found.stores), sum(of.solutions.count for of in found.stores)
    assert sum(column["opened"] for column in found.columns) == opened
    assert sum(column["solved"] for column in found.columns) == solved
    low = sum(of.kinds["low_score"] for of in found.stores)
    assert sum(sum(reason.kinds.values()) for reason in found.reasons) == opened - low


async def test_a_category_the_charter_dropped_is_among_the_others(db: Database, chain: Chain) -> None:
    scope, found = await figures(db, OWNER, "year")
    expected = Counter(
        case.kind
        for case in chain.cases
        if case.category in ("dropped", "other") and not case.merged_into and case.source != "survey"
        and _within(case.opened_at, scope.instants)
    )  # fmt: skip
    (other,) = [reason for reason in found.reasons if reason.name["en"] == "Something else"]
    assert dict(other.kinds) == dict(expected)


@pytest.mark.parametrize("period", PERIODS)
async def test_the_spreadsheet_has_every_case_that_was_open_in_the_time_once(
    db: Database, chain: Chain, period: Period
) -> None:
    scope, _found = await figures(db, OWNER, period)
    begins, ends = scope.instants
    listed: list[int] = []
    for store_id in scope.store_ids:
        for cohort in counts.COHORTS:
            place = (0, 0)
            while page := await db.read(counts.list_cases, cohort, store_id, (begins, ends), place, 7):
                place = page[-1][0]
                listed += [case.opened_at for _place, case in page]
    expected = [
        case.opened_at
        for case in chain.cases
        if not case.merged_into and case.opened_at < ends and (not case.resolved_at or case.resolved_at >= begins)
    ]
    assert sorted(listed) == sorted(expected)


async def test_a_manager_is_told_of_their_store_only(db: Database, chain: Chain) -> None:
    scope, found = await figures(db, MANAGER, "year")
    assert [of.store_id for of in found.stores] == [chain.shop.store_id]
    assert [store.id for store in scope.stores] == [chain.shop.store_id]
    with pytest.raises(NotAllowed):
        await figures(db, MANAGER, "year", chain.other)


async def test_clerks_and_members_are_told_nothing(db: Database, chain: Chain) -> None:
    for user_id in (CLERK, chain.shop.ann.user_id):
        with pytest.raises(NotAllowed):
            await db.read(reports_service.page, user_id, "this_week", 0)
        with pytest.raises(NotAllowed):
            await db.read(reports_service.complainers, user_id, 0)
    with pytest.raises(NotAllowed):
        await db.write(reports_service.export, chain.shop.clerk, "this_week", 0)


async def test_a_forged_period_is_an_old_button(db: Database, chain: Chain) -> None:
    with pytest.raises(StaleButton):
        await db.read(reports_service.page, OWNER, "century", 0)


async def test_who_manages_a_closed_store_only_has_nothing_to_look_at(db: Database, chain: Chain) -> None:
    await db.write(lambda tx: tx.run("UPDATE store SET active = 0 WHERE id = :id", id=chain.shop.store_id))
    with pytest.raises(NoStoreYet):
        await db.read(reports_service.page, MANAGER, "this_week", 0)


async def test_repeated_complainers_are_counted_over_a_year_with_what_they_spent(
    db: Database, chain: Chain, clock: Clock
) -> None:
    expected = Counter(
        case.member_id
        for case in chain.cases
        if _sort(case) == "complaint" and not case.merged_into and case.member_id
        and case.opened_at >= clock.now - 365 * DAY
    )  # fmt: skip
    found = await db.read(reports_service.complainers, OWNER, 0)
    assert [(one["member_id"], one["complaints"]) for one in found["members"]] == expected.most_common()
    assert [one["spent"] for one in found["members"]] == [0, 0]


async def test_once_is_not_repeatedly(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, Said("cold", "", "", "21:1"))
    assert (await db.read(reports_service.complainers, OWNER, 0))["members"] == []
    await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, Said("cold", "", "", "21:2"))
    (found,) = (await db.read(reports_service.complainers, OWNER, 0))["members"]
    assert (found["name"], found["complaints"]) == ("Ann", 2)


async def test_a_complaint_and_a_low_score_are_no_two_complaints(db: Database) -> None:
    shop = await open_shop(db)
    await opened(db, shop)
    await low(db, shop)
    assert (await db.read(reports_service.complainers, OWNER, 0))["members"] == []
    told = (await figures(db, MANAGER, "this_week"))[1]
    assert [dict(of.kinds) for of in told.stores] == [{"complaint": 1, "low_score": 1}]
    assert [sum(reason.kinds.values()) for reason in told.reasons] == [1]


async def says(db: Database, shop: Shop, case_id: int, way: case_desk.Way) -> None:
    await db.write(case_desk.say, shop.clerk, case_id, way, Said("sorry", "", "", f"11:{way}:{case_id}"))


async def test_the_time_a_case_is_with_the_member_does_not_count(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    said = Said("cold", "", "", "21:1")
    case_id = (await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said)).case_id
    clock.move(hours=1)
    await says(db, shop, case_id, "ask")
    clock.move(hours=2)
    await db.write(feedback.add, shop.ann, case_id, Said("tomato", "", "", "21:2"))
    clock.move(minutes=30)
    await says(db, shop, case_id, "resolve")
    clock.move(hours=1)
    await db.write(feedback.reopen, shop.ann, case_id)
    clock.move(minutes=15)
    await db.write(case_desk.say, shop.clerk, case_id, "resolve", Said("now", "", "", "11:again"))
    _scope, found = await figures(db, MANAGER, "this_week")
    (of,) = found.stores
    assert (of.answers, of.solutions) == (Times({60: 1}), Times({105: 1}))


async def test_the_first_answer_to_what_was_merged_counts_once_and_as_late_as_it_came(
    db: Database, clock: Clock
) -> None:
    shop = await open_shop(db)
    first = await opened(db, shop)
    clock.move(days=1)  # open from 9 to 22: an answer was due after 8 of 13 working hours
    await says(db, shop, first, "answer")
    clock.move(minutes=30)
    await db.write(case_merges.merge, shop.clerk, first, await opened(db, shop, "21:2"))
    (of,) = (await figures(db, MANAGER, "this_week"))[1].stores
    assert of.answers == Times({13 * 60: 1}, late=1)


async def test_what_was_merged_was_answered_when_the_sooner_of_both_was(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    first = await opened(db, shop)
    clock.move(hours=1)
    second = await opened(db, shop, "21:2")
    clock.move(minutes=30)
    await says(db, shop, second, "answer")
    await db.write(case_merges.merge, shop.clerk, second, first)
    (of,) = (await figures(db, MANAGER, "this_week"))[1].stores
    assert of.answers == Times({90: 1})


async def test_nights_are_no_working_time(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    said = Said("cold", "", "", "21:1")
    case_id = (await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said)).case_id
    clock.move(days=1)  # open from 9 to 22: an answer was due after 8 of 13 working hours
    await says(db, shop, case_id, "resolve")
    (of,) = (await figures(db, MANAGER, "this_week"))[1].stores
    assert (of.answers, of.solutions) == (Times({13 * 60: 1}, late=1), Times({13 * 60: 1}))


async def test_what_was_asked_when_it_was_late_stays_late(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    said = Said("cold", "", "", "21:1")
    case_id = (await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said)).case_id
    clock.move(days=6)
    await says(db, shop, case_id, "ask")
    await says(db, shop, case_id, "resolve")
    case = await db.read(rows.get, case_id)
    assert case is not None
    (of,) = (await figures(db, MANAGER, "this_week"))[1].stores
    assert of.solutions.late == 1


async def test_opening_it_again_leaves_a_late_solution_late(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    case_id = await opened(db, shop)
    clock.move(days=30)
    await says(db, shop, case_id, "resolve")
    clock.move(minutes=5)
    await db.write(feedback.reopen, shop.ann, case_id)
    await db.write(case_desk.say, shop.clerk, case_id, "resolve", Said("now", "", "", "11:again"))
    (of,) = (await figures(db, MANAGER, "this_week"))[1].stores
    assert (of.solutions.count, of.solutions.late) == (1, 1)


async def test_a_late_solution_stays_late_in_the_case_it_goes_on_in(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    first = await opened(db, shop)
    clock.move(days=30)
    await says(db, shop, first, "resolve")
    await db.write(feedback.reopen, shop.ann, first)
    second = await opened(db, shop, "21:2")
    await db.write(case_merges.merge, shop.clerk, first, second)
    await says(db, shop, second, "resolve")
    (of,) = (await figures(db, MANAGER, "this_week"))[1].stores
    assert (of.solutions.count, of.solutions.late) == (1, 1)


async def test_taking_the_figures_along_is_recorded(db: Database, chain: Chain) -> None:
    await db.write(reports_service.export, chain.shop.manager, "year", 0)
    assert await db.read(lambda tx: tx.value("SELECT action FROM audit ORDER BY id DESC LIMIT 1")) == "report_exported"
