"""The service handbook as managers replaced it: texts by language, and which of them is read now."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Edition:
    """A text somebody sent. locale '': for which language is not said yet; used_at 0: it never was in force."""

    id: int
    locale: str
    text: str
    added_by: int
    used_at: int  # epoch ms UTC


_COLUMNS = ", ".join(Edition.__dataclass_fields__)


def propose(tx: Tx, text: str, added_by: int) -> int:
    """Keep it to be looked at, in place of what this person proposed before and never used; its id."""
    tx.run("DELETE FROM handbook WHERE added_by = :added_by AND used_at = 0", added_by=added_by)
    edition_id: int = tx.value(
        "INSERT INTO handbook (text, added_by, added_at) VALUES (:text, :added_by, :now) RETURNING id",
        text=text, added_by=added_by, now=tx.now,
    )  # fmt: skip
    return edition_id


def get(tx: Tx, edition_id: int) -> Edition | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM handbook WHERE id = :id", id=edition_id)
    return Edition(*row) if row else None


def in_force(tx: Tx, locale: str) -> Edition | None:
    """None where the one that comes with the programme is read."""
    row = tx.one(f"SELECT {_COLUMNS} FROM handbook WHERE locale = :locale AND in_force = 1", locale=locale)
    return Edition(*row) if row else None


def lock(tx: Tx) -> None:
    """From here on nobody else changes which texts are read."""
    tx.serialise("handbook")


def retire(tx: Tx, locale: str) -> bool:
    """Whatever is in force in this language is so no more; False if nothing was."""
    return 1 == tx.run("UPDATE handbook SET in_force = 0 WHERE locale = :locale AND in_force = 1", locale=locale)


def use(tx: Tx, edition_id: int, locale: str) -> bool:
    """Put a proposal in force; False if it was used or dropped before. What was in force has been retired."""
    return 1 == tx.run(
        "UPDATE handbook SET in_force = 1, locale = :locale, used_at = :now WHERE id = :id AND used_at = 0",
        id=edition_id, locale=locale, now=tx.now,
    )  # fmt: skip


def drop(tx: Tx, edition_id: int, added_by: int) -> bool:
    """Forget a proposal; False if it was used or dropped before, or is somebody else's."""
    return 1 == tx.run(
        "DELETE FROM handbook WHERE id = :id AND added_by = :added_by AND used_at = 0", id=edition_id, added_by=added_by
    )
