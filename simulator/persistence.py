"""The world as JSON, and back: people, bots, groups, chats and files, so that a demo can go on another day.

Left out: faults, the request log, and presses that wait for an answer.
"""

import base64
from typing import Any

from simulator.chats import Chat, Group, PrivateChat, Topic
from simulator.commands import CommandMenus
from simulator.files import Media, StoredFile
from simulator.messages import Message
from simulator.people import Bot
from simulator.updates import Update
from simulator.wire import Json
from simulator.world import World

# Ids go on well beyond those that may have been given after this was written.
_GAP = 10_000
_MESSAGE = (
    "id", "at", "text", "entities", "caption", "caption_entities", "contact", "inline_keyboard", "topic_id",
    "media_group_id", "forward_origin", "extra", "protected", "edited_at",
)  # fmt: skip
_PERSON = ("first_name", "last_name", "username", "language_code", "phone", "role_note")
_FILE = ("file_id", "unique_id", "kind", "path", "name", "mime", "size", "width", "height")
_TOPIC = ("id", "name", "icon_color", "icon_custom_emoji_id", "closed", "hidden")


def dump(world: World) -> Json:
    """Everything that `load` brings back."""
    chats = [chat for person in world.people.values() for chat in world.chats_of(person)]
    return {
        "offset": world.clock.offset,
        "people": [{"user_id": one.id, **_fields(one, _PERSON)} for one in world.people.values()],
        "bots": [_bot(bot) for bot in world.bots.values()],
        "media": [_media(media) for media in world.files.all_media()],
        "groups": [_group(group) for group in world.groups.values()],
        "private": [_private(chat) for chat in chats if isinstance(chat, PrivateChat)],
    }


def load(world: World, kept: Json) -> None:
    """Fill an empty world with what `dump` gave."""
    world.clock.offset = kept["offset"]
    for person in kept["people"]:
        world.add_person(**person)
    for bot in kept["bots"]:
        _load_bot(world, bot)
    for media in kept["media"]:
        world.files.restore(_load_media(media))
    for group in kept["groups"]:
        _load_group(world, group)
    for chat in kept["private"]:
        private = world.private_chat(_the_bot(world, chat["bot"]), world.people[chat["person"]])
        private.started, private.blocked = chat["started"], chat["blocked"]
        _load_content(world, private, chat)
    for bot, told in zip(world.bots.values(), kept["bots"], strict=True):
        # Setting the world up was no event: the bot hears only what it had not heard.
        bot.updates.pending.clear()
        bot.updates.pending.extend(_update(update) for update in told["pending"])
        bot.updates.next_id = told["next_id"] + _GAP


# to JSON


def _fields(thing: object, names: tuple[str, ...]) -> Json:
    return {name: getattr(thing, name) for name in names}


def _bot(bot: Bot) -> Json:
    return {
        **_fields(bot, ("token", "username", "first_name", "mailbox", "reads_groups")),
        "texts": [[kind, language, text] for (kind, language), text in bot.texts.items()],
        "menus": [[*scope, language, commands] for scope, language, commands in bot.menus.all()],
        "menu_buttons": [[chat, button] for chat, button in bot.menu_buttons.items()],
        "next_id": bot.updates.next_id,
        "pending": [[one.id, one.kind, one.lane, one.at, one.body.decode()] for one in bot.updates.pending],
    }


def _media(media: Media) -> Json:
    """Smaller sizes of a photo are drawn anew when they are asked for."""
    data = base64.b64encode(media.file.data).decode()
    return {"kind": media.kind, "wire": media.wire, "files": [_fields(one, _FILE) for one in media.files], "data": data}


def _group(group: Group) -> Json:
    return {
        **_fields(group, ("id", "title", "forum", "description", "last_id")),
        "members": [[member, group.status[member]] for member in group.members],
        "topics": [_fields(topic, _TOPIC) for topic in group.topics.values()],
        **_content(group),
    }


def _private(chat: PrivateChat) -> Json:
    ends = {"bot": chat.bot.id, "person": chat.person.id}
    return {**ends, **_fields(chat, ("started", "blocked")), **_content(chat)}


def _content(chat: Chat) -> Json:
    return {
        "pinned": chat.pinned,
        "keyboards": list(chat.keyboards.items()),
        "read": list(chat.read.items()),
        "messages": [_message(message) for message in chat.messages.values()],
    }


def _message(message: Message) -> Json:
    return {
        **_fields(message, _MESSAGE),
        "sender": message.sender.id,
        "media": message.media and message.media.file.file_id,
        "reply_to": message.reply_to and message.reply_to.id,
        "reactions": list(message.reactions.items()),
    }


# and back


def _load_bot(world: World, told: Json) -> None:
    bot = world.add_bot(told["token"], told["username"], told["first_name"])
    bot.mailbox, bot.reads_groups = told["mailbox"] + _GAP, told["reads_groups"]
    bot.texts = {(kind, language): text for kind, language, text in told["texts"]}
    bot.menus = CommandMenus()
    for kind, chat, user, language, commands in told["menus"]:
        bot.menus.set((kind, chat, user), language, commands)
    bot.menu_buttons = dict(told["menu_buttons"])


def _update(told: list[Any]) -> Update:
    number, kind, lane, at, body = told
    return Update(number, kind, lane, at, body.encode())


def _load_media(told: Json) -> Media:
    *smaller, largest = told["files"]
    original = StoredFile(**largest, _data=base64.b64decode(told["data"]))
    return Media(told["kind"], told["wire"], (*(StoredFile(**one, original=original) for one in smaller), original))


def _load_group(world: World, told: Json) -> None:
    group = Group(told["id"], told["title"], told["forum"], told["description"], last_id=told["last_id"] + _GAP)
    world.groups[group.id] = group
    for member, status in told["members"]:
        group.members[member] = world.people.get(member) or _the_bot(world, member)
        group.status[member] = status
    group.topics = {topic["id"]: Topic(**topic) for topic in told["topics"]}
    _load_content(world, group, told)


def _load_content(world: World, chat: Chat, told: Json) -> None:
    chat.pinned = told["pinned"]
    chat.keyboards, chat.read = dict(told["keyboards"]), dict(told["read"])
    for message in told["messages"]:
        chat.messages[message["id"]] = _load_message(world, chat, message)


def _load_message(world: World, chat: Chat, told: Json) -> Message:
    return Message(
        chat=chat,
        sender=world.people.get(told["sender"]) or _the_bot(world, told["sender"]),
        media=world.files.media(told["media"] or ""),
        reply_to=chat.messages.get(told["reply_to"] or 0),
        reactions=dict(told["reactions"]),
        **{name: told[name] for name in _MESSAGE},
    )


def _the_bot(world: World, bot_id: int) -> Bot:
    bot = world.bot_by_id(bot_id)
    if bot is None:
        raise ValueError(f"nobody has the id {bot_id}")
    return bot
