"""Short quizzes: what was drawn for whom, what was answered right, and how a team fares in each chapter."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from db.database import Tx
from loyalty.quizzes import Drawn

State = Literal["open", "done", "stopped"]


@dataclass(frozen=True, slots=True)
class Quiz:
    """place: which question waits, from 0, and how many were answered; times in epoch ms UTC."""

    id: int
    user_id: int
    locale: str
    version: str  # of the handbook
    questions: tuple[Drawn, ...]
    place: int
    correct: int
    state: State
    ended_at: int  # 0: not yet


@dataclass(frozen=True, slots=True)
class Share:
    """How a team answered what is asked in one chapter, from so many people."""

    locale: str
    version: str
    chapter: int
    people: int
    asked: int
    correct: int


_COLUMNS = ", ".join(Quiz.__dataclass_fields__)


def begin(tx: Tx, user_id: int, locale: str, version: str, questions: Sequence[Drawn]) -> Quiz:
    """A new quiz; one that was under way is stopped."""
    tx.serialise(f"quiz:{user_id}")
    tx.run(
        "UPDATE quiz SET state = 'stopped', ended_at = :now WHERE user_id = :user_id AND state = 'open'",
        user_id=user_id, now=tx.now,
    )  # fmt: skip
    row = tx.one(
        "INSERT INTO quiz (user_id, locale, version, questions, begun_at) "
        f"VALUES (:user_id, :locale, :version, :questions, :now) RETURNING {_COLUMNS}",
        user_id=user_id, locale=locale, version=version, now=tx.now,
        questions=json.dumps([[one.chapter, one.question, one.order] for one in questions]),
    )  # fmt: skip
    assert row is not None
    return _quiz(row)


def get(tx: Tx, quiz_id: int) -> Quiz | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM quiz WHERE id = :id", id=quiz_id)
    return _quiz(row) if row else None


def answer(tx: Tx, quiz: Quiz, correct: bool) -> bool:
    """Count the answer to the question that waits, and end with the last; False if it was answered, or all ended."""
    taken = tx.run(
        "UPDATE quiz SET place = place + 1, correct = correct + :correct, "
        "state = CASE WHEN :last = 1 THEN 'done' ELSE state END, ended_at = CASE WHEN :last = 1 THEN :now ELSE 0 END "
        "WHERE id = :id AND place = :place AND state = 'open'",
        id=quiz.id, place=quiz.place, correct=int(correct), last=int(quiz.place + 1 == len(quiz.questions)), now=tx.now,
    )  # fmt: skip
    if taken:
        tx.run(
            "INSERT INTO quiz_answer (quiz_id, place, chapter, correct) VALUES (:id, :place, :chapter, :correct)",
            id=quiz.id, place=quiz.place, chapter=quiz.questions[quiz.place].chapter, correct=int(correct),
        )  # fmt: skip
    return taken == 1


def stop(tx: Tx, quiz_id: int) -> bool:
    """End it early; False if it has ended."""
    return 1 == tx.run(
        "UPDATE quiz SET state = 'stopped', ended_at = :now WHERE id = :id AND state = 'open'", id=quiz_id, now=tx.now
    )


def list_missed(tx: Tx, quiz_id: int) -> list[int]:
    """Chapters with a question that was not answered right, in the order they were asked, each once."""
    rows = tx.all(
        "SELECT chapter FROM quiz_answer WHERE quiz_id = :id AND correct = 0 GROUP BY chapter ORDER BY MIN(place)",
        id=quiz_id,
    )
    return [row[0] for row in rows]


def list_of(tx: Tx, user_id: int, limit: int) -> list[Quiz]:
    """Those one has ended with at least one answer, newest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM quiz WHERE user_id = :user_id AND ended_at > 0 AND place > 0 "
        "ORDER BY ended_at DESC, id DESC LIMIT :limit",
        user_id=user_id, limit=limit,
    )  # fmt: skip
    return [_quiz(row) for row in rows]


def last_done(tx: Tx, users: Collection[int]) -> dict[int, int]:
    """When each of them did a whole quiz last (epoch ms); who never did is not in it."""
    rows = tx.all(
        "SELECT user_id, MAX(ended_at) FROM quiz WHERE state = 'done' AND ended_at > 0 "
        f"AND user_id IN ({_places(users)}) GROUP BY user_id",
        **_named(users),
    )
    return {row[0]: row[1] for row in rows}


def list_shares(tx: Tx, users: Collection[int], versions: Collection[str]) -> list[Share]:
    """How these people answered what handbooks of these versions ask, by chapter."""
    rows = tx.all(
        "SELECT q.locale, q.version, a.chapter, COUNT(DISTINCT q.user_id), COUNT(*), CAST(SUM(a.correct) AS BIGINT) "
        f"FROM quiz q JOIN quiz_answer a ON a.quiz_id = q.id WHERE q.user_id IN ({_places(users)}) "
        f"AND q.version IN ({_places(versions, 'w')}) GROUP BY q.locale, q.version, a.chapter ORDER BY a.chapter",
        **_named(users), **_named(versions, "w"),
    )  # fmt: skip
    return [Share(*row) for row in rows]


def forget(tx: Tx, user_id: int) -> None:
    """All quizzes of somebody who does not work here any more."""
    tx.run("DELETE FROM quiz_answer WHERE quiz_id IN (SELECT id FROM quiz WHERE user_id = :user_id)", user_id=user_id)
    tx.run("DELETE FROM quiz WHERE user_id = :user_id", user_id=user_id)


def _quiz(row: tuple[Any, ...]) -> Quiz:
    told = dict(zip(Quiz.__dataclass_fields__, row, strict=True))
    drawn = tuple(Drawn(chapter, question, tuple(order)) for chapter, question, order in json.loads(told["questions"]))
    return Quiz(**{**told, "questions": drawn})


def _places(values: Collection[object], prefix: str = "v") -> str:
    return ", ".join(f":{prefix}{place}" for place in range(len(values))) or "NULL"


def _named(values: Collection[object], prefix: str = "v") -> dict[str, object]:
    return {f"{prefix}{place}": value for place, value in enumerate(values)}
