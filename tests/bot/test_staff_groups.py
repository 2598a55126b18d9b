"""A group of staff sees new cases, masked, takes them, and is no trouble when it is gone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import pytest_asyncio

from actions import case_times
from db.database import Tx
from loyalty.jobs import DAY_MS
from loyalty.roles import Role
from simulator.chats import Group, Topic
from simulator.errors import bad_request
from simulator.messages import Message
from simulator.methods import targets
from tests.actions.job_runs import works
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town

CANARIES = ("Zephyrine", "13800138000", "138", "soup", "Quuxbury")


@dataclass
class Team:
    town: Town
    ann: Resident
    carl: Resident
    mary: Resident
    group: Group

    async def complains(self, words: str = "Cold soup, says Zephyrine Quuxbury, call 13800138000") -> None:
        await self.ann.types("/feedback")
        await self.ann.press("😟 Complaint")
        await self.ann.press("🏬 West Gate")
        await self.ann.types(words)

    def posts(self) -> list[Message]:
        return [message for message in self.group.messages.values() if message.sender.is_bot and message.shown]

    async def presses(self, who: Resident, label: str) -> None:
        message = next(one for one in reversed(self.posts()) if any(text.startswith(label) for text in one.buttons))
        whole = next(text for text in message.buttons if text.startswith(label))
        await who.does(lambda: who.person.press(self.group, message.id, whole))


@pytest_asyncio.fixture(params=[False], ids=["plain"])
async def team(town: Town, request: pytest.FixtureRequest) -> Team:
    store_id = await town.write(add_store, "ximen", "West Gate")
    ann, carl, mary = [await town.newcomer(name) for name in ("Zephyrine", "Carl", "Mary")]
    await town.write(hire, carl.id, store_id, Role.CLERK)
    await town.write(hire, mary.id, store_id, Role.MANAGER)
    await town.write(add_member, "Zephyrine Quuxbury", "13800138000", ann.id)
    for resident in (ann, carl, mary):
        await resident.opens()
    group = town.world.add_group("West Gate team", [mary.person, carl.person, town.bot], forum=request.param)
    await town.settled()
    return Team(town, ann, carl, mary, group)


async def settled(team: Team, topic: int | None = None) -> None:
    await team.mary.does(lambda: team.mary.person.send(team.group, "/here", topic=topic))


def lost(tx: Tx) -> int:
    return int(tx.value("SELECT COUNT(*) FROM staff_group WHERE gone_at > 0"))


FORUM = pytest.mark.parametrize("team", [False, True], ids=["plain", "forum"], indirect=True)


@FORUM
async def test_new_cases_are_shown_and_nothing_personal(team: Team) -> None:
    await settled(team)
    await team.complains()
    (said, post) = team.posts()
    assert "1" in post.shown
    assert "West Gate" in post.shown
    assert not [word for word in CANARIES if word in said.shown + post.shown]


@FORUM
async def test_taken_from_the_group_the_message_says_so_and_the_case_opens_in_private(team: Team) -> None:
    await settled(team)
    await team.complains()
    await team.presses(team.carl, "✋")
    (_said, post) = team.posts()
    assert f"staff {team.carl.id}" in post.shown
    assert "Zephyrine Quuxbury" in team.carl.hears()
    assert not [word for word in CANARIES if word in post.shown]


async def test_the_second_to_take_it_is_told_in_private(team: Team) -> None:
    await settled(team)
    await team.complains()
    message = team.posts()[-1]
    await team.presses(team.carl, "✋")
    await team.mary.does(lambda: team.mary.person.replay(team.group, message.id, "grouptake:1"))
    assert "in a colleague's hands" in team.mary.hears()
    assert len(team.posts()) == 2


async def test_what_is_answered_is_not_to_be_answered_any_more(team: Team) -> None:
    await settled(team)
    await team.complains()
    await team.presses(team.carl, "✋")
    assert "答复期限" in team.posts()[-1].shown
    await team.carl.press("💬 Answer")
    await team.carl.types("We look into it")
    assert "答复期限" not in team.posts()[-1].shown
    assert "解决期限" in team.posts()[-1].shown
    assert len(team.posts()) == 2


async def test_a_late_case_is_red_until_it_is_answered(team: Team) -> None:
    await settled(team)
    await team.complains()
    team.town.clock.forward(2 * DAY_MS)
    await works(team.town.db, case_times.watch)
    await team.town.settled()
    (_said, post) = team.posts()
    assert post.shown.startswith("🔴")
    await team.presses(team.carl, "✋")
    await team.carl.press("💬 Answer")
    await team.carl.types("We look into it")
    assert post.shown.startswith("👤")


async def test_from_taking_to_confirming_it_stays_one_message(team: Team) -> None:
    await settled(team)
    await team.complains()
    await team.presses(team.carl, "✋")
    await team.carl.press("☑️ Resolve")
    await team.carl.types("sorry, Zephyrine")
    await team.carl.press("No compensation")
    await team.ann.press("✅ Yes, solved")
    (_said, post) = team.posts()
    assert post.shown.startswith("✅")
    assert post.buttons == []


async def test_a_clerk_of_another_store_learns_nothing_from_the_group(team: Team) -> None:
    other = await team.town.newcomer("Otto")
    elsewhere = await team.town.write(add_store, "dongmen", "East Gate")
    await team.town.write(hire, other.id, elsewhere, Role.CLERK)
    await other.opens()
    team.town.world.join(team.group, other.person)
    await settled(team)
    await team.complains()
    await team.presses(other, "📋")
    assert not [word for word in CANARIES if word in other.reads()]


async def test_clerks_cannot_make_a_group_show_cases(team: Team) -> None:
    await team.carl.does(lambda: team.carl.person.send(team.group, "/here"))
    await team.complains()
    assert not any("1" in post.shown and "West Gate" in post.shown for post in team.posts())


async def test_without_a_group_all_goes_as_ever(team: Team) -> None:
    await team.complains()
    assert "We have it as case 1" in team.ann.hears()


async def test_removed_from_the_group_it_tells_the_managers_once(team: Team) -> None:
    await settled(team)
    team.town.world.leave(team.group, team.town.bot)
    await team.town.settled()
    for _ in range(3):
        await team.complains()
    assert team.mary.reads().count("I cannot write in the group “West Gate team”") == 1
    assert await team.town.db.read(lost) == 1
    assert "We have it as case" in team.ann.hears()


async def test_shut_out_without_a_word_it_finds_out_and_stops(team: Team) -> None:
    await settled(team)
    team.group.status[team.town.bot.id] = "kicked"
    for _ in range(3):
        await team.complains()
    assert team.mary.reads().count("I cannot write in the group “West Gate team”") == 1
    assert await team.town.db.read(lost) == 1


async def test_without_the_right_to_write_it_stops_too(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    await settled(team)

    def refuse(*_args: object) -> None:
        raise bad_request("not enough rights to send text messages to the chat")

    monkeypatch.setattr(targets, "_check_member", refuse)
    for _ in range(2):
        await team.complains()
    assert team.mary.reads().count("I cannot write in the group “West Gate team”") == 1
    assert await team.town.db.read(lost) == 1


async def test_let_in_again_a_manager_says_here_again(team: Team) -> None:
    await settled(team)
    team.town.world.leave(team.group, team.town.bot)
    await team.town.settled()
    team.town.world.join(team.group, team.town.bot)
    await settled(team)
    await team.complains()
    assert "West Gate" in team.posts()[-1].shown
    assert await team.town.db.read(lost) == 0


async def test_a_deleted_post_is_made_anew(team: Team) -> None:
    await settled(team)
    await team.complains()
    del team.group.messages[team.posts()[-1].id]
    await team.carl.types("/queue")
    await team.carl.press("🆕 1")
    await team.carl.press("✋ Take it")
    assert f"staff {team.carl.id}" in team.posts()[-1].shown


async def test_handed_on_merged_and_compensated_the_posts_follow_and_name_nobody(team: Team) -> None:
    await settled(team)
    await team.complains()
    await team.complains()
    await team.carl.types("/queue")
    await team.carl.press("🆕 2")
    await team.carl.press("🔗 Merge")
    await team.carl.press("🔗 🆕 1")
    await team.carl.press("✋ Take it")
    await team.carl.press("🏬 Hand on")
    await team.carl.press(f"👤 staff {team.mary.id}")
    await team.mary.press("📋 Open it")
    await team.mary.press("☑️ Resolve")
    await team.mary.types("sorry, Zephyrine")
    await team.mary.press("🎟")
    (_said, first, second) = team.posts()
    assert "已解决" in first.shown
    assert "已并入 1 号" in second.shown
    assert second.buttons == ["📋 1 号"]
    assert not [word for word in CANARIES if word in first.shown + second.shown]


@pytest.mark.parametrize("team", [True], ids=["forum"], indirect=True)
async def test_in_its_topic_and_beside_it_once_that_is_gone(team: Team) -> None:
    team.group.topics[500] = Topic(500, "Cases")
    await settled(team, 500)
    await team.complains()
    assert [post.topic_id for post in team.posts()] == [500, 500]
    del team.group.topics[500]
    await team.complains()
    assert team.posts()[-1].topic_id is None
    assert await team.town.db.read(lost) == 0


@pytest.mark.parametrize("team", [True], ids=["forum"], indirect=True)
async def test_a_clerk_is_refused_in_the_topic_where_they_asked(team: Team) -> None:
    team.group.topics[500] = Topic(500, "Feedback")
    await team.carl.does(lambda: team.carl.person.send(team.group, "/here", topic=500))
    (refusal,) = team.posts()
    assert refusal.topic_id == 500


async def test_a_chains_owner_shows_all_stores_and_a_manager_one(team: Team) -> None:
    owner = await team.town.owner()
    team.town.world.join(team.group, owner.person)
    await owner.does(lambda: owner.person.send(team.group, "/here"))
    elsewhere = await team.town.write(add_store, "dongmen", "East Gate")
    await team.town.write(hire, owner.id, elsewhere, Role.MANAGER)
    await team.complains()
    assert "West Gate" in team.posts()[-1].shown


async def test_said_in_private_it_explains_itself(team: Team) -> None:
    await team.mary.types("/here")
    assert "write /here in the group" in team.mary.hears()
