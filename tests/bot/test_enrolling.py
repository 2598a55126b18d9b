"""A customer without Telegram signs up at the counter, and joins in chat later."""

import pytest
import pytest_asyncio

from db import audit
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town

PHONE = "13900139000"


@pytest_asyncio.fixture
async def carl(town: Town) -> Resident:
    carl = await town.newcomer("Carl")
    await town.write(hire, carl.id, await town.write(add_store, "ximen", "West Gate"), Role.CLERK)
    await carl.opens()
    return carl


async def test_in_one_message_and_one_tap(carl: Resident) -> None:
    await carl.types(f"/enrol {PHONE} 王芳")
    assert "Does the customer agree?" in carl.hears()
    await carl.press("✅ The customer agrees")
    assert "Welcome to Regulars!" in carl.hears()
    await carl.types("86.50")
    assert "0 → 86" in carl.hears()
    await carl.press("💰 Record a purchase")
    await carl.types("20")
    assert "86 → 106" in carl.hears()


async def test_by_question_and_answer(carl: Resident) -> None:
    await carl.types("/enrol")
    await carl.types("139")
    assert "not a complete phone number" in carl.hears()
    await carl.types(PHONE)
    await carl.types("王芳")
    await carl.press("✅ The customer agrees")
    assert "Card number" in carl.hears()


async def test_without_consent_nothing_is_kept(carl: Resident, town: Town) -> None:
    await carl.types(f"/enrol {PHONE} 王芳")
    await carl.press("Does not agree")
    assert "Nothing was kept" in carl.hears()
    assert await town.db.read(lambda tx: tx.value("SELECT COUNT(*) FROM member")) == 0


@pytest.mark.parametrize("words", [[f"/enrol {PHONE} 王芳"], ["/enrol", PHONE]])
async def test_of_a_known_phone_the_member_is_offered(carl: Resident, town: Town, words: list[str]) -> None:
    await town.write(add_member, "王芳", PHONE)
    for text in words:
        await carl.types(text)
    assert "belongs to a member already" in carl.hears()
    await carl.press("👤 Open the member's page")
    (looked,) = await town.db.read(audit.list_latest, 1)
    assert (looked.action, looked.member_id) == ("member_opened", 1)
    await carl.types("86.50")
    assert "0 → 86" in carl.hears()
