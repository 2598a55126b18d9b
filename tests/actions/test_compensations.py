"""What a case is worth: within the role's limit however often it is opened again, else by two; never one's own."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest

from actions import case_desk, feedback
from actions.case_views import Desk
from actions.feedback import Said
from db.database import Database
from db.people import Person
from loyalty.compensations import Gift
from loyalty.errors import Refusal
from tests.actions.shops import Shop, balance, open_shop

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


def said(words: str, source: str) -> Said:
    return Said(words, "", "", source)


async def opened(db: Database, shop: Shop, source: str = "21:1") -> int:
    told = await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said("cold soup", source))
    return told.case_id


async def resolves(db: Database, who: Person, case_id: int, gift: Gift | int, words: str = "sorry") -> Desk:
    spoken, given = said(words, f"{who.user_id}:{case_id}{words}"), Gift(gift) if isinstance(gift, int) else gift
    return await db.write(case_desk.say, who, case_id, "resolve", spoken, given)


async def refused(doing: Awaitable[Any]) -> bool:
    try:
        await doing
    except Refusal:
        return True
    return False


async def test_a_clerks_limit_for_one_case_is_not_had_again_by_opening_it_again(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 50)
    await db.write(feedback.reopen, shop.ann, case_id)
    await refused(resolves(db, shop.clerk, case_id, 50, "again"))
    assert await balance(db, shop) == 50
