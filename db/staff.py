"""Who works where, as what; and the one-time invitations that make them staff."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx
from db.stores import Store
from loyalty.roles import Role

_PURPOSE = "staff"
CHAIN = 0  # store_id of those who work for the whole chain


@dataclass(frozen=True, slots=True)
class Post:
    """One person's role at one store (CHAIN: at all of them)."""

    id: int
    user_id: int
    store_id: int
    role: Role
    name: str
    since: int  # epoch ms UTC


@dataclass(frozen=True, slots=True)
class Invitation:
    role: Role
    store_id: int
    invited_by: int
    expires_at: int  # epoch ms UTC
    used_by: int  # 0 if nobody has


_COLUMNS = "id, user_id, store_id, role, name_sealed, since"
_POST_AT = (
    "SELECT p.role, s.id, s.code, s.name, s.district, s.address, s.active FROM staff p JOIN store s "
    "ON s.active = 1 AND {which} WHERE p.user_id = :user_id AND p.active = 1 AND {whose}"
)
_COUNTERS = (
    " UNION ALL ".join(
        (
            _POST_AT.format(which="s.id = p.store_id", whose="p.store_id <> 0"),
            _POST_AT.format(which="1 = 1", whose="p.store_id = 0"),
        )
    )
    + " ORDER BY 2"
)


def list_posts(tx: Tx, user_id: int) -> list[Post]:
    """Where this person works now."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM staff WHERE user_id = :user_id AND active = 1 ORDER BY id", user_id=user_id)
    return [_post(tx, row) for row in rows]


def list_counters(tx: Tx, user_id: int) -> list[tuple[Role, Store]]:
    """The open stores where this person works now, each with the role there; names of staff stay sealed."""
    rows = tx.all(_COUNTERS, user_id=user_id)
    return [(Role(row[0]), Store(*row[1:])) for row in rows]


def name_of(tx: Tx, user_id: int) -> str:
    """What colleagues call this member of staff; '' for nobody (0), and for who does not work here any more."""
    held = list_posts(tx, user_id) if user_id else []
    return held[0].name if held else ""


def list_all(tx: Tx) -> list[Post]:
    rows = tx.all(f"SELECT {_COLUMNS} FROM staff WHERE active = 1 ORDER BY store_id, id")
    return [_post(tx, row) for row in rows]


def list_of_store(tx: Tx, store_id: int) -> list[Post]:
    """Who work at this very store now, those of the chain not included."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM staff WHERE store_id = :store_id AND active = 1 ORDER BY id", store_id=store_id
    )
    return [_post(tx, row) for row in rows]


def list_ever(tx: Tx) -> list[Post]:
    """All posts there are or were, the latest one of each person last."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM staff ORDER BY since, id")
    return [_post(tx, row) for row in rows]


def count_by_store(tx: Tx) -> dict[int, int]:
    """How many work at each store; CHAIN for those who work for all of them."""
    rows = tx.all("SELECT store_id, COUNT(*) FROM staff WHERE active = 1 GROUP BY store_id")
    return {row[0]: row[1] for row in rows}


def get(tx: Tx, post_id: int) -> Post | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM staff WHERE id = :post_id AND active = 1", post_id=post_id)
    return _post(tx, row) if row else None


def list_users(tx: Tx, role: Role, store_id: int | None = None) -> list[int]:
    """Telegram ids of those with exactly this role, at this store or for the chain; anywhere if None."""
    rows = tx.all(
        "SELECT DISTINCT user_id FROM staff WHERE active = 1 AND role = :role "
        "AND (CAST(:store_id AS INTEGER) IS NULL OR store_id = :store_id OR store_id = 0) ORDER BY user_id",
        role=role.value, store_id=store_id,
    )  # fmt: skip
    return [row[0] for row in rows]


def appoint(tx: Tx, user_id: int, store_id: int, role: Role, name: str, invited_by: int) -> None:
    """Give a person this role at this store, in place of any they had there."""
    tx.run(
        "INSERT INTO staff (user_id, store_id, role, name_sealed, invited_by, since) "
        "VALUES (:user_id, :store_id, :role, :name, :invited_by, :now) ON CONFLICT (user_id, store_id) DO UPDATE SET "
        "role = excluded.role, name_sealed = excluded.name_sealed, invited_by = excluded.invited_by, "
        "since = excluded.since, active = 1, removed_by = 0, removed_at = 0",
        user_id=user_id, store_id=store_id, role=role.value, invited_by=invited_by, now=tx.now,
        name=tx.vault.seal_system(_PURPOSE, str(user_id), name.encode()),
    )  # fmt: skip


def seal_names_anew(tx: Tx) -> None:
    """Under the present master key."""
    for post in list_ever(tx):
        tx.run(
            "UPDATE staff SET name_sealed = :name WHERE id = :id",
            id=post.id, name=tx.vault.seal_system(_PURPOSE, str(post.user_id), post.name.encode()),
        )  # fmt: skip


def remove(tx: Tx, post_id: int, removed_by: int) -> bool:
    """End a post at once; False if it had ended."""
    return 1 == tx.run(
        "UPDATE staff SET active = 0, removed_by = :removed_by, removed_at = :now WHERE id = :post_id AND active = 1",
        post_id=post_id, removed_by=removed_by, now=tx.now,
    )  # fmt: skip


def add_invitation(tx: Tx, token: bytes, role: Role, store_id: int, invited_by: int, expires_at: int) -> None:
    """token is the keyed hash of what the link carries."""
    tx.run(
        "INSERT INTO staff_invitation (token, role, store_id, invited_by, created_at, expires_at) "
        "VALUES (:token, :role, :store_id, :invited_by, :now, :expires_at)",
        token=token, role=role.value, store_id=store_id, invited_by=invited_by, now=tx.now, expires_at=expires_at,
    )  # fmt: skip


def get_invitation(tx: Tx, token: bytes) -> Invitation | None:
    row = tx.one(
        "SELECT role, store_id, invited_by, expires_at, used_by FROM staff_invitation WHERE token = :token", token=token
    )
    return Invitation(Role(row[0]), *row[1:]) if row else None


def take_invitation(tx: Tx, token: bytes, user_id: int) -> bool:
    """Use it up; False if it was used or is too old."""
    return 1 == tx.run(
        "UPDATE staff_invitation SET used_by = :user_id, used_at = :now "
        "WHERE token = :token AND used_by = 0 AND expires_at > :now",
        token=token, user_id=user_id, now=tx.now,
    )  # fmt: skip


def withdraw_invitations(tx: Tx, invited_by: int) -> int:
    """Delete those this person has given out and nobody has taken; how many."""
    return tx.run("DELETE FROM staff_invitation WHERE invited_by = :invited_by AND used_by = 0", invited_by=invited_by)


def _post(tx: Tx, row: tuple[int, int, int, str, bytes, int]) -> Post:
    post_id, user_id, store_id, role, sealed, since = row
    name = tx.vault.open_system(_PURPOSE, str(user_id), sealed).decode()
    return Post(post_id, user_id, store_id, Role(role), name, since)
