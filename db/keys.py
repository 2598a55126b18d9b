"""Whether the master keys are the right ones; wrapping anew, under the present one, what an older one wraps."""

from __future__ import annotations

from db import staff
from db.database import Tx
from loyalty.vault import WrappedKey


def rewrap(tx: Tx, limit: int) -> int:
    """The next so many data keys, and the names of staff with the last of them; how many keys there were."""
    rows = tx.all(
        "SELECT member_id, wrapped, version FROM member_key WHERE version <> :current ORDER BY member_id LIMIT :limit",
        current=tx.vault.current, limit=limit,
    )  # fmt: skip
    for member_id, wrapped, version in rows:
        _rewrap_one(tx, member_id, WrappedKey(bytes(wrapped), version))
    if rows and len(rows) < limit:
        staff.seal_names_anew(tx)
    return len(rows)


def _rewrap_one(tx: Tx, member_id: int, old: WrappedKey) -> None:
    new = tx.vault.rewrap(member_id, old)
    # Only if it is still there: who is erased meanwhile stays erased.
    tx.run(
        "UPDATE member_key SET wrapped = :wrapped, version = :version WHERE member_id = :member_id AND version = :old",
        member_id=member_id, wrapped=new.sealed, version=new.version, old=old.version,
    )  # fmt: skip


def fits(tx: Tx) -> bool:
    """Whether the vault's keys are this database's; the first vault that asks is."""
    tx.run(
        "INSERT INTO key_check (id, token) VALUES (1, :token) ON CONFLICT (id) DO NOTHING",
        token=tx.vault.token("key check", ""),
    )
    return bytes(tx.value("SELECT token FROM key_check")) == tx.vault.token("key check", "")


def count_keyless(tx: Tx) -> int:
    """How many members nobody can read the name of, though they were not erased."""
    count: int = tx.value(
        "SELECT COUNT(*) FROM member m WHERE m.status <> 'erased' "
        "AND NOT EXISTS (SELECT 1 FROM member_key k WHERE k.member_id = m.id)"
    )
    return count
