"""What the simulator takes and gives has the shape of Bot API 10.0."""

from typing import Any

import pytest

from simulator.methods.catalogue import METHODS
from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api
from tests.simulator.pictures import picture
from tests.simulator.shapes import bot_api, faults_of, needs_bot_api

KINDS = {"Integer", "Float", "Boolean", "String"}

pytestmark = needs_bot_api


def kind_of(types: list[str]) -> str:
    """Our word for the types of a parameter."""
    if types == ["Integer", "String"]:
        return "Integer or String"
    if "InputFile" in types:
        return "InputFile or String"
    if types[0].startswith("Array of"):
        return "Array"
    return types[0] if types[0] in KINDS else "Object"


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_a_method_takes_what_it_is_documented_to_take(method: Any) -> None:
    documented = bot_api()["methods"][method.name].get("fields", [])
    assert method.parameters == {field["name"]: kind_of(field["types"]) for field in documented}


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_a_method_needs_what_it_is_documented_to_need(method: Any) -> None:
    documented = bot_api()["methods"][method.name].get("fields", [])
    # An empty URL removes the webhook, and over the wire an empty argument is an absent one.
    lenient = {"url"}
    assert set(method.required) == {field["name"] for field in documented if field["required"]} - lenient


async def test_every_update_has_its_documented_shape(api: Api, ann: Person, bot: Bot, world: World) -> None:
    await api(
        "getUpdates", allowed_updates=[*"message edited_message callback_query chat_member".split(), "my_chat_member"]
    )
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "x"}]]}
    sent = await api("sendMessage", chat_id=ann.id, text="?", reply_markup=markup)
    ann.press(bot, sent["message_id"], "Go")
    ann.send(bot, "/start <b> @ann_li +8613800138000", reply_to=sent["message_id"])
    ann.edit(ann.send(bot, "1").id, "2")
    ann.share_contact(bot)
    ann.forward_contact(bot)
    ann.send_photo(bot, picture(), "caption #1a")
    ann.send_document(bot, b"a", "a.csv")
    ann.send_voice(bot)
    ann.send_sticker(bot)
    ann.block(bot)
    group = world.add_group("Staff", [ann, bot], forum=True)
    bob = world.add_person("Bob")
    bob.join(group)
    bob.leave(group)
    topic = await api("createForumTopic", chat_id=group.id, name="Case")
    bob.join(group)
    bob.send(group, "hello", topic=topic["message_thread_id"])
    updates = await api("getUpdates")
    assert len(updates) > 15
    assert faults_of(bot_api(), updates, ["Array of Update"]) == []


async def test_every_answer_has_its_documented_shape(api: Api, ann: Person, bot: Bot, world: World) -> None:
    described = bot_api()
    group = world.add_group("Staff", [ann, bot], forum=True)
    wrong: list[str] = []

    async def check(method: str, files: dict[str, Any] | None = None, /, **params: Any) -> Any:
        result = await api(method, files, **params)
        wrong.extend(faults_of(described, result, described["methods"][method]["returns"], method))
        return result

    photo = await check("sendPhoto", {"photo": ("a.png", picture())}, chat_id=str(ann.id), caption="c")
    file_id = photo["photo"][-1]["file_id"]
    text = await check("sendMessage", chat_id=ann.id, text="/a", reply_parameters={"message_id": 1})
    here = {"chat_id": ann.id, "message_id": text["message_id"]}
    photo_here = {"chat_id": ann.id, "message_id": photo["message_id"]}
    media = [{"type": "photo", "media": file_id}] * 2
    for kind in ("document", "voice", "sticker", "video", "audio", "animation"):
        await check(f"send{kind.capitalize()}", {kind: ("a.bin", b"x")}, chat_id=str(ann.id))
    await check("sendMediaGroup", chat_id=ann.id, media=media)
    await check("sendContact", chat_id=ann.id, phone_number="1", first_name="A")
    await check("getFile", file_id=file_id)
    await check("editMessageText", **here, text="b")
    await check(
        "editMessageReplyMarkup", **here, reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}
    )
    await check("editMessageCaption", **photo_here, caption="d")
    await check("editMessageMedia", **photo_here, media=media[0])
    await check("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👍"}])
    await check("pinChatMessage", **here)
    await check("copyMessage", chat_id=ann.id, from_chat_id=ann.id, message_id=text["message_id"])
    await check("forwardMessage", chat_id=ann.id, from_chat_id=ann.id, message_id=text["message_id"])
    for chat in (ann.id, group.id):
        await check("getChat", chat_id=chat)
        await check("getChatMember", chat_id=chat, user_id=ann.id)
        await check("getChatMemberCount", chat_id=chat)
    await check("getChatMember", chat_id=group.id, user_id=bot.id)
    await check("getChatAdministrators", chat_id=group.id)
    await check("createForumTopic", chat_id=group.id, name="Case")
    for method in ("getMe", "getMyName", "getMyDescription", "getMyShortDescription", "getMyCommands"):
        await check(method)
    for method in ("getChatMenuButton", "getWebhookInfo", "getUpdates"):
        await check(method)
    await check("getUserProfilePhotos", user_id=ann.id)
    assert wrong == []
