"""Messages: sent, read, edited, copied, deleted, reacted to."""

import pytest

from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api, refused

DAY_MS = 24 * 3_600_000
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def keyboard(*labels: str) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": label, "callback_data": label}] for label in labels]}


async def test_the_person_sees_what_the_bot_says(api: Api, ann: Person, bot: Bot, world: World) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="<b>hi</b>", parse_mode="HTML")
    assert (sent["text"], sent["chat"]["id"], sent["from"]["id"]) == ("hi", ann.id, bot.id)
    assert world.messages(bot.id, ann)[-1].text == "hi"


async def test_the_bot_hears_what_the_person_says(api: Api, ann: Person, bot: Bot) -> None:
    ann.send(bot, "/points now")
    [update] = await api.updates()
    message = update["message"]
    assert message["from"] == {
        "id": ann.id,
        "is_bot": False,
        "first_name": "Ann",
        "last_name": "Li",
        "username": "ann_li",
        "language_code": "zh-hans",
    }
    assert message["chat"]["type"] == "private"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 7}]


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "Bad Request: message text is empty"),
        ("  \n ", "Bad Request: message text is empty"),
        ("<b></b>", "Bad Request: message text is empty"),
        ("x" * 4097, "Bad Request: message is too long"),
        ("😀" * 2049, "Bad Request: message is too long"),
    ],
)
async def test_texts_outside_the_limits_are_refused(api: Api, ann: Person, text: str, description: str) -> None:
    with refused(description):
        await api("sendMessage", chat_id=ann.id, text=text, parse_mode="HTML")


async def test_markup_does_not_count_towards_the_length(api: Api, ann: Person) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert len(sent["text"]) == 4096


async def test_a_bot_cannot_write_first(api: Api, world: World) -> None:
    stranger = world.add_person("Bob")
    with refused("Bad Request: chat not found"):
        await api("sendMessage", chat_id=stranger.id, text="hi")


async def test_a_bot_cannot_write_first_to_somebody_from_a_group(api: Api, world: World, bot: Bot) -> None:
    stranger = world.add_person("Bob")
    world.add_group("Staff", [stranger, bot])
    with refused("Forbidden: bot can't initiate conversation with a user"):
        await api("sendMessage", chat_id=stranger.id, text="hi")


async def test_a_blocked_bot_is_told_and_cannot_write(api: Api, ann: Person, bot: Bot) -> None:
    ann.block(bot)
    [update] = await api.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    with refused("Forbidden: bot was blocked by the user"):
        await api("sendMessage", chat_id=ann.id, text="hi")
    ann.open(bot)
    assert [next(iter(set(one) - {"update_id"})) for one in await api.updates()] == ["my_chat_member", "message"]
    await api("sendMessage", chat_id=ann.id, text="hi")


async def test_a_reply_shows_what_it_answers(api: Api, ann: Person, bot: Bot) -> None:
    asked = ann.send(bot, "how many?")
    sent = await api("sendMessage", chat_id=ann.id, text="3", reply_parameters={"message_id": asked.id})
    assert sent["reply_to_message"]["text"] == "how many?"


async def test_a_reply_to_nothing_is_refused_unless_allowed(api: Api, ann: Person) -> None:
    with refused("Bad Request: message to be replied not found"):
        await api("sendMessage", chat_id=ann.id, text="3", reply_parameters={"message_id": 999})
    lenient = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await api("sendMessage", chat_id=ann.id, text="3", reply_parameters=lenient)


async def test_an_edit_changes_the_message_in_place(api: Api, ann: Person, bot: Bot, world: World) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="1", reply_markup=keyboard("a"))
    place = {"chat_id": ann.id, "message_id": sent["message_id"]}
    edited = await api("editMessageText", **place, text="2", reply_markup=keyboard("b"))
    assert (edited["text"], edited["edit_date"] >= sent["date"]) == ("2", True)
    message = world.messages(bot.id, ann)[-1]
    assert (message.text, message.buttons) == ("2", ["b"])


async def test_an_edit_without_a_keyboard_takes_it_away(api: Api, ann: Person, bot: Bot, world: World) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="1", reply_markup=keyboard("a"))
    await api("editMessageText", chat_id=ann.id, message_id=sent["message_id"], text="2")
    assert world.messages(bot.id, ann)[-1].buttons == []


async def test_an_edit_that_changes_nothing_is_refused(api: Api, ann: Person) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="1", reply_markup=keyboard("a"))
    place = {"chat_id": ann.id, "message_id": sent["message_id"], "reply_markup": keyboard("a")}
    with refused(NOT_MODIFIED):
        await api("editMessageText", **place, text="1")
    with refused(NOT_MODIFIED):
        await api("editMessageReplyMarkup", **place)


async def test_only_own_messages_that_exist_can_be_edited(api: Api, ann: Person, bot: Bot) -> None:
    theirs = ann.send(bot, "mine")
    with refused("Bad Request: message can't be edited"):
        await api("editMessageText", chat_id=ann.id, message_id=theirs.id, text="x")
    with refused("Bad Request: message to edit not found"):
        await api("editMessageText", chat_id=ann.id, message_id=999, text="x")


async def test_a_text_has_no_caption_to_edit(api: Api, ann: Person) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="1")
    with refused("Bad Request: there is no caption in the message to edit"):
        await api("editMessageCaption", chat_id=ann.id, message_id=sent["message_id"], caption="x")


async def test_a_deleted_message_is_gone(api: Api, ann: Person, bot: Bot, world: World) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="1")
    await api("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])
    assert [message.text for message in world.messages(bot.id, ann)] == ["/start"]
    with refused("Bad Request: message to delete not found"):
        await api("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])


async def test_an_old_message_cannot_be_deleted(api: Api, ann: Person, world: World) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="1")
    world.clock.forward(2 * DAY_MS)
    with refused("Bad Request: message can't be deleted"):
        await api("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])


async def test_many_messages_are_deleted_at_once(api: Api, ann: Person, bot: Bot, world: World) -> None:
    sent = [(await api("sendMessage", chat_id=ann.id, text=str(number)))["message_id"] for number in range(3)]
    await api("deleteMessages", chat_id=ann.id, message_ids=[*sent[:2], 999])
    assert [message.text for message in world.messages(bot.id, ann)] == ["/start", "2"]


async def test_a_copy_has_no_origin_and_a_forward_has(api: Api, ann: Person, bot: Bot, world: World) -> None:
    said = ann.send(bot, "a complaint")
    bob = world.add_person("Bob")
    bob.open(bot)
    place = {"chat_id": bob.id, "from_chat_id": ann.id, "message_id": said.id}
    copied = await api("copyMessage", **place)
    forwarded = await api("forwardMessage", **place)
    assert set(copied) == {"message_id"}
    assert forwarded["forward_origin"]["sender_user"]["id"] == ann.id
    assert [message.forward_origin is None for message in world.messages(bot.id, bob)[-2:]] == [True, False]


async def test_a_reaction_is_shown(api: Api, ann: Person, bot: Bot) -> None:
    said = ann.send(bot, "thanks")
    heart = [{"type": "emoji", "emoji": "❤"}]
    await api("setMessageReaction", chat_id=ann.id, message_id=said.id, reaction=heart)
    assert said.reactions == {bot.id: heart}
    with refused("Bad Request: REACTION_INVALID"):
        await api("setMessageReaction", chat_id=ann.id, message_id=said.id, reaction=[{"type": "emoji", "emoji": "x"}])


async def test_an_edited_message_reaches_the_bot(api: Api, ann: Person, bot: Bot) -> None:
    said = ann.send(bot, "80")
    ann.edit(said.id, "90")
    [_, update] = await api.updates()
    assert update["edited_message"]["text"] == "90"
    assert "edit_date" in update["edited_message"]


async def test_a_contact_says_whose_it_is(api: Api, ann: Person, bot: Bot, world: World) -> None:
    bob = world.add_person("Bob", phone="+85290000000")
    ann.share_contact(bot)
    ann.share_contact(bot, bob)
    ann.forward_contact(bot)
    ann.forward_contact(bot, user_id=None, phone_number="123")
    own, others, forwarded, forged = [update["message"] for update in await api.updates()]
    assert (own["contact"]["user_id"], own["contact"]["phone_number"]) == (ann.id, "+8613800138000")
    assert others["contact"]["user_id"] == bob.id
    assert "forward_origin" in forwarded
    assert "forward_origin" not in own
    assert "user_id" not in forged["contact"]


async def test_typing_is_seen_for_five_seconds(api: Api, ann: Person, bot: Bot, world: World) -> None:
    await api("sendChatAction", chat_id=ann.id, action="typing")
    chat = world.private_chat(bot, ann)
    assert chat.typing_until > world.clock.now()
    world.clock.forward(5_001)
    assert chat.typing_until < world.clock.now()
    with refused("Bad Request: wrong parameter action in request"):
        await api("sendChatAction", chat_id=ann.id, action="dancing")


async def test_a_pinned_message_is_announced(api: Api, ann: Person) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="rules")
    await api("pinChatMessage", chat_id=ann.id, message_id=sent["message_id"])
    [update] = await api.updates()
    assert update["message"]["pinned_message"]["text"] == "rules"
    assert (await api("getChat", chat_id=ann.id))["pinned_message"]["text"] == "rules"


async def test_each_bot_has_its_own_chat_with_a_person(api: Api, ann: Person, world: World) -> None:
    other = world.add_bot("77:other", "other_bot", "Other")
    ann.open(other)
    await api("sendMessage", chat_id=ann.id, text="from the shop")
    assert [message.text for message in world.messages(other, ann)] == ["/start"]
