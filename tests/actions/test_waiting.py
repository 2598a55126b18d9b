"""Waiting for a gift: in order, with a time to decide; on both engines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from actions import catalogue, offers, reservations, stocks, waiting
from db import members, people, stocks as shelves, verifying, waiting as rows
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import NotEnoughPoints, OfferEnded, OutOfStock, StillInStock
from tests.actions.gift_shops import GiftShop, add_rich, amend, in_order, open_gift_shop, points_of, redeem, shelf
from tests.conftest import Clock


async def sold_out(db: Database, waiters: int) -> tuple[GiftShop, list[Person]]:
    """Nothing is left, and so many members wait, one after the other."""
    place = await open_gift_shop(db, pieces=0)
    crowd = [await db.write(add_rich, number) for number in range(waiters)]
    for person in crowd:
        await db.write(waiting.join, person, place.gift_id, 0)
    return place, crowd


async def restock(db: Database, place: GiftShop, pieces: int, store_id: int = 0) -> None:
    store_id = store_id or place.shop.store_id
    await db.write(stocks.restock, place.shop.owner, place.gift_id, store_id, pieces)


async def states(db: Database) -> list[str]:
    return [row[0] for row in await db.read(lambda tx: tx.all("SELECT state FROM gift_waiting ORDER BY id"))]


async def offer_to(db: Database, place: GiftShop, person: Person) -> int:
    """The id of what this person is offered or waits for."""
    return await db.read(_wait_id, place.gift_id, person.user_id)


def _wait_id(tx: Tx, gift_id: int, user_id: int) -> int:
    return tx.value(
        "SELECT w.id FROM gift_waiting w JOIN member m ON m.id = w.member_id "
        "WHERE m.user_id = :user_id AND gift_id = :gift_id ORDER BY w.id DESC",
        user_id=user_id, gift_id=gift_id,
    )  # fmt: skip


async def told(db: Database, crowd: Sequence[Person]) -> list[int]:
    """How many messages each has."""
    rows = await db.read(lambda tx: dict(tx.all("SELECT chat_id, COUNT(*) FROM outbox GROUP BY chat_id")))
    return [rows.get(person.user_id, 0) for person in crowd]


async def test_three_pieces_for_ten_who_wait_go_to_the_first_three(db: Database) -> None:
    place, crowd = await sold_out(db, 10)
    await restock(db, place, 3)
    assert await states(db) == ["offered"] * 3 + ["waiting"] * 7
    assert await told(db, crowd) == [1] * 3 + [0] * 7
    assert await shelf(db, place) == (3, 3)


async def test_nobody_who_looks_in_gets_a_piece_before_them(db: Database) -> None:
    place, _ = await sold_out(db, 3)
    await restock(db, place, 3)
    with pytest.raises(OutOfStock):
        await redeem(db, place)


async def test_taking_it_reserves_it(db: Database) -> None:
    place, (first, *_) = await sold_out(db, 2)
    await restock(db, place, 1)
    said = await db.write(waiting.take, first, await offer_to(db, place, first))
    assert said.template == "gift_reserved"
    assert await points_of(db, first) == 400
    assert await states(db) == ["taken", "waiting"]
    assert await in_order(db, place)


async def test_taking_it_twice_shows_the_same_code(db: Database) -> None:
    place, (first,) = await sold_out(db, 1)
    await restock(db, place, 1)
    offer = await offer_to(db, place, first)
    codes = [(await db.write(waiting.take, first, offer)).params["code"] for _ in range(2)]
    assert codes[0] == codes[1]
    assert await points_of(db, first) == 400


async def test_passing_it_on_offers_it_to_the_next(db: Database) -> None:
    place, (first, second) = await sold_out(db, 2)
    await restock(db, place, 1)
    await db.write(waiting.pass_on, first, await offer_to(db, place, first))
    assert await states(db) == ["passed", "offered"]
    assert await told(db, [first, second]) == [1, 1]
    assert await in_order(db, place)


async def test_offers_lapse_and_pass_on_down_the_line_and_nobody_is_asked_twice(db: Database, clock: Clock) -> None:
    place, crowd = await sold_out(db, 10)
    await restock(db, place, 3)
    for _ in range(4):
        clock.move(days=1)
        for wait_id in await db.read(rows.list_undecided, 0, 100):
            assert await db.write(waiting.lapse, wait_id)
            assert not await db.write(waiting.lapse, wait_id)
    assert await states(db) == ["lapsed"] * 10
    assert await told(db, crowd) == [1] * 10
    assert await shelf(db, place) == (3, 0)
    assert await in_order(db, place)


async def test_an_offer_does_not_lapse_before_its_time(db: Database, clock: Clock) -> None:
    place, (first,) = await sold_out(db, 1)
    await restock(db, place, 1)
    clock.move(hours=10)
    assert await db.read(rows.list_undecided, 0, 100) == []
    assert not await db.write(waiting.lapse, await offer_to(db, place, first))


async def test_what_has_lapsed_cannot_be_taken_even_before_the_job_has_run(db: Database, clock: Clock) -> None:
    place, (first,) = await sold_out(db, 1)
    await restock(db, place, 1)
    clock.move(days=2)
    with pytest.raises(OfferEnded):
        await db.write(waiting.take, first, await offer_to(db, place, first))


async def test_what_was_passed_on_cannot_be_taken(db: Database) -> None:
    place, (first,) = await sold_out(db, 1)
    await restock(db, place, 1)
    offer = await offer_to(db, place, first)
    await db.write(waiting.pass_on, first, offer)
    with pytest.raises(OfferEnded):
        await db.write(waiting.take, first, offer)
    with pytest.raises(OfferEnded):
        await db.write(waiting.pass_on, first, offer)


async def test_nobody_takes_what_is_offered_to_another(db: Database) -> None:
    place, (first, second) = await sold_out(db, 2)
    await restock(db, place, 1)
    for action in (waiting.take, waiting.pass_on):
        with pytest.raises(OfferEnded):
            await db.write(action, second, await offer_to(db, place, first))


async def test_without_the_points_the_offer_stands(db: Database) -> None:
    place, (first,) = await sold_out(db, 1)
    await amend(db, place, points=1000)
    await restock(db, place, 1)
    with pytest.raises(NotEnoughPoints):
        await db.write(waiting.take, first, await offer_to(db, place, first))
    assert await states(db) == ["offered"]


async def test_a_cancelled_reservation_goes_to_who_waits(db: Database) -> None:
    place = await open_gift_shop(db, pieces=1)
    said = await redeem(db, place)
    bob = await db.write(add_rich, 1)
    await db.write(waiting.join, bob, place.gift_id, 0)
    await db.write(reservations.cancel, place.shop.ann, said.params["reservation_id"])
    assert await states(db) == ["offered"]
    assert await shelf(db, place) == (1, 1)
    assert await in_order(db, place)


async def test_who_waits_for_one_store_is_not_offered_a_piece_at_another(db: Database) -> None:
    place = await open_gift_shop(db, pieces=0)
    await restock(db, place, 1, place.other_id)
    bob, cora = await db.write(add_rich, 1), await db.write(add_rich, 2)
    await db.write(waiting.join, bob, place.gift_id, place.shop.store_id)
    await db.write(stocks.restock, place.shop.owner, place.gift_id, place.other_id, -1)
    await db.write(waiting.join, cora, place.gift_id, 0)
    await restock(db, place, 1, place.other_id)
    assert await states(db) == ["waiting", "offered"]


async def test_moved_pieces_go_to_who_waits_there(db: Database) -> None:
    place = await open_gift_shop(db, pieces=1)
    await restock(db, place, 1, place.other_id)
    await db.write(stocks.restock, place.shop.owner, place.gift_id, place.other_id, -1)
    bob = await db.write(add_rich, 1)
    await db.write(waiting.join, bob, place.gift_id, place.other_id)
    await db.write(stocks.move, place.shop.owner, place.gift_id, place.shop.store_id, place.other_id, 1)
    assert await states(db) == ["offered"]


async def test_while_there_is_one_nobody_needs_to_wait(db: Database) -> None:
    place = await open_gift_shop(db)
    with pytest.raises(StillInStock):
        await db.write(waiting.join, place.shop.ann, place.gift_id, 0)


async def test_asking_twice_keeps_ones_place(db: Database) -> None:
    place, (first, _) = await sold_out(db, 2)
    await db.write(waiting.join, first, place.gift_id, 0)
    assert await states(db) == ["waiting", "waiting"]


async def test_who_leaves_is_passed_over(db: Database) -> None:
    place, (first, _) = await sold_out(db, 2)
    await db.write(waiting.leave, first, place.gift_id)
    await restock(db, place, 1)
    assert await states(db) == ["left", "offered"]


async def test_who_cannot_be_told_is_passed_over(db: Database) -> None:
    place, (first, _) = await sold_out(db, 2)
    await db.write(people.mark_unreachable, first.user_id)
    await restock(db, place, 1)
    assert await states(db) == ["left", "offered"]


async def test_at_night_the_piece_is_put_aside_and_the_member_is_told_in_the_morning(
    db: Database, clock: Clock
) -> None:
    place, (first,) = await sold_out(db, 1)
    clock.move(hours=11)
    await restock(db, place, 1)
    assert await told(db, [first]) == [0]
    assert await shelf(db, place) == (1, 1)
    (untold,) = await db.read(rows.list_untold, 0, 10)
    clock.move(hours=11)
    assert await db.write(waiting.tell, untold)
    assert not await db.write(waiting.tell, untold)
    assert await told(db, [first]) == [1]


async def test_who_cannot_be_told_in_the_morning_any_more_is_passed_over(db: Database, clock: Clock) -> None:
    place, (first, _) = await sold_out(db, 2)
    clock.move(hours=11)
    await restock(db, place, 1)
    await db.write(people.mark_unreachable, first.user_id)
    clock.move(hours=11)
    (untold,) = await db.read(rows.list_untold, 0, 10)
    assert await db.write(waiting.tell, untold)
    assert await states(db) == ["passed", "offered"]
    assert await shelf(db, place) == (1, 1)
    assert not await db.write(waiting.tell, untold)


async def test_no_piece_is_put_aside_for_who_leaves_at_that_moment(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _ = await sold_out(db, 2)
    reserve = shelves.reserve

    def reserve_late(tx: Tx, gift_id: int, store_id: int) -> bool:
        """As if the first in line had left, elsewhere, since they were found."""
        tx.run("UPDATE gift_waiting SET state = 'left' WHERE id = (SELECT MIN(id) FROM gift_waiting)")
        return reserve(tx, gift_id, store_id)

    monkeypatch.setattr(shelves, "reserve", reserve_late)
    await restock(db, place, 1)
    assert await states(db) == ["left", "offered"]
    assert await shelf(db, place) == (1, 1)


async def test_who_is_erased_while_being_offered_a_piece_keeps_none(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, (first,) = await sold_out(db, 1)
    list_standing = rows.list_standing

    def list_early(tx: Tx, member_id: int) -> list[rows.Wait]:
        """As if they were offered a piece, elsewhere, just after this look."""
        found = list_standing(tx, member_id)
        shelves.put(tx, place.gift_id, place.shop.store_id, 1)
        monkeypatch.undo()
        offers.hand_on(tx, place.gift_id, place.shop.store_id)
        return found

    monkeypatch.setattr(rows, "list_standing", list_early)
    await db.write(lambda tx: waiting.leave_all(tx, _member_id(tx, first)))
    assert await states(db) == ["passed"]
    assert await shelf(db, place) == (1, 0)


def _member_id(tx: Tx, person: Person) -> int:
    member = members.get_by_user(tx, person.user_id)
    assert member is not None
    return member.id


async def test_withdrawing_the_gift_tells_all_who_wait(db: Database) -> None:
    place, crowd = await sold_out(db, 3)
    await restock(db, place, 1)
    await db.write(catalogue.withdraw, place.shop.owner, place.gift_id)
    assert await states(db) == ["left"] * 3
    assert await told(db, crowd) == [2, 1, 1]
    assert await shelf(db, place) == (1, 0)
    assert await in_order(db, place)


async def test_old_misses_are_forgotten(db: Database, clock: Clock) -> None:
    await db.write(verifying.add_miss, 11)
    clock.move(days=1)
    assert await db.write(verifying.forget, clock.now) == 1
