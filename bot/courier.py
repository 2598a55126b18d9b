"""Sends what is in the outbox: in order per chat, at least once, never while Telegram asked for quiet (DESIGN §6)."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.api import seconds_of
from bot.batches import Batches
from bot.delivery import Delivery, Gone
from bot.logs import blame
from bot.transport import MaybeSent
from bot.updates import Input
from db import outbox, people, staff
from db.database import Database, DatabaseTrouble, Tx
from db.outbox import Queued
from loyalty.messages import Say
from loyalty.roles import Role

log = structlog.get_logger()

_SIDE_BY_SIDE = 256
# What has to be drawn or made waits for the one thread that does: texts must not wait for that.
_MADE_SIDE_BY_SIDE = 16
_MOST_IN_HAND = 4_096
_CLAIM = 200
# With fewer chats in hand than this, what else is due is claimed without waiting for the next look.
_CLAIM_BELOW = _SIDE_BY_SIDE // 4
_LOOK_EVERY = 0.25
_RENEW_EVERY = outbox.LEASE_MS / 3_000
_RECORD_AGAIN_AFTER = 0.5
_APOLOGISE_EVERY = 60.0
# No longer than this after Telegram is back does a message wait that it did not take before.
_LONGEST_WAIT_MS = 5_000
# So often and so long is one message tried while others get through: then it is what Telegram fails at.
_MOST_ATTEMPTS = 20
_LONGEST_TRIED_MS = 10 * 60_000
_GETS_THROUGH = 60.0
# Longer than a reply takes from its commit to `send`.
_PUT_OFF_REMEMBERED = 10.0
_DAY_MS = 86_400_000
# Said in place of a message that could not be said, so never in their own place.
_APOLOGIES = ("update_given_up", "update_dead", "message_dead")


class Courier:
    """Sends this process's messages, and those nobody else is sending."""

    def __init__(self, db: Database, delivery: Delivery, holder: int, clock: Callable[[], int]) -> None:
        self.holder = holder
        self._db = db
        self._delivery = delivery
        self._clock = clock
        self._chats: dict[int, deque[Queued]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._studio_room = asyncio.Semaphore(_MADE_SIDE_BY_SIDE)
        self._awake = asyncio.Event()
        self._gate = delivery.api.gate
        self._arrivals: Batches[tuple[Queued, int], None] = Batches(self._record_sent)
        self._more_is_due = False
        # Loop times
        self._renewed = 0.0
        self._delivered = 0.0
        self._put_off_at: dict[int, float] = {}
        self._apologised: dict[int, float] = {}
        self._closing = False

    @property
    def in_hand(self) -> int:
        """Messages claimed and not finished."""
        return sum(len(queue) for queue in self._chats.values())

    @property
    def is_idle(self) -> bool:
        """Nothing in hand, nor anything of what is done besides."""
        return not self._tasks

    def send(self, messages: Iterable[Queued]) -> None:
        """Send replies that were leased to this process as they were posted.

        One that was posted while an earlier message to its chat was being put off must not overtake that.
        """
        now = asyncio.get_running_loop().time()
        for message in messages:
            if now - self._put_off_at.get(message.chat_id, -_PUT_OFF_REMEMBERED) < _PUT_OFF_REMEMBERED:
                self.do_besides(self._record(outbox.release, [message]))
            else:
                self._queue(message)

    def do_besides(self, work: Coroutine[Any, Any, None]) -> None:
        """A courtesy nobody waits for; it handles its own failures."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _queue(self, message: Queued) -> None:
        queue = self._chats.setdefault(message.chat_id, deque())
        queue.append(message)
        if len(queue) == 1:
            self.do_besides(self._drain(message.chat_id, queue))

    def wake(self) -> None:
        """There is something to claim."""
        self._awake.set()

    async def run(self) -> None:
        """Claim what is due, until cancelled."""
        while True:
            try:
                await self._renew()
                await self._claim()
            except DatabaseTrouble as trouble:
                log.warning("courier_waits", trouble=type(trouble).__name__)
                await asyncio.sleep(1)
            except Exception as error:
                # One row, or one mistake, must not end all sending.
                log.error("claim_failed", exc_info=error)
                await asyncio.sleep(1)
            # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._awake.wait()
            self._awake.clear()

    async def close(self) -> None:
        """Finish the messages that are on the wire; the others are left to the next start or a sibling."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=0.7)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # If that fails, the leases run out by themselves.
        with contextlib.suppress(DatabaseTrouble, TimeoutError):
            async with asyncio.timeout(0.3):
                await self._db.write(outbox.release, self._all_in_hand())

    def _all_in_hand(self) -> list[Queued]:
        return [message for queue in self._chats.values() for message in queue]

    def apologise(self, inputs: Sequence[Input]) -> None:
        """Say at once, past the outbox, that the answer will be late: once a minute per chat at most."""
        now = asyncio.get_running_loop().time()
        if self._gate.quiet_for > 0:
            return
        self._apologised = {chat: at for chat, at in self._apologised.items() if now - at < _APOLOGISE_EVERY}
        for given in inputs:
            if given.private and given.chat_id and given.chat_id not in self._apologised:
                self._apologised[given.chat_id] = now
                self.do_besides(self._delivery.apologise(given.chat_id, given.language))

    def answer_press(self, press_id: str) -> None:
        """Stop the pressed button's spinner, at once and past the outbox."""
        self.do_besides(self._delivery.answer_press(press_id))

    async def _renew(self) -> None:
        """Whatever holds messages up here, a flood wait or a slow line, nobody else may send them as well."""
        now = asyncio.get_running_loop().time()
        if self._chats and now - self._renewed > _RENEW_EVERY:
            await self._db.write(outbox.renew, self._all_in_hand())
            self._renewed = now

    async def _claim(self) -> None:
        texts = sum(not _is_made(message) for message in self._all_in_hand())
        if self._closing or texts >= _SIDE_BY_SIDE or self.in_hand >= _MOST_IN_HAND or self._gate.quiet_for > 0:
            return
        if await self._db.read(outbox.has_due):
            claimed = await self._db.write(outbox.claim, self.holder, _CLAIM)
            self._more_is_due = len(claimed) == _CLAIM
            for message in claimed:
                # What is claimed comes after whatever waited before it.
                self._put_off_at.pop(message.chat_id, None)
                self._queue(message)

    async def _drain(self, chat_id: int, queue: deque[Queued]) -> None:
        try:
            while queue and not self._closing:
                async with self._studio_room if _is_made(queue[0]) else self._room:
                    goes_on = await self._send_one(queue[0])
                if not goes_on:
                    await self._give_back(queue)
                queue.popleft()
        except Exception as error:
            # The leases run out, and whoever looks then begins anew: the chat must not be silent for ever.
            log.error("chat_left", exc_info=error)
            queue.clear()
        if not queue:
            del self._chats[chat_id]
            if self._more_is_due and len(self._chats) < _CLAIM_BELOW:
                self._more_is_due = False
                self.wake()

    async def _give_back(self, queue: deque[Queued]) -> None:
        """The first of these was put off: those behind it wait for it, also those that come while they are told so."""
        while len(queue) > 1:
            behind = list(queue)[1:]
            await self._record(outbox.release, behind)
            for _ in behind:
                del queue[1]

    async def _send_one(self, message: Queued) -> bool:
        """True if the next may follow, False if this one has to be sent first and was put off."""
        await self._gate.passed()
        if not message.body:
            await self._unsayable(message, "Undecipherable")
        elif not message.reader.reachable:
            await self._record(outbox.mark_ended, message, "failed", outbox.UNREACHABLE)
        else:
            return await self._deliver(message)
        return True

    async def _deliver(self, message: Queued) -> bool:
        try:
            sent = await self._delivery.deliver(message)
        except RetryAfter as told:
            return await self._told_to_wait(message, told)
        except Forbidden as error:
            await self._record(_unreachable, message, blame(error))
            return False
        except (Gone, ChatMigrated) as error:
            await self._record(outbox.mark_ended, message, "failed", blame(error))
        except BadRequest as error:
            await self._unsayable(message, blame(error))
        except NetworkError as error:
            return await self._doubtful(message, error)
        except (TelegramError, DatabaseTrouble) as error:
            return await self._put_off(message, _LONGEST_WAIT_MS, type(error).__name__)
        except Exception as error:
            # One that can't be drawn must not stop those behind it.
            log.error("message_unsendable", message=message.id, template=_template(message), exc_info=error)
            await self._record(_unsaid, message, type(error).__name__)
        else:
            self._delivered = asyncio.get_running_loop().time()
            await self._arrivals.put((message, sent))
        return True

    async def _unsayable(self, message: Queued, error: str) -> None:
        log.error("message_refused", message=message.id, template=_template(message), error=error)
        await self._record(_unsaid, message, error)

    async def _told_to_wait(self, message: Queued, told: RetryAfter) -> bool:
        seconds = seconds_of(told)
        log.warning("flood_wait", seconds=seconds)
        return await self._put_off(message, int(seconds * 1000), "429")

    async def _doubtful(self, message: Queued, error: NetworkError) -> bool:
        """A promotion that may have arrived is not sent twice; anything else is, until it surely has."""
        if message.kind == "promotion" and isinstance(error, MaybeSent):
            await self._record(outbox.mark_ended, message, "unknown", type(error).__name__)
            return True
        if self._is_hopeless(message):
            await self._unsayable(message, type(error).__name__)
            return True
        return await self._put_off(message, min(500 * 2**message.attempts, _LONGEST_WAIT_MS), type(error).__name__)

    def _is_hopeless(self, message: Queued) -> bool:
        """Whether it is this one that Telegram fails at, again and again, and not all of them."""
        often = message.attempts >= _MOST_ATTEMPTS and self._clock() - message.queued_at > _LONGEST_TRIED_MS
        return often and asyncio.get_running_loop().time() - self._delivered < _GETS_THROUGH

    async def _put_off(self, message: Queued, wait_ms: int, error: str) -> bool:
        log.info("message_put_off", message=message.id, attempts=message.attempts, error=error)
        now = asyncio.get_running_loop().time()
        self._put_off_at = {chat: at for chat, at in self._put_off_at.items() if now - at < _PUT_OFF_REMEMBERED}
        self._put_off_at[message.chat_id] = now
        await self._record(outbox.postpone, message, self._clock() + wait_ms, error)
        return False

    async def _record_sent(self, arrived: list[tuple[Queued, int]]) -> None:
        await self._record(outbox.mark_all_sent, arrived)

    async def _record(self, change: Callable[..., object], *args: object) -> None:
        """Write down what became of a message, as often as it takes: else it would be sent again."""
        while True:
            try:
                await self._db.write(change, *args)
                return
            except DatabaseTrouble as trouble:
                log.warning("outcome_not_recorded", trouble=type(trouble).__name__)
                await asyncio.sleep(_RECORD_AGAIN_AFTER)


def _unreachable(tx: Tx, message: Queued, error: str) -> None:
    """They blocked the bot: nothing is tried again until they write."""
    outbox.give_up_chat(tx, message.chat_id, error)
    people.mark_unreachable(tx, message.chat_id)


def _unsaid(tx: Tx, message: Queued, error: str) -> None:
    """A fault of ours in its words or its picture: apologise with a reference, which the log has too.

    The owners are told once a day and template: what is wrong with one is often wrong with a thousand.
    """
    template = _template(message)
    if not outbox.mark_ended(tx, message, "failed", error) or template in _APOLOGIES:
        return
    reference = f"m{message.id}"
    outbox.post(tx, Say("update_given_up", {"reference": reference}, to=message.chat_id))
    for owner in staff.list_users(tx, Role.OWNER):
        key = f"message_dead:{template}:{tx.now // _DAY_MS}:{owner}"
        outbox.post(tx, Say("message_dead", {"reference": reference}, to=owner, kind="notice", dedup_key=key))


def _template(message: Queued) -> str:
    return str(message.body.get("template", ""))


def _is_made(message: Queued) -> bool:
    """Whether a picture has to be drawn or a document made."""
    return "picture" in message.body or "document" in message.body
