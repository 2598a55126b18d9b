"""Reserving a gift, giving it up, and letting the time to collect pass; on both engines."""

from __future__ import annotations

import json

import pytest

from actions import catalogue, reservations
from db import people, reservations as rows
from db.database import Database, Tx
from loyalty import codes
from loyalty.errors import (
    GiftLimitReached,
    GiftNotFound,
    IdempotencyConflict,
    NotAMember,
    NotEnoughPoints,
    OutOfStock,
    ReservationEnded,
    ReservationNotFound,
    StoreNotFound,
    TierTooLow,
)
from tests.actions.gift_shops import (
    add_rich,
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
from tests.actions.shops import ANN, STRANGER
from tests.conftest import Clock

DAY_MS = 86_400_000


async def test_redeeming_holds_points_and_a_piece_and_gives_a_code(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    assert said.template == "gift_reserved"
    assert len(codes.normalise(code_in(said))) == 8
    assert await points_of(db, place.shop.ann) == 400
    assert await shelf(db, place) == (2, 1)
    assert await in_order(db, place)


async def test_the_code_is_kept_as_a_hash_and_sealed(db: Database) -> None:
    place = await open_gift_shop(db)
    code = codes.normalise(code_in(await redeem(db, place)))
    kept = await db.read(lambda tx: tx.all("SELECT code_token, code_sealed, key FROM gift_reservation"))
    assert code not in repr(kept)
    found = await db.read(rows.get_by_code, f" {code[:4].lower()}-{code[4:]} ")
    assert found is not None


async def test_the_same_press_again_gives_the_same_code_and_never_says_not_enough_points(db: Database) -> None:
    place = await open_gift_shop(db, points=100)
    first, again = await redeem(db, place), await redeem(db, place)
    assert code_in(first) == code_in(again)
    assert await points_of(db, place.shop.ann) == 0
    assert await shelf(db, place) == (2, 1)


async def test_the_same_nonce_for_another_store_is_refused(db: Database) -> None:
    place = await open_gift_shop(db)
    await redeem(db, place)
    with pytest.raises(IdempotencyConflict):
        await db.write(reservations.redeem, place.shop.ann, place.gift_id, place.other_id, "n1")


async def test_another_nonce_is_another_gift(db: Database) -> None:
    place = await open_gift_shop(db)
    assert code_in(await redeem(db, place)) != code_in(await redeem(db, place, nonce="n2"))
    assert await points_of(db, place.shop.ann) == 300


async def test_without_enough_points_nothing_is_held(db: Database) -> None:
    place = await open_gift_shop(db, points=99)
    with pytest.raises(NotEnoughPoints) as refused:
        await redeem(db, place)
    assert (refused.value.required, refused.value.available) == (100, 99)
    assert await shelf(db, place) == (2, 0)


async def test_the_last_piece_goes_once(db: Database) -> None:
    place = await open_gift_shop(db, pieces=1)
    await redeem(db, place)
    with pytest.raises(OutOfStock):
        await redeem(db, place, nonce="n2")
    assert await points_of(db, place.shop.ann) == 400


async def test_there_is_none_at_another_store(db: Database) -> None:
    place = await open_gift_shop(db)
    with pytest.raises(OutOfStock):
        await db.write(reservations.redeem, place.shop.ann, place.gift_id, place.other_id, "n1")


async def test_a_store_that_does_not_exist_has_none(db: Database) -> None:
    place = await open_gift_shop(db)
    with pytest.raises(StoreNotFound):
        await db.write(reservations.redeem, place.shop.ann, place.gift_id, 99, "n1")


async def test_a_gift_for_a_higher_tier_is_refused_with_its_name(db: Database) -> None:
    place = await open_gift_shop(db)
    await amend(db, place, tier="gold")
    with pytest.raises(TierTooLow) as refused:
        await redeem(db, place)
    assert refused.value.tier["en"] == "Gold"


async def test_the_limit_per_member_counts_what_is_held_and_collected(db: Database) -> None:
    place = await open_gift_shop(db)
    await amend(db, place, per_member=1)
    said = await redeem(db, place)
    with pytest.raises(GiftLimitReached) as refused:
        await redeem(db, place, nonce="n2")
    assert (refused.value.limit, refused.value.per) == (1, "member")
    await db.write(reservations.cancel, place.shop.ann, said.params["reservation_id"])
    assert (await redeem(db, place, nonce="n3")).template == "gift_reserved"


async def test_the_limit_per_month_ends_with_the_month(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    await amend(db, place, per_month=1)
    await redeem(db, place)
    with pytest.raises(GiftLimitReached):
        await redeem(db, place, nonce="n2")
    clock.move(days=29)
    assert (await redeem(db, place, nonce="n3")).template == "gift_reserved"


@pytest.mark.parametrize("changed", [{"starts_at": 1_800_000_000_000}, {"ends_at": 1_700_000_000_000}])
async def test_before_and_after_its_time_it_is_not_there(db: Database, changed: dict[str, int]) -> None:
    place = await open_gift_shop(db)
    await amend(db, place, **changed)
    with pytest.raises(GiftNotFound):
        await redeem(db, place)


async def test_a_withdrawn_gift_is_not_there_but_what_is_reserved_stays(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    await db.write(catalogue.withdraw, place.shop.owner, place.gift_id)
    with pytest.raises(GiftNotFound):
        await redeem(db, place, nonce="n2")
    assert (await reservation(db, said)).state == "held"


async def test_strangers_redeem_nothing(db: Database) -> None:
    place = await open_gift_shop(db)
    stranger = await db.write(people.meet, STRANGER, "en")
    with pytest.raises(NotAMember):
        await redeem(db, place, stranger)


async def test_it_is_kept_until_closing_time_a_week_later(db: Database) -> None:
    place = await open_gift_shop(db)
    # 2025-03-10 22:00 in Xi'an
    assert (await redeem(db, place)).params["collect_by"] == 1_741_615_200_000


async def test_what_comes_later_is_kept_a_week_from_then(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    await amend(db, place, collect_from=clock.now + 30 * DAY_MS)
    assert (await redeem(db, place)).params["collect_by"] == 1_741_615_200_000 + 30 * DAY_MS


async def test_giving_it_up_brings_points_and_piece_back(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    told = await db.write(reservations.cancel, place.shop.ann, said.params["reservation_id"])
    assert (told.params["points"], told.params["available"]) == (100, 500)
    assert await shelf(db, place) == (2, 0)
    assert await in_order(db, place)


async def test_points_come_back_to_the_lots_they_came_from(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db, points=0)
    await db.write(give, place.shop.member.id, 60, clock.now + DAY_MS)
    await db.write(give, place.shop.member.id, 60, clock.now + 2 * DAY_MS)
    said = await redeem(db, place)
    await db.write(reservations.cancel, place.shop.ann, said.params["reservation_id"])
    lots = await db.read(lambda tx: tx.all("SELECT remaining FROM lot WHERE points = 60 ORDER BY expires_at"))
    assert [row[0] for row in lots] == [60, 60]


async def test_it_is_given_up_once(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    await db.write(reservations.cancel, place.shop.ann, said.params["reservation_id"])
    with pytest.raises(ReservationEnded) as refused:
        await db.write(reservations.cancel, place.shop.ann, said.params["reservation_id"])
    assert refused.value.state == "cancelled"
    assert await points_of(db, place.shop.ann) == 500


async def test_nobody_gives_up_or_sees_what_is_anothers(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    bob = await db.write(add_rich, 1)
    for action in (reservations.cancel, reservations.ask_cancel, reservations.show):
        with pytest.raises(ReservationNotFound):
            await db.write(action, bob, said.params["reservation_id"])


async def test_the_code_can_be_seen_again_until_it_is_resolved(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    again = await db.write(reservations.show, place.shop.ann, said.params["reservation_id"])
    assert code_in(again) == code_in(said)
    mine = await db.read(reservations.mine, place.shop.ann)
    assert [held.code for held in mine.held] == [code_in(said)]


async def test_what_nobody_collects_lapses_once_and_the_member_is_told(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    clock.move(days=8)
    assert await db.write(reservations.lapse, said.params["reservation_id"])
    assert not await db.write(reservations.lapse, said.params["reservation_id"])
    assert await points_of(db, place.shop.ann) == 500
    assert await db.read(_told) == ["gift_lapsed"]
    assert await in_order(db, place)


async def test_at_night_it_lapses_and_the_member_is_told_in_the_morning(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    clock.move(days=7, hours=10, minutes=5)
    await db.write(reservations.lapse, said.params["reservation_id"])
    assert await db.read(_told) == []
    assert await db.read(rows.list_untold, 0, 10) == [said.params["reservation_id"]]
    clock.move(hours=11)
    assert await db.write(reservations.tell_lapsed, said.params["reservation_id"])
    assert not await db.write(reservations.tell_lapsed, said.params["reservation_id"])
    assert await db.read(_told) == ["gift_lapsed"]


async def test_nothing_lapses_before_its_time(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await redeem(db, place)
    assert not await db.write(reservations.lapse, said.params["reservation_id"])


def _told(tx: Tx) -> list[str]:
    """Templates of what waits to be sent to Ann."""
    rows = tx.all("SELECT payload FROM outbox WHERE chat_id = :ann ORDER BY id", ann=ANN)
    return [json.loads(tx.vault.open_system("outbox", str(ANN), row[0]))["template"] for row in rows]
