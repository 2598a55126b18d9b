"""Where a call goes: the chat, the topic, the message replied to, and who may do it."""

from typing import Any

from simulator.chats import Chat, Group, PrivateChat, Topic
from simulator.errors import ApiError, bad_request, forbidden
from simulator.messages import Message
from simulator.methods.table import Call
from simulator.people import Person


def known_chat(call: Call, name: str = "chat_id") -> Chat:
    """The chat named by that argument; refused unless the bot has met it."""
    chat_id = call.get(name)
    chat = call.world.known_chat(call.bot, chat_id) if isinstance(chat_id, int) else None
    if chat is None or (isinstance(chat, Group) and call.bot.id not in chat.members):
        raise _unknown(call, chat_id)
    if isinstance(chat, PrivateChat) and not chat.started:
        raise _unknown(call, chat_id)
    return chat


def _unknown(call: Call, chat_id: Any) -> ApiError:
    if isinstance(chat_id, int) and call.world.bot_by_id(chat_id) is not None:
        return forbidden("bots can't send messages to bots")
    person = call.world.people.get(chat_id) if isinstance(chat_id, int) else None
    groups = call.world.groups.values()
    if person is not None and any(group.has(person.id) and group.has(call.bot.id) for group in groups):
        return forbidden("bot can't initiate conversation with a user")
    return bad_request("chat not found")


def writable_chat(call: Call, name: str = "chat_id") -> Chat:
    """The chat, refused when the bot may not write to it."""
    chat = known_chat(call, name)
    if isinstance(chat, PrivateChat) and chat.blocked:
        raise forbidden("bot was blocked by the user")
    if isinstance(chat, Group):
        _check_member(chat, call)
    return chat


def _check_member(group: Group, call: Call) -> None:
    status = group.status[call.bot.id]
    if status == "kicked":
        raise forbidden("bot was kicked from the supergroup chat")
    if status == "left":
        raise forbidden("bot is not a member of the supergroup chat")


def topic_of(call: Call, chat: Chat, replied: Message | None) -> int | None:
    """The topic to write to; refused when there is none of that id."""
    thread = call.get("message_thread_id")
    if not thread:
        return replied.topic_id if replied is not None and replied.chat is chat else None
    topic = existing_topic(chat, thread)
    if topic.closed and isinstance(chat, Group) and not chat.is_admin(call.bot.id):
        raise bad_request("TOPIC_CLOSED")
    return topic.id


def existing_topic(chat: Chat, thread: int) -> Topic:
    if not isinstance(chat, Group) or thread not in chat.topics:
        raise bad_request("message thread not found")
    return chat.topics[thread]


def replied_to(call: Call, chat: Chat) -> Message | None:
    """The message that reply_parameters names; refused when it is gone, unless that is allowed."""
    wanted = call.get("reply_parameters")
    if not wanted:
        return None
    message_id = wanted.get("message_id")
    if not isinstance(message_id, int):
        raise bad_request("can't parse reply parameters: Can't find field \"message_id\"")
    there = chat if wanted.get("chat_id", chat.id) == chat.id else call.world.known_chat(call.bot, wanted["chat_id"])
    message = there.messages.get(message_id) if there is not None else None
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def known_message(call: Call, chat: Chat, purpose: str, name: str = "message_id") -> Message:
    """The message named by the call; `purpose` completes "message to … not found"."""
    message = chat.messages.get(call.get(name, 0))
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def known_group(call: Call) -> Group:
    """The group; refused for private chats and for bots outside it."""
    chat = writable_chat(call)
    if not isinstance(chat, Group):
        raise bad_request("method is available only for supergroups")
    return chat


def known_user(call: Call) -> Person | Any:
    """A person or bot by id; refused when there is none."""
    user_id = call.get("user_id")
    user = call.world.people.get(user_id) or call.world.bot_by_id(user_id)
    if user is None:
        raise bad_request("invalid user_id specified")
    return user
