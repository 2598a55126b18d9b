"""Messages already sent: edited, deleted, reacted to, pinned; and button presses answered."""

from typing import Any

from simulator.chats import Chat, Group, PrivateChat
from simulator.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from simulator.keyboards import parse_markup, same_markup
from simulator.messages import Message
from simulator.methods.media import input_media
from simulator.methods.sending import CAPTION, caption_of, text_of
from simulator.methods.table import ARRAY, BOOLEAN, CHAT, INTEGER, OBJECT, STRING, Call, method
from simulator.methods.targets import known_chat, known_message, writable_chat
from simulator.people import Answer
from simulator.wire import Json, utf16_length

DELETABLE_MS = 48 * 3_600_000
MAX_ANSWER = 200
EDITABLE_MEDIA = ("photo", "video", "animation", "audio", "document")
REACTIONS = {
    "❤",
    "👍",
    "👎",
    "🔥",
    "🥰",
    "👏",
    "😁",
    "🤔",
    "🤯",
    "😱",
    "🤬",
    "😢",
    "🎉",
    "🤩",
    "🤮",
    "💩",
    "🙏",
    "👌",
    "🕊",
    "🤡",
    "🥱",
    "🥴",
    "😍",
    "🐳",
    "❤\u200d🔥",
    "🌚",
    "🌭",
    "💯",
    "🤣",
    "⚡",
    "🍌",
    "🏆",
    "💔",
    "🤨",
    "😐",
    "🍓",
    "🍾",
    "💋",
    "🖕",
    "😈",
    "😴",
    "😭",
    "🤓",
    "👻",
    "👨\u200d💻",
    "👀",
    "🎃",
    "🙈",
    "😇",
    "😨",
    "🤝",
    "✍",
    "🤗",
    "🫡",
    "🎅",
    "🎄",
    "☃",
    "💅",
    "🤪",
    "🗿",
    "🆒",
    "💘",
    "🙉",
    "🦄",
    "😘",
    "💊",
    "🙊",
    "😎",
    "👾",
    "🤷\u200d♂",
    "🤷",
    "🤷\u200d♀",
    "😡",
}
EDITED = {
    "business_connection_id": STRING,
    "chat_id": CHAT,
    "message_id": INTEGER,
    "inline_message_id": STRING,
    "reply_markup": OBJECT,
}


@method("editMessageText", {"text": STRING}, parse_mode=STRING, entities=ARRAY, link_preview_options=OBJECT, **EDITED)
def edit_message_text(call: Call) -> Json:
    message = _editable(call)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    words = text_of(call)
    return _edited(call, message, text=words.text, entities=words.entities)


@method("editMessageCaption", show_caption_above_media=BOOLEAN, **CAPTION, **EDITED)
def edit_message_caption(call: Call) -> Json:
    message = _editable(call)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    return _edited(call, message, **caption_of(call))


@method("editMessageMedia", {"media": OBJECT}, **EDITED)
def edit_message_media(call: Call) -> Json:
    message = _editable(call)
    content = input_media(call, call.args["media"], EDITABLE_MEDIA)
    if message.media is None:
        content |= {"text": None, "entities": []}
    return _edited(call, message, **content)


@method("editMessageReplyMarkup", **EDITED)
def edit_message_reply_markup(call: Call) -> Json:
    message = _editable(call)
    return _edited(call, message)


@method("deleteMessage", {"chat_id": CHAT, "message_id": INTEGER})
def delete_message(call: Call) -> bool:
    chat = known_chat(call)
    message = known_message(call, chat, "delete")
    if not _deletable(call, chat, message):
        raise bad_request("message can't be deleted")
    _delete(call, chat, [message.id])
    return True


@method("deleteMessages", {"chat_id": CHAT, "message_ids": ARRAY})
def delete_messages(call: Call) -> bool:
    chat = known_chat(call)
    wanted = call.args["message_ids"]
    if not 1 <= len(wanted) <= 100:
        raise bad_request("wrong number of message identifiers: there must be 1-100")
    found = [chat.messages[number] for number in wanted if number in chat.messages]
    if not all(_deletable(call, chat, message) for message in found):
        raise bad_request("message can't be deleted")
    _delete(call, chat, [message.id for message in found])
    return True


@method(
    "answerCallbackQuery",
    {"callback_query_id": STRING},
    text=STRING,
    show_alert=BOOLEAN,
    url=STRING,
    cache_time=INTEGER,
)
def answer_callback_query(call: Call) -> bool:
    text = call.get("text", "")
    if utf16_length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = Answer(text, bool(call.get("show_alert")), call.get("url", ""))
    if not call.world.answer(call.bot, call.args["callback_query_id"], answer):
        raise bad_request(QUERY_TOO_OLD)
    return True


@method("setMessageReaction", {"chat_id": CHAT, "message_id": INTEGER}, reaction=ARRAY, is_big=BOOLEAN)
def set_message_reaction(call: Call) -> bool:
    chat = writable_chat(call)
    message = known_message(call, chat, "react")
    reactions = call.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not all(_is_reaction(reaction) for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    message.reactions[call.bot.id] = reactions
    call.world.changed(chat)
    return True


@method(
    "pinChatMessage",
    {"chat_id": CHAT, "message_id": INTEGER},
    business_connection_id=STRING,
    disable_notification=BOOLEAN,
)
def pin_chat_message(call: Call) -> bool:
    chat = writable_chat(call)
    message = known_message(call, chat, "pin")
    _check_may_pin(call, chat)
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        call.world.post_service(chat, call.bot, {"pinned_message": message.wire(with_reply=False)}, message.topic_id)
    return True


@method("unpinChatMessage", {"chat_id": CHAT}, business_connection_id=STRING, message_id=INTEGER)
def unpin_chat_message(call: Call) -> bool:
    chat = writable_chat(call)
    _check_may_pin(call, chat)
    wanted = call.get("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    call.world.changed(chat)
    return True


@method("unpinAllChatMessages", {"chat_id": CHAT})
def unpin_all_chat_messages(call: Call) -> bool:
    chat = writable_chat(call)
    _check_may_pin(call, chat)
    chat.pinned.clear()
    call.world.changed(chat)
    return True


def _editable(call: Call) -> Message:
    if "inline_message_id" in call.args:
        raise bad_request("MESSAGE_ID_INVALID")
    for name, reason in (("chat_id", "chat_id is empty"), ("message_id", "message identifier is not specified")):
        if name not in call.args:
            raise bad_request(reason)
    message = known_message(call, writable_chat(call), "edit")
    if message.sender is not call.bot or message.extra or message.forward_origin:
        raise bad_request("message can't be edited")
    return message


def _edited(call: Call, message: Message, **content: Any) -> Json:
    markup = parse_markup(call.get("reply_markup"), inline_only=True)
    rows = markup["inline_keyboard"] if markup else None
    different = {name: value for name, value in content.items() if _differs(getattr(message, name), value)}
    if not different and same_markup(message.inline_keyboard, rows):
        raise bad_request(NOT_MODIFIED)
    for name, value in different.items():
        setattr(message, name, value)
    if different:
        message.edited_at = call.world.clock.now()
    message.inline_keyboard = rows or None
    call.world.changed(message.chat)
    return message.wire()


def _differs(old: Any, new: Any) -> bool:
    return bool(old != new)


def _deletable(call: Call, chat: Chat, message: Message) -> bool:
    recent = call.world.clock.now() - message.at < DELETABLE_MS
    if isinstance(chat, PrivateChat):
        return recent
    admin = isinstance(chat, Group) and chat.is_admin(call.bot.id)
    return admin or (recent and message.sender is call.bot and not message.extra)


def _delete(call: Call, chat: Chat, numbers: list[int]) -> None:
    for number in numbers:
        del chat.messages[number]
    chat.pinned = [number for number in chat.pinned if number not in numbers]
    call.world.changed(chat)


def _is_reaction(reaction: Any) -> bool:
    if not isinstance(reaction, dict):
        return False
    if reaction.get("type") == "custom_emoji":
        return isinstance(reaction.get("custom_emoji_id"), str)
    return reaction.get("type") == "emoji" and str(reaction.get("emoji")).rstrip("\ufe0f") in REACTIONS


def _check_may_pin(call: Call, chat: Chat) -> None:
    if isinstance(chat, Group) and not chat.is_admin(call.bot.id):
        raise bad_request("not enough rights to manage pinned messages in the chat")
