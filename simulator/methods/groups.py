"""Forum topics of groups."""

from simulator.chats import Group, Topic
from simulator.errors import bad_request
from simulator.methods.table import CHAT, INTEGER, STRING, Call, method
from simulator.methods.targets import existing_topic, known_group
from simulator.wire import Json

MAX_TOPIC_NAME = 128
ICON_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
TOPIC = {"chat_id": CHAT, "message_thread_id": INTEGER}


@method("createForumTopic", {"chat_id": CHAT, "name": STRING}, icon_color=INTEGER, icon_custom_emoji_id=STRING)
def create_forum_topic(call: Call) -> Json:
    group = _forum(call, "create a topic")
    name = _checked_name(call.args["name"])
    color = call.get("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad_request("invalid icon color specified")
    created = {"forum_topic_created": {"name": name, "icon_color": color}}
    message = call.world.post_service(group, call.bot, created)
    message.topic_id = message.id
    group.topics[message.id] = Topic(message.id, name, color, call.get("icon_custom_emoji_id"))
    call.world.tell("state", {}, None)
    return {"message_thread_id": message.id, "name": name, "icon_color": color}


@method("editForumTopic", dict(TOPIC), name=STRING, icon_custom_emoji_id=STRING)
def edit_forum_topic(call: Call) -> bool:
    group, topic = _topic(call)
    name = _checked_name(call.get("name") or topic.name)
    icon = call.get("icon_custom_emoji_id", topic.icon_custom_emoji_id)
    if (name, icon) == (topic.name, topic.icon_custom_emoji_id):
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name, topic.icon_custom_emoji_id = name, icon
    _announce(call, group, topic, "forum_topic_edited", {"name": name})
    return True


@method("closeForumTopic", dict(TOPIC))
def close_forum_topic(call: Call) -> bool:
    return _set_closed(call, closed=True)


@method("reopenForumTopic", dict(TOPIC))
def reopen_forum_topic(call: Call) -> bool:
    return _set_closed(call, closed=False)


@method("deleteForumTopic", dict(TOPIC))
def delete_forum_topic(call: Call) -> bool:
    group, topic = _topic(call)
    del group.topics[topic.id]
    group.messages = {number: one for number, one in group.messages.items() if one.topic_id != topic.id}
    call.world.changed(group)
    call.world.tell("state", {}, None)
    return True


def _forum(call: Call, deed: str) -> Group:
    group = known_group(call)
    if not group.forum:
        raise bad_request("the chat is not a forum")
    if not group.is_admin(call.bot.id):
        raise bad_request(f"not enough rights to {deed}")
    return group


def _topic(call: Call) -> tuple[Group, Topic]:
    group = _forum(call, "manage topics")
    return group, existing_topic(group, call.args["message_thread_id"])


def _checked_name(name: str) -> str:
    if not 1 <= len(name.strip()) <= MAX_TOPIC_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name.strip() else "topic name is too long")
    return name.strip()


def _set_closed(call: Call, *, closed: bool) -> bool:
    group, topic = _topic(call)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _announce(call, group, topic, "forum_topic_closed" if closed else "forum_topic_reopened", {})
    return True


def _announce(call: Call, group: Group, topic: Topic, event: str, details: Json) -> None:
    call.world.post_service(group, call.bot, {event: details}, topic.id)
    call.world.tell("state", {}, None)
