"""Writing to members of the bot's own accord. Whether and when it is sent is decided when its time has come."""

from __future__ import annotations

from dataclasses import replace

from db import members, outbox
from db.database import Tx
from loyalty.messages import Say
from loyalty.topics import TOPICS, TopicName


def push(tx: Tx, member_id: int, topic: TopicName, say: Say, key: str, expires_at: int) -> bool:
    """Queue a message on that topic to a member; False if key was used before, or they are not on Telegram.

    key: unique for ever, `birthday:<member>:<year>`. expires_at: epoch ms UTC, after which it is not sent any more.
    """
    member = members.get(tx, member_id)
    if member is None or member.status != "active" or not member.user_id:
        return False
    pushed = replace(say, topic=topic, kind=TOPICS[topic].kind, to=member.user_id, dedup_key=key, expires_at=expires_at)
    return outbox.post(tx, pushed) is not None
