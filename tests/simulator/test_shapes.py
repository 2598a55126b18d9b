"""What the simulator takes and gives has the shape of Bot API 10.0."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from simulator.methods.catalogue import METHODS
from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api
from tests.simulator.pictures import picture
from tests.simulator.shapes import bot_api, faults_of, needs_bot_api

KINDS = {"Integer", "Float", "Boolean", "String"}
EVERY_KIND = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")

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
    await api("getUpdates", allowed_updates=list(EVERY_KIND))
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


@dataclass
class Checked:
    """Calls the API and collects what is wrong with the answers."""

    api: Api
    described: dict[str, Any] = field(default_factory=bot_api)
    wrong: list[str] = field(default_factory=list)

    async def __call__(self, method: str, files: dict[str, Any] | None = None, /, **params: Any) -> Any:
        result = await self.api(method, files, **params)
        self.wrong += faults_of(self.described, result, self.described["methods"][method]["returns"], method)
        return result


async def test_every_sent_message_has_its_documented_shape(api: Api, ann: Person) -> None:
    check = Checked(api)
    photo = await check("sendPhoto", {"photo": ("a.png", picture())}, chat_id=str(ann.id), caption="c")
    text = await check("sendMessage", chat_id=ann.id, text="/a", reply_parameters={"message_id": 1})
    for kind in ("document", "voice", "sticker", "video", "audio", "animation"):
        await check(f"send{kind.capitalize()}", {kind: ("a.bin", b"x")}, chat_id=str(ann.id))
    media = [{"type": "photo", "media": photo["photo"][-1]["file_id"]}] * 2
    await check("sendMediaGroup", chat_id=ann.id, media=media)
    await check("sendContact", chat_id=ann.id, phone_number="1", first_name="A")
    await check("copyMessage", chat_id=ann.id, from_chat_id=ann.id, message_id=text["message_id"])
    await check("forwardMessage", chat_id=ann.id, from_chat_id=ann.id, message_id=text["message_id"])
    assert check.wrong == []


async def test_every_edit_has_its_documented_shape(api: Api, ann: Person) -> None:
    check = Checked(api)
    photo = await check("sendPhoto", {"photo": ("a.png", picture())}, chat_id=str(ann.id), caption="c")
    text = await check("sendMessage", chat_id=ann.id, text="/a")
    here = {"chat_id": ann.id, "message_id": text["message_id"]}
    there = {"chat_id": ann.id, "message_id": photo["message_id"]}
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}
    await check("editMessageText", **here, text="b")
    await check("editMessageReplyMarkup", **here, reply_markup=markup)
    await check("editMessageCaption", **there, caption="d")
    await check("editMessageMedia", **there, media={"type": "photo", "media": photo["photo"][-1]["file_id"]})
    await check("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👍"}])
    await check("pinChatMessage", **here)
    await check("deleteMessage", **here)
    assert check.wrong == []


async def test_everything_looked_up_has_its_documented_shape(api: Api, ann: Person, bot: Bot, world: World) -> None:
    check = Checked(api)
    group = world.add_group("Staff", [ann, bot], forum=True)
    photo = await check("sendPhoto", {"photo": ("a.png", picture())}, chat_id=str(ann.id))
    await check("getFile", file_id=photo["photo"][0]["file_id"])
    for chat in (ann.id, group.id):
        await check("getChat", chat_id=chat)
        await check("getChatMember", chat_id=chat, user_id=ann.id)
        await check("getChatMemberCount", chat_id=chat)
    await check("getChatMember", chat_id=group.id, user_id=bot.id)
    await check("getChatAdministrators", chat_id=group.id)
    await check("createForumTopic", chat_id=group.id, name="Case")
    await check("getUserProfilePhotos", user_id=ann.id)
    for method in ("getMe", "getMyName", "getMyDescription", "getMyShortDescription", "getMyCommands"):
        await check(method)
    for method in ("getChatMenuButton", "getWebhookInfo", "getUpdates"):
        await check(method)
    assert check.wrong == []
