"""Recording at the counter what a member bought, and undoing a slip of the finger."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from actions import charters, deals, staff, tiers
from actions.deals import Deal, Entered
from actions.receipts import ExplainedPart
from db import accounts, audit, ledger, members, outbox, purchases, stores
from db import staff as posts
from db.accounts import Account, Month
from db.database import Tx
from db.members import Member
from db.people import Person
from db.purchases import Purchase
from db.staff import CHAIN
from db.stores import Store
from loyalty.charter import Charter, Tier
from loyalty.errors import (
    AlreadyUndone,
    MemberNotFound,
    NotAllowed,
    OwnPurchase,
    PurchaseNotFound,
    SeveralMembers,
    StoreNeeded,
    StoreNotFound,
    UndoTooLate,
)
from loyalty.messages import Say
from loyalty.purchases import Sale, parse_purchase, parse_sale
from loyalty.roles import Role, may

_MINUTE_MS = 60_000
# More candidates than this are no list to choose from: the clerk types another digit or name.
MOST_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the clerk reads. Amount in minor units, times in epoch ms UTC, names of tiers by locale."""

    purchase_id: int
    member_id: int
    member: str  # name
    store: str
    amount: int
    points: int
    parts: list[ExplainedPart]
    before: int  # points, pending ones included
    after: int
    repaid: int  # of a deficit, out of these points
    pending_until: int  # 0: usable at once
    expires_at: int  # 0: never
    lifted: dict[str, str]  # the tier reached by this purchase, {} if none was
    undo_minutes: int  # 0: it cannot be undone


@dataclass(frozen=True, slots=True)
class Undone:
    """What clerk and member read; as in Recorded."""

    member: str
    store: str
    amount: int
    at: int  # when it was bought
    points: int  # that it had earned
    before: int
    after: int
    owed: int  # had been spent already
    lowered: dict[str, str]  # the tier the member is back in, {} if unchanged


@dataclass(frozen=True, slots=True)
class Asked:
    """What a clerk typed: whom it may mean, and what was bought."""

    member_ids: list[int]
    sale: Sale


def counter(tx: Tx, person: Person) -> Store:
    """The store where this member of staff works now. Refuses NotAllowed, StoreNeeded, and StoreNotFound if closed."""
    held = {post.store_id for post in posts.list_posts(tx, person.user_id) if may(post.role, Role.CLERK)}
    if not held:
        raise NotAllowed(Role.CLERK.value)
    choices = {store.id for store in stores.list_active(tx)} if CHAIN in held else held
    if person.desk_store_id not in choices and len(choices) > 1:
        raise StoreNeeded
    store_id = person.desk_store_id if person.desk_store_id in choices else next(iter(choices), 0)
    store = stores.get(tx, store_id)
    if store is None or not store.active:
        raise StoreNotFound
    return store


def understand(tx: Tx, person: Person, text: str) -> Asked:
    """Read `<card, phone or name> <amount> [payment]` with its lines.

    Refuses NotAllowed, StoreNeeded, MemberNotFound, SeveralMembers above MOST_CANDIDATES, and as `parse_purchase`.
    """
    counter(tx, person)
    parsed = parse_purchase(text, charters.current(tx))
    found = members.find(tx, parsed.query, MOST_CANDIDATES + 1)
    if not found:
        raise MemberNotFound(parsed.query.kind)
    if len(found) > MOST_CANDIDATES:
        raise SeveralMembers(len(found))
    return Asked([member.id for member in found], parsed.sale)


def record_for(tx: Tx, person: Person, member_id: int, text: str, key: str) -> Recorded:
    """Record `<amount> [payment]` with its lines, typed for a member who is known. Refuses as `record`."""
    return record(tx, person, member_id, parse_sale(text, charters.current(tx)), key)


def record(tx: Tx, person: Person, member_id: int, sale: Sale, key: str) -> Recorded:
    """Record a sale at the clerk's store; the member gets a receipt. The same again under its key is recorded once.

    Refuses NotAllowed, StoreNeeded, MemberNotFound, OwnPurchase (nobody credits themselves) and IdempotencyConflict.
    """
    store = counter(tx, person)
    accounts.lock(tx, member_id)
    member = require_customer(tx, person, member_id)
    entered = deals.enter(tx, Deal(member, store, sale, tx.now, person.user_id, key))
    recorded = _recorded(tx, store, entered)
    if entered.standing:
        _audit(tx, person, "purchase_recorded", entered.purchase)
        _send_receipt(tx, member, recorded, entered)
    return recorded


def require_customer(tx: Tx, person: Person, member_id: int) -> Member:
    """The member, if this person may credit them. Refuses MemberNotFound and OwnPurchase."""
    member = members.get(tx, member_id)
    if member is None or member.status != "active":
        raise MemberNotFound("card")
    if member.user_id == person.user_id:
        raise OwnPurchase
    return member


def undo(tx: Tx, person: Person, purchase_id: int) -> Undone:
    """Take a purchase back, with its points and the tier it lifted to; the member is told.

    May: the clerk who recorded it, a manager of its store, the owner; for the charter's `purchases.undo_minutes`.
    Refuses NotAllowed, PurchaseNotFound, AlreadyUndone and UndoTooLate.
    """
    charter = charters.current(tx)
    purchase = _undoable(tx, person, purchase_id, charter)
    accounts.lock(tx, purchase.member_id)
    if not purchases.mark_undone(tx, purchase.id, person.user_id):
        raise AlreadyUndone
    undone = _reverse(tx, person, purchase, charter)
    _audit(tx, person, "purchase_undone", purchase)
    return undone


def _undoable(tx: Tx, person: Person, purchase_id: int, charter: Charter) -> Purchase:
    staff.require(tx, person.user_id, Role.CLERK)
    purchase = purchases.get(tx, purchase_id)
    if purchase is None:
        raise PurchaseNotFound
    own = purchase.recorded_by == person.user_id
    staff.require(tx, person.user_id, Role.CLERK if own else Role.MANAGER, purchase.store_id)
    if purchase.status == "undone":
        raise AlreadyUndone
    minutes = charter.purchases.undo_minutes
    if tx.now - purchase.recorded_at > minutes * _MINUTE_MS:
        raise UndoTooLate(minutes)
    return purchase


def _reverse(tx: Tx, person: Person, purchase: Purchase, charter: Charter) -> Undone:
    before = accounts.get(tx, purchase.member_id)
    earned, member = ledger.get_earned(tx, purchase.id), members.get(tx, purchase.member_id)
    assert earned is not None
    assert member is not None
    ledger.reverse(tx, earned, "undo", person.user_id)
    month = tiers.month_of(charter, purchase.occurred_at)
    accounts.add_to_month(tx, member.id, Month(month, -purchase.amount, -1, -purchase.points))
    lowered = tiers.lower(tx, charter, member, before.tier_since, purchase.id)
    undone = _undone(tx, purchase, member, before, lowered)
    if member.user_id:
        outbox.post(tx, Say("receipt_undone", asdict(undone), to=member.user_id, kind="notice"))
    return undone


def _undone(tx: Tx, purchase: Purchase, member: Member, before: Account, lowered: Tier | None) -> Undone:
    after = accounts.get(tx, member.id)
    store = stores.get(tx, purchase.store_id)
    return Undone(
        member=members.name_of(tx, member.id) if member.status != "erased" else "",
        store=store.name if store else "",
        amount=purchase.amount,
        at=purchase.occurred_at,
        points=purchase.points,
        before=before.standing,
        after=after.standing,
        owed=after.deficit - before.deficit,
        lowered=lowered.name.model_dump() if lowered else {},
    )


def _recorded(tx: Tx, store: Store, entered: Entered) -> Recorded:
    purchase, why = entered.purchase, entered.explanation
    return Recorded(
        purchase_id=purchase.id,
        member_id=purchase.member_id,
        member=members.name_of(tx, purchase.member_id),
        store=store.name,
        amount=purchase.amount,
        points=purchase.points,
        parts=why["parts"],
        before=why["before"],
        after=why["before"] + purchase.points,
        repaid=why["repaid"],
        pending_until=why["pending_until"],
        expires_at=why["expires_at"],
        lifted=why["lifted"],
        undo_minutes=charters.current(tx).purchases.undo_minutes,
    )


def _send_receipt(tx: Tx, member: Member, recorded: Recorded, entered: Entered) -> None:
    if not member.user_id or entered.standing is None:
        return
    params = asdict(recorded) | asdict(entered.standing) | {"at": entered.purchase.occurred_at}
    key = f"receipt:{recorded.purchase_id}"
    outbox.post(tx, Say("receipt", params, to=member.user_id, kind="notice", dedup_key=key))


def _audit(tx: Tx, person: Person, action: str, purchase: Purchase) -> None:
    audit.add(
        tx, person.user_id, action, store_id=purchase.store_id, member_id=purchase.member_id,
        purchase=purchase.id, amount=purchase.amount, points=purchase.points,
    )  # fmt: skip
