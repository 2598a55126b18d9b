"""Whose work a case about a low score judges."""

from __future__ import annotations

from db.database import Tx


def judge(tx: Tx, case_id: int, rated_id: int) -> None:
    """Keep who has the rated case now, and who of the staff wrote to the member in it."""
    tx.run(
        "INSERT INTO case_rated (case_id, user_id) "
        "SELECT CAST(:case_id AS BIGINT), holder FROM service_case WHERE id = :rated AND holder <> 0 "
        "UNION SELECT CAST(:case_id AS BIGINT), author FROM case_line "
        "WHERE case_id = :rated AND side = 'staff' AND author <> 0",
        case_id=case_id, rated=rated_id,
    )  # fmt: skip


def list_judged(tx: Tx, case_id: int) -> set[int]:
    """Telegram ids."""
    return {row[0] for row in tx.all("SELECT user_id FROM case_rated WHERE case_id = :id", id=case_id)}
