"""The workbench beside the phone, the page's own words and colours, and what happens when nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from simulator.scanning import scan
from tests.simulator.page.conftest import ANN, BOT, CARD_LINK, CHEN, Hands, Stage, code_picture

Phone = Callable[..., Hands]
DAY_MS = 86_400_000


def test_the_clock_goes_forward_and_comes_back(stage: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann["forward-week"].click()
    expect(ann["clock-offset"]).to_have_text("7 d ahead")
    assert stage.world.clock.offset == 7 * DAY_MS
    ann["clock-reset"].click()
    expect(ann["clock-offset"]).to_have_text("Real time")


def test_the_clock_can_be_set(stage: Stage, phone: Phone) -> None:
    ann = phone(ANN, timezone_id="UTC")
    ann["clock-wanted"].fill("2031-05-01T09:30")
    ann["clock-set"].click()
    expect(ann["clock"]).to_have_text("09:30")
    expect(ann["phone-clock"]).to_have_text("09:30")


def test_times_are_those_of_the_shop_wherever_the_browser_is(stage: Stage, phone: Phone) -> None:
    stage.world.clock.zone = "Asia/Shanghai"
    stage.world.clock.set(1_740_974_400_000)  # 2025-03-03 12:00 in Shanghai
    stage.post("/sim/act", **{"as": ANN, "chat": 900, "do": "start"})
    stage.says(ANN, "Noon here")
    ann = phone(ANN, timezone_id="America/New_York")
    ann.sees("Noon here")
    expect(ann["clock"]).to_have_text("12:00")
    expect(ann["panel"]).to_contain_text("Asia/Shanghai")
    expect(ann["phone-clock"]).to_have_text("12:00")
    expect(ann.last().locator("time")).to_have_text("12:00")
    ann["clock-wanted"].fill("2025-07-01T23:30")
    ann["clock-set"].click()
    expect(ann["clock"]).to_have_text("23:30")
    assert abs(stage.world.clock.now() - 1_751_383_800_000) < 60_000


def test_a_fault_is_added_shown_and_cleared(stage: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann["fault-kind"].select_option("too_many_requests")
    ann["fault-method"].fill("sendMessage")
    ann["fault-times"].fill("3")
    ann["fault-add"].click()
    expect(ann["faults"].locator("li")).to_contain_text("sendMessage")
    assert [(rule.kind, rule.times) for rule in stage.world.faults.rules] == [("too_many_requests", 3)]
    ann["faults-clear"].click()
    expect(ann["faults"].locator("li")).to_have_count(0)


def test_the_bots_requests_appear_in_the_log(stage: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    stage.post("/sim/act", **{"as": ANN, "chat": 900, "do": "start"})
    stage.says(ANN, "Logged")
    row = ann["log"].locator("li").filter(has_text="sendMessage").first
    row.locator("summary").click()
    expect(row).to_contain_text("Logged")


def test_an_unreachable_simulator_is_said_kindly_and_the_page_comes_back(stage: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann["start-screen"].wait_for()
    stage.down()
    expect(ann["offline"]).to_be_visible()
    stage.up()
    expect(ann["offline"]).to_be_hidden()
    ann["start"].click()
    ann.sees("/start")


@pytest.mark.parametrize(
    ("locale", "word"), [("zh-CN", "时钟"), ("zh-TW", "時鐘"), ("en-US", "Clock"), ("fr-FR", "Clock")]
)
def test_the_page_speaks_the_browsers_language(locale: str, word: str, stage: Stage, phone: Phone) -> None:
    expect(phone(ANN, locale=locale)["panel"].get_by_role("heading", name=word, exact=True)).to_be_visible()


def test_the_language_can_be_switched(stage: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann["language-zh-Hant"].click()
    expect(ann["panel"].get_by_role("heading", name="時鐘", exact=True)).to_be_visible()
    expect(ann.page.locator("html")).to_have_attribute("lang", "zh-Hant")


def test_another_language_keeps_the_log_and_what_is_unread(stage: Stage, phone: Phone) -> None:
    stage.post("/sim/act", **{"as": CHEN, "chat": BOT, "do": "start"})
    stage.says(CHEN, "Logged")
    for _ in range(61):
        stage.call("getUpdates", timeout=0)
    ann = phone(ANN)
    expect(ann["log"].locator("li")).to_contain_text(["sendMessage"])
    ann.page.add_init_script("window.setInterval = window.setTimeout = () => 0")  # nothing comes later
    ann["language-zh-Hant"].click()
    expect(ann.page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(ann["log"].locator("li")).to_contain_text(["sendMessage"])
    expect(ann["panel"].get_by_text("機器人還沒有發出請求")).to_be_hidden()
    expect(ann[f"person-{CHEN}"].locator(".badge")).to_have_text("1")


def test_every_word_is_there_in_three_languages(stage: Stage, phone: Phone) -> None:
    source = phone(ANN).page.evaluate("async () => (await fetch('/page/words.js')).text()")
    table = source.split("const WORDS = {")[1].split("\n};")[0]
    rows = phone(ANN).page.evaluate("table => Object.values(eval('({' + table + '})'))", table)
    assert all(len(row) == 3 and all(row) for row in rows)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_as_wcag_aa_asks(scheme: str, stage: Stage, phone: Phone) -> None:
    page = phone(ANN, color_scheme=scheme).page
    weak = {pair: round(found, 2) for pair in PAIRS if (found := contrast(page, *pair)) < 4.5}
    assert weak == {}


PAIRS = [
    ("--ink", "--paper"), ("--ink", "--raised"), ("--ink-soft", "--raised"), ("--ink-soft", "--theirs"),
    ("--ink-soft", "--sheet"), ("--ink-soft", "--accent-wash"), ("--own-ink", "--own"), ("--own-soft", "--own"),
    ("--accent", "--raised"), ("--accent", "--accent-wash"), ("--accent", "--sheet"), ("--link", "--theirs"),
    ("--link", "--own"), ("--link", "--key"), ("--accent-ink", "--accent-fill"), ("--pill-ink", "--pill"),
    ("--good", "--raised"), ("--bad", "--raised"),
]  # fmt: skip


def contrast(page: Page, text: str, ground: str) -> float:
    """The WCAG contrast ratio of two colour tokens as the browser computes them."""
    one, other = sorted((_luminance(page, name) for name in (text, ground)), reverse=True)
    return (one + 0.05) / (other + 0.05)


def _luminance(page: Page, token: str) -> float:
    colour = page.evaluate(COLOUR, token)
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


COLOUR = """token => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${token})`;
  const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
  probe.remove();
  return parts;
}"""


def test_the_keyboard_alone_reaches_and_sends(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann["start"].press("Enter")  # not in two steps: the page may draw it anew in between
    ann.sees("Welcome")
    ann["composer"].focus()
    ann.page.keyboard.type("hello")
    ann.page.keyboard.press("Enter")
    ann.sees("You said: hello")
    ann["messages"].focus()
    for key, _ in pairwise(["ArrowUp", "Enter", ""]):
        ann.page.keyboard.press(key)
    expect(ann["menu"]).to_be_visible()
    ann.page.keyboard.press("Escape")
    expect(ann["menu"]).to_have_count(0)


def test_scan_reads_the_code_in_a_picture() -> None:
    assert scan(code_picture(CARD_LINK)) == [CARD_LINK]


def test_scan_finds_nothing_in_what_is_no_picture() -> None:
    assert scan(b"%PDF-1.4") == []
