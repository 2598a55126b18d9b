"""Chats as the bot sees them: what they are and who is in them."""

from simulator.chats import Group, PrivateChat
from simulator.errors import bad_request
from simulator.methods.table import BOOLEAN, CHAT, INTEGER, Call, method
from simulator.methods.targets import known_chat, known_group, known_user
from simulator.wire import Json
from simulator.world import member_wire

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
PERMISSIONS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
]


@method("getChat", {"chat_id": CHAT})
def get_chat(call: Call) -> Json:
    chat = known_chat(call)
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(GIFTS, False)}
    value: Json = {**chat.wire, **full}
    if isinstance(chat, PrivateChat) and chat.person.username:
        value["active_usernames"] = [chat.person.username]
    if isinstance(chat, Group):
        value["permissions"] = dict.fromkeys(PERMISSIONS, True)
        value |= {"description": chat.description} if chat.description else {}
    if chat.pinned:
        value["pinned_message"] = chat.messages[chat.pinned[-1]].wire(with_reply=False)
    return value


@method("getChatMember", {"chat_id": CHAT, "user_id": INTEGER})
def get_chat_member(call: Call) -> Json:
    chat = known_chat(call)
    user = known_user(call)
    if isinstance(chat, Group):
        return member_wire(user, chat.status.get(user.id, "left"))
    if user.id not in (chat.id, call.bot.id):
        raise bad_request("user not found")
    return member_wire(user, "member")


@method("getChatMemberCount", {"chat_id": CHAT})
def get_chat_member_count(call: Call) -> int:
    chat = known_chat(call)
    return sum(1 for _ in chat.present()) if isinstance(chat, Group) else 2


@method("getChatAdministrators", {"chat_id": CHAT}, return_bots=BOOLEAN)
def get_chat_administrators(call: Call) -> list[Json]:
    chat = known_chat(call)
    if not isinstance(chat, Group):
        raise bad_request("there are no administrators in the private chat")
    leaders = [one for one in chat.present() if chat.is_admin(one.id)]
    kept = [one for one in leaders if not one.is_bot or one is call.bot or call.get("return_bots")]
    return [member_wire(member, chat.status[member.id]) for member in kept]


@method("leaveChat", {"chat_id": CHAT})
def leave_chat(call: Call) -> bool:
    call.world.leave(known_group(call), call.bot)
    return True


@method("getUserProfilePhotos", {"user_id": INTEGER}, offset=INTEGER, limit=INTEGER)
def get_user_profile_photos(call: Call) -> Json:
    known_user(call)
    return {"total_count": 0, "photos": []}
