"""Writing to members of the bot's own accord. Whether and when it is sent is decided when its time has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions import charters
from db import campaigns, members, outbox, wishes
from db.database import Tx
from db.outbox import Queued
from loyalty import pushes
from loyalty.lots import NEVER
from loyalty.messages import Say
from loyalty.pushes import Verdict
from loyalty.topics import TOPICS, TopicName

_OF_CAMPAIGNS: TopicName = "offers"


def push(tx: Tx, member_id: int, topic: TopicName, say: Say, key: str, expires_at: int) -> bool:
    """Queue a message on that topic to a member; False if key was used before, or they are not on Telegram.

    key: names what cannot come again, `birthday:<member>:<year>`; it is remembered for 400 days. expires_at: epoch ms
    UTC, after which it is not sent any more; 0: never.
    """
    member = members.get(tx, member_id)
    if member is None or member.status != "active":
        return False
    return push_to(tx, member.user_id, topic, say, key, expires_at)


def push_to(tx: Tx, user_id: int, topic: TopicName, say: Say, key: str, expires_at: int) -> bool:
    """As `push`, to the Telegram account of a member who was just selected as an active one; 0 if they have none."""
    if not user_id:
        return False
    # Not `replace`, which takes as long as sealing the message.
    pushed = Say(
        template=say.template, params=say.params, to=user_id, picture=say.picture, document=say.document,
        kind=TOPICS[topic].kind, dedup_key=key, topic=topic, expires_at=expires_at,
    )  # fmt: skip
    return outbox.post(tx, pushed)


@dataclass(frozen=True, slots=True)
class Examined:
    """Of messages about to be sent: those that may go now, and those that may not, which are dropped or put off."""

    welcome: list[Queued]
    others: list[Queued]


def examine(tx: Tx, messages: Iterable[Queued], most: int) -> Examined:
    """Look, in order, at what members want, until so many may go; promotions among these are noted as tried.

    What is no push is always welcome. Those that were not looked at any more are in neither list.
    """
    found = Examined([], [])
    for message in messages:
        if len(found.welcome) >= most:
            break
        (found.welcome if _is_welcome(tx, message) else found.others).append(message)
    outbox.mark_tried(tx, [message for message in found.welcome if message.is_promotion])
    return found


def _is_welcome(tx: Tx, message: Queued) -> bool:
    if not message.topic:
        return True
    verdict = _verdict(tx, message)
    if verdict.what == "drop":
        outbox.mark_ended(tx, message, "failed", verdict.why)
    elif verdict.what == "hold":
        outbox.hold(tx, message, verdict.due_at, verdict.why)
    return verdict.what == "send"


def _verdict(tx: Tx, message: Queued) -> Verdict:
    verdict = _halted(tx, message) or _judged(tx, message)
    if message.topic == _OF_CAMPAIGNS and verdict.due_at == NEVER:
        # Who lets a campaign go, or stops it, looks once for what waits to be called: either before this is decided
        # or after it is written down.
        campaigns.lock(tx)
        return _halted(tx, message) or _judged(tx, message)
    return verdict


def _judged(tx: Tx, message: Queued) -> Verdict:
    wanted = wishes.get(tx, message.chat_id, message.topic)
    return pushes.judge(message.topic, message.expires_at, wanted, charters.current(tx), tx.now)


def _halted(tx: Tx, message: Queued) -> Verdict | None:
    """What becomes of a message that was in hand when its campaign was held back or stopped, and had to wait."""
    state = campaigns.state_of_message(tx, message.id) if message.topic == _OF_CAMPAIGNS else None
    if state == "stopped":
        return Verdict("drop", state)
    return Verdict("hold", state, NEVER) if state == "paused" else None
