"""What each member has agreed to, and in which version."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Consent:
    kind: str  # privacy, charter
    version: int  # of the charter whose text was accepted
    given_at: int  # epoch ms UTC


def add(tx: Tx, member_id: int, kind: str, version: int) -> None:
    tx.run(
        "INSERT INTO consent (member_id, kind, version, given_at) VALUES (:member_id, :kind, :version, :now)",
        member_id=member_id, kind=kind, version=version, now=tx.now,
    )  # fmt: skip


def list_given(tx: Tx, member_id: int) -> list[Consent]:
    """Oldest first."""
    rows = tx.all(
        "SELECT kind, version, given_at FROM consent WHERE member_id = :member_id ORDER BY id", member_id=member_id
    )
    return [Consent(*row) for row in rows]
