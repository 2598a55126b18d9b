"""Tokens, methods and arguments, before any message is sent."""

from typing import Any

import httpx
import pytest

from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api, refused


async def test_a_bot_learns_who_it_is(api: Api) -> None:
    me = await api("getMe")
    assert (me["id"], me["is_bot"], me["username"], me["first_name"]) == (4242, True, "shop_bot", "Shop")


async def test_a_strange_token_is_unauthorized(client: httpx.AsyncClient, bot: Bot) -> None:
    with refused("Unauthorized"):
        await Api(client, "1:wrong")("getMe")


async def test_a_malformed_token_is_not_found(client: httpx.AsyncClient, bot: Bot) -> None:
    with refused("Not Found"):
        await Api(client, "nonsense")("getMe")


async def test_an_unknown_method_is_not_found(api: Api) -> None:
    with refused("Not Found"):
        await api("sendTelepathy")


async def test_method_names_are_found_in_any_case(api: Api) -> None:
    assert (await api("GETME"))["id"] == 4242


@pytest.mark.parametrize("way", ["query", "form", "json", "multipart"])
async def test_arguments_arrive_by_every_way(way: str, client: httpx.AsyncClient, ann: Person) -> None:
    url, args = "/bot4242:secret/sendMessage", {"chat_id": str(ann.id), "text": "hello"}
    ways: dict[str, dict[str, Any]] = {"query": {"params": args}, "form": {"data": args}, "json": {"json": args}}
    ways["multipart"] = {"files": {name: (None, value) for name, value in args.items()}}
    response = await client.request("GET" if way == "query" else "POST", url, **ways[way])
    assert response.json()["result"]["text"] == "hello"


@pytest.mark.parametrize(
    ("args", "description"),
    [
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 1}, "Bad Request: message text is empty"),
        ({"chat_id": 999, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "hello", "text": "x"}, "Bad Request: chat not found"),
    ],
)
async def test_bad_addresses_are_refused(api: Api, ann: Person, args: dict[str, object], description: str) -> None:
    with refused(description):
        await api("sendMessage", **args)


async def test_an_argument_of_the_wrong_type_is_refused(api: Api, ann: Person) -> None:
    with refused("Bad Request: parameter message_id must be of type Integer"):
        await api("deleteMessage", chat_id=ann.id, message_id="seven")


async def test_a_body_that_is_no_json_is_refused(client: httpx.AsyncClient, bot: Bot) -> None:
    headers = {"content-type": "application/json"}
    response = await client.post("/bot4242:secret/sendMessage", content=b"{", headers=headers)
    assert (response.status_code, response.json()["error_code"]) == (400, 400)


async def test_commands_are_found_in_telegrams_order(api: Api, world: World, ann: Person) -> None:
    async def offer(command: str, language: str = "", **scope: object) -> None:
        commands = [{"command": command, "description": command}]
        await api("setMyCommands", commands=commands, scope=scope, language_code=language)

    await offer("any", type="default")
    await offer("private", type="all_private_chats")
    await offer("chinese", "zh", type="all_private_chats")
    await offer("hers", type="chat", chat_id=ann.id)
    menus = world.bots["4242:secret"].menus
    shown = [
        menus.shown_to(user, language, None)[0]["command"]
        for user, language in ((ann.id, "zh-hans"), (5, "zh"), (5, "en"))
    ]
    assert shown == ["hers", "chinese", "private"]
    assert menus.shown_to(5, "en", -100)[0]["command"] == "any"


async def test_commands_are_read_back_by_scope_and_language(api: Api) -> None:
    commands = [{"command": "points", "description": "Your points"}]
    await api("setMyCommands", commands=commands, language_code="en")
    assert await api("getMyCommands", language_code="en") == commands
    assert await api("getMyCommands") == []
    await api("deleteMyCommands", language_code="en")
    assert await api("getMyCommands", language_code="en") == []


@pytest.mark.parametrize(
    ("change", "description"),
    [
        ({"commands": [{"command": "Points", "description": "x"}]}, "Bad Request: BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": ""}]}, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "Bad Request: BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "zh-hans"}, "Bad Request: invalid language code specified"),
    ],
)
async def test_commands_outside_the_limits_are_refused(api: Api, change: dict[str, object], description: str) -> None:
    with refused(description):
        await api("setMyCommands", **change)


async def test_names_and_descriptions_speak_languages(api: Api) -> None:
    await api("setMyDescription", description="Points")
    await api("setMyDescription", description="积分", language_code="zh")
    assert (await api("getMyDescription", language_code="zh"))["description"] == "积分"
    assert (await api("getMyDescription", language_code="fr"))["description"] == "Points"
    await api("setMyName", name="商店", language_code="zh")
    assert [(await api("getMyName", language_code=code))["name"] for code in ("zh", "")] == ["商店", "Shop"]


async def test_a_chat_menu_button_is_kept(api: Api, ann: Person) -> None:
    await api("setChatMenuButton", chat_id=ann.id, menu_button={"type": "default"})
    assert await api("getChatMenuButton", chat_id=ann.id) == {"type": "default"}
