"""What a reader wants to be told of, in one look: it is taken before each push."""

from __future__ import annotations

from db.database import Tx
from loyalty.pushes import Wishes

_NOBODY = Wishes(active=False, frequency="none", wanted=False, quiet_from="", quiet_until="", told_at=0)


def get(tx: Tx, user_id: int, topic: str) -> Wishes:
    """The wishes of this person about that topic."""
    row = tx.one(
        "SELECT (SELECT COUNT(*) FROM member WHERE member.user_id = person.user_id AND member.user_id <> 0 "
        "AND status = 'active'), frequency, "
        "(SELECT COUNT(*) FROM topic_choice AS choice WHERE choice.user_id = person.user_id AND choice.topic = :topic "
        "AND choice.wanted = 0), quiet_from, quiet_until, "
        "(SELECT COALESCE(MAX(sent_at), 0) FROM outbox WHERE outbox.chat_id = person.user_id AND state <> 'queued' "
        "AND rank = 3 AND state IN ('sent', 'unknown') AND error <> 'digest' AND sent_at > :since) "
        "FROM person WHERE person.user_id = :user_id",
        user_id=user_id, topic=topic, since=tx.now - _LONGEST_DAY_MS,
    )  # fmt: skip
    if row is None:
        return _NOBODY
    members, frequency, unwanted, quiet_from, quiet_until, told_at = row
    return Wishes(members > 0, frequency, not unwanted, quiet_from, quiet_until, told_at)


# No local day is longer, also when clocks change.
_LONGEST_DAY_MS = 26 * 3_600_000
