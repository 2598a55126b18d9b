"""Every handler × every role × other people's objects, out of the handler table: nothing leaks, nothing undeclared."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from bot import routes
from bot.dialogues import Dialogue
from bot.routing import Route
from db import dialogues as places, members, people, profiles
from db.database import Tx
from db.members import Member
from loyalty.roles import Role, may
from tests.actions.shops import add_member, add_store, hire, record_for
from tests.bot.engine import raw
from tests.bot.people import Resident, Town, open_town

NAME, PHONE, EMAIL = "Canaria Vogel", "13655512345", "canaria.vogel@example.org"
RANK = {
    "stranger": None,
    "member": None,
    "clerk_a": Role.CLERK,
    "clerk_b": Role.CLERK,
    "manager_a": Role.MANAGER,
    "owner": Role.OWNER,
}
# Ids are small and of every kind at once: members, purchases, posts, stores, gifts.
_IDS = ("1", "2")
_ARGUMENTS = ("", *_IDS, "1:1", "2:name", "clerk:2", "9" * 30)
_VALUES = ("yes", "0", "x")
# One person's requests are handled one after another, so each role has several people.
_HANDS = 6
_PATIENCE = 60


@dataclass
class Cast:
    """Two stores, their staff, a member, a stranger; and the victim, whose things everybody reaches for."""

    town: Town
    victim: Member
    card: str
    residents: dict[str, list[Resident]]

    @property
    def canaries(self) -> list[str]:
        """What those who may not know must never read."""
        return [NAME, "Vogel", PHONE, PHONE[3:], EMAIL, self.card, self.victim.number]

    def share(self, role: str) -> list[dict[str, Any]]:
        """All there is to ask, shared among the people of a role."""
        hands = enumerate(self.residents[role])
        return [update for n, resident in hands for update in everything(resident.id, self)[n::_HANDS]]

    async def feeds(self, updates: list[dict[str, Any]]) -> None:
        await self.town.machinery.intake.store(updates)
        async with asyncio.timeout(_PATIENCE):
            while not await self.town._is_quiet():  # noqa: ASYNC110 - the bot rings no bell
                await asyncio.sleep(0.02)

    async def snapshot(self, *tables: str) -> dict[str, Any]:
        return {table: await self.town.db.read(_rows, table) for table in tables}


def _rows(tx: Tx, table: str) -> list[Any]:
    return sorted(repr(row) for row in tx.all(f"SELECT * FROM {table}"))


@pytest_asyncio.fixture
async def cast(tmp_path: Path, log: io.StringIO) -> AsyncIterator[Cast]:
    async with open_town(tmp_path) as town:
        hands = {role: [await town.newcomer(f"{role} {n}") for n in range(_HANDS)] for role in RANK}
        victim = await town.newcomer("V")
        ids = {role: [resident.id for resident in residents] for role, residents in hands.items()}
        for resident in (victim, *(one for residents in hands.values() for one in residents)):
            town.world.private_chat(town.bot, resident.person).started = True
        yield Cast(town, *await town.write(_furnish, ids, victim.id), hands)


_POSTS = {
    "clerk_a": (1, Role.CLERK),
    "clerk_b": (2, Role.CLERK),
    "manager_a": (1, Role.MANAGER),
    "owner": (0, Role.OWNER),
}


def _furnish(tx: Tx, ids: dict[str, list[int]], victim_id: int) -> tuple[Member, str]:
    assert [add_store(tx, "a", "Store A"), add_store(tx, "b", "Store B")] == [1, 2]
    for role, user_id in [(role, user_id) for role, user_ids in ids.items() for user_id in user_ids]:
        people.meet(tx, user_id, "en")
        if role in _POSTS:
            hire(tx, user_id, *_POSTS[role])
            people.meet(tx, user_id, "en")
    victim = add_member(tx, NAME, PHONE, victim_id)
    for n, user_id in enumerate(ids["member"]):
        add_member(tx, "Mia", f"1380013800{n}", user_id)
    profiles.put(tx, victim.id, "email", EMAIL)
    record_for(tx, people.meet(tx, ids["clerk_a"][0], "en"), victim.id, "86.50", "k")
    places.put(tx, victim_id, victim_id, "profile", "name", {"field": "name"})
    return victim, members.reveal(tx, victim.id).card_token


# The requests


def asks(route: Route, sender: int, cast: Cast) -> Iterator[dict[str, Any]]:
    """Every way to ask for a route, with every argument that might reach somebody else's things."""
    reached = (PHONE, PHONE[-4:], "Vogel", cast.victim.number, f"m_{cast.card}")
    if route.command:
        yield from (raw(sender, f"/{route.command} {argument}".strip()) for argument in ("", *reached, *_IDS, "x"))
    yield from (raw(sender, word) for word in route.words[:1])
    for verb in route.verbs:
        yield from (pressed(sender, f"{verb}:{argument}".rstrip(":")) for argument in _ARGUMENTS)
    links = {
        "card": f"m_{cast.card}",
        "staff": "staff_AAAAAAAAAAAAAAAAAAAAAA",
        "store": "s_a",
        "referral": "r_AAAAAAAA",
    }
    yield from (raw(sender, f"/start {links.get(kind, '')}".strip()) for kind in route.links)
    if "text" in route.kinds:
        yield from (raw(sender, text) for text in (*reached, "12"))
    if "contact" in route.kinds:
        contact = {"phone_number": f"+86{PHONE}", "first_name": "V", "user_id": cast.victim.user_id}
        yield attached(sender, contact=contact)
        yield attached(sender, contact={**contact, "user_id": sender}, forward_origin={"type": "hidden_user"})


def answers(dialogue: Dialogue, sender: int, cast: Cast) -> Iterator[dict[str, Any]]:
    """Every button of a dialogue, whoever it was shown to."""
    for step in dialogue.steps:
        for value in (*_VALUES, str(cast.victim.id), PHONE):
            yield pressed(sender, f"d:{dialogue.name}:{step.name}:{value}")


def pressed(sender: int, data: str, chat: dict[str, Any] | None = None) -> dict[str, Any]:
    update = raw(sender, "")
    message = update.pop("message")
    shown = {"message_id": 1, "date": 0, "chat": chat or message["chat"]}
    query = {"id": f"{sender}{update['update_id']}", "from": message["from"], "message": shown, "data": data}
    return {**update, "callback_query": {**query, "chat_instance": "1"}}


def attached(sender: int, **content: Any) -> dict[str, Any]:
    update = raw(sender, "")
    del update["message"]["text"]
    update["message"] |= content
    return update


def everything(sender: int, cast: Cast) -> list[dict[str, Any]]:
    found = [update for route in routes.all_routes() for update in asks(route, sender, cast)]
    return found + [update for dialogue in routes.all_dialogues() for update in answers(dialogue, sender, cast)]


def heard(cast: Cast, role: str) -> list[str]:
    """All that people of this role were sent, with buttons, as Telegram shows it."""
    return [
        orjson.dumps(message.wire()).decode()
        for resident in cast.residents[role]
        for message in resident.chat()
        if message.sender.is_bot
    ]


def leaks(cast: Cast, role: str) -> list[tuple[str, str]]:
    return [
        (canary, text[:600])
        for text in heard(cast, role)
        for canary in cast.canaries
        if canary in text and not is_own_thread(text, canary)
    ]


def is_own_thread(text: str, canary: str) -> bool:
    """A member's own case with the number that they typed themselves, as an answer to what they were asked."""
    return canary in PHONE and '"callback_data":"casewrite:' in text


_SHARED = ("store", "staff", "staff_invitation", "purchase", "entry", "lot", "allocation", "tier_change")


async def failures(cast: Cast) -> list[Any]:
    """Updates that some handler could not deal with."""
    return await cast.town.db.read(lambda tx: tx.all("SELECT state, error, attempts FROM inbox WHERE error <> ''"))


@pytest.mark.parametrize("role", ["stranger", "member"])
async def test_who_does_not_work_here_learns_and_changes_nothing_of_others(cast: Cast, role: str) -> None:
    before = await cast.snapshot(*_SHARED)
    theirs = await cast.town.db.read(_of_member, cast.victim)
    presses = cast.share(role)
    await cast.feeds(presses)
    assert leaks(cast, role) == []
    assert await cast.snapshot(*_SHARED) == before
    assert await cast.town.db.read(_of_member, cast.victim) == theirs
    assert await failures(cast) == []
    answered = [entry for entry in cast.town.world.log if entry["method"] == "answerCallbackQuery"]
    ids = sorted(entry["params"]["callback_query_id"] for entry in answered)
    assert ids == sorted(update["callback_query"]["id"] for update in presses if "callback_query" in update)


def _of_member(tx: Tx, member: Member) -> list[Any]:
    tables = ("profile_field", "account", "member_key", "birthday_change", "consent")
    return [
        tx.one("SELECT * FROM member WHERE id = :id", id=member.id),
        tx.one("SELECT * FROM dialogue WHERE user_id = :id", id=member.user_id),
        *(tx.all(f"SELECT * FROM {table} WHERE member_id = :id", id=member.id) for table in tables),
    ]


@pytest.mark.parametrize(("role", "other"), [("clerk_b", 1), ("manager_a", 2)])
async def test_staff_change_nothing_of_another_store(cast: Cast, role: str, other: int) -> None:
    theirs = await cast.town.db.read(_of_store, other)
    asked = cast.share(role)
    # Goods may be brought back to any store.
    await cast.feeds([update for update in asked if not any(word in orjson.dumps(update) for word in _MEANT)])
    assert await cast.town.db.read(_of_store, other) == theirs
    read = "".join(heard(cast, role))
    # A whole phone is shown only where that is written down.
    assert [canary for canary in (EMAIL, cast.card, PHONE[3:]) if canary in read] == []
    assert await failures(cast) == []


_MEANT = (b'"reveal', b'"refunddo')


def _of_store(tx: Tx, store_id: int) -> list[Any]:
    return [
        tx.one("SELECT * FROM store WHERE id = :id", id=store_id),
        tx.all("SELECT * FROM staff WHERE store_id IN (0, :id) ORDER BY id", id=store_id),
        tx.all("SELECT role FROM staff_invitation WHERE store_id IN (0, :id)", id=store_id),
        tx.all("SELECT * FROM purchase WHERE store_id = :id ORDER BY id", id=store_id),
    ]


@pytest.mark.parametrize("role", RANK)
async def test_roles_are_what_the_table_declares(cast: Cast, role: str) -> None:
    """Asked for plainly, a route refuses those below its role for that reason, and nobody else."""
    resident = cast.residents[role][0]
    refused = {_said(cast, "refused_not_allowed", needs=needs.value) for needs in Role}
    for route in routes.all_routes():
        for update in plain(route, resident.id):
            before = len(resident.chat())
            await cast.feeds([update])
            said = {message.shown for message in resident.chat()[before:]}
            assert bool(refused & said) == (not _reaches(role, route.role)), (route.handler.__name__, said)


def plain(route: Route, sender: int) -> Iterator[dict[str, Any]]:
    if route.command:
        yield raw(sender, f"/{route.command}")
    yield from (raw(sender, word) for word in route.words[:1])


def _reaches(role: str, needed: Role | None) -> bool:
    return needed is None or may(RANK[role], needed)


def _said(cast: Cast, template: str, **params: Any) -> str:
    return cast.town.machinery.words.render(template, "en", {"easy": False, **params})


@pytest.mark.parametrize("role", ["stranger", "member", "clerk_b"])
async def test_what_is_for_a_higher_role_does_nothing_for_a_lower_one(cast: Cast, role: str) -> None:
    tables = (*_SHARED, "gift", "audit")
    before = await cast.snapshot(*tables)
    above = [route for route in routes.all_routes() if not _reaches(role, route.role)]
    shares = [(resident.id, above[n::_HANDS]) for n, resident in enumerate(cast.residents[role])]
    await cast.feeds([update for sender, share in shares for route in share for update in asks(route, sender, cast)])
    assert await cast.snapshot(*tables) == before
    assert leaks(cast, role) == []


@pytest.mark.parametrize("role", ["stranger", "owner"])
async def test_nothing_is_done_or_told_in_a_group(cast: Cast, role: str) -> None:
    town, tables = cast.town, (*_SHARED, "member", "profile_field", "dialogue", "gift")
    group = town.world.add_group("Staff", [*(resident.person for resident in cast.residents[role]), town.bot])
    before = await cast.snapshot(*tables)
    # What /here says there is in test_staff_groups.
    asked = [update for update in cast.share(role) if "/here" not in str(update)]
    await cast.feeds([_in_group(update, group.id) for update in asked])
    assert await cast.snapshot(*tables) == before
    hints = {
        town.machinery.words.render("only_in_private", locale, {"username": town.bot.username, "easy": False})
        for locale in ("en", "zh_Hans")
    }
    assert {message.shown for message in group.messages.values() if message.sender.is_bot} <= hints
    # Who presses a button in a group is answered in private.
    assert leaks(cast, role) == []


def _in_group(update: dict[str, Any], group_id: int) -> dict[str, Any]:
    body = update.get("message") or update["callback_query"]["message"]
    body["chat"] = {"id": group_id, "type": "supergroup", "title": "Staff"}
    return update
