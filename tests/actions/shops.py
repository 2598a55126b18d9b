"""A small chain to act in: stores, staff and members, straight in the database; and looks at what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions import charters, purchases
from actions.purchases import Recorded
from db import accounts, ledger_checks, members, people, staff, stores
from db.database import Database, Tx
from db.members import Member, NewMember
from db.people import Person
from db.staff import CHAIN
from loyalty import phones
from loyalty.birthdays import Birthday
from loyalty.charter import DEFAULT_CHARTER
from loyalty.roles import Role

CLERK, MANAGER, OWNER, ANN, STRANGER = 11, 12, 13, 21, 31


@dataclass(frozen=True, slots=True)
class Shop:
    """ximen, with a clerk, a manager and a chain-wide owner; Ann is a member on Telegram."""

    store_id: int
    clerk: Person
    manager: Person
    owner: Person
    ann: Person
    member: Member


async def open_shop(db: Database, charter: str = DEFAULT_CHARTER) -> Shop:
    return await db.write(_open, charter)


def _open(tx: Tx, charter: str) -> Shop:
    charters.publish(tx, charter, OWNER)
    store_id = add_store(tx, "ximen", "西门店")
    return Shop(
        store_id=store_id,
        clerk=hire(tx, CLERK, store_id, Role.CLERK),
        manager=hire(tx, MANAGER, store_id, Role.MANAGER),
        owner=hire(tx, OWNER, CHAIN, Role.OWNER),
        ann=people.meet(tx, ANN, "en"),
        member=add_member(tx, "Ann", "13800138000", user_id=ANN),
    )


def add_store(tx: Tx, code: str, name: str) -> int:
    store_id = stores.add(tx, code, name, "莲湖", "", OWNER)
    assert store_id is not None
    return store_id


def hire(tx: Tx, user_id: int, store_id: int, role: Role) -> Person:
    person = people.meet(tx, user_id, "zh-hans")
    staff.appoint(tx, user_id, store_id, role, f"staff {user_id}", invited_by=OWNER)
    return person


def add_member(tx: Tx, name: str, phone: str, user_id: int = 0, birthday: Birthday | None = None) -> Member:
    new = NewMember(
        name=name, phone=phones.parse(phone, "CN"), birthday=birthday, tier="classic", source="walk_in",
        home_store_id=0, referrer_id=0, charter_version=1, card_prefix="29", joined_at=tx.now, user_id=user_id,
    )  # fmt: skip
    return members.add(tx, new)


def at_desk(person: Person, store_id: int) -> Person:
    """The person, having said where they work now."""
    return replace(person, desk_store_id=store_id)


def amended(*changes: tuple[str, str]) -> str:
    """The default charter with each old text replaced by a new one."""
    text = DEFAULT_CHARTER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def record_for(tx: Tx, person: Person, member_id: int, text: str, key: str) -> Recorded:
    """As a clerk types it, `<amount> [payment]` with its lines, for a member who is known."""
    return purchases.record(tx, person, member_id, purchases.read_sale(tx, text), key)


async def buys(db: Database, shop: Shop, text: str = "86.50", key: str = "chat:1:1") -> Recorded:
    return await db.write(record_for, shop.clerk, shop.member.id, text, key)


async def balance(db: Database, shop: Shop) -> int:
    return (await db.read(accounts.get, shop.member.id)).balance


async def tier(db: Database, shop: Shop) -> str:
    member = await db.read(members.get, shop.member.id)
    assert member is not None
    return member.tier


async def in_order(db: Database) -> bool:
    return await db.read(ledger_checks.discrepancies) == []


def notices(tx: Tx) -> int:
    return tx.value("SELECT COUNT(*) FROM outbox WHERE chat_id = :ann AND kind = 'notice'", ann=ANN)
