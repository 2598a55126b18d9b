"""The ledger: append-only entries, the lots they fill, and what each entry took from which lot (DESIGN §4).

Balance = sum of the entries = what remains in the lots less the deficit, always: `db/ledger_checks.py` proves it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import orjson

from db import accounts
from db.accounts import Account
from db.database import Row, Tx
from loyalty import lots
from loyalty.errors import HoldResolved, IdempotencyConflict, NotEnoughPoints, RedemptionsFrozen
from loyalty.lots import Lot


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be entered."""

    member_id: int
    reason: str  # purchase, undo, refund, gift …
    key: str  # unique for ever
    actor: int  # Telegram id; 0: the programme itself
    occurred_at: int  # epoch ms UTC
    kind: str = ""  # earn, adjust …; what `hold` and the like enter says it by itself
    points: int = 0  # signed; as kind
    store_id: int = 0
    purchase_id: int = 0
    reverses: int = 0  # id of the entry that this one settles or takes back
    detail: Mapping[str, Any] = field(default_factory=dict)  # JSON-able; explains the points, never personal data

    @property
    def content(self) -> bytes:
        """A digest of what must agree when the key comes again; when and by whom it is repeated does not matter."""
        told = (self.member_id, self.kind, self.points, self.reason, self.store_id, self.purchase_id, self.reverses)
        return sha256(json.dumps(told).encode()).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger, as kept."""

    id: int
    member_id: int
    kind: str
    points: int
    balance_after: int
    reason: str
    actor: int
    store_id: int
    purchase_id: int
    reverses: int
    detail: dict[str, Any]
    occurred_at: int
    recorded_at: int


@dataclass(frozen=True, slots=True)
class Take:
    """Points an entry takes out of a lot; negative: gives back to it."""

    lot_id: int
    expires_at: int
    points: int


_COLUMNS = (
    "id, member_id, kind, points, balance_after, reason, actor, store_id, purchase_id, reverses, detail, occurred_at, "
    "recorded_at"
)
_NEW_LOT = (
    "INSERT INTO lot (member_id, entry_id, points, remaining, active_at, expires_at) "
    "VALUES (:member_id, :entry_id, :points, :points, :active_at, :expires_at)"
)
_LOTS_READ = 32
_DETAIL = _COLUMNS.split(", ").index("detail")


def earn(tx: Tx, posting: Posting, active_at: int, expires_at: int) -> Entry:
    """Enter points earned, as a lot of their own, out of which a deficit is repaid first. Zero points fill no lot.

    Usable from active_at until expires_at (epoch ms, both included). The same posting again gives the same entry and
    changes nothing; refuses IdempotencyConflict if its key was used for something else.
    """
    accounts.lock(tx, posting.member_id)
    entry, deficit = _append(tx, posting)
    if deficit is not None:
        repaid = lots.repay(deficit, posting.points)
        accounts.add_entry(tx, posting.member_id, posting.points, deficit=-repaid)
        if posting.points:
            _fill_lot(tx, entry, active_at, expires_at, repaid)
    return entry


def take(tx: Tx, posting: Posting, takes: Sequence[Take]) -> Entry:
    """Enter points taken (posting.points is negative) out of these lots; what they do not make up becomes a deficit.

    Whoever decides from which lots has taken `accounts.lock` before looking at them. Repeats as `earn`.
    """
    entry, deficit = _append(tx, posting)
    if deficit is not None:
        missing = -posting.points - sum(part.points for part in takes)
        accounts.add_entry(tx, posting.member_id, posting.points, deficit=missing)
        _take(tx, entry, takes)
    return entry


def spend(tx: Tx, posting: Posting) -> Entry:
    """Enter points spent for good (posting.points is negative), from the usable lots that lapse soonest.

    Refuses NotEnoughPoints, but looks at the key before: a repeated success never says so. Repeats as `earn`.
    """
    accounts.lock(tx, posting.member_id)
    known = find(tx, posting)
    if known:
        return known
    return take(tx, posting, _allocate(tx, accounts.get(tx, posting.member_id), posting.member_id, -posting.points))


def hold(tx: Tx, posting: Posting, points: int) -> Entry:
    """Set points aside, from the usable lots that lapse soonest. The entry's id is the hold's.

    They are off the balance until `release`; `capture` makes that final. Repeats as `earn`, looking at the key first.
    Refuses NotEnoughPoints, and RedemptionsFrozen while the member's books are in doubt.
    """
    posting = replace(posting, kind="hold", points=-points)
    accounts.lock(tx, posting.member_id)
    if known := find(tx, posting):
        return known
    account = accounts.get(tx, posting.member_id)
    if account.frozen_at:
        raise RedemptionsFrozen
    entry = take(tx, posting, _allocate(tx, account, posting.member_id, points))
    tx.put(
        "INSERT INTO hold (entry_id, member_id, points) VALUES (:entry_id, :member_id, :points)",
        entry_id=entry.id, member_id=posting.member_id, points=points,
    )  # fmt: skip
    return entry


def capture(tx: Tx, hold_id: int, posting: Posting) -> Entry:
    """What was held is spent: an entry of no points says so. Repeats as `earn`.

    A hold resolves once: refuses HoldResolved. LookupError if posting.member_id has no such hold.
    """
    return _resolve(tx, hold_id, replace(posting, kind="capture", reverses=hold_id), "captured", [])


def release(tx: Tx, hold_id: int, posting: Posting) -> Entry:
    """Give what was held back to the lots it came from, which keep their expiry. Refuses and repeats as `capture`.

    Those that have lapsed meanwhile get theirs, too: the expiry job enters their end.
    """
    back = give_back(tx, hold_id)
    posting = replace(posting, kind="release", points=-sum(part.points for part in back), reverses=hold_id)
    return _resolve(tx, hold_id, posting, "released", back)


def get(tx: Tx, entry_id: int) -> Entry | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM entry WHERE id = :entry_id", entry_id=entry_id)
    return _entry(row) if row else None


def get_by_key(tx: Tx, key: str) -> Entry | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM entry WHERE key = :key", key=key)
    return _entry(row) if row else None


def last_id(tx: Tx, member_id: int) -> int:
    """Of the member's newest entry; 0 if there is none."""
    newest: int = tx.value("SELECT COALESCE(MAX(id), 0) FROM entry WHERE member_id = :member_id", member_id=member_id)
    return newest


def find(tx: Tx, posting: Posting) -> Entry | None:
    """What was entered under the posting's key; refuses IdempotencyConflict if that was something else."""
    row = tx.one(f"SELECT {_COLUMNS}, content FROM entry WHERE key = :key", key=posting.key)
    if row is None:
        return None
    if bytes(row[-1]) != posting.content:
        raise IdempotencyConflict
    return _entry(row[:-1])


def get_earned(tx: Tx, purchase_id: int) -> Entry | None:
    """What a purchase earned."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM entry WHERE purchase_id = :purchase_id AND purchase_id <> 0 AND kind = 'earn'",
        purchase_id=purchase_id,
    )
    return _entry(row) if row else None


def list_lots(tx: Tx, entry_id: int) -> list[Lot]:
    """The lots an entry filled, with what is left in them."""
    rows = tx.all(
        "SELECT id, remaining, active_at, expires_at, id FROM lot WHERE entry_id = :entry_id", entry_id=entry_id
    )
    return [Lot(*row) for row in rows]


def give_back(tx: Tx, entry_id: int) -> list[Take]:
    """What undoes an entry's takes, lot by lot."""
    rows = tx.all(
        "SELECT l.id, l.expires_at, a.points FROM allocation a JOIN lot l ON l.id = a.lot_id "
        "WHERE a.entry_id = :entry_id ORDER BY l.id",
        entry_id=entry_id,
    )  # fmt: skip
    return [Take(lot_id, expires_at, points) for lot_id, expires_at, points in rows]


def get_hold_state(tx: Tx, hold_id: int, member_id: int) -> str:
    """held, captured or released. LookupError if the member has no such hold."""
    state: str | None = tx.value(
        "SELECT state FROM hold WHERE entry_id = :hold_id AND member_id = :member_id",
        hold_id=hold_id, member_id=member_id,
    )  # fmt: skip
    if state is None:
        raise LookupError("the member has no such hold")
    return state


def _append(tx: Tx, posting: Posting) -> tuple[Entry, int | None]:
    """The entry, and the member's deficit before it; None if the entry is not new."""
    appended = tx.one(
        "INSERT INTO entry (member_id, kind, points, balance_after, reason, actor, store_id, purchase_id, reverses, "
        "detail, occurred_at, recorded_at, key, content) VALUES (:member_id, :kind, :points, "
        "(SELECT balance FROM account WHERE member_id = :member_id) + :points, :reason, :actor, :store_id, "
        ":purchase_id, :reverses, :detail, :occurred_at, :now, :key, :content) "
        "ON CONFLICT (key) DO NOTHING RETURNING id, balance_after, "
        "(SELECT deficit FROM account WHERE member_id = :member_id)",
        member_id=posting.member_id, kind=posting.kind, points=posting.points, reason=posting.reason,
        actor=posting.actor, store_id=posting.store_id,
        purchase_id=posting.purchase_id, reverses=posting.reverses, occurred_at=posting.occurred_at, now=tx.now,
        detail=orjson.dumps(posting.detail).decode(), key=posting.key, content=posting.content,
    )  # fmt: skip
    if appended is not None:
        entry_id, balance_after, deficit = appended
        return _entered(tx, posting, entry_id, balance_after), deficit
    known = find(tx, posting)
    assert known is not None
    return known, None


def _entered(tx: Tx, posting: Posting, entry_id: int, balance_after: int) -> Entry:
    return Entry(
        id=entry_id, member_id=posting.member_id, kind=posting.kind, points=posting.points,
        balance_after=balance_after, reason=posting.reason, actor=posting.actor, store_id=posting.store_id,
        purchase_id=posting.purchase_id, reverses=posting.reverses, detail=dict(posting.detail),
        occurred_at=posting.occurred_at, recorded_at=tx.now,
    )  # fmt: skip


def _entry(row: Row) -> Entry:
    values = list(row)
    values[_DETAIL] = json.loads(values[_DETAIL])
    return Entry(*values)


def _fill_lot(tx: Tx, entry: Entry, active_at: int, expires_at: int, repaid: int) -> None:
    """A lot of its own, out of which a deficit is repaid at once."""
    accounts.add_expiring(tx, entry.member_id, expires_at, entry.points)
    lot = {"member_id": entry.member_id, "entry_id": entry.id, "points": entry.points}
    lot |= {"active_at": active_at, "expires_at": expires_at}
    if repaid:
        _take(tx, entry, [Take(tx.value(f"{_NEW_LOT} RETURNING id", **lot), expires_at, repaid)])
    else:
        tx.put(_NEW_LOT, **lot)


def _take(tx: Tx, entry: Entry, takes: Sequence[Take]) -> None:
    """Out of the lots, noted as allocations, and out of the totals by expiry.

    The constraint lot_remaining_within fails if there is less left in a lot.
    """
    moves = [{"entry_id": entry.id, "lot_id": part.lot_id, "points": part.points} for part in takes if part.points]
    if not moves:
        return
    for move in moves:
        tx.put("UPDATE lot SET remaining = remaining - :points WHERE id = :lot_id", **move)
        tx.put("INSERT INTO allocation (entry_id, lot_id, points) VALUES (:entry_id, :lot_id, -:points)", **move)
    by_expiry: Counter[int] = Counter()
    for part in takes:
        by_expiry[part.expires_at] += part.points
    for expires_at, points in by_expiry.items():
        accounts.add_expiring(tx, entry.member_id, expires_at, -points)


def _allocate(tx: Tx, account: Account, member_id: int, points: int) -> list[Take]:
    """Soonest expiry first, then the oldest; only as many lots are read as are needed. Refuses NotEnoughPoints."""
    if points > account.available:
        raise NotEnoughPoints(required=points, available=account.available)
    found: dict[int, Lot] = {}
    last, missing = Lot(0, 0, 0, tx.now, 0), points
    while missing > 0:
        page = _list_usable(tx, member_id, last)
        found |= {lot.id: lot for lot in page}
        last, missing = page[-1], missing - sum(lot.remaining for lot in page)
    return [Take(lot_id, found[lot_id].expires_at, part) for lot_id, part in lots.allocate(found.values(), points)]


def _list_usable(tx: Tx, member_id: int, after: Lot) -> list[Lot]:
    """The next page of lots that can be redeemed from now."""
    rows = tx.all(
        "SELECT id, remaining, active_at, expires_at, id FROM lot WHERE member_id = :member_id AND remaining > 0 "
        "AND (expires_at, id) > (:expires_at, :id) AND active_at <= :now ORDER BY expires_at, id LIMIT :limit",
        member_id=member_id, expires_at=after.expires_at, id=after.id, now=tx.now, limit=_LOTS_READ,
    )  # fmt: skip
    return [Lot(*row) for row in rows]


def _resolve(tx: Tx, hold_id: int, posting: Posting, state: str, back: Sequence[Take]) -> Entry:
    accounts.lock(tx, posting.member_id)
    if known := find(tx, posting):
        return known
    if 1 != tx.run(
        "UPDATE hold SET state = :state WHERE entry_id = :hold_id AND member_id = :member_id AND state = 'held'",
        hold_id=hold_id, state=state, member_id=posting.member_id,
    ):  # fmt: skip
        raise HoldResolved(get_hold_state(tx, hold_id, posting.member_id))
    return take(tx, posting, back)
