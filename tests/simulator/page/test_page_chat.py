"""What one person does in a chat of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.simulator.page.conftest import ANN, BOT, CARD_LINK, CHEN, LIN, Hands, Stage, code_picture

Phone = Callable[..., Hands]


def test_a_new_person_reads_what_the_bot_does_and_presses_start(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    expect(ann["description"]).to_have_text("Points for every purchase")
    expect(ann["composer"]).to_be_hidden()
    ann.start()
    expect(ann["start-screen"]).to_be_hidden()
    expect(ann["composer"]).to_be_visible()


def test_a_press_changes_the_message_in_place_and_shows_the_toast(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    before = ann["message"].count()
    ann.page.get_by_role("button", name="Count").click()
    ann.sees("Pressed once")
    expect(ann["toast"]).to_have_text("Counted")
    expect(ann["edited"]).to_have_count(1)
    expect(ann["message"]).to_have_count(before)


def test_a_pressed_button_spins_until_the_bot_answers(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    button = ann.page.get_by_role("button", name="Silent")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    query = next(iter(shop.world.queries))
    shop.call("answerCallbackQuery", callback_query_id=query)
    expect(button).to_have_attribute("aria-busy", "false")


def test_an_alert_stays_until_ok(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann.page.get_by_role("button", name="Alert").click()
    expect(ann["alert"]).to_contain_text("Read me")
    ann["alert-ok"].click()
    expect(ann["alert"]).to_have_count(0)


def test_a_deep_link_button_opens_on_the_same_phone(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann.page.get_by_role("button", name="Invite").click()
    ann.sees("/start r_friend")
    assert len(ann.page.context.pages) == 1


def test_a_copy_button_copies(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN, permissions=["clipboard-read", "clipboard-write"])
    ann.start()
    ann.page.get_by_role("button", name="Copy", exact=True).click()
    expect(ann["toast"]).to_have_text("Copied")
    assert ann.page.evaluate("navigator.clipboard.readText()") == "8800 1204"


def test_a_number_is_shared_only_after_saying_so(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann.write("/join")
    ann["reply-button"].first.click()
    ann["confirm-cancel"].click()
    expect(ann["contact"]).to_have_count(0)
    ann["reply-button"].first.click()
    ann["confirm-ok"].click()
    ann.sees("Thank you, +447700900123")
    expect(ann["reply-keyboard"]).to_have_count(0)


def test_what_people_write_is_never_markup(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    nasty = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"
    ann.write(nasty)
    ann.sees(f"You said: {nasty}")
    expect(ann["messages"].locator("b, img")).to_have_count(0)


def test_entities_keep_their_places_after_emoji(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    shop.says(ANN, "👨‍👩‍👧 你好 <b>1,286 积分</b> <tg-spoiler>秘密</tg-spoiler>", parse_mode="HTML")
    expect(ann.last().locator("strong")).to_have_text("1,286 积分")
    expect(ann.last().locator(".spoiler")).to_have_text("秘密")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_only_web_addresses_become_links(address: str, stage: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    assert ann.page.evaluate("async (url) => (await import('/page/links.js')).webAddress(url)", address) is None


def test_typing_a_slash_offers_the_commands(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann["composer"].press_sequentially("/po")
    expect(ann["command"]).to_have_count(1)
    ann["composer"].press("Enter")
    ann.sees("You said: /points")


def test_enter_sends_and_shift_enter_breaks_the_line(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann["composer"].press_sequentially("one")
    ann["composer"].press("Shift+Enter")
    ann["composer"].press_sequentially("two")
    ann["composer"].press("Enter")
    sent = ann.page.locator(".mine .text").filter(has_text=re.compile(r"one\s+two"))
    sent.wait_for()
    assert sent.inner_text().startswith("one\ntwo")


def test_arrow_up_edits_the_last_own_message(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann.write("tow coffees")
    ann.sees("You said: tow coffees")
    ann["composer"].press("ArrowUp")
    expect(ann["mode"]).to_be_visible()
    ann.write("two coffees")
    ann.sees("two coffees")
    expect(ann["messages"].get_by_text("tow coffees", exact=True)).to_have_count(0)


def test_escape_gives_up_an_edit(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann.write("keep me")
    ann.sees("You said: keep me")
    ann["composer"].press("ArrowUp")
    ann["composer"].press("Escape")
    expect(ann["mode"]).to_be_hidden()
    expect(ann["composer"]).to_have_value("")


def test_a_reply_shows_what_it_answers(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann["message"].first.click(button="right")
    ann["reply"].click()
    ann.write("my answer")
    ann.sees("my answer")
    expect(ann["quote"]).to_contain_text("/start")


def test_a_blocked_bot_can_be_let_in_again(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann["chat-menu"].click()
    ann["block"].click()
    ann["confirm-ok"].click()
    expect(ann["start"]).to_have_text("Unblock")
    ann["start"].click()
    expect(ann["composer"]).to_be_visible()


def test_a_photo_with_a_code_offers_its_link(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann.write("/card")
    ann["photo"].click(button="right")
    ann["open-link"].click()
    ann.sees("/start m_token123")


def test_a_photo_opens_large_and_its_code_can_be_followed(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann.write("/card")
    ann["photo"].click()
    ann["lightbox"].get_by_test_id("open-link").click()
    ann.sees("/start m_token123")
    expect(ann["lightbox"]).to_have_count(0)


def test_a_photo_goes_up_with_its_caption(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    picture: Any = {"name": "card.png", "mimeType": "image/png", "buffer": code_picture(CARD_LINK)}
    with ann.page.expect_file_chooser() as chooser:
        ann["attach"].click()
        ann["attach-photo"].click()
    chooser.value.set_files(picture)
    ann["caption"].fill("Look")
    ann["upload-send"].click()
    expect(ann.last().get_by_test_id("photo")).to_be_visible()
    expect(ann.last()).to_contain_text("Look")


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_files_can_be_pasted_and_dropped(event: str, shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann.page.evaluate(GIVE_FILE, event)
    ann["upload-send"].click()
    expect(ann.last().get_by_test_id("document")).to_contain_text("notes.txt")
    with ann.page.expect_download() as download:
        ann["document"].click()
    assert download.value.suggested_filename == "notes.txt"


GIVE_FILE = """event => {
  const files = new DataTransfer();
  files.items.add(new File(["hello"], "notes.txt", { type: "text/plain" }));
  const box = document.querySelector("[data-testid=composer]");
  box.dispatchEvent(event === "paste" ? new ClipboardEvent("paste", { clipboardData: files, bubbles: true })
    : new DragEvent("drop", { dataTransfer: files, bubbles: true }));
}"""


@pytest.mark.parametrize("kind", ["voice", "sticker"])
def test_voice_messages_and_stickers_can_be_sent(kind: str, shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann["attach"].click()
    ann[f"attach-{kind}"].click()
    expect(ann.last().get_by_test_id(kind)).to_be_visible()


def test_older_messages_come_while_the_eye_stays_where_it_is(stage: Stage, phone: Phone) -> None:
    stage.post("/sim/act", **{"as": ANN, "chat": BOT, "do": "start"})
    for number in range(120):
        stage.says(ANN, f"Line {number}")
    ann = phone(ANN)
    ann.sees("Line 119")
    ann["messages"].evaluate("node => { node.scrollTop = 0 }")
    ann["messages"].get_by_text("Line 40", exact=True).wait_for(state="attached")
    assert ann["messages"].evaluate("node => node.scrollTop") > 500


def test_a_new_message_does_not_pull_a_reader_down(stage: Stage, phone: Phone) -> None:
    stage.post("/sim/act", **{"as": ANN, "chat": BOT, "do": "start"})
    for number in range(45):
        stage.says(ANN, f"Line {number}")
    ann = phone(ANN)
    ann.sees("Line 44")
    ann["messages"].evaluate("node => { node.scrollTop = 100 }")
    stage.says(ANN, "News")
    ann["messages"].get_by_text("News", exact=True).wait_for(state="attached")
    assert abs(ann["messages"].evaluate("node => node.scrollTop") - 100) < 3
    ann["to-newest"].click()
    expect(ann.last()).to_be_in_viewport()


def test_typing_is_shown(stage: Stage, phone: Phone) -> None:
    stage.post("/sim/act", **{"as": ANN, "chat": BOT, "do": "start"})
    ann = phone(ANN)
    ann.sees("/start")
    stage.call("sendChatAction", chat_id=ANN, action="typing")
    expect(ann["chat-status"]).to_have_text("typing")


def test_each_phone_writes_in_its_own_chinese(shop: Stage, phone: Phone) -> None:
    lin, chen = phone(LIN), phone(CHEN)
    expect(lin["phone"]).to_have_attribute("lang", "zh-Hant")
    expect(chen["phone"]).to_have_attribute("lang", "zh-Hans")
