"""The outbox: in order per chat, under a lease, at least once, and sealed until it is sent."""

from __future__ import annotations

import asyncio

from db import outbox, people
from db.database import Database, Tx
from db.outbox import Queued
from loyalty.messages import Say
from tests.conftest import Clock

ANN, BOB = 7, 8
ME, SIBLING = 1, 2


def say(text: str, to: int = ANN, **more: str) -> Say:
    return Say("t", {"text": text}, to=to, **more)


async def post(db: Database, *texts: str, to: int = ANN) -> None:
    for text in texts:
        await db.write(outbox.post, say(text, to))


async def claim(db: Database, holder: int = ME, limit: int = 100) -> list[Queued]:
    return await db.write(outbox.claim, holder, limit)


def texts(messages: list[Queued]) -> list[str]:
    return [message.body["params"]["text"] for message in messages]


async def state(db: Database, message: Queued) -> str:
    return await db.read(lambda tx: tx.value("SELECT state FROM outbox WHERE id = :id", id=message.id))


async def postpone(db: Database, message: Queued, ms: int) -> None:
    await db.write(lambda tx: outbox.postpone(tx, message, tx.now + ms, "429"))


async def test_messages_are_claimed_in_the_order_they_were_posted(db: Database) -> None:
    await post(db, "a", "b", "c")
    assert texts(await claim(db)) == ["a", "b", "c"]


async def test_a_dedup_key_is_posted_once_for_ever(db: Database) -> None:
    first = await db.write(outbox.post, say("a", dedup_key="birthday:1:2025"))
    second = await db.write(outbox.post, say("b", dedup_key="birthday:1:2025"))
    assert first
    assert not second


async def test_a_claimed_message_is_not_claimed_again(db: Database) -> None:
    await post(db, "a")
    await claim(db)
    assert await claim(db, SIBLING) == []


async def arrives(db: Database, message: Queued, message_id: int) -> bool:
    """Whether it is written down as that: not by who has lost the lease."""
    await db.write(outbox.mark_all_sent, [(message, message_id)])
    kept = await db.read(lambda tx: tx.value("SELECT message_id FROM outbox WHERE id = :id", id=message.id))
    return bool(kept == message_id)


async def test_two_claimers_share_without_overlap(db: Database) -> None:
    for chat in range(60):
        await post(db, "a", "b", to=chat + 1)
    both = await asyncio.gather(*(claim(db, holder, 50) for holder in (ME, SIBLING, ME, SIBLING)))
    ids = [message.id for messages in both for message in messages]
    assert len(ids) == len(set(ids)) == 120


async def test_a_chat_is_in_one_claimers_hands_only(db: Database) -> None:
    await post(db, "a", "b", "c")
    first = await claim(db, ME, 1)
    assert texts(first) == ["a"]
    assert await claim(db, SIBLING) == []
    await arrives(db, first[0], 100)
    assert texts(await claim(db, SIBLING)) == ["b", "c"]


async def test_a_postponed_message_holds_back_those_behind_it(db: Database) -> None:
    await post(db, "a", "b")
    await post(db, "x", to=BOB)
    first = (await claim(db, ME, 1))[0]
    await postpone(db, first, 5_000)
    assert texts(await claim(db)) == ["x"]


async def test_a_postponed_message_comes_first_when_it_is_due(db: Database, clock: Clock) -> None:
    await post(db, "a", "b")
    await postpone(db, (await claim(db, ME, 1))[0], 5_000)
    clock.move(ms=5_000)
    assert texts(await claim(db)) == ["a", "b"]


async def test_each_failure_is_counted_and_giving_back_is_none(db: Database) -> None:
    await post(db, "a")
    await postpone(db, (await claim(db))[0], 0)
    again = (await claim(db))[0]
    await db.write(outbox.release, [again])
    assert (await claim(db))[0].attempts == 1


async def test_a_lease_that_ran_out_is_anybodys(db: Database, clock: Clock) -> None:
    await post(db, "a")
    await claim(db)
    clock.move(ms=outbox.LEASE_MS + 1)
    assert texts(await claim(db, SIBLING)) == ["a"]


async def test_a_lease_that_is_renewed_does_not_run_out(db: Database, clock: Clock) -> None:
    await post(db, "a")
    mine = await claim(db)
    for _ in range(3):
        clock.move(ms=outbox.LEASE_MS - 1)
        await db.write(outbox.renew, mine)
    assert await claim(db, SIBLING) == []


async def test_who_lost_the_lease_cannot_say_it_was_sent(db: Database, clock: Clock) -> None:
    await post(db, "a")
    lost = (await claim(db))[0]
    clock.move(ms=outbox.LEASE_MS + 1)
    held = (await claim(db, SIBLING))[0]
    assert not await arrives(db, lost, 100)
    assert await arrives(db, held, 101)


async def test_who_lost_the_lease_can_neither_end_nor_postpone_nor_renew_it(db: Database, clock: Clock) -> None:
    await post(db, "a")
    lost = (await claim(db))[0]
    clock.move(ms=outbox.LEASE_MS + 1)
    held = (await claim(db, SIBLING))[0]
    assert not await db.write(outbox.mark_ended, lost, "failed", "x")
    await postpone(db, lost, 60_000)
    await db.write(outbox.release, [lost])
    assert await arrives(db, held, 101)


async def test_what_is_sent_is_wiped(db: Database) -> None:
    await post(db, "secret")
    message = (await claim(db))[0]
    await arrives(db, message, 100)
    assert await db.read(lambda tx: tx.value("SELECT payload FROM outbox")) == b""


async def test_what_waits_lies_sealed(db: Database) -> None:
    await post(db, "secret")
    assert b"secret" not in await db.read(lambda tx: tx.value("SELECT payload FROM outbox"))


async def test_a_reply_is_leased_to_who_handled_the_update(db: Database) -> None:
    message = await db.write(outbox.post_leased, say("a"), ME)
    assert message is not None
    assert await claim(db, SIBLING) == []
    assert await arrives(db, message, 100)


async def test_a_reply_waits_behind_what_others_have_in_hand(db: Database) -> None:
    await post(db, "a")
    assert await db.write(outbox.post_leased, say("b"), ME) is None
    assert texts(await claim(db)) == ["a", "b"]


async def test_a_reply_with_a_used_key_is_no_reply(db: Database) -> None:
    await db.write(outbox.post_leased, say("a", dedup_key="once"), ME)
    assert await db.write(outbox.post_leased, say("a", dedup_key="once"), ME) is None


async def test_at_the_start_of_the_only_process_every_lease_but_its_own_ends(db: Database) -> None:
    await db.write(outbox.post_leased, say("theirs"), SIBLING)
    await db.write(outbox.post_leased, say("mine", to=BOB), ME)
    await db.write(outbox.expire_all, ME)
    assert texts(await claim(db)) == ["theirs"]


async def test_a_chat_given_up_gets_nothing_whoever_has_it(db: Database) -> None:
    await post(db, "a", "b")
    await post(db, "x", to=BOB)
    held = (await claim(db, SIBLING, 1))[0]
    assert await db.write(outbox.give_up_chat, ANN) == 2
    assert not await arrives(db, held, 100)
    assert texts(await claim(db)) == ["x"]


async def test_the_readers_choices_come_with_the_message(db: Database) -> None:
    await db.write(_meet_and_leave, ANN)
    await post(db, "a")
    reader = (await claim(db))[0].reader
    assert (reader.language, reader.telegram_language, reader.easy_mode, reader.reachable) == (
        "zh_Hant", "en", True, False,
    )  # fmt: skip


def _meet_and_leave(tx: Tx, user_id: int) -> None:
    people.meet(tx, user_id, "en")
    people.choose_language(tx, user_id, "zh_Hant")
    people.choose_easy_mode(tx, user_id, on=True)
    people.mark_unreachable(tx, user_id)


async def test_something_due_is_noticed(db: Database) -> None:
    assert not await db.read(outbox.has_due)
    await post(db, "a")
    assert await db.read(outbox.has_due)
    await postpone(db, (await claim(db))[0], 1_000)
    assert not await db.read(outbox.has_due)


async def test_what_waits_is_counted_since_the_oldest(db: Database, clock: Clock) -> None:
    assert await db.read(outbox.count_waiting) == (0, 0)
    began = clock.now
    await post(db, "a")
    clock.move(minutes=1)
    await post(db, "b")
    assert await db.read(outbox.count_waiting) == (2, began)


async def test_finished_messages_are_forgotten_but_not_their_dedup_keys(db: Database, clock: Clock) -> None:
    await post(db, "a", "waiting")
    await db.write(outbox.post, say("k", to=BOB, dedup_key="once"))
    for message in await claim(db):
        if message.body["params"]["text"] != "waiting":
            await arrives(db, message, 100)
    clock.move(days=1)
    assert await db.write(lambda tx: outbox.forget_finished(tx, tx.now, 100)) == 1
    assert not await db.write(outbox.post, say("k", to=BOB, dedup_key="once"))


async def test_an_ended_message_says_why(db: Database) -> None:
    await post(db, "a")
    message = (await claim(db))[0]
    assert await db.write(outbox.mark_ended, message, "unknown", "AnswerTimedOut")
    assert await state(db, message) == "unknown"
    assert not await arrives(db, message, 100)


async def test_many_are_marked_sent_at_once_but_none_whose_lease_was_lost(db: Database, clock: Clock) -> None:
    await post(db, "a")
    lost = (await claim(db))[0]
    clock.move(ms=outbox.LEASE_MS + 1)
    held = (await claim(db, SIBLING))[0]
    await post(db, "b", "c", to=BOB)
    mine = await claim(db)
    await db.write(outbox.mark_all_sent, [(one, 100 + one.id) for one in (*reversed(mine), lost)])
    assert [await state(db, one) for one in (*mine, held)] == ["sent", "sent", "queued"]
