"""Members' coupons. Each is used once, or lapses; the use of one can be taken back with its purchase."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from db import members
from db.database import Row, Tx
from loyalty import codes, coupons
from loyalty.coupons import Terms, Validity
from loyalty.errors import CodeInvalid

State = Literal["held", "used", "lapsed"]

_CODE_BYTES = 5
_PURPOSE = "coupon_code"


@dataclass(frozen=True, slots=True)
class NewCoupon:
    definition_id: int
    terms_id: int
    member_id: int
    why: str
    valid: Validity
    key: str  # unique for ever
    granted_by: int  # Telegram id, 0 for the programme


@dataclass(frozen=True, slots=True)
class Coupon:
    """Times in epoch ms UTC, saving in minor units; what belongs to its use is 0 before."""

    id: int
    definition_id: int
    member_id: int
    why: str
    state: State
    usable_from: int
    usable_until: int
    granted_at: int
    ended_at: int
    store_id: int
    purchase_id: int
    saving: int
    terms_id: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Use:
    """Where and for what a coupon was used. saving in minor units; purchase_id 0: without one."""

    store_id: int
    purchase_id: int
    saving: int
    by: int  # Telegram id


_FROM = (
    "SELECT c.id, c.definition_id, c.member_id, c.why, c.state, c.usable_from, c.usable_until, c.granted_at, "
    "c.ended_at, c.store_id, c.purchase_id, c.saving, c.terms_id, t.terms "
    "FROM coupon c JOIN coupon_terms t ON t.id = c.terms_id"
)


def add(tx: Tx, new: NewCoupon) -> int | None:
    """Under a fresh code; its id, None if the key was used before."""
    code = codes.new_code(tx.random(_CODE_BYTES))
    while get_by_code(tx, code):
        code = codes.new_code(tx.random(_CODE_BYTES))
    coupon_id: int | None = tx.value(
        "INSERT INTO coupon (definition_id, terms_id, member_id, why, usable_from, usable_until, code_token, "
        "code_sealed, key, granted_by, granted_at) VALUES (:definition_id, :terms_id, :member_id, :why, :begins_at, "
        ":ends_at, :token, :sealed, :key, :granted_by, :now) ON CONFLICT (key) DO NOTHING RETURNING id",
        definition_id=new.definition_id, terms_id=new.terms_id, member_id=new.member_id, why=new.why,
        begins_at=new.valid.begins_at, ends_at=new.valid.ends_at, token=tx.vault.token(_PURPOSE, code),
        sealed=members.vault_of(tx, new.member_id).seal("coupon", "code", code), key=new.key,
        granted_by=new.granted_by, now=tx.now,
    )  # fmt: skip
    return coupon_id


def get(tx: Tx, coupon_id: int) -> Coupon | None:
    return _first(tx.one(f"{_FROM} WHERE c.id = :id", id=coupon_id))


def has_key(tx: Tx, key: str) -> bool:
    """Whether a coupon was granted under this key."""
    return tx.one("SELECT 1 FROM coupon WHERE key = :key", key=key) is not None


def get_by_code(tx: Tx, text: str) -> Coupon | None:
    """The coupon, used or not, whose code was typed or scanned; None also for what no code can be."""
    try:
        token = tx.vault.token(_PURPOSE, codes.normalise(text))
    except CodeInvalid:
        return None
    return _first(tx.one(f"{_FROM} WHERE c.code_token = :token", token=token))


def code_of(tx: Tx, coupon: Coupon) -> str:
    """For its owner; '' for the erased."""
    sealed = tx.value("SELECT code_sealed FROM coupon WHERE id = :id", id=coupon.id)
    return members.vault_of(tx, coupon.member_id).open("coupon", "code", bytes(sealed)) if sealed else ""


def count_of(tx: Tx, definition_id: int, member_id: int) -> int:
    """How many of a kind a member ever had."""
    count: int = tx.value(
        "SELECT COUNT(*) FROM coupon WHERE definition_id = :definition_id AND member_id = :member_id",
        definition_id=definition_id, member_id=member_id,
    )  # fmt: skip
    return count


def list_held(tx: Tx, member_id: int) -> list[Coupon]:
    """What a member has and can use, now or later, the most urgent first."""
    rows = tx.all(
        f"{_FROM} WHERE c.member_id = :member_id AND c.state = 'held' AND c.usable_until >= :now "
        "ORDER BY c.usable_until, c.id",
        member_id=member_id, now=tx.now,
    )  # fmt: skip
    return [_coupon(row) for row in rows]


def list_ended(tx: Tx, member_id: int, limit: int, offset: int) -> list[Coupon]:
    """What a member used, or let lapse, the latest first."""
    rows = tx.all(
        f"{_FROM} WHERE c.member_id = :member_id AND c.state <> 'held' ORDER BY c.ended_at DESC, c.id DESC "
        "LIMIT :limit OFFSET :offset",
        member_id=member_id, limit=limit, offset=offset,
    )  # fmt: skip
    return [_coupon(row) for row in rows]


def list_all(tx: Tx, member_id: int) -> list[Coupon]:
    """All a member ever had, oldest first."""
    return [
        _coupon(row) for row in tx.all(f"{_FROM} WHERE c.member_id = :member_id ORDER BY c.id", member_id=member_id)
    ]


def list_of_purchase(tx: Tx, purchase_id: int) -> list[Coupon]:
    """What was used for it, and has not come back."""
    rows = tx.all(f"{_FROM} WHERE c.purchase_id = :purchase_id ORDER BY c.id", purchase_id=purchase_id)
    return [_coupon(row) for row in rows]


def use(tx: Tx, coupon_id: int, used: Use) -> bool:
    """Use it, once and in time; False if that cannot be any more."""
    return 1 == tx.run(
        "UPDATE coupon SET state = 'used', ended_at = :now, used_by = :by, store_id = :store_id, "
        "purchase_id = :purchase_id, saving = :saving WHERE id = :id AND state = 'held' "
        "AND usable_from <= :now AND usable_until >= :now",
        id=coupon_id, now=tx.now, by=used.by, store_id=used.store_id, purchase_id=used.purchase_id, saving=used.saving,
    )  # fmt: skip


def restore(tx: Tx, coupon_id: int, purchase_id: int) -> bool:
    """As it was before that purchase, until when it was; False if it was not used for it."""
    return 1 == tx.run(
        "UPDATE coupon SET state = 'held', ended_at = 0, used_by = 0, store_id = 0, purchase_id = 0, saving = 0 "
        "WHERE id = :id AND state = 'used' AND purchase_id = :purchase_id",
        id=coupon_id, purchase_id=purchase_id,
    )  # fmt: skip


def withdraw(tx: Tx, key: str, since: int) -> Coupon | None:
    """Forget the coupon that was granted under this key since then (epoch ms), so that it can be granted again; what it
    was. None if there is none, or it was used."""
    coupon = _first(
        tx.one(f"{_FROM} WHERE c.key = :key AND c.state = 'held' AND c.granted_at >= :since", key=key, since=since)
    )
    gone = coupon and tx.run("DELETE FROM coupon WHERE id = :id AND state = 'held'", id=coupon.id)
    return coupon if gone else None


def lapse(tx: Tx, limit: int) -> int:
    """End coupons whose time is over, so many at most; how many that were."""
    return tx.run(
        "UPDATE coupon SET state = 'lapsed', ended_at = :now WHERE state = 'held' AND usable_until < :now "
        "AND id IN (SELECT id FROM coupon WHERE state = 'held' AND usable_until < :now "
        "ORDER BY usable_until, id LIMIT :limit)",
        now=tx.now, limit=limit,
    )  # fmt: skip


def list_due(tx: Tx, after: tuple[int, int], until: int, limit: int) -> list[Coupon]:
    """Of those that can be used, the ones whose time is over by then (epoch ms), in order: of `usable_until`, of id.

    after: the last one of the page before.
    """
    # Many end at the same instant. Asked apart, both walk the index from where the page before ended.
    places = ("c.usable_until = :at AND c.id > :id", "c.usable_until > :at AND c.usable_until <= :until")
    found: list[Coupon] = []
    for place in places:
        rows = tx.all(
            f"{_FROM} WHERE c.state = 'held' AND {place} ORDER BY c.usable_until, c.id LIMIT :limit",
            at=after[0], id=after[1], until=until, limit=limit - len(found),
        )  # fmt: skip
        found += [_coupon(row) for row in rows]
    return found


def list_ending(tx: Tx, member_ids: Collection[int], until: int) -> dict[int, list[Coupon]]:
    """By member, what these have and can use, now or later, and whose time is over by then; the most urgent first."""
    marks = {f"member_{place}": member_id for place, member_id in enumerate(sorted(set(member_ids)))}
    found: dict[int, list[Coupon]] = {}
    for row in tx.all(
        # The plus keeps SQLite from looking through all that end by then, for each page of members.
        f"{_FROM} WHERE c.state = 'held' AND +c.usable_until >= :now AND +c.usable_until <= :until "
        f"AND c.member_id IN ({', '.join(f':{mark}' for mark in marks)}) ORDER BY c.usable_until, c.id",
        until=until, now=tx.now, **marks,
    ) if marks else ():  # fmt: skip
        coupon = _coupon(row)
        found.setdefault(coupon.member_id, []).append(coupon)
    return found


def mark_reminded(tx: Tx, coupon_id: int, days: int) -> bool:
    """Its owner is reminded so many days before; False if that was done, then or later."""
    return 1 == tx.run(
        "UPDATE coupon SET reminded_days = :days WHERE id = :id AND state = 'held' AND reminded_days > :days",
        id=coupon_id, days=days,
    )  # fmt: skip


def _coupon(row: Row) -> Coupon:
    *told, terms = row
    return Coupon(*[*told, coupons.from_json(terms)])


def _first(row: Row | None) -> Coupon | None:
    return _coupon(row) if row else None
