"""sendMessage, and what all sending methods share."""

from typing import Any

from simulator.chats import TYPING_MS, Chat
from simulator.entities import Formatted, formatted
from simulator.errors import bad_request
from simulator.keyboards import parse_markup
from simulator.messages import Message
from simulator.methods.table import ARRAY, BOOLEAN, CHAT, INTEGER, OBJECT, STRING, Call, method
from simulator.methods.targets import known_chat, known_message, replied_to, topic_of, writable_chat
from simulator.wire import Json, utf16_length

MAX_TEXT = 4096
MAX_CAPTION = 1024
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
PLACE = {"business_connection_id": STRING, "message_thread_id": INTEGER, "direct_messages_topic_id": INTEGER}
DELIVERY = {
    "disable_notification": BOOLEAN,
    "protect_content": BOOLEAN,
    "allow_paid_broadcast": BOOLEAN,
    "message_effect_id": STRING,
}
REPLY = {"suggested_post_parameters": OBJECT, "reply_parameters": OBJECT, "reply_markup": OBJECT}
SENDING = PLACE | DELIVERY | REPLY
CAPTION = {"caption": STRING, "parse_mode": STRING, "caption_entities": ARRAY}


@method(
    "sendMessage",
    {"chat_id": CHAT, "text": STRING},
    parse_mode=STRING,
    entities=ARRAY,
    link_preview_options=OBJECT,
    **SENDING,
)
def send_message(call: Call) -> Json:
    chat = writable_chat(call)
    words = text_of(call)
    return deliver(call, chat, text=words.text, entities=words.entities).wire()


@method("sendChatAction", {"chat_id": CHAT, "action": STRING}, business_connection_id=STRING, message_thread_id=INTEGER)
def send_chat_action(call: Call) -> bool:
    chat = writable_chat(call)
    if call.args["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_until = call.world.clock.now() + TYPING_MS
    call.world.changed(chat)
    return True


@method(
    "sendContact",
    {"chat_id": CHAT, "phone_number": STRING, "first_name": STRING},
    last_name=STRING,
    vcard=STRING,
    **SENDING,
)
def send_contact(call: Call) -> Json:
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: call.args[name] for name in names if name in call.args}
    return deliver(call, writable_chat(call), contact=contact).wire()


@method(
    "copyMessage",
    {"chat_id": CHAT, "from_chat_id": CHAT, "message_id": INTEGER},
    video_start_timestamp=INTEGER,
    show_caption_above_media=BOOLEAN,
    message_thread_id=INTEGER,
    direct_messages_topic_id=INTEGER,
    **CAPTION,
    **DELIVERY,
    **REPLY,
)
def copy_message(call: Call) -> Json:
    chat = writable_chat(call)
    source = known_message(call, known_chat(call, "from_chat_id"), "copy")
    if source.extra or source.protected:
        raise bad_request("message can't be copied")
    content = _copied(source)
    if "caption" in call.args and source.media is not None:
        content |= caption_of(call)
    return {"message_id": deliver(call, chat, **content).id}


@method(
    "forwardMessage",
    {"chat_id": CHAT, "from_chat_id": CHAT, "message_id": INTEGER},
    message_thread_id=INTEGER,
    direct_messages_topic_id=INTEGER,
    video_start_timestamp=INTEGER,
    disable_notification=BOOLEAN,
    protect_content=BOOLEAN,
    message_effect_id=STRING,
    suggested_post_parameters=OBJECT,
)
def forward_message(call: Call) -> Json:
    chat = writable_chat(call)
    source = known_message(call, known_chat(call, "from_chat_id"), "forward")
    if source.extra or source.protected:
        raise bad_request("message can't be forwarded")
    origin = source.forward_origin or {
        "type": "user",
        "sender_user": source.sender.wire,
        "date": source.at // 1000,
    }
    return deliver(call, chat, forward_origin=origin, **_copied(source)).wire()


def text_of(call: Call) -> Formatted:
    """The text with its entities, within Telegram's limits."""
    words = formatted(call.args["text"], call.get("parse_mode"), call.get("entities"))
    if not words.text:
        raise bad_request("message text is empty")
    if utf16_length(words.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return words


def caption_of(call: Call) -> Json:
    """caption and caption_entities for a message, within Telegram's limits."""
    return checked_caption(call.get("caption"), call.get("parse_mode"), call.get("caption_entities"))


def checked_caption(caption: str | None, parse_mode: str | None, entities: list[Any] | None) -> Json:
    words = formatted(caption or "", parse_mode, entities)
    if utf16_length(words.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return {"caption": words.text or None, "caption_entities": words.entities}


def deliver(call: Call, chat: Chat, **content: Any) -> Message:
    """Post the bot's message with the reply, topic and keyboard the call asks for."""
    replied = replied_to(call, chat)
    topic = topic_of(call, chat, replied)
    markup = parse_markup(call.get("reply_markup"))
    inline = markup.get("inline_keyboard") if markup else None
    protected = bool(call.get("protect_content"))
    message = call.world.post(
        chat, call.bot, reply_to=replied, topic_id=topic, inline_keyboard=inline, protected=protected, **content
    )
    if markup is not None and inline is None:
        _show_keyboard(chat, message, markup)
    return message


def _show_keyboard(chat: Chat, message: Message, markup: Json) -> None:
    chosen = message.reply_to.sender.id if markup.get("selective") and message.reply_to else None
    for person in chat.people():
        if chosen not in (None, person.id):
            continue
        if markup.get("remove_keyboard"):
            chat.keyboards.pop(person.id, None)
        else:
            chat.keyboards[person.id] = markup


def _copied(source: Message) -> Json:
    names = ("text", "entities", "caption", "caption_entities", "media", "contact")
    return {name: getattr(source, name) for name in names}
