"""Taking entries back: whole reversals, clawing back what was given, and the end of what lapsed (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db import accounts, ledger
from db.database import Tx
from db.ledger import Entry, Posting, Take
from loyalty import lots
from loyalty.errors import AlreadyReversed, IdempotencyConflict, NotReversible

_REVERSIBLE = {"earn", "adjust", "redeem"}


def reverse(tx: Tx, entry: Entry, reason: str, actor: int, key: str) -> Entry:
    """Take back, once, what an entry did. The same key again gives the same reversal.

    Points that were given are clawed back; points that were taken return to their lots, which keep their expiry.
    Refuses AlreadyReversed, and NotReversible for what is no earning, adjustment, spending or captured hold.
    """
    accounts.lock(tx, entry.member_id)
    known = ledger.get_by_key(tx, key)
    if known:
        return _repeated(known, entry)
    _check_reversible(tx, entry)
    posting = Posting(
        member_id=entry.member_id, kind="reversal", reason=reason, actor=actor, key=key, occurred_at=tx.now,
        store_id=entry.store_id, purchase_id=entry.purchase_id, reverses=entry.id,
    )  # fmt: skip
    if entry.points >= 0:
        return claw_back(tx, entry, entry.points, posting)
    return ledger.take(tx, replace(posting, points=-entry.points), ledger.give_back(tx, entry.id))


def claw_back(tx: Tx, earned: Entry, points: int, posting: Posting) -> Entry:
    """Take back so many of the points an entry gave: what is left in its lot; what was spent is owed.

    Points that lapsed unused are gone already and count as taken back. posting says its kind; its key must be new.
    """
    accounts.lock(tx, earned.member_id)
    found = ledger.list_lots(tx, earned.id)
    expiries = {lot.id: lot.expires_at for lot in found}
    clawback = lots.claw_back(found, points)
    forgone = _forgo_lapsed(tx, earned.id, clawback.deficit)
    takes = [Take(lot_id, expiries[lot_id], part) for lot_id, part in clawback.taken]
    return ledger.take(tx, replace(posting, points=forgone - points, reverses=earned.id), takes)


def expire(tx: Tx, member_id: int, expires_at: int) -> Entry | None:
    """Enter the end of what remains in the member's lots that lapsed at expires_at (epoch ms, before tx.now).

    It settles what is owed first: nobody loses more than could have been redeemed. None if nothing remained.
    """
    accounts.lock(tx, member_id)
    takes = _list_remains(tx, member_id, expires_at)
    entry = _enter_lapse(tx, member_id, expires_at, takes) if takes else None
    accounts.forget_expiry(tx, member_id, expires_at)
    return entry


def _repeated(known: Entry, entry: Entry) -> Entry:
    if (known.kind, known.reverses) != ("reversal", entry.id):
        raise IdempotencyConflict
    return known


def _check_reversible(tx: Tx, entry: Entry) -> None:
    """A refund in part leaves nothing that could be reversed as a whole."""
    kinds = {
        row[0]
        for row in tx.all("SELECT kind FROM entry WHERE reverses = :entry_id AND reverses <> 0", entry_id=entry.id)
    }
    if "reversal" in kinds:
        raise AlreadyReversed
    captured = entry.kind == "hold" and "capture" in kinds
    if (entry.kind not in _REVERSIBLE and not captured) or "claw_back" in kinds:
        raise NotReversible(entry.kind)


def _forgo_lapsed(tx: Tx, entry_id: int, points: int) -> int:
    """How many of these points lapsed unused in the entry's lot; they count once."""
    row = tx.one("SELECT id, lapsed FROM lot WHERE entry_id = :entry_id", entry_id=entry_id)
    forgone = min(row[1], points) if row else 0
    if row and forgone:
        tx.run("UPDATE lot SET lapsed = lapsed - :points WHERE id = :lot_id", points=forgone, lot_id=row[0])
    return forgone


def _enter_lapse(tx: Tx, member_id: int, expires_at: int, takes: Sequence[Take]) -> Entry:
    _, deficit = accounts.totals(tx, member_id)
    lapsed = sum(part.points for part in takes)
    settled = lots.repay(deficit, lapsed)
    posting = Posting(
        member_id=member_id, kind="expire", points=settled - lapsed, reason="expiry", actor=0, occurred_at=expires_at,
        # What is released after its lots have lapsed lapses later, under a key of its own.
        key=f"expiry:{member_id}:{expires_at}:{ledger.last_id(tx, member_id)}", detail={"settled": settled},
    )  # fmt: skip
    entry = ledger.take(tx, posting, takes)
    _mark_lapsed(tx, takes, settled)
    return entry


def _list_remains(tx: Tx, member_id: int, expires_at: int) -> list[Take]:
    rows = tx.all(
        "SELECT id, expires_at, remaining FROM lot WHERE member_id = :member_id AND expires_at = :expires_at "
        "AND remaining > 0 ORDER BY id",
        member_id=member_id, expires_at=expires_at,
    )  # fmt: skip
    return [Take(*row) for row in rows]


def _mark_lapsed(tx: Tx, takes: Sequence[Take], settled: int) -> None:
    """What settled a debt was used after all: the oldest lots' points did."""
    for part in takes:
        used = min(part.points, settled)
        settled -= used
        tx.run(
            "UPDATE lot SET lapsed = lapsed + :points WHERE id = :lot_id",
            points=part.points - used, lot_id=part.lot_id,
        )  # fmt: skip
