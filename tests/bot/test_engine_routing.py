"""How an update finds its handler."""

from __future__ import annotations

from typing import Any

import pytest

from bot import routes, updates
from bot.handlers import typing
from bot.routing import Route, Router, fold
from bot.updates import Input

ANN: dict[str, Any] = {"id": 7, "first_name": "Ann", "language_code": "en"}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -100, "type": "supergroup"}


async def points(ctx: Any) -> None: ...


async def card(ctx: Any) -> None: ...


ROUTES = (
    Route(points, command="points", words=("积分", "my points"), verbs=("points",)),
    Route(card, links=("card",), kinds=("contact",), in_groups=True),
)


@pytest.fixture
def router() -> Router:
    return Router(ROUTES, fallback=typing.FALLBACK, groups=typing.IN_GROUP)


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> Input:
    return updates.read({"update_id": 1, "message": {"message_id": 5, "from": ANN, "chat": chat, "date": 0, **content}})


def press(data: str, chat: dict[str, Any] = PRIVATE) -> Input:
    query = {"id": "9", "from": ANN, "data": data, "message": {"message_id": 5, "chat": chat, "date": 0}}
    return updates.read({"update_id": 1, "callback_query": query})


@pytest.mark.parametrize(
    "given",
    [
        message(text="/points"),
        message(text="/POINTS"),
        message(text="／points"),
        message(text="/points@regulars_bot now"),
        message(text="积分"),
        message(text=" My Points! "),
        message(text="ｍｙ ｐｏｉｎｔｓ"),
        press("points"),
        press("points:1:2"),
    ],
)
def test_command_word_and_button_lead_to_the_same(router: Router, given: Input) -> None:
    assert router.find(given).handler is points


def test_a_link_leads_to_what_it_is_for(router: Router) -> None:
    assert router.find(message(text="/start m_abcdefghijk")).handler is card


@pytest.mark.parametrize("given", [message(text="积分吗，朋友"), message(text="/nothing")])
def test_what_nobody_knows_falls_back(router: Router, given: Input) -> None:
    assert router.find(given) is typing.FALLBACK


def test_in_a_group_only_what_says_so_is_answered(router: Router) -> None:
    assert router.find(message(GROUP, text="/points")) is typing.IN_GROUP
    assert router.find(press("points", GROUP)) is typing.IN_GROUP
    assert router.find(message(GROUP, contact={})).handler is card


def test_two_routes_for_one_word_are_refused() -> None:
    both = (Route(points, words=("Points",)), Route(card, words=("points!",)))
    with pytest.raises(ValueError, match="two routes"):
        Router(both, fallback=typing.FALLBACK, groups=typing.IN_GROUP)


def test_the_bots_own_table_has_no_two_routes_for_one_thing() -> None:
    assert routes.make_router().routes == routes.all_routes()


@pytest.mark.parametrize(("typed", "folded"), [(" Ｃａｒｄ。", "card"), ("积分？！", "积分"), ("", "")])
def test_words_are_compared_without_their_marks(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {}},
        {"message": None},
        {"message": {"message_id": 1, "chat": 5}},
        {"callback_query": {"id": "1"}},
        {"callback_query": []},
        {"my_chat_member": {"from": ANN}},
        {"edited_message": "text"},
        {},
        {"a_kind_of_next_year": {"from": {}}},
    ],
)
def test_whatever_comes_can_be_read(broken: dict[str, Any]) -> None:
    assert updates.read({"update_id": 3, **broken}).update_id == 3


def test_a_caption_is_text_and_an_attachment_names_its_kind() -> None:
    given = message(caption="86.50", photo=[{}])
    assert (given.kind, given.text) == ("photo", "86.50")


@pytest.mark.parametrize("data", ["points:\0", "x" * 65, "点" * 22])
def test_data_that_no_button_carries_is_no_buttons(data: str) -> None:
    assert press(data).data == ""


def test_text_is_read_without_what_a_database_cannot_hold() -> None:
    sender = {"id": 7, "first_name": "An\0n", "last_name": "\0", "language_code": "e\0n"}
    content = {"message_id": 5, "from": sender, "chat": PRIVATE, "date": 0, "text": "8\x006"}
    given = updates.read({"update_id": 1, "message": content})
    assert (given.first_name, given.last_name, given.language, given.text) == ("Ann", "", "en", "86")


def test_a_command_is_taken_apart() -> None:
    given = message(text="/purchase@shop_bot 138 86.50\ncoffee 3")
    assert (given.command, given.addressee, given.args) == ("purchase", "shop_bot", "138 86.50 \ncoffee 3")


def test_an_edited_message_is_no_message() -> None:
    edited = {"message_id": 5, "from": ANN, "chat": PRIVATE, "date": 0, "edit_date": 1, "text": "/points"}
    assert updates.read({"update_id": 1, "edited_message": edited}).kind == "edited"
