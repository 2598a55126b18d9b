"""The weekly digest: what was gathered for those who chose it, in one message."""

from __future__ import annotations

from db import digests, outbox
from db.database import Tx
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.messages import Say
from loyalty.pushes import DIGEST

_PAGE = 200
# What is beyond comes next week.
_MOST = 12


def page(tx: Tx, run: Run) -> Page:
    """For 200 people at a time."""
    chats = digests.list_gathered(tx, int(run.cursor or 0), _PAGE)
    reached = sum(_tell(tx, chat_id) for chat_id in chats)
    return Page(str(chats[-1]) if len(chats) == _PAGE else "", len(chats), reached)


def _tell(tx: Tx, chat_id: int) -> bool:
    """What is taken is taken once, so this needs no key. False if nothing is left of it."""
    bodies = digests.take_gathered(tx, chat_id, _MOST)
    if not bodies:
        return False
    said = Say("digest", {"bodies": bodies}, to=chat_id, kind="promotion", topic=DIGEST, expires_at=tx.now + DAY_MS)
    outbox.post(tx, said)
    return True
