"""Chats and messages as a person's app shows them."""

from simulator.chats import GENERAL_TOPIC, Chat, Group, PrivateChat
from simulator.keyboards import button_kind, reply_kind
from simulator.messages import Message
from simulator.people import Bot, Person
from simulator.wire import Json
from simulator.world import World


def state(world: World) -> Json:
    """Who is there, the clock and the faults."""
    return {
        "people": [_person(person) for person in world.people.values()],
        "groups": [_group(group) for group in world.groups.values()],
        "bots": [_bot(bot) for bot in world.bots.values()],
        "clock": {"now": world.clock.now(), "offset": world.clock.offset, "zone": world.clock.zone},
        "faults": [fault.wire() for fault in world.faults.rules],
    }


def _person(person: Person) -> Json:
    names = ("id", "first_name", "last_name", "username", "language_code", "role_note")
    return {name: getattr(person, name) for name in names}


def _group(group: Group) -> Json:
    topics = [{"id": topic.id, "name": topic.name, "closed": topic.closed} for topic in group.topics.values()]
    return {
        "id": group.id,
        "title": group.title,
        "forum": group.forum,
        "topics": topics,
        "members": list(group.members),
    }


def _bot(bot: Bot) -> Json:
    texts = {kind: bot.text(kind, "") for kind in ("description", "short_description")}
    return {"id": bot.id, "username": bot.username, "name": bot.name, **texts}


def chat_list(world: World, viewer: Person) -> list[Json]:
    """That person's chats, the most recent first."""
    chats = [_chat(chat, viewer) for chat in world.chats_of(viewer)]
    return sorted(chats, key=lambda chat: -(chat["last_at"] or 0))


def _chat(chat: Chat, viewer: Person) -> Json:
    last, read = chat.last(), chat.read.get(viewer.id, 0)
    private = isinstance(chat, PrivateChat)
    return {
        "chat_id": chat.peer_id,
        "title": chat.heading,
        "kind": "private" if private else "group",
        "last_text": summary(last) if last else "",
        "last_at": last.at if last else None,
        "unread": sum(1 for message in chat.messages.values() if message.id > read and message.sender is not viewer),
        "blocked": isinstance(chat, PrivateChat) and chat.blocked,
        "started": not isinstance(chat, PrivateChat) or chat.started,
        "username": chat.bot.username if isinstance(chat, PrivateChat) else "",
    }


def summary(message: Message) -> str:
    """A line for the chat list."""
    kind = message.media.kind if message.media else "contact" if message.contact else ""
    return message.shown or message.service or f"[{kind}]"


def history(world: World, viewer: Person, chat: Chat, before: int | None, limit: int) -> Json:
    """The newest messages of a chat (before an id), and everything around its input field."""
    shown = [message for message in chat.messages.values() if before is None or message.id < before][-limit:]
    if shown and before is None:
        chat.read[viewer.id] = shown[-1].id
    return {
        "messages": [message_view(message, viewer) for message in shown],
        "reply_keyboard": _keyboard(chat.keyboards.get(viewer.id)),
        "commands": _commands(chat, viewer),
        "menu": _menu(chat, viewer),
        "typing": chat.typing_until > world.clock.now(),
        "pinned": [number for number in chat.pinned if number in chat.messages],
        "description": chat.bot.text("description", viewer.language_code[:2]) if isinstance(chat, PrivateChat) else "",
    }


def _commands(chat: Chat, viewer: Person) -> list[Json]:
    group_id = None if isinstance(chat, PrivateChat) else chat.id
    admin = isinstance(chat, Group) and chat.is_admin(viewer.id)
    found = []
    for bot in chat.bots():
        found += bot.menus.shown_to(viewer.id, viewer.language_code, group_id, admin=admin)
    return found


def _menu(chat: Chat, viewer: Person) -> Json | None:
    if not isinstance(chat, PrivateChat):
        return None
    buttons = chat.bot.menu_buttons
    button = buttons.get(viewer.id) or buttons.get(0) or {"type": "commands"}
    return {"type": "commands"} if button["type"] == "default" else button


def _keyboard(markup: Json | None) -> Json | None:
    if markup is None or "keyboard" not in markup:
        return markup
    rows = [[{**button, "kind": reply_kind(button)} for button in row] for row in markup["keyboard"]]
    return {**markup, "keyboard": rows}


def message_view(message: Message, viewer: Person) -> Json:
    """One message for the page."""
    sender = message.sender
    return {
        "id": message.id,
        "from": {"id": sender.id, "name": sender.name, "is_bot": sender.is_bot},
        "mine": sender is viewer,
        "at": message.at,
        "edited": message.edited_at is not None,
        "text": message.text,
        "entities": message.entities,
        "caption": message.caption,
        "caption_entities": message.caption_entities,
        **_contents(message),
        "reply_to": _reply(message.reply_to),
        "inline_keyboard": _inline(message.inline_keyboard),
        "reactions": [one for given in message.reactions.values() for one in given],
        "topic_id": message.topic_id
        or (GENERAL_TOPIC if isinstance(message.chat, Group) and message.chat.forum else None),
        "media_group_id": message.media_group_id,
        "forwarded_from": _origin(message.forward_origin),
        "service": message.service,
    }


def _contents(message: Message) -> Json:
    kinds: Json = dict.fromkeys(("photo", "document", "voice", "sticker", "video", "audio", "animation"))
    if message.media is not None:
        file = message.media.file
        kinds[message.media.kind] = {
            "url": f"/sim/file/{file.file_id}",
            "name": file.name,
            "size": file.size,
            "w": file.width,
            "h": file.height,
            "mime": file.mime,
        }
    return {**kinds, "contact": message.contact}


def _reply(replied: Message | None) -> Json | None:
    if replied is None:
        return None
    return {"id": replied.id, "name": replied.sender.name, "text": summary(replied)}


def _inline(rows: list[list[Json]] | None) -> list[list[Json]] | None:
    if not rows:
        return None
    return [[_button(button) for button in row] for row in rows]


def _button(button: Json) -> Json:
    shown = {"text": button["text"], "kind": button_kind(button)}
    if "style" in button:
        shown["style"] = button["style"]
    if "url" in button:
        shown["url"] = button["url"]
    if "copy_text" in button:
        shown["copy_text"] = button["copy_text"]["text"]
    return shown


def _origin(origin: Json | None) -> str | None:
    if origin is None:
        return None
    user = origin.get("sender_user") or {}
    return str(user.get("first_name") or origin.get("sender_user_name") or "")
