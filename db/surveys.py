"""What members are asked about their visits and gifts, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass

from db import members
from db.database import Tx
from loyalty.surveys import About


@dataclass(frozen=True, slots=True)
class Subject:
    """A purchase, or a gift handed over, that can be asked about."""

    id: int
    member_id: int
    store_id: int
    at: int  # epoch ms UTC


@dataclass(frozen=True, slots=True)
class Survey:
    id: int
    member_id: int
    about: About
    subject_id: int  # of the purchase, or of the reservation
    store_id: int
    score: int  # 0: not answered


_COLUMNS = ", ".join(Survey.__dataclass_fields__)


def list_visits(tx: Tx, begins: int, ends: int, after: tuple[int, int], limit: int) -> list[Subject]:
    """Purchases that stand, of members on Telegram, from begins (epoch ms UTC) to before ends, beyond (at, id)."""
    return _list(tx, "purchase", "occurred_at", "s.status = 'recorded'", (begins, ends), after, limit)


def list_gifts(tx: Tx, begins: int, ends: int, after: tuple[int, int], limit: int) -> list[Subject]:
    """Gifts handed over; as `list_visits`."""
    return _list(tx, "gift_reservation", "resolved_at", "s.state = 'captured'", (begins, ends), after, limit)


def _list(
    tx: Tx, table: str, time: str, standing: str, span: tuple[int, int], after: tuple[int, int], limit: int
) -> list[Subject]:
    at, subject_id = max(after, (span[0], 0))
    rows = tx.all(
        f"SELECT s.id, s.member_id, s.store_id, s.{time} FROM {table} s JOIN member m ON m.id = s.member_id "
        f"WHERE (s.{time}, s.id) > (:at, :id) AND s.{time} < :ends AND {standing} "
        "AND m.status = 'active' AND m.user_id <> 0 "
        f"ORDER BY s.{time}, s.id LIMIT :limit",
        at=at, id=subject_id, ends=span[1], limit=limit,
    )  # fmt: skip
    return [Subject(*row) for row in rows]


def was_asked(tx: Tx, member_id: int, since: int) -> bool:
    """Whether the member was asked anything of our own accord since then (epoch ms UTC)."""
    asked: int = tx.value(
        "SELECT (SELECT COUNT(*) FROM survey WHERE member_id = :member_id AND asked_at >= :since) "
        "+ (SELECT COUNT(*) FROM recommendation WHERE member_id = :member_id AND asked_at >= :since)",
        member_id=member_id, since=since,
    )  # fmt: skip
    return asked > 0


def add(tx: Tx, about: About, subject: Subject) -> int | None:
    """The new question's id; None if this was asked about."""
    survey_id: int | None = tx.value(
        "INSERT INTO survey (member_id, about, subject_id, store_id, asked_at, words_sealed) "
        "VALUES (:member_id, :about, :subject_id, :store_id, :now, :nothing) "
        "ON CONFLICT (about, subject_id) DO NOTHING RETURNING id",
        member_id=subject.member_id, about=about, subject_id=subject.id, store_id=subject.store_id,
        now=tx.now, nothing=b"",
    )  # fmt: skip
    return survey_id


def get(tx: Tx, survey_id: int) -> Survey | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM survey WHERE id = :id", id=survey_id)
    return Survey(*row) if row else None


def score(tx: Tx, survey_id: int, given: int) -> bool:
    """The first answer counts; False for any other."""
    return 1 == tx.run(
        "UPDATE survey SET score = :given, answered_at = :now WHERE id = :id AND score = 0",
        id=survey_id, given=given, now=tx.now,
    )  # fmt: skip


def keep_words(tx: Tx, survey: Survey, words: str) -> None:
    """What the member adds; sealed, for it may tell about them."""
    sealed = members.vault_of(tx, survey.member_id).seal("survey", "words", words)
    tx.run("UPDATE survey SET words_sealed = :sealed WHERE id = :id", sealed=sealed, id=survey.id)
