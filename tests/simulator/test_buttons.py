"""Keyboards under messages and under the text box, and what pressing them does."""

from typing import Any

import pytest

from simulator.errors import PersonError
from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api, refused

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def callback(text: str, data: str = "x") -> dict[str, Any]:
    return {"text": text, "callback_data": data}


async def ask(api: Api, ann: Person, markup: dict[str, Any]) -> int:
    sent = await api("sendMessage", chat_id=ann.id, text="?", reply_markup=markup)
    number: int = sent["message_id"]
    return number


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        (inline(callback("a", "x" * 65)), "Bad Request: BUTTON_DATA_INVALID"),
        (inline(callback("a", "积" * 22)), "Bad Request: BUTTON_DATA_INVALID"),
        (inline(callback("a", "")), "Bad Request: BUTTON_DATA_INVALID"),
        (
            inline({"text": "a"}),
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            inline({"callback_data": "a"}),
            "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (inline(*[callback("a")] * 9), "Bad Request: REPLY_MARKUP_TOO_LONG"),
        ({"inline_keyboard": [[callback("a")]] * 101}, "Bad Request: REPLY_MARKUP_TOO_LONG"),
        ({"inline_keyboard": [callback("a")]}, 'Bad Request: field "inline_keyboard" must be an Array of Arrays'),
        ({"nonsense": 1}, "Bad Request: can't parse reply keyboard markup JSON object"),
    ],
)
async def test_keyboards_outside_the_rules_are_refused(
    api: Api, ann: Person, markup: dict[str, Any], description: str
) -> None:
    with refused(description):
        await ask(api, ann, markup)


async def test_markup_that_is_no_json_is_refused(api: Api, ann: Person) -> None:
    with refused("Bad Request: can't parse reply keyboard markup JSON object"):
        await api("sendMessage", chat_id=ann.id, text="x", reply_markup="{")


async def test_a_press_reaches_the_bot_and_its_answer_the_person(api: Api, ann: Person, bot: Bot) -> None:
    message_id = await ask(api, ann, inline(callback("Redeem", "gift:7")))
    press = ann.press(bot, message_id, "Redeem")
    [update] = await api.updates()
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("gift:7", ann.id, message_id)
    await api("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True)
    assert press.answer is not None
    assert (press.answer.text, press.answer.show_alert) == ("Done", True)


async def test_a_press_is_answered_at_most_once(api: Api, ann: Person, bot: Bot) -> None:
    press = ann.press(bot, await ask(api, ann, inline(callback("a"))), (0, 0))
    await api("answerCallbackQuery", callback_query_id=press.query_id)
    with refused(TOO_OLD):
        await api("answerCallbackQuery", callback_query_id=press.query_id)


async def test_a_press_cannot_be_answered_after_a_while(api: Api, ann: Person, bot: Bot, world: World) -> None:
    press = ann.press(bot, await ask(api, ann, inline(callback("a"))), (0, 0))
    world.clock.forward(16 * 60_000)
    with refused(TOO_OLD):
        await api("answerCallbackQuery", callback_query_id=press.query_id)


async def test_another_bot_cannot_answer(api: Api, ann: Person, bot: Bot, world: World) -> None:
    press = ann.press(bot, await ask(api, ann, inline(callback("a"))), (0, 0))
    world.add_bot("77:other", "other_bot", "Other")
    with refused(TOO_OLD):
        await Api(api.client, "77:other")("answerCallbackQuery", callback_query_id=press.query_id)
    await api("answerCallbackQuery", callback_query_id=press.query_id)
    assert press.answer is not None


async def test_a_long_answer_is_refused(api: Api, ann: Person, bot: Bot) -> None:
    press = ann.press(bot, await ask(api, ann, inline(callback("a"))), (0, 0))
    with refused("Bad Request: MESSAGE_TOO_LONG"):
        await api("answerCallbackQuery", callback_query_id=press.query_id, text="x" * 201)


async def test_links_and_copies_stay_on_the_phone(api: Api, ann: Person, bot: Bot) -> None:
    copy = {"text": "Copy", "copy_text": {"text": "A1B2"}}
    message_id = await ask(api, ann, inline({"text": "Site", "url": "https://shop.example"}, copy))
    assert ann.press(bot, message_id, "Site").url == "https://shop.example"
    assert ann.press(bot, message_id, "Copy").copied == "A1B2"
    assert await api.updates() == []


async def test_a_button_that_is_not_there_cannot_be_pressed(api: Api, ann: Person, bot: Bot) -> None:
    message_id = await ask(api, ann, inline(callback("a")))
    with pytest.raises(PersonError):
        ann.press(bot, message_id, "b")


async def test_a_tampered_app_may_send_any_data(api: Api, ann: Person, bot: Bot) -> None:
    ann.replay(bot, await ask(api, ann, inline(callback("a"))), "points:+1000")
    assert (await api.updates())[0]["callback_query"]["data"] == "points:+1000"


async def test_a_reply_keyboard_sends_its_words(api: Api, ann: Person, bot: Bot) -> None:
    await ask(api, ann, {"keyboard": [["Points", {"text": "Gifts"}]], "resize_keyboard": True})
    ann.press(bot, None, "Gifts")
    assert (await api.updates())[0]["message"]["text"] == "Gifts"


async def test_the_contact_button_shares_ones_own_contact(api: Api, ann: Person, bot: Bot) -> None:
    button = {"text": "Share", "request_contact": True}
    await ask(api, ann, {"keyboard": [[button]], "one_time_keyboard": True})
    ann.press(bot, None, "Share")
    assert (await api.updates())[0]["message"]["contact"]["user_id"] == ann.id
    with pytest.raises(PersonError):
        ann.press(bot, None, "Share")


async def test_a_keyboard_is_taken_away(api: Api, ann: Person, bot: Bot) -> None:
    await ask(api, ann, {"keyboard": [["Points"]]})
    await ask(api, ann, {"remove_keyboard": True})
    with pytest.raises(PersonError):
        ann.press(bot, None, "Points")


async def test_deep_links_carry_their_payload(api: Api, ann: Person, bot: Bot) -> None:
    ann.open(bot, "s_42")
    assert ann.open(bot) is None
    assert [update["message"]["text"] for update in await api.updates()] == ["/start s_42"]


@pytest.mark.parametrize("payload", ["a b", "积", "x" * 65])
async def test_telegram_does_not_carry_any_payload(ann: Person, bot: Bot, payload: str) -> None:
    with pytest.raises(PersonError):
        ann.open(bot, payload)
