"""What staff did, to whom: a chain in which nothing can be changed unseen. Never personal data in the detail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from db.database import Row, Tx
from loyalty.audit import Deed, Mac, Mark, link

_NEXT_PLACE = "UPDATE audit_head SET place = place + 1 WHERE id = 1 RETURNING place, mac"
NEWEST = 1 << 62  # above every id
_COLUMNS = "id, at, actor, action, store_id, member_id, detail"


@dataclass(frozen=True, slots=True)
class Record:
    id: int
    at: int  # epoch ms UTC
    actor: int
    action: str
    store_id: int
    member_id: int
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the records is looked for; all of them by default."""

    actor: int = 0
    member_id: int = 0
    action: str = ""
    store_ids: tuple[int, ...] | None = None  # None: everywhere


def add(tx: Tx, actor: int, action: str, *, store_id: int = 0, member_id: int = 0, **detail: Any) -> None:
    """From here to the end of the transaction nobody else adds: the last thing an action does."""
    # The row is the lock: its new place is asked for first, the mac follows.
    place, before = tx.one(_NEXT_PLACE) or (1, "")
    told = orjson.dumps(detail).decode()
    deed = Deed(place, tx.now, actor, action, store_id, member_id, told)
    mac = link(mac_of(tx), before, deed)
    tx.put(
        "INSERT INTO audit (at, actor, action, store_id, member_id, detail, place, mac) "
        "VALUES (:now, :actor, :action, :store_id, :member_id, :detail, :place, :mac)",
        now=tx.now, actor=actor, action=action, store_id=store_id, member_id=member_id, detail=told,
        place=place, mac=mac,
    )  # fmt: skip
    tx.put("UPDATE audit_head SET mac = :mac WHERE id = 1", mac=mac)


def head(tx: Tx) -> Mark:
    """Where the chain ends."""
    row = tx.one("SELECT place, mac FROM audit_head WHERE id = 1")
    return Mark(*row) if row else Mark()


def mac_of(tx: Tx) -> Mac:
    """What makes the chain's macs."""
    return partial(tx.vault.mac, "audit")


def list_latest(tx: Tx, limit: int, before: int = NEWEST, wanted: Wanted = Wanted()) -> list[Record]:
    """Newest first, with ids below before."""
    clauses, params = _clauses(wanted)
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM audit WHERE id < :before{clauses} ORDER BY id DESC LIMIT :limit",
        before=before, limit=limit, **params,
    )  # fmt: skip
    return [_record(row) for row in rows]


def list_ids_from(tx: Tx, first: int, limit: int, wanted: Wanted) -> list[int]:
    """Ids from first on, oldest first."""
    clauses, params = _clauses(wanted)
    rows = tx.all(
        f"SELECT id FROM audit WHERE id >= :first{clauses} ORDER BY id LIMIT :limit", first=first, limit=limit, **params
    )
    return [row[0] for row in rows]


def list_of_member(tx: Tx, member_id: int, actions: tuple[str, ...], limit: int, before: int = NEWEST) -> list[Record]:
    """What was done to this member of these kinds, newest first, with ids below before."""
    names = {f"action{n}": action for n, action in enumerate(actions)}
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM audit WHERE member_id = :member_id AND member_id <> 0 AND id < :before "
        # Not by the index over actions: of one member there is far less than of one kind.
        f"AND action || '' IN ({', '.join(f':{name}' for name in names)}) ORDER BY id DESC LIMIT :limit",
        member_id=member_id, before=before, limit=limit, **names,
    )  # fmt: skip
    return [_record(row) for row in rows]


def is_known(tx: Tx, actor: int, action: str, member_id: int, since: int) -> bool:
    """Whether this person did that to the member later than since (epoch ms UTC)."""
    # By the member's own deeds: those of a clerk are a thousand times as many.
    found = tx.value(
        "SELECT id FROM audit WHERE member_id = :member_id AND member_id <> 0 AND actor + 0 = :actor "
        "AND action || '' = :action AND at > :since ORDER BY id DESC LIMIT 1",
        member_id=member_id, actor=actor, action=action, since=since,
    )  # fmt: skip
    return found is not None


def list_actions(tx: Tx) -> list[str]:
    """The kinds there are."""
    return [row[0] for row in tx.all("SELECT DISTINCT action FROM audit ORDER BY action")]


def list_chained(tx: Tx, after: int, limit: int) -> list[tuple[Deed, str]]:
    """Deeds with their macs, in the order of places, from the place after `after`."""
    rows = tx.all(
        "SELECT place, at, actor, action, store_id, member_id, detail, mac FROM audit "
        "WHERE place > :after ORDER BY place LIMIT :limit",
        after=after, limit=limit,
    )  # fmt: skip
    return [(Deed(*row[:7]), row[7]) for row in rows]


def mac_at(tx: Tx, place: int) -> str | None:
    """The mac kept for this place; None if there is nothing."""
    mac: str | None = tx.value("SELECT mac FROM audit WHERE place = :place AND place <> 0", place=place)
    return mac


def count_unchained(tx: Tx) -> int:
    """How many stand in the table without a place, though written after the chain began."""
    # What is older than the chain has lower ids than its first place.
    count: int = tx.value(
        "SELECT COUNT(*) FROM audit WHERE place <= 0 AND (place < 0 OR id < 1 "
        "OR id > (SELECT COALESCE(MIN(id), :none) FROM audit WHERE place > 0))",
        none=NEWEST,
    )
    return count


def _clauses(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Only what is asked for, so that each question finds its index."""
    clauses, params = "", dict[str, Any]()
    for column in ("actor", "member_id", "action"):
        if value := getattr(wanted, column):
            clauses += f" AND {column} = :{column}"
            params[column] = value
    if wanted.store_ids is not None:
        stores = {f"store{n}": store_id for n, store_id in enumerate(wanted.store_ids)}
        clauses += f" AND store_id IN ({', '.join(f':{name}' for name in stores) or 'NULL'})"
        params |= stores
    return clauses, params


def _record(row: Row) -> Record:
    record_id, at, actor, action, store_id, member_id, detail = row
    return Record(record_id, at, actor, action, store_id, member_id, json.loads(detail))
