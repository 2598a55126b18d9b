"""A gift's whole way, refunds, adjusting, taking one's data and leaving: everybody's side of it, in headless Chromium
on the demo's page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from playwright.sync_api import Locator

from bot.demo import cast
from bot.demo.cast import Character
from tests.browsers import Visitor
from tests.demos import Demo, demo

ROBINS = cast.ROBIN.phone


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo(tmp_path_factory.mktemp("gifts")) as started:
        started.begins_the_day()
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("photos")


@pytest.fixture(scope="module")
def created(visitor: Visitor, folder: Path) -> Visitor:
    """The manager has put out two tea tins, with a picture."""
    picture = Image.new("RGB", (1200, 900), "#eee2cd")
    ImageDraw.Draw(picture).ellipse((330, 180, 870, 780), fill="#3c6e5a")
    picture.save(folder / "tin.jpg")
    visitor.takes(cast.ZHIXIA)
    visitor.types("/gift")
    visitor.presses("➕ 新增礼品")
    visitor.sees("请发一张礼品图片")
    visitor.sends(folder / "tin.jpg")
    for question, answer in (("叫什么名字", "龙井茶叶罐\n龍井茶葉罐\nLongjing tea tin"), ("需要多少积分", "150")):
        visitor.sees(question)
        visitor.types(answer)
    for label in ("所有会员", "不限", "长期供应"):
        visitor.presses(label)
    visitor.sees("各有几件")
    visitor.types("ximen 2")
    return visitor


def newest(visitor: Visitor, text: str, seen: int) -> Locator:
    """The message with this text that comes after so many: others may come in between."""
    visitor["message"].filter(has_text=text).nth(seen).wait_for()
    number = visitor["message"].filter(has_text=text).nth(seen).get_attribute("data-id")
    return visitor.page.locator(f"[data-testid=message][data-id='{number}']")


def turns_to(visitor: Visitor, name: str) -> Locator:
    """Leaf through the catalogue in place until that gift is shown."""
    seen = visitor["message"].filter(has_text=" / 6").count()
    visitor.types("/gifts")
    shelf = newest(visitor, " / 6", seen)
    for page in range(2, 7):
        if name in shelf.inner_text():
            return shelf
        shelf.get_by_role("button", name="▶").click()
        shelf.filter(has_text=f"{page} / 6").wait_for()
    assert name in shelf.inner_text()
    return shelf


def reserves(visitor: Visitor, person: Character, name: str) -> str:
    """Three taps at most; the code."""
    visitor.takes(person)
    seen = visitor["message"].filter(has_text="are set aside").count()
    shelf = turns_to(visitor, name)
    shelf.get_by_role("button", name="🎁 Redeem").click()
    shelf.filter(has_text="Where would you like").or_(shelf.filter(has_text="Shall I reserve")).wait_for()
    if "Where would you like" in shelf.inner_text():
        shelf.get_by_role("button", name="Ximen Market").click()
    shelf.get_by_role("button", name="✅ Confirm").click()
    return newest(visitor, "are set aside", seen).locator("code").inner_text()


@pytest.fixture(scope="module")
def reserved(created: Visitor) -> Visitor:
    created.takes(cast.ANN)
    created.sees("You have")  # what was said before is there
    reserves(created, cast.ANN, "Longjing tea tin")
    return created


@pytest.fixture(scope="module")
def handed_over(reserved: Visitor, folder: Path) -> Visitor:
    """The first by the camera's link, the second by a photo."""
    reserved.takes(cast.XIAOCHUAN)
    reserved.scans(cast.ANN)
    reserved.sees("请把龙井茶叶罐交给 Ann Walker")
    reserves(reserved, cast.ANN, "Longjing tea tin")
    saves_code(reserved, folder / "code.png")
    reserved.takes(cast.XIAOCHUAN)
    reserved.sends(folder / "code.png")
    reserved["message"].filter(has_text="请把龙井茶叶罐交给 Ann Walker").nth(1).wait_for()
    return reserved


@pytest.fixture(scope="module")
def returned(handed_over: Visitor) -> Visitor:
    """Robin, signed up at the counter, has joined, used points, and brought back what they were for."""
    visitor = handed_over
    visitor.takes(cast.XIAOCHUAN)
    visitor.types(f"/enrol {ROBINS} {cast.ROBIN.full_name}")
    visitor.presses("✅ 顾客同意")
    visitor.sees("日后用这个手机号在 Telegram 加入")
    visitor.types(f"{ROBINS} 286")
    visitor.sees("0 → 572")
    joins(visitor)
    code = reserves(visitor, cast.ROBIN, "Canvas shopping bag")
    visitor.takes(cast.XIAOCHUAN)
    visitor.types(code)
    visitor.sees("请把帆布购物袋交给 Robin Newbury")
    visitor.types(f"/refund {ROBINS}")
    visitor.presses("1")
    visitor.presses("全部退款")
    visitor.sees("272 → 0（待抵扣 300）")
    visitor.presses("✅ 确认退款")
    visitor.sees("已退款")
    return visitor


def saves_code(visitor: Visitor, path: Path) -> None:
    """The newest photo, once it is the code: the page puts it in the place of the gift's picture when it has it."""
    for _ in range(100):
        if zxingcpp.read_barcodes(Image.open(visitor.saves(path))):
            return
        visitor.page.wait_for_timeout(100)
    raise AssertionError("no code came")


def joins(visitor: Visitor) -> None:
    visitor.takes(cast.ROBIN)
    for label in ("Start", "Join", "I agree"):
        visitor.presses(label)
    visitor.page.get_by_test_id("reply-button").filter(has_text="Share my phone number").click()
    visitor["confirm-ok"].click()
    visitor.presses(cast.ROBIN.full_name)
    visitor.presses("Skip")
    visitor.page.get_by_role("button", name="Ximen Market").last.click()
    visitor.sees("Show this when you pay")


def test_the_manager_creates_a_gift_with_a_picture(created: Visitor) -> None:
    created.takes(cast.ZHIXIA)
    created.sees("在店 2 件")
    created["photo"].last.wait_for()


def test_a_member_reserves_it_and_has_a_code(reserved: Visitor) -> None:
    reserved.takes(cast.ANN)
    reserved.sees("150 points are set aside")
    reserved["photo"].last.wait_for()


def test_the_member_is_told_that_it_was_handed_over(handed_over: Visitor) -> None:
    handed_over.takes(cast.ANN)
    handed_over["message"].filter(has_text="Handed over at").nth(1).wait_for()


def test_what_is_given_up_brings_its_points_back(handed_over: Visitor) -> None:
    reserves(handed_over, cast.ANN, "Canvas shopping bag")
    handed_over.presses("Give it up")
    handed_over.presses("Yes, cancel it")
    handed_over.sees("300 points are back")


def test_who_waits_is_told_when_it_is_back_and_collects_it(handed_over: Visitor) -> None:
    handed_over.takes(cast.ANN)
    turns_to(handed_over, "Longjing tea tin")
    handed_over.presses("🔔 Tell me when it is back")
    handed_over.sees("you are next")
    handed_over.takes(cast.ZHIXIA)
    handed_over.types("/gift")
    handed_over.presses("🎁 龙井茶叶罐")
    handed_over.sees("候补 1")
    handed_over.presses("📦 库存")
    handed_over.page.get_by_role("button", name="Ximen Market (0)").last.click()
    handed_over.sees("到了几件")
    handed_over.types("1")
    handed_over.sees("其中已预留 1 件")
    handed_over.takes(cast.ANN)
    handed_over.sees("It is back: Longjing tea tin")
    seen = handed_over["message"].filter(has_text="are set aside").count()
    handed_over.presses("🎁 Take it")
    code = newest(handed_over, "are set aside", seen).locator("code").inner_text()
    handed_over.takes(cast.XIAOCHUAN)
    handed_over.types(f"/verify {code}")
    handed_over["message"].filter(has_text="请把龙井茶叶罐交给 Ann Walker").nth(2).wait_for()


def test_points_that_were_used_are_owed_after_a_refund(returned: Visitor) -> None:
    returned.takes(cast.ROBIN)
    returned.sees("your purchases and points so far are with you now")
    returned.types("/points")
    returned.sees("Still to be settled: 300 points")


def test_the_next_points_settle_what_is_owed(returned: Visitor) -> None:
    returned.takes(cast.XIAOCHUAN)
    returned.types(f"{ROBINS} 200")
    returned.sees("0（待抵扣 300）→ 100")
    returned.takes(cast.ROBIN)
    returned.sees("300 points went to settle")


def test_many_points_by_hand_need_a_second_person(returned: Visitor) -> None:
    returned.takes(cast.ZHIXIA)
    returned.types("Robin")
    returned.presses("✏️ 调整积分")
    returned.sees("须由另一位经理同意")
    returned.types("9000")
    returned.sees("调整原因是")
    returned["message"].last.get_by_role("button", name="1").click()
    returned.sees("请说明情况")
    returned.types("补录漏记的大额消费")
    returned.presses("✅ 确认调整")
    returned.sees("等待另一位同事确认")
    returned.takes(cast.OWNER)
    returned.presses("✅ 同意")
    returned.takes(cast.ROBIN)
    returned.sees("+9,000 → you now have")


def test_the_owner_reads_who_did_what(returned: Visitor) -> None:
    returned.takes(cast.OWNER)
    returned.types("/audit")
    returned["message"].filter(has_text="操作记录").filter(has_text="退款").filter(has_text="−572").last.wait_for()


def test_who_leaves_takes_their_data_along(returned: Visitor) -> None:
    returned.takes(cast.ROBIN)
    returned.types("/privacy")
    returned.presses("📦 All my data")
    returned["document"].nth(1).wait_for()
    returned.presses("🗑️ Leave and be erased")
    returned.presses("Go on")
    returned.presses("Erase everything now")
    returned.sees("Your data has been erased")
    returned.takes(cast.XIAOCHUAN)
    returned.types(f"/member {ROBINS}")
    returned.sees("没有会员用这个手机号")


def test_no_call_about_them_was_refused_meanwhile(running: Demo) -> None:
    theirs = {one.user_id for one in cast.EVERYBODY}
    calls = [call for call in running.get("sim/log", limit=0) if call["params"].get("chat_id") in theirs]
    assert len(calls) > 50
    assert [call for call in calls if call["status"] not in (200, None)] == []
