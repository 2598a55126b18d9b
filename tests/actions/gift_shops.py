"""Gifts to redeem in the small chain of `shops`, and members with points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from actions import catalogue, reservations
from db import accounts, gifts, ledger, ledger_checks, members, people, reservations as rows, stocks
from db.database import Database, Tx
from db.ledger import Posting
from db.people import Person
from db.reservations import Reservation
from loyalty.gifts import Terms
from loyalty.lots import NEVER
from loyalty.messages import Say
from tests.actions.shops import Shop, add_member, add_store, open_shop

MUG = Terms({"zh_Hans": "马克杯", "en": "Mug"}, 100, 0, "", 0, 0, 0, NEVER, 0)


@dataclass(frozen=True, slots=True)
class GiftShop:
    """A shop with a second store, dongmen, and a mug: two pieces at ximen, none at dongmen. Ann has 500 points."""

    shop: Shop
    other_id: int
    gift_id: int


async def open_gift_shop(db: Database, terms: Terms = MUG, pieces: int = 2, points: int = 500) -> GiftShop:
    shop = await open_shop(db)
    other_id = await db.write(add_store, "dongmen", "东门店")
    said = await db.write(catalogue.create, shop.owner, terms, 0, {shop.store_id: pieces})
    await db.write(give, shop.member.id, points)
    return GiftShop(shop, other_id, said.params["gift_id"])


def give(tx: Tx, member_id: int, points: int, expires_at: int = NEVER) -> None:
    """Points out of nowhere, usable at once."""
    key = f"gift of points:{member_id}:{tx.random(8).hex()}"
    posting = Posting(
        member_id=member_id, kind="earn", points=points, reason="purchase", key=key, actor=0, occurred_at=tx.now
    )
    if points:
        ledger.earn(tx, posting, tx.now, expires_at)


def add_rich(tx: Tx, number: int, points: int = 500) -> Person:
    """One more member on Telegram, with points."""
    user_id = 10_000 + number
    member = add_member(tx, f"Member {number}", f"139{number:08d}", user_id=user_id)
    give(tx, member.id, points)
    return people.meet(tx, user_id, "en")


async def redeem(db: Database, place: GiftShop, person: Person | None = None, nonce: str = "n1") -> Say:
    return await db.write(reservations.redeem, person or place.shop.ann, place.gift_id, place.shop.store_id, nonce)


def code_in(said: Say) -> str:
    return str(said.params["code"])


async def shelf(db: Database, place: GiftShop, store_id: int = 0) -> tuple[int, int]:
    """Stock and reserved at a store, ximen unless another is named."""
    shelves = {found.store_id: found for found in await db.read(stocks.list_shelves, place.gift_id)}
    found = shelves.get(store_id or place.shop.store_id)
    return (found.stock, found.reserved) if found else (0, 0)


async def points_of(db: Database, person: Person) -> int:
    return await db.read(_points_of, person.user_id)


def _points_of(tx: Tx, user_id: int) -> int:
    member = members.get_by_user(tx, user_id)
    assert member is not None
    return accounts.get(tx, member.id).available


async def reservation(db: Database, said: Say) -> Reservation:
    found = await db.read(rows.get, said.params["reservation_id"])
    assert found is not None
    return found


async def amend(db: Database, place: GiftShop, **changed: Any) -> None:
    """Change the mug's terms, past all permissions."""
    await db.write(_amend, place.gift_id, changed)


def _amend(tx: Tx, gift_id: int, changed: dict[str, Any]) -> None:
    gift = gifts.get(tx, gift_id)
    assert gift is not None
    gifts.change(tx, gift_id, replace(gift.terms, **changed), gift.picture_id)


async def in_order(db: Database, place: GiftShop) -> bool:
    """The books add up, and as many pieces are promised as reservations and offers stand."""
    discrepancies = await db.read(ledger_checks.discrepancies)
    return discrepancies == [] and await db.read(_promised, place.gift_id) == 0


def _promised(tx: Tx, gift_id: int) -> int:
    """Promised pieces that nobody was promised; what no promise covers is negative."""
    return tx.value(
        "SELECT (SELECT COALESCE(SUM(reserved), 0) FROM gift_stock WHERE gift_id = :gift_id) "
        "- (SELECT COUNT(*) FROM gift_reservation WHERE gift_id = :gift_id AND state = 'held') "
        "- (SELECT COUNT(*) FROM gift_waiting WHERE gift_id = :gift_id AND state = 'offered')",
        gift_id=gift_id,
    )
