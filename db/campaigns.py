"""What managers send to many: the campaigns, whom they go to, and what became of their messages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from db.database import Tx
from loyalty.campaigns import Draft
from loyalty.lots import NEVER

State = Literal["draft", "waiting", "declined", "approved", "paused", "stopped", "sent"]


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    draft: Draft
    state: State
    cursor: int  # the last member looked at
    queued_at: int  # epoch ms UTC: when the last message was queued; 0 while there may be more
    created_by: int
    created_at: int
    decided_by: int  # who agreed or declined; 0 if nobody has
    ended_at: int  # epoch ms UTC; 0 until it is declined, stopped or sent


_COLUMNS = (
    "id, texts, picture_id, tier, store_id, starts_at, state, cursor, queued_at, created_by, created_at, decided_by, "
    "ended_at"
)
# Members on Telegram, by tier and home store.
_AUDIENCE = (
    "status = 'active' AND user_id <> 0 AND (CAST(:tier AS TEXT) = '' OR tier = :tier) "
    "AND (CAST(:store_id AS BIGINT) = 0 OR home_store_id = :store_id)"
)


def add(tx: Tx, draft: Draft, created_by: int) -> int:
    """The new campaign's id; nobody gets it before it is approved."""
    campaign_id: int = tx.value(
        "INSERT INTO campaign (texts, picture_id, tier, store_id, starts_at, created_by, created_at) "
        "VALUES (:texts, :picture_id, :tier, :store_id, :starts_at, :created_by, :now) RETURNING id",
        texts=json.dumps(dict(draft.texts), ensure_ascii=False), picture_id=draft.picture_id, tier=draft.tier,
        store_id=draft.store_id, starts_at=draft.starts_at, created_by=created_by, now=tx.now,
    )  # fmt: skip
    return campaign_id


def get(tx: Tx, campaign_id: int) -> Campaign | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM campaign WHERE id = :campaign_id", campaign_id=campaign_id)
    return _campaign(row) if row else None


def list_latest(tx: Tx, limit: int) -> list[Campaign]:
    """Newest first."""
    return [
        _campaign(row) for row in tx.all(f"SELECT {_COLUMNS} FROM campaign ORDER BY id DESC LIMIT :limit", limit=limit)
    ]


def lock(tx: Tx) -> None:
    """From here on, no other transaction queues a campaign's messages or changes its state."""
    tx.serialise("campaign")


def due(tx: Tx) -> Campaign | None:
    """One whose time has come and that has members left to look at."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM campaign WHERE state = 'approved' AND queued_at = 0 AND starts_at <= :now "
        "ORDER BY starts_at, id LIMIT 1",
        now=tx.now,
    )
    return _campaign(row) if row else None


def move(tx: Tx, campaign_id: int, before: State, after: State, decided_by: int = 0) -> bool:
    """From one state to another; False if it is in a third one. decided_by 0 leaves who decided as it is."""
    return 1 == tx.run(
        "UPDATE campaign SET state = :after, "
        "decided_by = CASE WHEN :decided_by = 0 THEN decided_by ELSE :decided_by END, "
        "ended_at = CASE WHEN :ends = 1 THEN :now ELSE 0 END WHERE id = :campaign_id AND state = :before",
        campaign_id=campaign_id, before=before, after=after, decided_by=decided_by, now=tx.now,
        ends=int(after in ("declined", "stopped", "sent")),
    )  # fmt: skip


def postpone(tx: Tx, campaign_id: int, starts_at: int) -> None:
    """It was approved too late for its time (epoch ms UTC): it begins now."""
    tx.run("UPDATE campaign SET starts_at = :starts_at WHERE id = :id", starts_at=starts_at, id=campaign_id)


def advance(tx: Tx, campaign_id: int, cursor: int, done: bool) -> None:
    """How far members have been looked at."""
    tx.run(
        "UPDATE campaign SET cursor = :cursor, queued_at = :queued_at WHERE id = :campaign_id",
        campaign_id=campaign_id, cursor=cursor, queued_at=tx.now if done else 0,
    )  # fmt: skip


def list_receivers(tx: Tx, draft: Draft, after: int, limit: int) -> list[tuple[int, str]]:
    """Id and tier of members of the audience with ids above `after`, in order."""
    return tx.all(
        f"SELECT id, tier FROM member WHERE id > :after AND {_AUDIENCE} ORDER BY id LIMIT :limit",
        after=after, limit=limit, tier=draft.tier, store_id=draft.store_id,
    )  # fmt: skip


def count_audience(tx: Tx, tier: str, store_id: int) -> tuple[int, int]:
    """How many members that is, and how many of them can be reached and want offers."""
    row = tx.one(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM person WHERE person.user_id = member.user_id "
        "AND reachable = 1 AND frequency IN ('each', 'weekly')) AND NOT EXISTS (SELECT 1 FROM topic_choice "
        "WHERE topic_choice.user_id = member.user_id AND topic = 'offers' AND wanted = 0) THEN 1 ELSE 0 END), 0) "
        f"FROM member WHERE {_AUDIENCE}",
        tier=tier, store_id=store_id,
    )  # fmt: skip
    assert row is not None
    return int(row[0]), int(row[1])


def mark_messages(tx: Tx, campaign_id: int, keys: list[str]) -> None:
    """These messages, by dedup_key, are the campaign's."""
    tx.many(
        "UPDATE outbox SET campaign_id = :campaign_id WHERE dedup_key = :key",
        [{"campaign_id": campaign_id, "key": key} for key in keys],
    )


def count_messages(tx: Tx, campaign_id: int) -> dict[str, int]:
    """By state of the outbox; those their readers did not want as 'unwanted'."""
    rows = tx.all(
        "SELECT CASE WHEN state = 'failed' AND error = 'unwanted' THEN error ELSE state END AS became, COUNT(*) "
        "FROM outbox WHERE campaign_id = :id GROUP BY became",
        id=campaign_id,
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def state_of_message(tx: Tx, message_id: int) -> State | None:
    """How the campaign is that a message belongs to; None if it belongs to none."""
    state: State | None = tx.value(
        "SELECT campaign.state FROM outbox JOIN campaign ON campaign.id = outbox.campaign_id WHERE outbox.id = :id",
        id=message_id,
    )
    return state


def hold_back(tx: Tx, campaign_id: int) -> int:
    """Whatever nobody has in hand waits until it is let go, and is gathered for no digest; how many that is."""
    return tx.run(
        "UPDATE outbox SET due_at = :never, error = 'paused' "
        "WHERE campaign_id = :id AND state = 'queued' AND lease_until < :now",
        id=campaign_id, never=NEVER, now=tx.now,
    )  # fmt: skip


def let_go(tx: Tx, campaign_id: int) -> int:
    """What was held back is due now."""
    return tx.run(
        "UPDATE outbox SET due_at = :now WHERE campaign_id = :id AND state = 'queued' AND due_at = :never",
        id=campaign_id, never=NEVER, now=tx.now,
    )  # fmt: skip


def withdraw(tx: Tx, campaign_id: int) -> int:
    """Whatever nobody has in hand is not sent any more; how many that is."""
    return tx.run(
        "UPDATE outbox SET state = 'failed', error = 'stopped', sent_at = :now, payload = :nothing "
        "WHERE campaign_id = :id AND state = 'queued' AND lease_until < :now",
        id=campaign_id, now=tx.now, nothing=b"",
    )  # fmt: skip


def list_finished(tx: Tx) -> list[int]:
    """Approved campaigns of which every message is queued and none waits any more."""
    rows = tx.all(
        "SELECT id FROM campaign WHERE state = 'approved' AND queued_at > 0 AND NOT EXISTS "
        "(SELECT 1 FROM outbox WHERE outbox.campaign_id = campaign.id AND outbox.state = 'queued') ORDER BY id"
    )
    return [row[0] for row in rows]


def _campaign(row: tuple[Any, ...]) -> Campaign:
    campaign_id, texts, picture_id, tier, store_id, starts_at, *rest = row
    return Campaign(campaign_id, Draft(json.loads(texts), picture_id, tier, store_id, starts_at), *rest)
