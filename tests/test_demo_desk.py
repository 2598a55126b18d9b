"""A complaint's whole way: member, clerk, manager and owner, in headless Chromium on the demo's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw

from bot.demo import cast
from tests.browsers import Visitor
from tests.demos import Demo, demo


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo(tmp_path_factory.mktemp("desk")) as started:
        started.begins_the_day()
        yield started


@pytest.fixture(scope="module")
def group(running: Demo) -> int:
    return int(running.get("sim/state")["groups"][0]["id"])


@pytest.fixture(scope="module")
def complained(visitor: Visitor, group: int, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """The owner has cases shown in the group's topic; a member complains with a photo."""
    visitor.takes(cast.OWNER, group)
    visitor["topic"].filter(has_text="Feedback").click()
    visitor.types("/here")
    visitor.sees("所有门店的新反馈会显示在这里")
    carton = tmp_path_factory.mktemp("photos") / "carton.png"
    picture = Image.new("RGB", (900, 1200), "#dfe3e8")
    ImageDraw.Draw(picture).rounded_rectangle((220, 180, 680, 1080), 40, fill="#6f8fae")
    picture.save(carton)
    visitor.takes(cast.ANN)
    visitor.types("/feedback")
    visitor.presses("😟 Complaint")
    visitor.sees("Which store")
    visitor.page.get_by_role("button", name="Ximen Market").last.click()
    visitor.sees("Tell us in your own words")
    visitor.sends(carton, "The milk I bought this morning is sour.")
    visitor.sees("We have it as case")
    return visitor


@pytest.fixture(scope="module")
def answered(complained: Visitor, group: int) -> Visitor:
    """The clerk takes it in the group, and answers."""
    complained.takes(cast.XIAOCHUAN, group)
    complained["topic"].filter(has_text="Feedback").click()
    complained.presses("✋ 我来处理")
    complained.sees("王小川在处理")
    complained.takes(cast.XIAOCHUAN)
    complained.sees("The milk I bought this morning is sour.")
    complained.presses("💬 回复")
    complained.sees("会员看到的是门店名义")
    complained.types("Sorry! Bring it in, a fresh one waits for you.")
    complained.takes(cast.ANN)
    complained.sees("a fresh one waits for you")
    complained.types("I came at noon, there was none left.")
    complained.sees("Added to case")
    return complained


@pytest.fixture(scope="module")
def late(answered: Visitor, running: Demo) -> Visitor:
    """Four days go by, and nothing is solved."""
    running.moves_to(running.now + timedelta(days=4))
    return answered


@pytest.fixture(scope="module")
def made_good(late: Visitor) -> Visitor:
    """The manager looks into it, and gives points."""
    late.takes(cast.ZHIXIA)
    late["message"].filter(has_text="尚未解决").last.get_by_role("button", name="📋 打开").click()
    late.sees("there was none left")
    late.presses("☑️ 解决")
    late.sees("怎么解决的")
    late.types("We kept one for you.")
    late.presses("+100")
    late.sees("已解决，等会员确认")
    return late


def test_the_group_sees_who_has_it_but_not_who_complains_of_what(answered: Visitor, group: int) -> None:
    answered.takes(cast.MEI, group)
    answered.sees("王小川在处理")
    answered.page.wait_for_timeout(200)
    shown = answered["log"].inner_text()
    assert "Ann" not in shown
    assert "milk" not in shown


def test_the_clerk_sees_the_photo(answered: Visitor) -> None:
    answered.takes(cast.XIAOCHUAN)
    answered["message"].filter(has_text="📎 查看全部内容").last.wait_for()
    answered.presses("📎 查看全部内容")
    answered["photo"].last.wait_for()


def test_the_manager_is_called_when_its_time_is_over(late: Visitor) -> None:
    late.takes(cast.ZHIXIA)
    late["message"].filter(has_text="尚未解决").last.wait_for()


def test_the_member_has_the_points_confirms_and_rates(made_good: Visitor) -> None:
    made_good.takes(cast.ANN)
    made_good.sees("100 points are on your account")
    made_good.presses("✅ Yes, solved")
    made_good.sees("How did we deal with it?")
    made_good["message"].last.get_by_role("button", name="5 😀").click()
    made_good.sees("5 out of 5")


def test_the_manager_looks_at_the_week(made_good: Visitor) -> None:
    made_good.takes(cast.ZHIXIA)
    made_good.types("/report")
    made_good["photo"].last.wait_for()
    made_good.presses("上周")
    made_good["message"].last.filter(has_text="✓ 上周").wait_for()


def test_no_call_was_refused_meanwhile(running: Demo, made_good: Visitor) -> None:
    calls = running.get("sim/log", limit=0)
    theirs = {one.user_id for one in cast.EVERYBODY} | {group["id"] for group in running.get("sim/state")["groups"]}
    assert [
        call for call in calls if call["params"].get("chat_id") in theirs and call["status"] not in (200, None)
    ] == []
