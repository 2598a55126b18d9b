"""Who was asked whether they would recommend us, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db import members
from db.database import Tx
from loyalty import recommendations as rules


@dataclass(frozen=True, slots=True)
class Due:
    """A member whose turn has come."""

    member_id: int
    store_id: int  # where they bought last


@dataclass(frozen=True, slots=True)
class Recommendation:
    id: int
    member_id: int
    store_id: int
    score: int  # -1: not answered


_COLUMNS = ", ".join(Recommendation.__dataclass_fields__)


def list_due(tx: Tx, percent: int, quarter: date, on: date, since: int, ids: tuple[int, int], limit: int) -> list[Due]:
    """Of the quarter's share, those whose turn has begun by that day and who were not asked yet, in order.

    Members on Telegram who bought something since then (epoch ms UTC), with ids above ids[0] up to ids[1].
    """
    rows = tx.all(
        "SELECT id, store_id FROM (SELECT m.id, (SELECT p.store_id FROM purchase p WHERE p.member_id = m.id "
        "AND p.status = 'recorded' AND p.occurred_at >= :since ORDER BY p.occurred_at DESC LIMIT 1) AS store_id "
        "FROM member m WHERE m.id > :after AND m.id <= :upto AND m.status = 'active' AND m.user_id <> 0 "
        "AND (m.id + :shift) % 100 < :percent AND (m.id / 100) % :days <= :day AND NOT EXISTS "
        "(SELECT 1 FROM recommendation r WHERE r.member_id = m.id AND r.quarter = :quarter)) AS due "
        "WHERE store_id IS NOT NULL ORDER BY id LIMIT :limit",
        percent=percent, shift=rules.shift(percent, quarter), quarter=quarter.isoformat(), day=(on - quarter).days,
        days=rules.SPREAD_DAYS, since=since, after=ids[0], upto=ids[1], limit=limit,
    )  # fmt: skip
    return [Due(*row) for row in rows]


def is_asked(tx: Tx, member_id: int, quarter: date) -> bool:
    """Whether the member was asked in that quarter."""
    found = tx.one(
        "SELECT 1 FROM recommendation WHERE member_id = :member_id AND quarter = :quarter",
        member_id=member_id, quarter=quarter.isoformat(),
    )  # fmt: skip
    return found is not None


def add(tx: Tx, due: Due, quarter: date) -> int | None:
    """The new question's id; None if the member was asked in that quarter."""
    recommendation_id: int | None = tx.value(
        "INSERT INTO recommendation (member_id, quarter, store_id, asked_at, words_sealed) "
        "VALUES (:member_id, :quarter, :store_id, :now, :nothing) "
        "ON CONFLICT (member_id, quarter) DO NOTHING RETURNING id",
        member_id=due.member_id, quarter=quarter.isoformat(), store_id=due.store_id, now=tx.now, nothing=b"",
    )  # fmt: skip
    return recommendation_id


def get(tx: Tx, recommendation_id: int) -> Recommendation | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM recommendation WHERE id = :id", id=recommendation_id)
    return Recommendation(*row) if row else None


def score(tx: Tx, recommendation_id: int, given: int) -> bool:
    """The first answer counts; False for any other."""
    return 1 == tx.run(
        "UPDATE recommendation SET score = :given, answered_at = :now WHERE id = :id AND score = -1",
        id=recommendation_id, given=given, now=tx.now,
    )  # fmt: skip


def keep_words(tx: Tx, recommendation: Recommendation, words: str) -> None:
    """What the member adds; sealed, for it may tell about them."""
    sealed = members.vault_of(tx, recommendation.member_id).seal("recommendation", "words", words)
    tx.run("UPDATE recommendation SET words_sealed = :sealed WHERE id = :id", sealed=sealed, id=recommendation.id)
