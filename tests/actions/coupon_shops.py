"""Coupons to grant and use in the small chain of `shops`."""

from __future__ import annotations

from typing import Any

from actions import charters, coupons
from db import coupon_definitions as definitions, coupons as rows
from db.coupon_definitions import Definition
from db.coupons import Coupon
from db.database import Database, Tx
from loyalty.charter import DEFAULT_CHARTER
from tests.actions.shops import Shop

TEN = 'ten\nkind = "amount"\noff = 10'
_NAME = 'name = {{ zh_Hans = "{0}", zh_Hant = "{0}", en = "{0}" }}'


def with_coupons(*defined: str, rules: str = "", charter: str = DEFAULT_CHARTER) -> str:
    """The default charter, with these [[coupons]] besides its own; the first line of each is its code."""
    text = charter.replace("\n[coupon_rules]\n", "\n" + "\n".join(map(_entry, defined)) + "\n[coupon_rules]\n", 1)
    return text.replace("highest_percent = 50 ", f"{rules}\n", 1) if rules else text


def _entry(text: str) -> str:
    code, _, rest = text.partition("\n")
    days = "" if "days =" in rest or "ends =" in rest else "days = 30\n"
    return f'[[coupons]]\ncode = "{code}"\n{_NAME.format(code)}\n{days}{rest}\n'


async def grant(db: Database, shop: Shop, code: str, key: str = "", member_id: int = 0) -> int | None:
    return await db.write(_grant, member_id or shop.member.id, code, key)


def _grant(tx: Tx, member_id: int, code: str, key: str) -> int | None:
    told = key or f"test:{tx.random(8).hex()}"
    return coupons.grant(tx, charters.current(tx), member_id, code, "promotion", told)


async def granted(db: Database, shop: Shop, code: str, member_id: int = 0) -> int:
    """The id of a coupon that is there for certain."""
    coupon_id = await grant(db, shop, code, member_id=member_id)
    assert coupon_id is not None
    return coupon_id


async def coupon(db: Database, coupon_id: int) -> Coupon:
    found = await db.read(rows.get, coupon_id)
    assert found is not None
    return found


async def definition(db: Database, code: str) -> Definition:
    found = await db.read(definitions.get_by_code, code)
    assert found is not None
    return found


async def code_of(db: Database, coupon_id: int) -> str:
    return await db.read(_code_of, coupon_id)


def _code_of(tx: Tx, coupon_id: int) -> str:
    found = rows.get(tx, coupon_id)
    assert found is not None
    return rows.code_of(tx, found)


async def publish(db: Database, text: str) -> None:
    await db.write(charters.publish, text, 13)


def say_params(said: Any) -> dict[str, Any]:
    return dict(said.params)
