"""The person's side over HTTP, as the page and the fault tests use it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest

from simulator.people import Bot, Person
from simulator.server import serving
from simulator.world import World
from tests.simulator.calling import Api
from tests.simulator.pictures import picture


async def act(client: httpx.AsyncClient, person: Person, do: str, chat: int, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (
        await client.post("/sim/act", json={"as": person.id, "chat": chat, "do": do, **more})
    ).json()
    return answer


async def messages(client: httpx.AsyncClient, person: Person, chat: int, **more: Any) -> dict[str, Any]:
    params = {"as": person.id, "chat": chat, **more}
    answer: dict[str, Any] = (await client.get("/sim/messages", params=params)).json()
    return answer


async def test_the_state_names_everybody(
    client: httpx.AsyncClient, api: Api, ann: Person, bot: Bot, world: World
) -> None:
    world.add_group("Staff", [ann, bot], forum=True)
    await api("setMyDescription", description="Points and gifts")
    state = (await client.get("/sim/state")).json()
    assert [person["first_name"] for person in state["people"]] == ["Ann"]
    assert [(group["title"], group["forum"]) for group in state["groups"]] == [("Staff", True)]
    assert [(one["username"], one["description"]) for one in state["bots"]] == [("shop_bot", "Points and gifts")]
    assert state["clock"]["offset"] == 0


async def test_a_start_opens_the_chat(client: httpx.AsyncClient, bot: Bot, world: World) -> None:
    bob = world.add_person("Bob")
    [chat] = (await client.get("/sim/chats", params={"as": bob.id})).json()
    assert (chat["chat_id"], chat["kind"], chat["started"]) == (bot.id, "private", False)
    await act(client, bob, "start", bot.id, start="s_1")
    [chat] = (await client.get("/sim/chats", params={"as": bob.id})).json()
    assert (chat["last_text"], chat["started"]) == ("/start s_1", True)


async def test_a_message_is_shown_with_all_it_has(client: httpx.AsyncClient, api: Api, ann: Person, bot: Bot) -> None:
    rows = [[{"text": "Go", "callback_data": "x"}, {"text": "Site", "url": "https://shop.example"}]]
    said = ann.send(bot, "hi")
    await api(
        "sendMessage",
        chat_id=ann.id,
        text="<b>hello</b>",
        parse_mode="HTML",
        reply_markup={"inline_keyboard": rows},
        reply_parameters={"message_id": said.id},
    )
    shown = (await messages(client, ann, bot.id))["messages"][-1]
    assert (shown["text"], shown["mine"], shown["from"]["is_bot"]) == ("hello", False, True)
    assert shown["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert shown["reply_to"] == {"id": said.id, "name": "Ann Li", "text": "hi"}
    kinds = [(button["text"], button["kind"]) for button in shown["inline_keyboard"][0]]
    assert kinds == [("Go", "callback"), ("Site", "url")]
    assert "callback_data" not in str(shown["inline_keyboard"])


async def test_reading_clears_the_unread_count(client: httpx.AsyncClient, api: Api, ann: Person, bot: Bot) -> None:
    await api("sendMessage", chat_id=ann.id, text="1")
    await api("sendMessage", chat_id=ann.id, text="2")
    chats = (await client.get("/sim/chats", params={"as": ann.id})).json()
    await messages(client, ann, bot.id)
    after = (await client.get("/sim/chats", params={"as": ann.id})).json()
    assert (chats[0]["unread"], after[0]["unread"]) == (2, 0)


async def test_history_is_read_page_by_page(client: httpx.AsyncClient, ann: Person, bot: Bot) -> None:
    numbers = [ann.send(bot, str(number)).id for number in range(6)]
    newest = await messages(client, ann, bot.id, limit=2)
    older = await messages(client, ann, bot.id, limit=2, before=newest["messages"][0]["id"])
    assert [message["id"] for message in older["messages"] + newest["messages"]] == numbers[-4:]


async def test_a_press_over_http_gives_the_query(client: httpx.AsyncClient, api: Api, ann: Person, bot: Bot) -> None:
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "x"}]]}
    sent = await api("sendMessage", chat_id=ann.id, text="?", reply_markup=markup)
    pressed = await act(client, ann, "press", bot.id, message=sent["message_id"], row=0, col=0)
    assert (await api.updates())[0]["callback_query"]["id"] == pressed["query_id"]
    missing = await act(client, ann, "press", bot.id, message=sent["message_id"], row=3, col=0)
    assert missing["ok"] is False


async def test_menus_and_keyboards_stand_beside_the_messages(
    client: httpx.AsyncClient, api: Api, ann: Person, bot: Bot
) -> None:
    await api("setMyCommands", commands=[{"command": "points", "description": "积分"}], language_code="zh")
    button = {"text": "Share", "request_contact": True}
    await api("sendMessage", chat_id=ann.id, text="?", reply_markup={"keyboard": [[button]]})
    await api("sendChatAction", chat_id=ann.id, action="typing")
    shown = await messages(client, ann, bot.id)
    assert shown["commands"] == [{"command": "points", "description": "积分"}]
    assert shown["reply_keyboard"]["keyboard"] == [[{**button, "kind": "contact"}]]
    assert shown["typing"] is True


async def test_a_file_goes_up_and_down(client: httpx.AsyncClient, ann: Person, bot: Bot) -> None:
    fields = {"as": str(ann.id), "chat": str(bot.id), "do": "photo", "caption": "card"}
    sent = await client.post("/sim/act", data=fields, files={"file": ("c.png", picture(400, 300), "image/png")})
    assert sent.json()["ok"] is True
    shown = (await messages(client, ann, bot.id))["messages"][-1]
    assert (shown["photo"]["w"], shown["photo"]["h"], shown["caption"]) == (400, 300, "card")
    assert (await client.get(shown["photo"]["url"])).headers["content-type"] == "image/jpeg"


async def test_people_do_the_rest_too(client: httpx.AsyncClient, ann: Person, bot: Bot, world: World) -> None:
    group = world.add_group("Staff", [])
    for do, chat in (
        ("contact", bot.id),
        ("block", bot.id),
        ("unblock", bot.id),
        ("join", group.id),
        ("leave", group.id),
    ):
        assert (await act(client, ann, do, chat))["ok"] is True, do
    said = await act(client, ann, "send", bot.id, text="80")
    await act(client, ann, "edit", bot.id, message=said["message_id"], text="90")
    assert world.messages(bot.id, ann)[-1].text == "90"


async def test_mistakes_are_told_not_raised(client: httpx.AsyncClient, ann: Person, bot: Bot) -> None:
    for answer in (
        await act(client, ann, "dance", bot.id),
        await act(client, ann, "send", 999, text="x"),
        await act(client, ann, "send", bot.id, text=" "),
    ):
        assert answer["ok"] is False
        assert answer["error"]


async def test_a_link_leads_to_the_bot(client: httpx.AsyncClient, ann: Person, bot: Bot, world: World) -> None:
    body = {"as": ann.id, "url": "https://t.me/shop_bot?start=m_abc"}
    assert (await client.post("/sim/link", json=body)).json()["chat"] == bot.id
    assert world.messages(bot.id, ann)[-1].text == "/start m_abc"
    astray = await client.post("/sim/link", json={"as": ann.id, "url": "https://shop.example/"})
    assert astray.json()["ok"] is False


async def test_the_clock_and_faults_are_set_over_http(client: httpx.AsyncClient, world: World) -> None:
    await client.post("/sim/clock", json={"forward_ms": 3_600_000})
    assert world.clock.offset == 3_600_000
    await client.post("/sim/clock", json={"reset": True})
    assert world.clock.offset == 0
    await client.post("/sim/faults", json={"kind": "forbidden", "times": 2})
    assert [fault.times for fault in world.faults.rules] == [2]
    assert (await client.post("/sim/faults", json={"kind": "storm"})).json()["ok"] is False
    await client.delete("/sim/faults")
    assert world.faults.rules == []


async def test_people_bots_and_groups_are_made_over_http(client: httpx.AsyncClient, world: World) -> None:
    bot = (await client.post("/sim/bots", json={"token": "9:x", "username": "nine_bot", "name": "Nine"})).json()
    person = (await client.post("/sim/people", json={"first_name": "Bob", "phone": "+85290000000"})).json()
    members = [person["id"], "nine_bot"]
    group = (await client.post("/sim/groups", json={"title": "Staff", "members": members, "forum": True})).json()
    assert list(world.groups[group["id"]].members) == [person["id"], bot["id"]]


async def test_the_log_is_read_over_http(client: httpx.AsyncClient, api: Api) -> None:
    await api("getMe")
    await api("getMyCommands")
    [entry] = (await client.get("/sim/log", params={"limit": 1})).json()
    assert (entry["method"], entry["status"]) == ("getMyCommands", 200)
    [entry] = (await client.get("/sim/log", params={"limit": 1, "without": "getMyCommands"})).json()
    assert entry["method"] == "getMe"


async def test_uploads_are_shown_as_files_not_as_pages(client: httpx.AsyncClient, ann: Person, bot: Bot) -> None:
    sent = ann.send_document(bot, b"<script>", "a.html")
    assert sent.media is not None
    response = await client.get(f"/sim/file/{sent.media.file.file_id}")
    assert response.headers["content-security-policy"] == "sandbox"


@pytest.fixture
async def events(world: World, ann: Person) -> AsyncIterator[aiohttp.StreamReader]:
    async with (
        serving(world) as url,
        aiohttp.ClientSession() as session,
        session.get(f"{url}/sim/events", params={"as": ann.id}) as response,
    ):
        await response.content.readuntil(b"\n\n")
        yield response.content


async def heard(events: aiohttp.StreamReader) -> str:
    async with asyncio.timeout(10):
        return (await events.readuntil(b"\n\n")).decode()


async def test_a_change_is_heard_at_once(events: aiohttp.StreamReader, api: Api, ann: Person, bot: Bot) -> None:
    await api("sendMessage", chat_id=ann.id, text="x")
    assert await heard(events) == f'event: changed\ndata: {{"chat_id":{bot.id}}}\n\n'


async def test_only_what_the_person_sees_is_heard(
    events: aiohttp.StreamReader, world: World, ann: Person, bot: Bot
) -> None:
    bob = world.add_person("Bob")
    assert "event: state" in await heard(events)
    bob.open(bot)
    ann.send(bot, "x")
    assert "changed" in await heard(events)


async def test_answers_to_presses_are_heard(events: aiohttp.StreamReader, api: Api, ann: Person, bot: Bot) -> None:
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "x"}]]}
    sent = await api("sendMessage", chat_id=ann.id, text="?", reply_markup=markup)
    press = ann.press(bot, sent["message_id"], "Go")
    await heard(events)
    await api("answerCallbackQuery", callback_query_id=press.query_id, text="Done")
    answer = await heard(events)
    assert answer.startswith("event: answer")
    assert f'"query_id":"{press.query_id}","text":"Done","show_alert":false' in answer
