"""Groups: who hears what, and forum topics."""

import pytest

from simulator.chats import Group
from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api, refused


@pytest.fixture
def group(world: World, ann: Person, bot: Bot) -> Group:
    made = world.add_group("Staff", [ann, bot])
    bot.updates.drop()
    return made


@pytest.fixture
def forum(world: World, ann: Person, bot: Bot) -> Group:
    made = world.add_group("Forum", [ann, bot], forum=True)
    bot.updates.drop()
    return made


async def test_a_bot_is_told_that_it_was_added(api: Api, world: World, ann: Person, bot: Bot) -> None:
    group = world.add_group("Staff", [ann, bot])
    [update] = await api.updates()
    change = update["my_chat_member"]
    assert (change["chat"]["id"], change["from"]["id"]) == (group.id, ann.id)
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("left", "member")


async def test_a_plain_bot_hears_commands_and_replies_only(api: Api, ann: Person, bot: Bot, group: Group) -> None:
    asked = await api("sendMessage", chat_id=group.id, text="which store?")
    ann.send(group, "small talk")
    ann.send(group, "/queue@shop_bot")
    ann.send(group, "the north one", reply_to=asked["message_id"])
    assert [update["message"]["text"] for update in await api.updates()] == ["/queue@shop_bot", "the north one"]


async def test_an_administrator_bot_hears_everything(
    api: Api, world: World, ann: Person, bot: Bot, group: Group
) -> None:
    world.promote(group, bot)
    ann.send(group, "small talk")
    kinds = [next(iter(set(update) - {"update_id"})) for update in await api.updates()]
    assert kinds == ["my_chat_member", "message"]


async def test_everybody_in_the_group_sees_the_bot(api: Api, world: World, ann: Person, bot: Bot, group: Group) -> None:
    bob = world.add_person("Bob")
    bob.join(group)
    await api("sendMessage", chat_id=group.id, text="hello")
    assert all(world.messages(group.id, one)[-1].text == "hello" for one in (ann, bob))


async def test_joining_and_leaving_is_announced(api: Api, world: World, group: Group) -> None:
    bob = world.add_person("Bob")
    bob.join(group)
    bob.leave(group)
    joined, left = [update["message"] for update in await api.updates()]
    assert joined["new_chat_members"][0]["id"] == bob.id
    assert left["left_chat_member"]["id"] == bob.id
    assert (await api("getChatMember", chat_id=group.id, user_id=bob.id))["status"] == "left"


async def test_members_are_counted_and_ranked(api: Api, ann: Person, bot: Bot, forum: Group) -> None:
    assert await api("getChatMemberCount", chat_id=forum.id) == 2
    assert (await api("getChatMember", chat_id=forum.id, user_id=ann.id))["status"] == "creator"
    leaders = await api("getChatAdministrators", chat_id=forum.id)
    assert {leader["user"]["id"]: leader["status"] for leader in leaders} == {
        ann.id: "creator",
        bot.id: "administrator",
    }


async def test_a_bot_that_left_cannot_write(api: Api, group: Group) -> None:
    await api("leaveChat", chat_id=group.id)
    with refused("Forbidden: bot is not a member of the supergroup chat"):
        await api("sendMessage", chat_id=group.id, text="hello")


async def test_an_unknown_group_is_not_found(api: Api, ann: Person) -> None:
    with refused("Bad Request: chat not found"):
        await api("sendMessage", chat_id=-1001234567890, text="x")


async def test_messages_go_into_topics(api: Api, world: World, ann: Person, forum: Group) -> None:
    topic = await api("createForumTopic", chat_id=forum.id, name="Case 7")
    thread = topic["message_thread_id"]
    sent = await api("sendMessage", chat_id=forum.id, message_thread_id=thread, text="opened")
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread, True)
    ann.send(forum, "seen", topic=thread)
    assert (await api.updates())[-1]["message"]["message_thread_id"] == thread


async def test_a_missing_topic_is_refused(api: Api, forum: Group, group: Group) -> None:
    for chat in (forum, group):
        with refused("Bad Request: message thread not found"):
            await api("sendMessage", chat_id=chat.id, message_thread_id=77, text="x")


async def test_a_topic_closes_reopens_and_goes(api: Api, forum: Group) -> None:
    topic = await api("createForumTopic", chat_id=forum.id, name="Case 7")
    place = {"chat_id": forum.id, "message_thread_id": topic["message_thread_id"]}
    await api("closeForumTopic", **place)
    with refused("Bad Request: TOPIC_NOT_MODIFIED"):
        await api("closeForumTopic", **place)
    await api("reopenForumTopic", **place)
    await api("editForumTopic", **place, name="Case 8")
    assert [one.name for one in forum.topics.values()] == ["Case 8"]
    await api("deleteForumTopic", **place)
    with refused("Bad Request: message thread not found"):
        await api("sendMessage", **place, text="x")


async def test_topics_need_a_forum_and_rights(api: Api, world: World, ann: Person, bot: Bot, group: Group) -> None:
    with refused("Bad Request: the chat is not a forum"):
        await api("createForumTopic", chat_id=group.id, name="x")
    forum = world.add_group("Forum", [ann, bot], forum=True)
    forum.status[bot.id] = "member"
    with refused("Bad Request: not enough rights to create a topic"):
        await api("createForumTopic", chat_id=forum.id, name="x")


async def test_a_press_in_a_group_says_who_and_where(api: Api, ann: Person, group: Group) -> None:
    markup = {"inline_keyboard": [[{"text": "Take", "callback_data": "take:1"}]]}
    sent = await api("sendMessage", chat_id=group.id, text="case", reply_markup=markup)
    ann.press(group, sent["message_id"], "Take")
    query = (await api.updates())[-1]["callback_query"]
    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (ann.id, group.id)
