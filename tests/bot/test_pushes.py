"""What the bot says of its own accord, as members see it and choose it."""

from __future__ import annotations

from typing import Any

import pytest

from actions import digests, pushes
from bot.jobs.table import all_jobs
from bot.pace import Chats, Pace
from db import members, people
from db.database import Tx
from loyalty import days
from loyalty.charter import DEFAULT_CHARTER, load
from loyalty.charter_pushes import WeeklyDigest
from loyalty.jobs import Page, Run
from loyalty.messages import Say
from loyalty.topics import TopicName
from tests.actions.shops import add_member
from tests.bot.engine import sends
from tests.bot.people import Resident, Town


async def awake(town: Town, name: str = "Ann") -> Resident:
    """A member without quiet hours."""
    ann = await town.newcomer(name)
    await ann.opens()
    await town.write(add_member, name, ann.person.phone, ann.id)
    await town.write(people.choose_quiet_hours, ann.id, "00:00", "00:00")
    return ann


async def push(town: Town, to: Resident, topic: TopicName, text: str, **more: Any) -> None:
    def queue(tx: Tx) -> None:
        member = members.get_by_user(tx, to.id)
        assert member is not None
        say = Say("update_not_dead", {"reference": text}, **more)
        pushes.push(tx, member.id, topic, say, text, 0)

    await town.write(queue)
    town.machinery.courier.wake()
    await town.settled()


async def test_a_push_ends_with_why_it_came_and_how_to_get_fewer(town: Town) -> None:
    ann = await awake(town)
    await push(town, ann, "offers", "spring")
    shown = ann.chat()[-1]
    assert shown.shown.splitlines()[-1] == ("You get this because offers are switched on. Fewer messages: /settings")
    assert shown.buttons == ["🔔 What I get"]


async def test_its_button_opens_the_topics_below_and_leaves_the_push(town: Town) -> None:
    ann = await awake(town)
    await push(town, ann, "offers", "spring")
    await ann.press("🔔 What I get")
    assert "What you get, and how often" in ann.hears()
    assert ann.sees("spring")


async def test_a_topic_is_switched_off_and_on_by_tapping(town: Town) -> None:
    ann = await awake(town)
    await ann.types("/settings")
    await ann.press("🔔")
    await ann.press("✅ Offers")
    assert "⬜ Offers" in ann.buttons()
    await push(town, ann, "offers", "unwanted")
    await push(town, ann, "tips", "wanted")
    assert not ann.sees("unwanted")
    assert ann.sees("wanted")


async def test_how_often_shows_in_the_settings(town: Town) -> None:
    ann = await awake(town)
    await ann.types("/settings")
    await ann.press("🔔")
    await ann.press("Only my own matters")
    await ann.press("« Settings")
    assert ann.sees("Messages from us: only my own matters")


async def test_a_push_in_quiet_hours_comes_after_them_and_answers_come_at_once(town: Town) -> None:
    ann = await awake(town)
    await town.write(people.choose_quiet_hours, ann.id, "00:01", "00:00")  # all day but for a minute
    await push(town, ann, "offers", "later")
    await ann.types("/help")
    assert ann.answers()
    assert not ann.sees("later")
    await ann.types("/settings")
    await ann.press("Quiet hours")
    await ann.press("No quiet hours")
    assert ann.sees("later")


async def test_who_chose_weekly_gets_one_message_with_all_of_it(town: Town) -> None:
    ann = await awake(town)
    await town.write(people.choose_frequency, ann.id, "weekly")
    await push(town, ann, "offers", "first")
    await push(town, ann, "tips", "second")
    await push(town, ann, "points", "at once")
    assert not ann.sees("first")
    assert ann.sees("at once")
    assert (await digest(town)).reached == 1
    shown = ann.chat()[-1].shown
    assert "first" in shown
    assert "second" in shown
    assert shown.count("Fewer messages") == 1
    assert (await digest(town)).reached == 0


async def digest(town: Town) -> Page:
    """A run of the job, now."""
    now = town.clock.now()
    zone = town.machinery.words.language("en").charter.zone
    page: Page = await town.write(digests.page, Run("digests", now, days.local_date(now, zone), ""))
    town.machinery.courier.wake()
    await town.settled()
    return page


def test_the_digest_is_due_at_the_charters_day_and_hour() -> None:
    charter = load(DEFAULT_CHARTER)
    other = charter.model_copy(update={"weekly_digest": WeeklyDigest(weekday="tue", hour=9)})
    job = all_jobs()["digests"]
    assert [job.under(one).cron for one in (charter, other)] == ["0 17 * * fri", "0 9 * * tue"]


async def test_a_digest_leaves_out_what_was_switched_off_since(town: Town) -> None:
    ann = await awake(town)
    await town.write(people.choose_frequency, ann.id, "weekly")
    await push(town, ann, "offers", "unwanted")
    await town.write(people.choose_topic, ann.id, "offers", False)
    assert (await digest(town)).reached == 0


async def test_who_closed_the_chat_is_tried_once_and_told_on_return_what_still_counts(town: Town) -> None:
    ann = await awake(town)
    await ann.does(lambda: ann.person.block(town.bot))
    await town.write(lambda tx: tx.run("UPDATE person SET reachable = 1"))  # the news of it comes later
    before = len(sends(town, ann.id))
    await push(town, ann, "points", "expiring")
    await push(town, ann, "coupons", "granted")
    await push(town, ann, "offers", "promoted")
    assert len(sends(town, ann.id)) - before == 1
    await ann.does(lambda: ann.person.start(town.bot))
    assert "2 messages could not reach you" in ann.hears()
    assert "expiring" in ann.hears()
    assert "granted" in ann.hears()
    assert "promoted" not in ann.hears()


async def test_managers_see_how_the_bot_is(town: Town) -> None:
    owner = await town.owner()
    ann = await awake(town)
    await town.write(people.choose_frequency, ann.id, "weekly")
    await push(town, ann, "offers", "first")
    await owner.types("/health")
    assert "Nothing waits to be sent" in owner.hears()
    assert "Put off to a better hour: 1" in owner.hears()
    await ann.types("/health")
    assert "How the bot is" not in ann.hears()


# Pace


async def test_in_no_second_go_more_than_the_pace() -> None:
    pace, began = Pace(50, lambda: 0), []

    async def nothing() -> None:
        began.append(1)

    for _ in range(10):
        await pace.slot(nothing)
    assert len(pace._granted) == 10
    assert pace._granted[-1] - pace._granted[0] >= 9 / 50 - pace._slack


async def test_a_reply_takes_the_slot_of_a_push() -> None:
    pace = Pace(1, lambda: 0)
    first = pace._own_slot()
    pace.charge()
    assert pace._own_slot() - first >= 2


async def test_replies_burst_but_not_for_ever() -> None:
    chats = Chats(enabled=True)
    for _ in range(19):
        chats.sent(7)
    now = chats._sent[7][0]
    assert chats.replies_at(7) <= now
    for over in range(1, 4):
        chats.sent(7)
        assert chats.replies_at(7) == pytest.approx(now + over, abs=0.2)


async def test_a_chat_rests_for_a_second_and_a_group_after_eighteen_in_a_minute() -> None:
    chats = Chats(enabled=True)
    for _ in range(18):
        chats.sent(-100)
    chats.sent(7)
    assert 0.9 < chats.free_at(7) - chats._sent[7][-1] <= 1
    assert chats.free_at(-100) - chats._sent[-100][0] > 59
    assert chats.replies_at(-100) - chats._sent[-100][0] > 59


async def test_what_others_sent_to_a_chat_counts() -> None:
    chats = Chats(enabled=True)
    chats.remember(-100, [30.0 - 1.5 * number for number in range(18)])
    assert chats.free_at(-100) > chats._sent[-100][-1] + 1
