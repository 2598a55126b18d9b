"""People, bots and groups from JSON: the seed file, and the same objects over HTTP."""

from typing import Any

from simulator.chats import Group
from simulator.people import Bot, Person
from simulator.wire import Json
from simulator.world import World


def plant(world: World, seed: Json) -> None:
    """Add `bots`, `people` and `groups` (members by user id or bot username) of a seed."""
    for bot in seed.get("bots", []):
        add_bot(world, bot)
    for person in seed.get("people", []):
        add_person(world, person)
    for group in seed.get("groups", []):
        add_group(world, group)


def add_bot(world: World, item: Json) -> Bot:
    """From {token, username, name, reads_groups?}."""
    bot = world.add_bot(item["token"], item["username"], str(item.get("name") or item["username"]))
    bot.reads_groups = bool(item.get("reads_groups"))
    return bot


def add_person(world: World, item: Json) -> Person:
    """From {first_name, last_name?, username?, language_code?, phone?, id?, role_note?}."""
    names = ("last_name", "username", "language_code", "phone", "role_note")
    named = {name: item[name] for name in names if name in item}
    return world.add_person(item["first_name"], user_id=item.get("id", item.get("user_id")), **named)


def add_group(world: World, item: Json) -> Group:
    """From {title, members: [user id or bot username], forum?}."""
    members = [_member(world, one) for one in item.get("members", [])]
    return world.add_group(item["title"], members, forum=bool(item.get("forum")))


def _member(world: World, ref: Any) -> Person | Bot:
    found = world.bot_named(ref) if isinstance(ref, str) else world.people.get(ref) or world.bot_by_id(ref)
    if found is None:
        raise ValueError(f"no such member: {ref}")
    return found
