"""What a clerk logs at the counter: managers hear of it at once, and it goes where the purchase was made."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import pytest_asyncio

from loyalty.roles import Role
from tests.actions.shops import add_store, hire
from tests.bot.desks import Desk
from tests.bot.people import Resident
from tests.bot.test_case_desk import speaks
from tests.bot.test_catalogue import photo


@dataclass
class Chain:
    """A second store, where Ed is a clerk and Eve the manager; Ann has bought there."""

    desk: Desk
    ed: Resident
    eve: Resident


@pytest_asyncio.fixture
async def chain(desk: Desk) -> Chain:
    east = await desk.town.write(add_store, "dongmen", "East Gate")
    ed, eve = [await desk.town.newcomer(name) for name in ("Ed", "Eve")]
    for who, role in ((ed, Role.CLERK), (eve, Role.MANAGER)):
        await desk.town.write(hire, who.id, east, role)
        await who.opens()
    await ed.types("/purchase 13800138000 86.50")
    return Chain(desk, ed, eve)


async def logs_what_was_bought(desk: Desk) -> None:
    """Carl's own store is West Gate."""
    await desk.carl.types("/complaint 13800138000")
    for label in ("😟", "Goods", "1"):
        await desk.carl.press(label)
    await desk.carl.types("the milk was sour")


async def test_the_manager_hears_at_once_of_what_a_clerk_logs(desk: Desk) -> None:
    await desk.carl.types("/complaint 13800138000 the till was slow")
    assert desk.mary.sees("the till was slow")
    await desk.mary.press("📋 Open it")
    assert "Nobody has it yet" in desk.mary.hears()


async def test_a_photo_that_is_logged_reaches_the_manager(desk: Desk) -> None:
    caption = "/complaint 13800138000 the shelf is broken"
    await desk.carl.does(lambda: desk.carl.person.send_photo(desk.town.bot, photo(), caption))
    assert [one for one in desk.mary.chat() if one.sender.is_bot and one.media]


async def test_a_manager_is_not_told_of_what_they_log_themselves(desk: Desk) -> None:
    await desk.mary.types("/complaint 13800138000 the till was slow")
    assert not desk.mary.sees("🆕 Case 1")


async def test_a_case_about_a_purchase_is_for_the_store_where_it_was_made(chain: Chain) -> None:
    await logs_what_was_bought(chain.desk)
    assert chain.eve.sees("the milk was sour")
    assert not chain.desk.mary.sees("the milk was sour")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("简体中文", "已记下，交给 East Gate 处理"),
        ("繁體中文", "已記下，交給 East Gate 處理"),
        ("English", "Case 1 is logged and goes to East Gate"),
    ],
)
async def test_whoever_logs_it_for_another_store_reads_where_it_goes(chain: Chain, language: str, told: str) -> None:
    carl = chain.desk.carl
    await speaks(carl, language)
    await carl.types("/complaint 13800138000")
    for place in (0, 1, 0):
        await carl.press(carl.buttons()[place])
    await carl.types("the milk was sour")
    assert told in carl.hears()
