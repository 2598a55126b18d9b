"""The first day of a chain, from three people's sides, in headless Chromium on the demo's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.demo import cast
from tests.browsers import Visitor
from tests.demos import Demo, demo


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo(tmp_path_factory.mktemp("visited")) as started:
        yield started


@pytest.fixture(scope="module")
def joined(visitor: Visitor) -> Visitor:
    """Robin has become a member, in five answers."""
    visitor.takes(cast.ROBIN)
    visitor.presses("Start")
    visitor.presses("Join")
    visitor.presses("I agree")
    visitor.page.get_by_test_id("reply-button").filter(has_text="Share my phone number").click()
    visitor["confirm-ok"].click()
    visitor.presses(cast.ROBIN.full_name)
    visitor.presses("Skip")
    visitor.page.get_by_role("button", name="Ximen Market").last.click()
    return visitor


@pytest.fixture(scope="module")
def bought(joined: Visitor) -> Visitor:
    """Mei has scanned the card on Robin's screen and typed an amount."""
    joined.sees("Show this when you pay")
    joined.takes(cast.MEI)
    joined.scans(cast.ROBIN)
    joined.sees("Now type the amount")
    joined.types("86.50")
    return joined


def test_a_newcomer_joins_and_has_a_card(joined: Visitor) -> None:
    joined.sees(f"Welcome to Regulars, {cast.ROBIN.full_name}!")
    joined["photo"].last.wait_for()


def test_the_clerk_sees_the_points_before_and_after(bought: Visitor) -> None:
    bought.sees("0 → 173 (+173)")


def test_the_member_has_a_receipt_that_explains_every_point(bought: Visitor) -> None:
    bought.takes(cast.ROBIN)
    bought.sees("+86 Purchase points for ¥86.50")
    bought.sees("+87 Anniversary double")


def test_the_member_asks_for_the_points(bought: Visitor) -> None:
    bought.takes(cast.ROBIN)
    bought.types("/points")
    bought.sees("You have 173 points")


def test_the_manager_finds_the_new_member_too(bought: Visitor) -> None:
    bought.takes(cast.ZHIXIA)
    bought.types("Robin")
    bought.sees("173")


def test_an_hour_forward_on_the_page_is_an_hour_for_the_bot(bought: Visitor, running: Demo) -> None:
    bought.takes(cast.ROBIN)
    before = running.get("sim/state")["clock"]["now"]
    bought.page.get_by_role("button", name="+ 1 hour").click()
    bought.types("/help")
    bought.sees("/cancel ends")
    assert running.messages(cast.ROBIN.user_id)[-1]["at"] - before > 3_500_000


def test_the_page_is_told_the_chains_time_zone(running: Demo) -> None:
    assert running.get("sim/state")["clock"]["zone"] == "Asia/Shanghai"


def test_no_mistake_of_the_page_was_reported(running: Demo) -> None:
    refused = [call for call in running.get("sim/log", limit=0) if call["status"] not in (200, None)]
    assert refused == []
