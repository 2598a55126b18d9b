"""Handing gifts over by their codes, and what guessing gets; on both engines."""

from __future__ import annotations

import pytest

from actions import reservations, verifying
from actions.verifying import HandedOver, Missed
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import (
    CodeInvalid,
    CodeUnknown,
    CollectedElsewhere,
    CollectLater,
    NotAllowed,
    OwnGift,
    ReservationEnded,
    Throttled,
)
from loyalty.roles import Role
from tests.actions.gift_shops import (
    GiftShop,
    amend,
    code_in,
    give,
    in_order,
    open_gift_shop,
    points_of,
    redeem,
    reservation,
    shelf,
)
from tests.actions.shops import MANAGER, OWNER, add_member, hire
from tests.conftest import Clock

DAY_MS = 86_400_000


async def verify(db: Database, place: GiftShop, code: str, clerk: Person | None = None) -> HandedOver | Missed:
    return await db.write(verifying.hand_over, clerk or place.shop.clerk, code)


async def miss(db: Database, place: GiftShop, times: int = 1) -> list[int]:
    """Wrong tries; how many were left after each."""
    left = []
    for _ in range(times):
        missed = await verify(db, place, "0000-0000")
        assert isinstance(missed, Missed)
        assert isinstance(missed.refusal, CodeUnknown)
        left.append(missed.refusal.left)
    return left


async def test_the_right_code_hands_the_gift_over(db: Database) -> None:
    place = await open_gift_shop(db)
    await amend(db, place, cash=990)
    said = await redeem(db, place)
    handed = await verify(db, place, code_in(said))
    assert handed == HandedOver({"zh_Hans": "马克杯", "zh_Hant": "马克杯", "en": "Mug"}, "Ann", "西门店", 100, 990)
    assert (await reservation(db, said)).state == "captured"
    assert await shelf(db, place) == (1, 0)
    assert await points_of(db, place.shop.ann) == 400
    assert await in_order(db, place)


async def test_however_it_is_typed(db: Database) -> None:
    place = await open_gift_shop(db)
    code = code_in(await redeem(db, place))
    assert isinstance(await verify(db, place, f"  {code.lower().replace('0', 'o').replace('-', ' ')} "), HandedOver)


async def test_the_second_time_it_says_when_and_where_it_was_handed_over(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    await verify(db, place, code_in(said))
    at = clock.now
    clock.move(hours=1)
    with pytest.raises(ReservationEnded) as refused:
        await verify(db, place, code_in(said))
    assert (refused.value.state, refused.value.at, refused.value.store) == ("captured", at, "西门店")
    assert await shelf(db, place) == (1, 0)


async def test_a_cancelled_one_is_cancelled(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    await db.write(reservations.cancel, place.shop.ann, said.params["reservation_id"])
    with pytest.raises(ReservationEnded) as refused:
        await verify(db, place, code_in(said))
    assert refused.value.state == "cancelled"


async def test_too_late_is_too_late_even_before_the_job_has_run(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    clock.move(days=8)
    with pytest.raises(ReservationEnded) as refused:
        await verify(db, place, code_in(said))
    assert refused.value.state == "overdue"
    await db.write(reservations.lapse, said.params["reservation_id"])
    with pytest.raises(ReservationEnded) as refused:
        await verify(db, place, code_in(said))
    assert refused.value.state == "lapsed"


async def test_until_the_last_millisecond_it_is_in_time(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    clock.now = said.params["collect_by"]
    assert isinstance(await verify(db, place, code_in(said)), HandedOver)


async def test_another_store_is_named(db: Database) -> None:
    place = await open_gift_shop(db)
    dora = await db.write(hire, 55, place.other_id, Role.CLERK)
    with pytest.raises(CollectedElsewhere) as refused:
        await verify(db, place, code_in(await redeem(db, place)), dora)
    assert refused.value.store == "西门店"


async def test_not_yet_says_from_when(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    await amend(db, place, collect_from=clock.now + DAY_MS)
    with pytest.raises(CollectLater) as refused:
        await verify(db, place, code_in(await redeem(db, place)))
    assert refused.value.collect_from == clock.now + DAY_MS


async def test_nobody_hands_a_gift_to_themselves(db: Database) -> None:
    place = await open_gift_shop(db)
    member = await db.write(add_member, "Carl", "13900000001", place.shop.clerk.user_id)
    await db.write(give, member.id, 500)
    said = await redeem(db, place, place.shop.clerk)
    with pytest.raises(OwnGift):
        await verify(db, place, code_in(said))


async def test_members_hand_nothing_over(db: Database) -> None:
    place = await open_gift_shop(db)
    with pytest.raises(NotAllowed):
        await verify(db, place, code_in(await redeem(db, place)), place.shop.ann)


async def test_what_no_code_can_be_does_not_count(db: Database) -> None:
    place = await open_gift_shop(db)
    for _ in range(7):
        with pytest.raises(CodeInvalid):
            await verify(db, place, "hello")
    assert await miss(db, place) == [4]


async def test_five_wrong_codes_lock_this_clerk_even_for_a_right_one(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    assert await miss(db, place, 5) == [4, 3, 2, 1, 0]
    with pytest.raises(Throttled) as refused:
        await verify(db, place, code_in(said))
    assert refused.value.seconds == 600
    with pytest.raises(Throttled):
        await db.read(verifying.start, place.shop.clerk)


async def test_other_clerks_go_on(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    await miss(db, place, 5)
    assert isinstance(await verify(db, place, code_in(said), place.shop.manager), HandedOver)


async def test_after_ten_minutes_the_clerk_goes_on_with_five_tries(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    await miss(db, place, 5)
    clock.move(minutes=10)
    assert await miss(db, place) == [4]
    assert isinstance(await verify(db, place, code_in(said)), HandedOver)


async def test_tries_far_apart_lock_nobody(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    for _ in range(12):
        assert await miss(db, place) != [0]
        clock.move(minutes=3)


async def test_the_managers_are_told_once_per_lock(db: Database) -> None:
    place = await open_gift_shop(db)
    await miss(db, place, 5)
    with pytest.raises(Throttled):
        await miss(db, place)
    assert await db.read(_told) == [MANAGER, OWNER]
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM audit WHERE action = 'verify_locked'")) == 1


async def test_handing_over_is_audited_without_the_code(db: Database) -> None:
    place = await open_gift_shop(db)
    code = code_in(await redeem(db, place))
    await verify(db, place, code)
    (detail,) = await db.read(lambda tx: tx.all("SELECT detail FROM audit WHERE action = 'gift_handed_over'"))
    assert code not in detail[0]


async def test_the_code_is_found_among_what_a_picture_shows(db: Database) -> None:
    assert verifying.code_in(["https://example.org", "2900000000018", "7K2M9QXA"]) == "7K2M9QXA"
    assert verifying.code_in(["2900000000018"]) is None


def _told(tx: Tx) -> list[int]:
    rows = tx.all("SELECT chat_id FROM outbox WHERE kind = 'notice' AND chat_id IN (11, 12, 13) ORDER BY chat_id")
    return [row[0] for row in rows]
