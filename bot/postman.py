"""Sends one message and writes down what became of it (DESIGN §6)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from actions import staff_groups
from bot.api import seconds_of
from bot.batches import Batches
from bot.delivery import Delivery, Gone
from bot.logs import blame
from bot.transport import MaybeSent
from db import outbox, people, staff
from db.database import Database, DatabaseTrouble, Tx
from db.outbox import Queued
from loyalty.messages import Say
from loyalty.roles import Role

log = structlog.get_logger()

_SIDE_BY_SIDE = 256
# What has to be drawn or made waits for the one thread that does: texts must not wait for that.
_MADE_SIDE_BY_SIDE = 16
_RECORD_AGAIN_AFTER = 0.5
# No longer than this after Telegram is back does a message wait that it did not take before.
LONGEST_WAIT_MS = 5_000
# So often and so long is one message tried while others get through: then it is what Telegram fails at.
_MOST_ATTEMPTS = 20
_LONGEST_TRIED_MS = 10 * 60_000
_GETS_THROUGH = 60.0
# Longer than a reply takes from its commit to being sent.
_PUT_OFF_REMEMBERED = 10.0
_DAY_MS = 86_400_000
# Said in place of a message that could not be said, so never in their own place.
_APOLOGIES = ("update_given_up", "update_dead", "message_dead")


class Postman:
    """At least once; but promotions at most once."""

    def __init__(self, db: Database, delivery: Delivery, clock: Callable[[], int]) -> None:
        self.delivery = delivery
        self._db = db
        self._clock = clock
        self._room = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._studio_room = asyncio.Semaphore(_MADE_SIDE_BY_SIDE)
        self._arrivals: Batches[tuple[Queued, int], None] = Batches(self._record_sent)
        # Promotions of which nobody could tell what became of them if this process ended now.
        self._on_the_wire: dict[int, Queued] = {}
        # Loop times
        self._delivered = 0.0
        self._put_off_at: dict[int, float] = {}

    @property
    def on_the_wire(self) -> list[Queued]:
        """Promotions that are being sent."""
        return list(self._on_the_wire.values())

    def has_put_off(self, chat_id: int) -> bool:
        """Whether a message to this chat was put off lately: what comes now must not overtake it."""
        since = asyncio.get_running_loop().time() - _PUT_OFF_REMEMBERED
        return self._put_off_at.get(chat_id, since) > since

    def forget_put_off(self, chat_id: int) -> None:
        """What was put off has been taken up again."""
        self._put_off_at.pop(chat_id, None)

    async def send(self, message: Queued) -> bool:
        """True if the next may follow, False if this one has to be sent first and was put off."""
        async with self._studio_room if is_made(message) else self._room:
            if not message.body:
                await self._unsayable(message, "Undecipherable")
            elif not message.reader.reachable:
                await self.record(outbox.mark_ended, message, "failed", outbox.UNREACHABLE)
            else:
                return await self._deliver(message)
        return True

    async def _deliver(self, message: Queued) -> bool:
        try:
            sent = await self._attempt(message)
        except RetryAfter as told:
            return await self._told_to_wait(message, told)
        except Forbidden as error:
            log.info("chat_closed", message=message.id, error=blame(error))
            await self.record(_unreachable, message)
            return False
        except ChatMigrated as error:
            await self.record(_moved, message, error.new_chat_id)
        except Gone as error:
            await self.record(_gone, message, blame(error))
        except BadRequest as error:
            await self._unsayable(message, blame(error))
        except NetworkError as error:
            return await self._doubtful(message, error)
        except (TelegramError, DatabaseTrouble) as error:
            return await self._put_off(message, LONGEST_WAIT_MS, type(error).__name__)
        except Exception as error:
            # One that can't be drawn must not stop those behind it.
            log.error("message_unsendable", message=message.id, template=_template(message), exc_info=error)
            await self.record(_unsaid, message, type(error).__name__)
        else:
            self._delivered = asyncio.get_running_loop().time()
            await self._arrivals.put((message, sent))
            self._on_the_wire.pop(message.id, None)
        return True

    async def _attempt(self, message: Queued) -> int:
        if message.is_promotion:
            self._on_the_wire[message.id] = message
        try:
            return await self.delivery.deliver(message)
        except Exception:
            # Whatever it was, it is being written down: only a cancellation leaves it open.
            self._on_the_wire.pop(message.id, None)
            raise

    async def _unsayable(self, message: Queued, error: str) -> None:
        log.error("message_refused", message=message.id, template=_template(message), error=error)
        await self.record(_unsaid, message, error)

    async def _told_to_wait(self, message: Queued, told: RetryAfter) -> bool:
        seconds = seconds_of(told)
        log.warning("flood_wait", seconds=seconds)
        return await self._put_off(message, int(seconds * 1000), "429")

    async def _doubtful(self, message: Queued, error: NetworkError) -> bool:
        """A promotion that may have arrived is not sent twice; anything else is, until it surely has."""
        if message.is_promotion and isinstance(error, MaybeSent):
            log.warning("promotion_unknown", message=message.id, error=type(error).__name__)
            await self.record(outbox.mark_ended, message, "unknown", type(error).__name__)
            return True
        if self._is_hopeless(message):
            await self._unsayable(message, type(error).__name__)
            return True
        return await self._put_off(message, min(500 * 2**message.attempts, LONGEST_WAIT_MS), type(error).__name__)

    def _is_hopeless(self, message: Queued) -> bool:
        """Whether it is this one that Telegram fails at, again and again, and not all of them."""
        often = message.attempts >= _MOST_ATTEMPTS and self._clock() - message.queued_at > _LONGEST_TRIED_MS
        return often and asyncio.get_running_loop().time() - self._delivered < _GETS_THROUGH

    async def _put_off(self, message: Queued, wait_ms: int, error: str) -> bool:
        log.info("message_put_off", message=message.id, attempts=message.attempts, error=error)
        now = asyncio.get_running_loop().time()
        self._put_off_at = {chat: at for chat, at in self._put_off_at.items() if now - at < _PUT_OFF_REMEMBERED}
        self._put_off_at[message.chat_id] = now
        await self.record(outbox.postpone, message, self._clock() + wait_ms, error)
        return False

    async def _record_sent(self, arrived: list[tuple[Queued, int]]) -> None:
        await self.record(outbox.mark_all_sent, arrived)

    async def record(self, change: Callable[..., object], *args: object) -> None:
        """Write down what became of a message, as often as it takes: else it would be sent again."""
        while True:
            try:
                await self._db.write(change, *args)
                return
            except DatabaseTrouble as trouble:
                log.warning("outcome_not_recorded", trouble=type(trouble).__name__)
                await asyncio.sleep(_RECORD_AGAIN_AFTER)


def _unreachable(tx: Tx, message: Queued) -> None:
    """They blocked the bot: nothing is tried again until they write."""
    outbox.give_up_chat(tx, message.chat_id)
    staff_groups.lose(tx, message.chat_id)
    people.mark_unreachable(tx, message.chat_id)


def _gone(tx: Tx, message: Queued, error: str) -> None:
    """There is no such chat: an account that was deleted, or a group. Should they write after all, they are back."""
    outbox.mark_ended(tx, message, "failed", error)
    staff_groups.lose(tx, message.chat_id)
    people.mark_unreachable(tx, message.chat_id)


def _moved(tx: Tx, message: Queued, to_chat_id: int) -> None:
    """A group that became a supergroup has another id from then on."""
    if outbox.mark_ended(tx, message, "failed", "ChatMigrated"):
        staff_groups.move(tx, message.chat_id, to_chat_id, message.body["params"].get("case_id", 0))


def _unsaid(tx: Tx, message: Queued, error: str) -> None:
    """A fault of ours in its words or its picture: apologise with a reference, which the log has too, unless nobody
    waits for it.

    The owners are told once a day and template: what is wrong with one is often wrong with a thousand.
    """
    template = _template(message)
    if not outbox.mark_ended(tx, message, "failed", error) or template in _APOLOGIES:
        return
    reference = f"m{message.id}"
    if not message.topic:
        outbox.post(tx, Say("update_given_up", {"reference": reference}, to=message.chat_id))
    for owner in staff.list_users(tx, Role.OWNER):
        key = f"message_dead:{template}:{tx.now // _DAY_MS}:{owner}"
        outbox.post(tx, Say("message_dead", {"reference": reference}, to=owner, kind="notice", dedup_key=key))


def _template(message: Queued) -> str:
    return str(message.body.get("template", ""))


def is_made(message: Queued) -> bool:
    """Whether a picture has to be drawn or a document made."""
    return "picture" in message.body or "document" in message.body
