"""Several people, several phones: who sees what, and what goes from one to the other."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.simulator.page.conftest import ANN, BOT, CHEN, MEI, WANG, Hands, Stage

Phone = Callable[..., Hands]


def test_everybody_is_listed_with_role_and_language(stage: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    expect(ann[f"person-{CHEN}"]).to_contain_text("陈雅琴")
    expect(ann[f"person-{CHEN}"]).to_contain_text("简")
    expect(ann[f"person-{WANG}"]).to_contain_text("clerk")
    expect(ann["people"].get_by_role("heading")).to_have_text(["Members", "Staff", "Groups"])


def test_switching_people_hands_over_the_phone(shop: Stage, phone: Phone) -> None:
    window = phone(ANN)
    window.start()
    window[f"person-{CHEN}"].click()
    expect(window["start-screen"]).to_be_visible()
    assert f"as={CHEN}" in window.page.url
    window[f"person-{ANN}"].click()
    window.sees("Welcome")


def test_a_clerk_scans_a_members_card(shop: Stage, phone: Phone) -> None:
    ann, wang = phone(ANN), phone(WANG)
    ann.start()
    ann.write("/card")
    ann["photo"].wait_for()
    wang.start()
    wang["scan-button"].last.click()
    wang.page.locator(f"[data-testid=scan-target][data-person='{ANN}']").click()
    wang.sees("/start m_token123")


def test_scanning_does_not_mark_the_members_messages_as_read(stage: Stage, phone: Phone) -> None:
    stage.post("/sim/act", **{"as": ANN, "chat": BOT, "do": "start"})
    stage.says(ANN, "News for Ann")
    wang = phone(WANG)
    wang["scan-button"].last.click()
    expect(wang["scan-grid"]).to_have_attribute("aria-busy", "false")
    wang.page.keyboard.press("Escape")
    wang.page.reload()
    expect(wang[f"person-{ANN}"].locator(".badge")).to_have_text("1")


def test_a_group_message_reaches_the_others_as_unread(shop: Stage, phone: Phone) -> None:
    group = min(shop.world.groups)
    mei, wang = phone(MEI, chat=group), phone(WANG, chat=None)
    wang["chat-row"].first.wait_for()
    mei.write("Who takes the late shift?")
    expect(wang.page.locator(f"[data-chat='{group}']")).to_contain_text("Who takes the late shift?")
    expect(wang.page.locator(f"[data-chat='{group}']").get_by_test_id("unread")).to_be_visible()
    wang.page.locator(f"[data-chat='{group}']").click()
    wang.sees("Who takes the late shift?")
    expect(wang["messages"].get_by_text("Mei Tan", exact=True)).to_be_visible()


def test_a_forum_shows_one_topic_at_a_time(shop: Stage, phone: Phone) -> None:
    group = min(shop.world.groups)
    shop.says(group, "Small talk")
    topic = shop.call("createForumTopic", chat_id=group, name="Cases")["message_thread_id"]
    shop.says(group, "A case", message_thread_id=topic)
    mei = phone(MEI, chat=group)
    mei.sees("A case")
    mei.page.get_by_role("tab", name="Cases").click()
    expect(mei["messages"].get_by_text("Small talk", exact=True)).to_have_count(0)
    mei.write("I take it")
    mei.sees("I take it")


def test_unread_messages_of_others_are_counted_beside_their_names(stage: Stage, phone: Phone) -> None:
    stage.post("/sim/act", **{"as": CHEN, "chat": BOT, "do": "start"})
    stage.says(CHEN, "一")
    stage.says(CHEN, "二")
    expect(phone(ANN)[f"person-{CHEN}"].locator(".badge")).to_have_text("2")


def test_on_a_narrow_screen_the_phone_is_the_page(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN, viewport={"width": 390, "height": 844})
    ann.start()
    expect(ann["sidebar"]).to_be_hidden()
    ann["back"].click()
    ann["chat-row"].first.wait_for()
    ann["switch-person"].click()
    ann[f"person-{CHEN}"].click()
    expect(ann["start-screen"]).to_be_visible()
    assert ann.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_back_and_forward_of_the_browser_move_between_chats(shop: Stage, phone: Phone) -> None:
    ann = phone(ANN)
    ann.start()
    ann["back"].click()
    ann["chat-row"].first.wait_for()
    ann.page.go_back()
    ann.sees("Welcome")
