"""Pushes: what members want is looked at when a push is about to be sent, on both engines."""

from __future__ import annotations

import pytest

from actions import pushes, settings
from actions.erasure import erase_own
from actions.pushes import Examined
from db import erasure, members, outbox, people
from db.database import Database, Tx
from loyalty.messages import Say
from loyalty.topics import TopicName
from tests.actions.shops import ANN, Shop, open_shop
from tests.conftest import Clock

ME = 1


async def push(db: Database, shop: Shop, topic: TopicName, key: str = "k", expires_at: int = 0) -> bool:
    return await db.write(pushes.push, shop.member.id, topic, Say("t", {"text": key}), key, expires_at)


async def due(db: Database, most: int = 10) -> Examined:
    """Claim and look at what is due."""
    return await db.write(lambda tx: pushes.examine(tx, outbox.claim(tx, ME, 100), most))


async def errors(db: Database) -> list[tuple[str, str]]:
    return await db.read(lambda tx: tx.all("SELECT state, error FROM outbox ORDER BY id"))


async def sent(db: Database, found: Examined) -> None:
    await db.write(outbox.mark_all_sent, [(one, 100 + one.id) for one in found.welcome])


async def test_a_push_is_queued_once_per_key(db: Database) -> None:
    shop = await open_shop(db)
    assert [await push(db, shop, "birthday", "birthday:1:2025") for _ in range(2)] == [True, False]


async def test_who_is_not_on_telegram_is_not_pushed_to(db: Database) -> None:
    shop = await open_shop(db)
    assert not await db.write(pushes.push, shop.member.id + 1, "offers", Say("t"), "k", 0)


async def test_a_topic_switched_off_after_queueing_is_not_sent(db: Database) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers")
    await db.write(settings.choose_topic, shop.ann, "offers", False)
    assert (await due(db)).welcome == []
    assert await errors(db) == [("failed", "unwanted")]


async def test_who_left_after_queueing_is_not_written_to(db: Database) -> None:
    shop = await open_shop(db)
    await push(db, shop, "points")
    await db.write(lambda tx: tx.run("UPDATE member SET status = 'left' WHERE id = :id", id=shop.member.id))
    assert (await due(db)).welcome == []
    assert await errors(db) == [("failed", "inactive")]


async def test_what_has_expired_by_then_says_so(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers", expires_at=clock.now + 1_000)
    clock.move(seconds=1)
    assert (await due(db)).welcome == []
    assert await errors(db) == [("failed", "expired")]


async def test_one_a_day_but_for_own_matters(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers", "a")
    await sent(db, await due(db))
    await push(db, shop, "tips", "b")
    await push(db, shop, "points", "c")
    found = await due(db)
    assert [one.topic for one in found.welcome] == ["points"]
    await sent(db, found)
    clock.move(days=1)
    assert [one.topic for one in (await due(db)).welcome] == ["tips"]


async def test_a_doubtful_one_counts_for_its_day(db: Database) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers", "a")
    (first,) = (await due(db)).welcome
    await db.write(outbox.mark_ended, first, "unknown", "AnswerTimedOut")
    await push(db, shop, "tips", "b")
    assert (await due(db)).welcome == []


async def test_pushes_that_wait_for_the_morning_hold_back_no_reply_and_no_notice(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    clock.move(hours=11)
    await push(db, shop, "points")
    assert (await due(db)).welcome == []
    await db.write(outbox.post, Say("receipt", to=ANN, kind="notice"))
    await db.write(outbox.post, Say("answer", to=ANN))
    found = await due(db)
    assert [one.body["template"] for one in found.welcome] == ["answer", "receipt"]
    await sent(db, found)
    assert not await db.read(outbox.has_due)
    clock.move(hours=10)
    assert [one.topic for one in (await due(db)).welcome] == ["points"]


async def test_choosing_otherwise_brings_back_what_waits(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    clock.move(hours=11)
    await push(db, shop, "offers")
    await due(db)
    await db.write(settings.choose_quiet_hours, shop.ann, "none")
    assert [one.topic for one in (await due(db)).welcome] == ["offers"]


async def test_only_so_many_are_looked_at_as_may_be_sent(db: Database) -> None:
    shop = await open_shop(db)
    for number in range(5):
        await push(db, shop, "points", str(number))
    found = await due(db, most=2)
    assert (len(found.welcome), len(found.others)) == (2, 0)


async def test_a_promotion_whose_process_died_while_sending_is_unknown(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers", "a")
    assert len((await due(db)).welcome) == 1
    clock.move(ms=outbox.LEASE_MS + 1)
    assert (await due(db)).welcome == []
    assert await errors(db) == [("unknown", "ProcessDied")]


async def test_a_promotion_that_was_only_claimed_is_sent_after_all(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers", "a")
    await db.write(outbox.claim, ME, 10)
    clock.move(ms=outbox.LEASE_MS + 1)
    assert len((await due(db)).welcome) == 1


async def test_a_promotion_that_surely_was_not_sent_is_sent_again(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers", "a")
    (first,) = (await due(db)).welcome
    await db.write(outbox.postpone, first, clock.now, "429")
    await db.write(outbox.expire_all, 2)
    assert len((await due(db)).welcome) == 1


async def test_one_that_missed_its_slot_before_the_night_is_sent_in_the_morning(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers", "a")
    (first,) = (await due(db)).welcome
    clock.move(hours=11)
    assert (await db.write(pushes.examine, [first], 1)).welcome == []
    clock.move(hours=10)
    assert len((await due(db)).welcome) == 1


@pytest.mark.parametrize("topic", ["points", "offers"])
async def test_closed_chats_keep_only_what_is_about_their_own(db: Database, topic: TopicName) -> None:
    shop = await open_shop(db)
    await push(db, shop, topic)

    def close(tx: Tx) -> None:
        outbox.give_up_chat(tx, ANN)
        people.mark_unreachable(tx, ANN)

    await db.write(close)
    kept = await db.read(lambda tx: tx.value("SELECT payload FROM outbox"))
    assert bool(kept) == (topic == "points")
    assert await db.read(members.get_by_user, ANN)


async def test_a_push_that_waits_holds_back_no_other(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await db.write(settings.choose_frequency, shop.ann, "weekly")
    await push(db, shop, "offers", "gathered")
    await due(db)
    await push(db, shop, "tips", "gathered, too")
    assert len((await due(db)).others) == 1
    assert not await db.read(outbox.has_due)


async def test_who_is_forgotten_leaves_neither_choices_nor_kept_words(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(settings.choose_topic, shop.ann, "offers", False)
    await push(db, shop, "points")
    await db.write(outbox.give_up_chat, ANN)
    await db.write(erase_own, shop.ann)
    (erased,) = await db.read(erasure.list_unsettled, 9)
    await db.write(erasure.forget_person, erased)
    assert await db.read(people.list_unwanted, ANN) == []
    assert await db.read(lambda tx: tx.all("SELECT chat_id, payload FROM outbox")) == [(0, b"")]


async def test_a_key_is_remembered_for_more_than_a_year(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await push(db, shop, "offers", "birthday:1:2025")
    await sent(db, await due(db))
    for days, again in ((390, False), (11, True)):
        clock.move(days=days)
        await db.write(outbox.forget_finished, clock.now, 100)
        assert await push(db, shop, "offers", "birthday:1:2025") is again
