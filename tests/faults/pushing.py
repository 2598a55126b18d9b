"""A chain with thousands of messages waiting, and processes that send them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import Any

from actions import pushes
from db import members, outbox, people
from db.database import Tx
from loyalty.messages import Say
from tests.faults.chain import Chain, calls, in_database


def text(number: int) -> str:
    """Tells messages apart."""
    return f"no-{number}."


async def queue_notices(made: Chain, numbers: range) -> None:
    """One of each to the members in turn."""
    await in_database(made, _notices, [one.id for one in made.members], numbers)


def _notices(tx: Tx, chats: list[int], numbers: range) -> None:
    for number in numbers:
        chat = chats[number % len(chats)]
        outbox.post(tx, Say("update_not_dead", {"reference": text(number)}, to=chat, kind="notice"))


async def queue_promotions(made: Chain, numbers: range) -> None:
    """The same as promotions that nobody needs to want."""
    await in_database(made, _promotions, [one.id for one in made.members], numbers)


def _promotions(tx: Tx, chats: list[int], numbers: range) -> None:
    for number in numbers:
        chat = chats[number % len(chats)]
        outbox.post(tx, Say("update_not_dead", {"reference": text(number)}, to=chat, kind="promotion"))


async def queue_pushes(made: Chain, topic: Any, first: int) -> None:
    """One on that topic to each member."""
    await in_database(made, _pushes, [one.id for one in made.members], topic, first)


def _pushes(tx: Tx, users: list[int], topic: Any, first: int) -> None:
    for number, user_id in enumerate(users, start=first):
        people.meet(tx, user_id, "en")
        people.choose_quiet_hours(tx, user_id, "00:00", "00:00")  # tests run at any hour
        member = members.get_by_user(tx, user_id)
        assert member is not None
        pushes.push(tx, member.id, topic, Say("update_not_dead", {"reference": text(number)}), f"test:{number}", 0)


def received(made: Chain, kinds: Iterable[range]) -> list[Counter[int]]:
    """How often each of those numbers was shown to anybody."""
    counted: Counter[int] = Counter()
    for entry in made.world.log:
        if entry["method"] == "sendMessage" and entry.get("message_id"):
            found = entry["params"]["text"].partition("no-")[2].partition(".")[0]
            if found:
                counted[int(found)] += 1
    return [Counter({number: counted[number] for number in numbers}) for numbers in kinds]


def sends_at(made: Chain, chat: int = 0) -> list[float]:
    """When calls that send something came, in seconds; refused ones, too."""
    return sorted(entry["monotonic"] for entry in calls(made) if not chat or _chat(entry) == chat)


def _chat(entry: Mapping[str, Any]) -> int:
    return int(entry["params"]["chat_id"])


def fullest(at: Iterable[float], seconds: float) -> int:
    """The most of these within any stretch of so many seconds."""
    window: deque[float] = deque()
    most = 0
    for moment in at:
        window.append(moment)
        while window[0] <= moment - seconds:
            window.popleft()
        most = max(most, len(window))
    return most


async def queue_in_group(made: Chain, group: int, count: int) -> None:
    """So many notices to a group."""

    def queue(tx: Tx) -> None:
        for number in range(count):
            outbox.post(tx, Say("update_not_dead", {"reference": f"g-{number}"}, to=group, kind="notice"))

    await in_database(made, queue)
