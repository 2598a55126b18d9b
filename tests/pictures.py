"""`python -m tests.pictures`: takes the documents' pictures of the demo anew, into docs/pictures/."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from bot.demo import cast
from bot.demo.occasions import BIRTHDAY_IN, MISSED_IN
from bot.demo.seed import ZONE
from tests.browsers import Visitor, chromium, visit
from tests.demos import ROOT, demo

FOLDER = ROOT / "docs" / "pictures"
# Small enough to be looked at over a slow line.
MOST_BYTES = 250_000
COLOURS = 256


def member(visitor: Visitor) -> None:
    """A member's points and card."""
    visitor.takes(cast.ANN)
    visitor.types("/card")
    visitor.sees("Show this when you pay")
    visitor.types("/points")
    visitor.sees("You have")
    visitor["keyboard-toggle"].click()


def clerk(visitor: Visitor) -> None:
    """A card scanned, an amount typed."""
    visitor.takes(cast.MEI)
    visitor.scans(cast.ANN)
    visitor.sees("Now type the amount")
    visitor.types("286.50")
    visitor.sees("Undo")


def dark(visitor: Visitor) -> None:
    """Another member's card and points, on a phone in the dark."""
    visitor.takes(cast.LIN)
    visitor.types("会员卡")
    visitor.sees("结账时出示")
    visitor["keyboard-toggle"].click()


def gifts(visitor: Visitor) -> None:
    """A member's shelf, with a gift's picture, and the code of what was reserved."""
    _put_out(visitor)
    visitor.takes(cast.ANN)
    visitor["keyboard-toggle"].click()
    _reserve(visitor, "Enamel camping mug")
    visitor.types("/gifts")
    visitor.sees("1 / 6")


def code(visitor: Visitor) -> None:
    """What the member shows at the counter."""
    visitor.takes(cast.ANN)
    visitor.types("my gifts")
    visitor.sees("Your gifts to collect")
    visitor["message"].last.get_by_role("button").first.click()
    visitor.sees("are set aside")


def handing_over(visitor: Visitor) -> None:
    """The clerk points the camera at the code on the member's screen."""
    visitor.takes(cast.XIAOCHUAN)
    visitor.scans(cast.ANN)
    visitor.sees("交给")
    visitor.types("/verify 7K2M-9QXA")
    visitor.sees("再输错")


def refund(visitor: Visitor) -> None:
    """Points that were used, their purchase brought back: what is owed, and what the clerk saw before."""
    visitor.takes(cast.MEI)
    visitor.types(f"/enrol {cast.ROBIN.phone} {cast.ROBIN.full_name}")
    visitor.presses("✅ The customer agrees")
    visitor.sees("Welcome to")
    visitor.types(f"{cast.ROBIN.phone} 286")
    visitor.sees("0 → 572")
    _joins(visitor)
    _reserve(visitor, "Canvas shopping bag", "Nanhu Style")
    visitor.takes(cast.MEI)
    visitor.scans(cast.ROBIN)
    visitor.sees("Hand over")
    visitor.types(f"/refund {cast.ROBIN.phone}")
    visitor.presses("1")
    visitor.presses("Refund all of it")
    visitor.sees("272 → −300")


def wallet(visitor: Visitor) -> None:
    """A member's coupons, and the prices of the tier."""
    visitor.takes(cast.CHEN)
    visitor["keyboard-toggle"].click()
    visitor.types("優惠券")
    visitor.sees("致歉 15 元券")


def till(visitor: Visitor) -> None:
    """What the clerk is shown before the purchase is recorded, and what came of it."""
    visitor.takes(cast.MEI)
    visitor.types(f"{cast.CHEN.phone} 620\nface cream, beauty, 239\nsweater, clothing, 381")
    visitor.sees("To pay")
    visitor.presses("✅ Record it like this")
    visitor.sees("saved:")
    visitor.types(f"{cast.GRANDPA.phone} 260")
    visitor.sees("To pay")


def lunar_birthday(visitor: Visitor) -> None:
    """A grandfather is missed, and the day after it is his birthday by the lunar calendar."""
    visitor.takes(cast.GRANDPA)
    _clock_strikes(visitor, MISSED_IN, 15)
    visitor.sees("好久不见")
    _clock_strikes(visitor, BIRTHDAY_IN, 10)
    visitor.sees("生日快乐")
    visitor["keyboard-toggle"].click()


def _clock_strikes(visitor: Visitor, days_ahead: int, hour: int) -> None:
    at = datetime.combine(datetime.now(ZONE) + timedelta(days=days_ahead), time(hour, 1), ZONE)
    moved = "at => fetch('sim/clock', {method: 'POST', body: JSON.stringify({set: at})})"
    visitor.page.evaluate(moved, int(at.timestamp() * 1000))


def last_day(visitor: Visitor) -> None:
    """A coupon's last day: its owner was reminded, and uses it."""
    visitor.takes(cast.ANN)
    _clock_strikes(visitor, BIRTHDAY_IN, 10)
    visitor.sees("coupon of yours")
    visitor.takes(cast.ZHIXIA)
    visitor.types(f"{cast.ANN.phone} 42\nlatte, drinks, 42")
    visitor.presses("✅ 就这样记录")
    visitor.takes(cast.ANN)
    visitor.sees("saved:")
    visitor["keyboard-toggle"].click()


def complaint(visitor: Visitor) -> None:
    """A member complains with a photo; in the group a clerk takes it, answers, and makes it good."""
    visitor.takes(cast.OWNER, _group(visitor))
    visitor["topic"].filter(has_text="Feedback").click()
    visitor.types("/here")
    visitor.sees("所有门店的新反馈会显示在这里")
    _complain(visitor)
    visitor.takes(cast.XIAOCHUAN, _group(visitor))
    visitor["topic"].filter(has_text="Feedback").click()
    visitor.presses("✋ 我来处理")
    visitor.sees("王小川 在处理")
    visitor.takes(cast.XIAOCHUAN)
    visitor.sees("went off overnight")
    visitor.presses("☑️ 解决")
    visitor.sees("怎么解决的")
    visitor.types("We are sorry! A fresh carton waits for you at the till.")
    visitor.presses("+50")
    visitor.sees("已解决，等会员确认")
    visitor.takes(cast.ANN)
    visitor.sees("50 points are on your account")
    visitor["keyboard-toggle"].click()


def group(visitor: Visitor) -> None:
    """What the group of staff sees of it: neither who it was nor a word of theirs."""
    visitor.takes(cast.MEI, _group(visitor))
    visitor["topic"].filter(has_text="Feedback").click()
    visitor.sees("已解决")


def case(visitor: Visitor) -> None:
    """What the clerk sees of it."""
    visitor.takes(cast.XIAOCHUAN)
    visitor.sees("已解决，等会员确认")


def week(visitor: Visitor) -> None:
    """The manager's picture of three months."""
    visitor.takes(cast.OWNER)
    visitor.types("/report")
    visitor["message"].filter(has_text=re.compile(r"本周 . \d{4}年")).wait_for()
    visitor.presses("近 3 个月")
    visitor["message"].filter(has_text=re.compile(r"近 3 个月 . \d{4}年")).wait_for()
    visitor.page.wait_for_timeout(500)  # the photo is another one, too
    visitor["photo"].last.click()
    visitor["lightbox"].wait_for()


def _group(visitor: Visitor) -> int:
    told = "fetch('sim/state').then(answer => answer.json()).then(state => state.groups[0].id)"
    return int(visitor.page.evaluate(told))


def _complain(visitor: Visitor) -> None:
    visitor.takes(cast.ANN)
    visitor.types("/feedback")
    visitor.presses("😟 Complaint")
    visitor.sees("Which store")
    visitor.page.get_by_role("button", name="Ximen Market").last.click()
    visitor.sees("in your own words")
    visitor.sends(_carton(Path(tempfile.mkdtemp(), "carton.png")), "This milk went off overnight.")
    visitor.sees("We have it as case")


def _put_out(visitor: Visitor) -> None:
    """The manager's new gift, with a photo."""
    visitor.takes(cast.ZHIXIA)
    visitor.types("/gift")
    visitor.presses("➕ 新增礼品")
    visitor.sees("请发一张礼品图片")
    visitor.sends(_mug(Path(tempfile.mkdtemp(), "mug.png")))
    for question, answer in (("叫什么名字", "搪瓷露营杯\n搪瓷露營杯\nEnamel camping mug"), ("需要多少积分", "180")):
        visitor.sees(question)
        visitor.types(answer)
    for label in ("所有会员", "2", "长期供应"):
        visitor.presses(label)
    visitor.sees("各有几件")
    visitor.types("12")
    visitor.sees("在店 12 件")


def _reserve(visitor: Visitor, name: str, store: str = "Ximen Market") -> None:
    visitor.types("/gifts")
    visitor.sees("1 / 6")
    if name not in visitor["message"].last.inner_text():
        visitor.presses("▶")
        visitor.sees(name)
    visitor.presses("🎁 Redeem")
    visitor["message"].last.filter(has_text="Where would you like").wait_for()
    visitor.page.get_by_role("button", name=store).last.click()
    visitor.presses("✅ Confirm")
    visitor.sees("are set aside")


def _joins(visitor: Visitor) -> None:
    visitor.takes(cast.ROBIN)
    for label in ("Start", "Join", "I agree"):
        visitor.presses(label)
    visitor.page.get_by_test_id("reply-button").filter(has_text="Share my phone number").click()
    visitor["confirm-ok"].click()
    visitor.presses(cast.ROBIN.full_name)
    visitor.presses("Skip")
    visitor.page.get_by_role("button", name="Nanhu Style").last.click()
    visitor.sees("Show this when you pay")


def _mug(path: Path) -> Path:
    """A picture for a gift: drawn, so that it belongs to nobody."""
    twice = Image.new("RGB", (2400, 1800), "#dfe7e3")
    pen = ImageDraw.Draw(twice)
    pen.rectangle((0, 1320, 2400, 1800), fill="#c9b79c")
    pen.ellipse((620, 1330, 1780, 1560), fill="#b3a184")
    pen.arc((1440, 560, 2000, 1160), -110, 110, fill="#24505f", width=90)
    pen.rounded_rectangle((700, 420, 1620, 1460), 120, fill="#2f6b7e")
    pen.rectangle((700, 420, 1620, 560), fill="#2f6b7e")
    pen.ellipse((700, 330, 1620, 530), fill="#f4f1ea", outline="#24505f", width=36)
    pen.ellipse((760, 366, 1560, 506), fill="#5b3a29")
    for x, y in ((840, 720), (1180, 660), (1420, 860), (960, 1020), (1290, 1180), (820, 1290)):
        pen.ellipse((x, y, x + 46, y + 46), fill="#f4f1ea")
    twice.resize((1200, 900), Image.Resampling.LANCZOS).save(path)
    return path


def _carton(path: Path) -> Path:
    """A member's photo of some milk: drawn as well."""
    twice = Image.new("RGB", (1600, 1200), "#d8d2c6")
    pen = ImageDraw.Draw(twice)
    pen.rectangle((0, 860, 1600, 1200), fill="#a98f6f")
    pen.polygon([(560, 380), (680, 180), (920, 180), (1040, 380)], fill="#e9eef2")
    pen.rectangle((670, 120, 930, 200), fill="#cfd9e1")
    pen.rectangle((560, 380, 1040, 1040), fill="#f7fafc")
    pen.rectangle((560, 560, 1040, 760), fill="#4f86b5")
    pen.ellipse((720, 590, 880, 730), fill="#f7fafc")
    pen.ellipse((1080, 980, 1380, 1070), fill="#efe9cf")
    twice.resize((800, 600), Image.Resampling.LANCZOS).save(path)
    return path


PICTURES: tuple[tuple[str, Callable[[Visitor], None], dict[str, Any]], ...] = (
    ("member", member, {"viewport": {"width": 1280, "height": 1000}}),
    ("clerk", clerk, {"viewport": {"width": 1280, "height": 1000}}),
    ("gifts", gifts, {"viewport": {"width": 1280, "height": 1000}}),
    ("code", code, {"viewport": {"width": 390, "height": 844}}),
    ("handing-over", handing_over, {"viewport": {"width": 1280, "height": 1000}}),
    ("refund", refund, {"viewport": {"width": 1280, "height": 1000}}),
    ("wallet", wallet, {"viewport": {"width": 390, "height": 844}}),
    ("till", till, {"viewport": {"width": 1280, "height": 1000}}),
    ("dark", dark, {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "zh-CN"}),
    ("lunar-birthday", lunar_birthday, {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}),
    ("last-day", last_day, {"viewport": {"width": 390, "height": 1060}}),
    ("complaint", complaint, {"viewport": {"width": 390, "height": 844}}),
    ("group", group, {"viewport": {"width": 390, "height": 620}}),
    ("case", case, {"viewport": {"width": 390, "height": 844}}),
    ("report", week, {"viewport": {"width": 640, "height": 1080}}),
)


def main() -> int:
    """1 if there is no Chromium."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as running, chromium() as browser:
        if browser is None:
            sys.stderr.write("no Chromium on this machine: no pictures\n")
            return 1
        running.begins_the_day()
        for name, story, options in PICTURES:
            _keep(name, _taken(browser, running.url, story, options))
    return 0


def _taken(browser: Browser, url: str, story: Callable[[Visitor], None], options: dict[str, Any]) -> bytes:
    here = {"timezone_id": ZONE.key, "device_scale_factor": 2, "reduced_motion": "reduce"}
    visitor = visit(browser, url, **here, **options)
    story(visitor)
    visitor.page.mouse.move(0, 0)
    visitor.page.wait_for_timeout(800)  # fonts, photos and scrolling come to rest
    return visitor.page.screenshot(animations="disabled")


def _keep(name: str, taken: bytes) -> None:
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    path = FOLDER / f"{name}.png"
    for scale in (1.0, 0.8, 0.7, 0.6, 0.5):
        size = (round(picture.width * scale), round(picture.height * scale))
        smaller = picture.resize(size, Image.Resampling.LANCZOS)
        # The octree keeps rare colours, such as those of emoji.
        smaller.quantize(COLOURS, Image.Quantize.FASTOCTREE, kmeans=2, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
        if path.stat().st_size <= MOST_BYTES:
            break
    print(f"{path.relative_to(ROOT)}: {size[0]} × {size[1]}, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
