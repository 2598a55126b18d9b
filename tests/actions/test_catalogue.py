"""Managers keep the catalogue; on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import catalogue, gifts, stocks
from db import gifts as rows
from db.database import Database
from loyalty.errors import (
    GiftNotFound,
    GiftTextUnreadable,
    NotAllowed,
    StoreNotFound,
    StoreNotManaged,
    TooFewPieces,
)
from loyalty.gifts import Terms
from loyalty.lots import NEVER
from loyalty.roles import Role
from tests.actions.gift_shops import MUG, GiftShop, amend, open_gift_shop, redeem, shelf
from tests.actions.shops import hire
from tests.conftest import Clock

DAY_MS = 86_400_000


async def test_a_managers_gift_is_in_the_catalogue_at_once(db: Database) -> None:
    place = await open_gift_shop(db, points=30)
    said = await db.read(gifts.browse, place.shop.ann)
    assert said.template == "gift_page"
    page = said.params
    assert (page["name"]["en"], page["points"], page["lacking"], page["may"]) == ("Mug", 100, 70, "lacking")
    assert [(left["store"], left["free"]) for left in page["left"]] == [("西门店", 2)]


async def test_without_gifts_it_says_so(db: Database) -> None:
    place = await open_gift_shop(db)
    await db.write(catalogue.withdraw, place.shop.owner, place.gift_id)
    assert (await db.read(gifts.browse, place.shop.ann)).template == "gift_none"


async def test_pages_follow_one_another_the_cheapest_first(db: Database) -> None:
    place = await open_gift_shop(db)
    cheap = await db.write(catalogue.create, place.shop.owner, _priced(50), 0, {place.shop.store_id: 1})
    dear = await db.write(catalogue.create, place.shop.owner, _priced(900), 0, {place.shop.store_id: 1})
    page = (await db.read(gifts.browse, place.shop.ann, place.gift_id)).params
    ids = (cheap.params["gift_id"], dear.params["gift_id"])
    assert (page["previous"], page["following"], page["position"], page["pages"]) == (*ids, 2, 3)


async def test_the_page_says_what_stands_in_the_way(db: Database) -> None:
    place = await open_gift_shop(db, pieces=1)
    assert await _may(db, place) == "redeem"
    await amend(db, place, tier="gold")
    assert await _may(db, place) == "tier"
    await amend(db, place, tier="", per_member=1)
    await redeem(db, place)
    assert await _may(db, place) == "limit"
    await amend(db, place, per_member=0)
    assert await _may(db, place) == "wait"


async def test_with_one_store_the_second_question_is_the_last(db: Database) -> None:
    place = await open_gift_shop(db)
    said = await db.read(gifts.choose_store, place.shop.ann, place.gift_id)
    assert (said.template, said.params["store"]) == ("gift_confirm", "西门店")


async def test_with_two_stores_it_asks_where(db: Database) -> None:
    place = await open_gift_shop(db)
    await db.write(stocks.restock, place.shop.owner, place.gift_id, place.other_id, 1)
    said = await db.read(gifts.choose_store, place.shop.ann, place.gift_id)
    assert said.template == "gift_store"
    assert [left["store"] for left in said.params["left"]] == ["西门店", "东门店"]


async def test_each_time_it_asks_the_nonce_is_new(db: Database) -> None:
    place = await open_gift_shop(db)
    asked = [await db.read(gifts.confirm, place.shop.ann, place.gift_id, place.shop.store_id) for _ in range(2)]
    assert asked[0].params["nonce"] != asked[1].params["nonce"]


async def test_clerks_create_nothing(db: Database) -> None:
    place = await open_gift_shop(db)
    with pytest.raises(NotAllowed):
        await db.write(catalogue.create, place.shop.clerk, MUG, 0, {})


async def test_a_stores_manager_stocks_their_own_store_only(db: Database) -> None:
    place = await open_gift_shop(db)
    await db.write(stocks.restock, place.shop.manager, place.gift_id, place.shop.store_id, 5)
    with pytest.raises(NotAllowed):
        await db.write(stocks.restock, place.shop.manager, place.gift_id, place.other_id, 5)
    assert await shelf(db, place) == (7, 0)


async def test_another_managers_gift_is_changed_by_the_chain_only(db: Database) -> None:
    place = await open_gift_shop(db)
    with pytest.raises(NotAllowed):
        await db.write(catalogue.change, place.shop.manager, place.gift_id, {"points": 1})
    own = await db.write(catalogue.create, place.shop.manager, MUG, 0, {})
    said = await db.write(catalogue.change, place.shop.manager, own.params["gift_id"], {"points": 120})
    assert said.params["points"] == 120


async def test_a_new_gift_of_few_pieces_is_a_last_chance_once_somebody_has_one(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db, replace(MUG, starts_at=clock.now))
    badges = []
    for nonce in ("n1", "n2", ""):
        badges.append((await db.read(gifts.browse, place.shop.ann)).params["badge"])
        if nonce:
            await redeem(db, place, nonce=nonce)
    assert badges == ["new", "last", ""]


async def test_what_is_promised_cannot_be_taken_out(db: Database) -> None:
    place = await open_gift_shop(db)
    await redeem(db, place)
    with pytest.raises(TooFewPieces) as refused:
        await db.write(stocks.restock, place.shop.owner, place.gift_id, place.shop.store_id, -2)
    assert refused.value == TooFewPieces("西门店", 1)
    with pytest.raises(TooFewPieces):
        await db.write(stocks.move, place.shop.owner, place.gift_id, place.shop.store_id, place.other_id, 2)
    await db.write(stocks.move, place.shop.owner, place.gift_id, place.shop.store_id, place.other_id, 1)
    assert (await shelf(db, place), await shelf(db, place, place.other_id)) == ((1, 1), (1, 0))


async def test_nothing_moves_onto_itself(db: Database) -> None:
    place = await open_gift_shop(db)
    with pytest.raises(StoreNotFound):
        await db.write(stocks.move, place.shop.owner, place.gift_id, place.shop.store_id, place.shop.store_id, 1)


async def test_a_gifts_life_tells_what_became_of_it(db: Database) -> None:
    place = await open_gift_shop(db)
    await redeem(db, place)
    await db.write(stocks.restock, place.shop.owner, place.gift_id, place.shop.store_id, -1)
    life = (await db.read(catalogue.look, place.shop.manager, place.gift_id)).params
    assert (life["held"], life["captured"], life["waiting"]) == (1, 0, 0)
    assert [(moved["kind"], moved["pieces"]) for moved in life["movements"]] == [("removed", -1), ("restocked", 2)]
    assert (life["may_change"], life["may_stock"], life["may_move"]) == (False, True, False)


async def test_every_deed_is_audited(db: Database) -> None:
    place = await open_gift_shop(db)
    owner, gift_id = place.shop.owner, place.gift_id
    await db.write(catalogue.change, owner, gift_id, {"points": 90})
    await db.write(stocks.restock, owner, gift_id, place.shop.store_id, 1)
    await db.write(stocks.move, owner, gift_id, place.shop.store_id, place.other_id, 1)
    await db.write(catalogue.withdraw, owner, gift_id)
    await db.write(catalogue.offer_again, owner, gift_id)
    done = await db.read(lambda tx: tx.all("SELECT action FROM audit WHERE action LIKE 'gift_%' ORDER BY id"))
    assert [row[0] for row in done] == [
        "gift_created", "gift_changed", "gift_restocked", "gift_moved", "gift_withdrawn", "gift_offered_again",
    ]  # fmt: skip


async def test_a_gift_that_does_not_exist_is_not_found(db: Database) -> None:
    place = await open_gift_shop(db)
    with pytest.raises(GiftNotFound):
        await db.read(catalogue.look, place.shop.owner, 999)


async def test_pieces_are_read_for_the_managers_stores(db: Database) -> None:
    place = await open_gift_shop(db)
    ids = (place.shop.store_id, place.other_id)
    assert await db.read(catalogue.read_pieces, place.shop.owner, "20") == dict.fromkeys(ids, 20)
    assert await db.read(catalogue.read_pieces, place.shop.owner, "ximen 20\n東門店：5") == dict(
        zip(ids, (20, 5), strict=True)
    )
    assert await db.read(catalogue.read_pieces, place.shop.manager, "7") == {place.shop.store_id: 7}
    with pytest.raises(GiftTextUnreadable):
        await db.read(catalogue.read_pieces, place.shop.owner, "20\nximen 5")
    for name in ("dongmen", "nowhere"):
        with pytest.raises(StoreNotManaged) as refused:
            await db.read(catalogue.read_pieces, place.shop.manager, f"ximen 3\n{name} 7")
        assert (refused.value.named, refused.value.codes) == (name, ["ximen"])


@pytest.mark.parametrize(
    ("field", "text", "meant"),
    [
        ("price", "500 + 9.90", {"points": 500, "cash": 990}),
        ("tier", "金卡", {"tier": "gold"}),
        ("tier", "-", {"tier": ""}),
        ("per_member", "2", {"per_member": 2}),
        ("until", "-", {"ends_at": NEVER}),
        # The end of 2025-03-31 and the beginning of 2025-03-10 in Xi'an.
        ("until", "3-31", {"ends_at": 1_743_436_799_999}),
        ("collect_from", "2025-03-10", {"collect_from": 1_741_536_000_000}),
        ("collect_from", "-", {"collect_from": 0}),
    ],
)
async def test_what_managers_type_becomes_terms(
    db: Database, clock: Clock, field: str, text: str, meant: dict[str, object]
) -> None:
    await open_gift_shop(db)
    assert await db.read(catalogue.read, field, text) == meant


async def test_a_picture_is_kept_by_managers_only(db: Database) -> None:
    place = await open_gift_shop(db)
    picture_id = await db.write(catalogue.keep_picture, place.shop.manager, b"jpeg")
    assert await db.read(rows.get_picture, picture_id) == b"jpeg"
    with pytest.raises(NotAllowed):
        await db.write(catalogue.keep_picture, place.shop.ann, b"jpeg")


async def test_a_manager_who_was_removed_manages_nothing(db: Database) -> None:
    place = await open_gift_shop(db)
    former = await db.write(hire, 77, place.shop.store_id, Role.CLERK)
    with pytest.raises(NotAllowed):
        await db.read(catalogue.list_gifts, former)


def _priced(points: int) -> Terms:
    return replace(MUG, points=points)


async def _may(db: Database, place: GiftShop) -> str:
    return str((await db.read(gifts.browse, place.shop.ann)).params["may"])
