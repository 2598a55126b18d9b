"""What members chose to add about themselves; every value is sealed under the member's key."""

from __future__ import annotations

from db import members
from db.database import Tx

_TABLE = "profile_field"


def put(tx: Tx, member_id: int, field: str, value: str) -> None:
    """Set one of `loyalty.profiles.FIELDS`, in place of what it held."""
    tx.run(
        "INSERT INTO profile_field (member_id, field, value_sealed, changed_at) "
        "VALUES (:member_id, :field, :value, :now) ON CONFLICT (member_id, field) DO UPDATE SET "
        "value_sealed = excluded.value_sealed, changed_at = excluded.changed_at",
        member_id=member_id, field=field, value=members.vault_of(tx, member_id).seal(_TABLE, field, value), now=tx.now,
    )  # fmt: skip


def clear(tx: Tx, member_id: int, field: str) -> bool:
    """False if it held nothing."""
    return 1 == tx.run(
        "DELETE FROM profile_field WHERE member_id = :member_id AND field = :field", member_id=member_id, field=field
    )


def get(tx: Tx, member_id: int, field: str) -> str:
    """What the field holds; '' if nothing."""
    return list_filled(tx, member_id).get(field, "")


def list_filled(tx: Tx, member_id: int) -> dict[str, str]:
    """The fields that hold something."""
    rows = tx.all(
        "SELECT field, value_sealed FROM profile_field WHERE member_id = :member_id ORDER BY field", member_id=member_id
    )
    if not rows:
        return {}
    vault = members.vault_of(tx, member_id)
    return {field: vault.open(_TABLE, field, bytes(sealed)) for field, sealed in rows}
