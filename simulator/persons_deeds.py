"""What a person can do over HTTP: one function per `do` of /sim/act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.chats import Chat, Group, PrivateChat
from simulator.errors import PersonError
from simulator.people import Bot, Person
from simulator.wire import Json
from simulator.world import World


@dataclass(slots=True)
class Deed:
    """Who does it where, the fields of the request, and the uploaded file (name, type, bytes)."""

    world: World
    person: Person
    chat: Chat
    body: Json
    upload: tuple[str, str, bytes] | None

    def number(self, name: str) -> int | None:
        value = self.body.get(name)
        return None if value in (None, "") else int(value)

    @property
    def text(self) -> str:
        return str(self.body.get("text") or "")

    @property
    def context(self) -> Json:
        """reply_to and topic_id of a new message."""
        return {"reply_to": self.number("reply_to"), "topic_id": self.number("topic")}

    @property
    def bot(self) -> Bot:
        if not isinstance(self.chat, PrivateChat):
            raise PersonError("this is not a chat with a bot")
        return self.chat.bot

    @property
    def group(self) -> Group:
        if not isinstance(self.chat, Group):
            raise PersonError("this is not a group")
        return self.chat


def _send(deed: Deed) -> Json:
    message = deed.person.send(deed.chat, deed.text, deed.number("reply_to"), topic=deed.number("topic"))
    return {"message_id": message.id}


def _press(deed: Deed) -> Json:
    row, column = deed.number("row"), deed.number("col")
    where = deed.text if row is None or column is None else (row, column)
    press = deed.person.press(deed.chat, deed.number("message"), where)
    found: Json = {"query_id": press.query_id or None, "url": press.url or None, "copied": press.copied or None}
    return {**found, "message_id": press.sent.id if press.sent else None}


def _contact(deed: Deed) -> Json:
    other = deed.world.people.get(deed.number("contact_of") or 0)
    return {"message_id": deed.person.share_contact(deed.chat, other).id}


def _media(kind: str) -> Callable[[Deed], Json]:
    def send(deed: Deed) -> Json:
        name, mime, data = deed.upload or ("", "", b"OggS" if kind == "voice" else b"RIFF")
        if deed.upload is None and kind in ("photo", "document"):
            raise PersonError("a file is expected")
        caption = str(deed.body.get("caption") or deed.text)
        more: Any = {**deed.context, "media_group_id": deed.body.get("album")}
        message = deed.person.send_media(deed.chat, kind, data, name=name, mime=mime, caption=caption, **more)
        return {"message_id": message.id}

    return send


def _edit(deed: Deed) -> Json:
    return {"message_id": deed.person.edit(int(deed.body["message"]), deed.text, deed.chat).id}


def _start(deed: Deed) -> Json:
    return {"message_id": deed.person.start(deed.bot, str(deed.body.get("start") or "")).id}


def _block(deed: Deed) -> Json:
    deed.person.block(deed.bot)
    return {}


def _unblock(deed: Deed) -> Json:
    deed.person.unblock(deed.bot)
    return {}


def _join(deed: Deed) -> Json:
    deed.person.join(deed.group)
    return {}


def _leave(deed: Deed) -> Json:
    deed.person.leave(deed.group)
    return {}


DEEDS: dict[str, Callable[[Deed], Json]] = {
    "send": _send,
    "press": _press,
    "contact": _contact,
    "edit": _edit,
    "start": _start,
    "block": _block,
    "unblock": _unblock,
    "join": _join,
    "leave": _leave,
    **{kind: _media(kind) for kind in ("photo", "document", "voice", "sticker")},
}
