"""Members who complain, and staff who resolve it with something to go with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from actions import case_desk, feedback
from actions.case_views import Desk
from actions.feedback import Said
from db import case_compensations, cases as rows, coupons
from db.cases import Case
from db.database import Database, Tx
from db.people import Person
from loyalty.compensations import Gift
from loyalty.errors import (
    Refusal,
)
from tests.actions.shops import (
    Shop,
)

APOLOGY = Gift(coupon="apology")


def said(words: str, source: str) -> Said:
    return Said(words, "", "", source)


async def opened(db: Database, shop: Shop, source: str = "21:1") -> int:
    told = await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said("cold soup", source))
    return told.case_id


async def resolves(db: Database, who: Person, case_id: int, gift: Gift | int, words: str = "sorry") -> Desk:
    spoken, given = said(words, f"{who.user_id}:{case_id}{words}"), Gift(gift) if isinstance(gift, int) else gift
    return await db.write(case_desk.say, who, case_id, "resolve", spoken, given)


async def refused(*doings: Awaitable[Any]) -> int:
    """How many were told that it cannot be; anything else that goes wrong is raised."""
    done = await asyncio.gather(*doings, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, Refusal):
            raise one
    return sum(isinstance(one, Refusal) for one in done)


async def stands(db: Database, case_id: int) -> Case:
    case = await db.read(rows.get, case_id)
    assert case is not None
    return case


async def asked(db: Database, case_id: int) -> int:
    """The id of what waits for a second person."""
    found = await db.read(case_compensations.list_of_case, case_id)
    return next(one.id for one in found if one.state == "waiting")


async def coupons_of(db: Database, shop: Shop) -> int:
    return len(await db.read(coupons.list_held, shop.member.id))


def told(tx: Tx, user_id: int) -> int:
    return int(tx.value("SELECT COUNT(*) FROM outbox WHERE chat_id = :id", id=user_id))
