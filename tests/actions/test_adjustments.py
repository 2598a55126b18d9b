"""Points by hand: with a reason, by managers, never one's own, and above a limit by two."""

import asyncio

import pytest

from actions import adjustments, charters
from actions.adjustments import Adjusted, Order
from db import accounts, audit, people, staff as posts
from db.database import Database, Tx
from db.people import Person
from db.staff import CHAIN
from loyalty.adjustments import needs_second, parse_points
from loyalty.errors import (
    IdempotencyConflict,
    MemberNotFound,
    NobodyToAgree,
    NotAllowed,
    NotEnoughPoints,
    OwnPoints,
    PointsInvalid,
    Refusal,
    SecondPersonNeeded,
    StaleButton,
)
from loyalty.roles import Role
from tests.actions.shops import MANAGER, OWNER, Shop, add_store, amended, balance, hire, in_order, notices, open_shop


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def adjust(db: Database, shop: Shop, points: int, key: str = "k", by: Person | None = None) -> Adjusted:
    order = Order(shop.member.id, points, "goodwill", "soup was cold")
    return await db.write(adjustments.adjust, by or shop.manager, order, key)


async def decide(db: Database, person: Person, adjusted: Adjusted, agree: bool = True) -> Adjusted:
    return await db.write(adjustments.decide, person, adjusted.adjustment_id, agree)


def asked(tx: Tx) -> set[int]:
    rows = tx.all("SELECT chat_id FROM outbox WHERE kind = 'notice'")
    return {row[0] for row in rows}


async def test_points_are_given_with_a_reason_and_expire_as_all_do(db: Database, shop: Shop) -> None:
    done = await adjust(db, shop, 100)
    assert (done.state, done.before, done.after, done.reason["en"]) == ("entered", 0, 100, "With our apologies")
    expiry = await db.read(accounts.next_expiry, shop.member.id)
    assert expiry is not None
    assert expiry.points == 100
    assert await db.read(notices) == 1
    assert await in_order(db)


async def test_points_are_taken_but_no_more_than_there_are(db: Database, shop: Shop) -> None:
    await adjust(db, shop, 100)
    assert (await adjust(db, shop, -60, "second")).after == 40
    with pytest.raises(NotEnoughPoints):
        await adjust(db, shop, -41, "third")
    assert await in_order(db)


async def test_the_same_again_adjusts_once(db: Database, shop: Shop) -> None:
    first = await adjust(db, shop, 100)
    assert await adjust(db, shop, 100) == first
    with pytest.raises(IdempotencyConflict):
        await adjust(db, shop, 99)
    assert await balance(db, shop) == 100


async def test_above_the_limit_it_waits_for_a_second_person(db: Database, shop: Shop) -> None:
    waiting = await adjust(db, shop, 501)
    assert (waiting.state, await balance(db, shop)) == ("waiting", 0)
    assert await db.read(asked) == {OWNER}
    done = await decide(db, shop.owner, waiting)
    assert (done.state, done.asked_by, done.decided_by) == ("entered", f"staff {MANAGER}", f"staff {OWNER}")
    assert await balance(db, shop) == 501
    assert MANAGER in await db.read(asked)
    assert await in_order(db)


async def test_taking_above_the_limit_needs_a_second_person_too(db: Database, shop: Shop) -> None:
    await decide(db, shop.owner, await adjust(db, shop, 600))
    assert (await adjust(db, shop, -501, "second")).state == "waiting"


async def test_cutting_it_up_does_not_help(db: Database, shop: Shop, clock) -> None:
    assert (await adjust(db, shop, 300)).state == "entered"
    assert (await adjust(db, shop, 201, "second")).state == "waiting"
    clock.move(days=1, minutes=1)
    assert (await adjust(db, shop, 201, "third")).state == "entered"


async def test_who_asked_cannot_agree(db: Database, shop: Shop) -> None:
    waiting = await adjust(db, shop, 501)
    with pytest.raises(SecondPersonNeeded):
        await decide(db, shop.manager, waiting)
    assert await balance(db, shop) == 0


async def test_a_clerk_neither_adjusts_nor_agrees(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await adjust(db, shop, 1, by=shop.clerk)
    with pytest.raises(NotAllowed):
        await decide(db, shop.clerk, await adjust(db, shop, 501))


async def test_a_manager_of_another_store_does_not_agree(db: Database, shop: Shop) -> None:
    other = await db.write(lambda tx: hire(tx, 99, add_store(tx, "east", "东门店"), Role.MANAGER))
    with pytest.raises(NotAllowed):
        await decide(db, other, await adjust(db, shop, 501))


async def test_nobody_adjusts_their_own_points_nor_agrees_to_them(db: Database, shop: Shop) -> None:
    waiting = await adjust(db, shop, 501)
    ann = await db.write(lambda tx: hire(tx, shop.ann.user_id, CHAIN, Role.MANAGER))
    with pytest.raises(OwnPoints):
        await adjust(db, shop, 10, "own", by=ann)
    with pytest.raises(OwnPoints):
        await decide(db, ann, waiting)


async def test_who_lost_the_post_agrees_no_more(db: Database, shop: Shop) -> None:
    waiting = await adjust(db, shop, 501)
    await db.write(lambda tx: posts.remove(tx, posts.list_posts(tx, OWNER)[0].id, OWNER))
    with pytest.raises(NotAllowed):
        await decide(db, shop.owner, waiting)


async def test_without_a_second_manager_it_is_refused(db: Database, shop: Shop) -> None:
    await db.write(lambda tx: posts.remove(tx, posts.list_posts(tx, OWNER)[0].id, OWNER))
    with pytest.raises(NobodyToAgree):
        await adjust(db, shop, 501)


async def test_declining_changes_nothing(db: Database, shop: Shop) -> None:
    waiting = await adjust(db, shop, 501)
    assert (await decide(db, shop.owner, waiting, agree=False)).state == "declined"
    with pytest.raises(StaleButton):
        await decide(db, shop.owner, waiting)
    assert await balance(db, shop) == 0


async def test_twenty_answers_at_once_count_once(db: Database, shop: Shop) -> None:
    waiting = await adjust(db, shop, 501)
    racers = [await db.write(hire, 200 + number, CHAIN, Role.OWNER) for number in range(20)]

    async def answer(number: int) -> Adjusted | Refusal:
        try:
            return await decide(db, racers[number], waiting, agree=number % 2 == 0)
        except Refusal as refusal:
            return refusal

    outcomes = await asyncio.gather(*map(answer, range(20)))
    assert sum(isinstance(outcome, Adjusted) for outcome in outcomes) == 1
    assert await balance(db, shop) in (0, 501)
    assert await in_order(db)


async def test_a_question_lapses_after_a_week(db: Database, shop: Shop, clock) -> None:
    waiting = await adjust(db, shop, 501)
    clock.move(days=8)
    with pytest.raises(StaleButton):
        await decide(db, shop.owner, waiting)


async def test_points_that_are_gone_by_then_are_not_taken(db: Database, shop: Shop) -> None:
    await decide(db, shop.owner, await adjust(db, shop, 600))
    waiting = await adjust(db, shop, -600, "second")
    await adjust(db, shop, -100, "third", by=shop.owner)
    with pytest.raises(NotEnoughPoints):
        await decide(db, shop.owner, waiting)
    assert await balance(db, shop) == 500


async def test_a_reason_the_charter_dropped_is_refused(db: Database, shop: Shop) -> None:
    await db.write(charters.publish, amended(('code = "goodwill"', 'code = "kindness"')), OWNER)
    with pytest.raises(StaleButton):
        await adjust(db, shop, 10)


async def test_it_is_in_the_audit_and_the_note_is_sealed(db: Database, shop: Shop) -> None:
    await decide(db, shop.owner, await adjust(db, shop, 501))
    actions = [record.action for record in await db.read(audit.list_latest, 10)]
    assert actions[:2] == ["adjustment_agreed", "adjustment_asked"]
    (sealed,) = await db.read(lambda tx: tx.one("SELECT note_sealed FROM adjustment"))
    assert b"soup" not in bytes(sealed)


async def test_what_only_waits_is_recorded_as_asked_for(db: Database, shop: Shop) -> None:
    await adjust(db, shop, 501)
    await adjust(db, shop, 20, "alone")
    actions = [record.action for record in await db.read(audit.list_latest, 2)]
    assert actions == ["adjustment_entered", "adjustment_asked"]


async def test_it_is_entered_for_the_store_where_the_manager_works_now(db: Database, shop: Shop) -> None:
    east = await db.write(add_store, "east", "东门店")
    await db.write(hire, shop.manager.user_id, east, Role.MANAGER)
    await db.write(people.choose_desk_store, shop.manager.user_id, east)
    here = await db.write(people.meet, shop.manager.user_id, "en")
    await adjust(db, shop, 20, by=here)
    (record,) = await db.read(audit.list_latest, 1)
    assert record.store_id == east


async def test_an_unknown_member_is_refused(db: Database, shop: Shop) -> None:
    with pytest.raises(MemberNotFound):
        await db.write(adjustments.adjust, shop.manager, Order(4711, 1, "goodwill", "x"), "k")
    assert await db.read(people.get, 4711) is None


@pytest.mark.parametrize(
    ("text", "points"),
    [("+100", 100), ("100", 100), ("-50", -50), ("−50", -50), ("＋１００", 100), ("1,000 分", 1000), ("- 7", -7)],
)
def test_points_are_read_as_people_type_them(text: str, points: int) -> None:
    assert parse_points(text) == points


@pytest.mark.parametrize("text", ["0", "", "ten", "1.5", "1000001", "--5", "5 5"])
def test_what_is_no_number_of_points_is_refused(text: str) -> None:
    with pytest.raises(PointsInvalid):
        parse_points(text)


def test_the_limit_itself_is_for_one_person() -> None:
    assert not needs_second(500, (0, 0), 500)
    assert needs_second(-501, (0, 0), 500)
    assert needs_second(1, (500, 0), 500)
