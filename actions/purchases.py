"""Recording at the counter what a member bought, and undoing a slip of the finger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from actions import benefits, charters, deals, looks, quotes, staff, tiers
from actions.deals import Deal, Entered
from actions.receipts import ExplainedPart, Explanation
from db import accounts, audit, ledger, members, outbox, purchases, reversals, savings, stores
from db.accounts import Account, Month
from db.database import Tx
from db.members import Member
from db.people import Person
from db.purchases import Purchase
from db.savings import Saving
from db.stores import Store
from loyalty import phones
from loyalty.charter import Charter, Tier
from loyalty.desk import read_entry
from loyalty.earning import Line
from loyalty.errors import (
    AlreadyUndone,
    MemberNotFound,
    NoStoreYet,
    OwnPurchase,
    PartlyRefunded,
    PurchaseNotFound,
    PurchaseUnreadable,
    SeveralMembers,
    StoreNeeded,
    UndoTooLate,
)
from loyalty.messages import Say, params_of
from loyalty.purchases import PurchaseText, Sale, parse_purchase, parse_sale
from loyalty.queries import Query, parse_query
from loyalty.roles import Role

_MINUTE_MS = 60_000
# More candidates than this are no list to choose from: the clerk types another digit or name.
MOST_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Sold:
    """One line of goods, to compare with the till's slip."""

    item: str
    category: dict[str, str]  # name by locale, {} if none was told
    quantity: str  # 2, 0.75
    amount: int  # minor units, of the whole line


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the clerk reads. Amount in minor units, times in epoch ms UTC, names of tiers by locale."""

    purchase_id: int
    member_id: int
    member: str  # name
    store: str
    amount: int
    payment: dict[str, str]  # name by locale, {} if none was told
    lines: list[Sold]
    points: int
    parts: list[ExplainedPart]
    before: int  # points, pending ones included
    after: int
    repaid: int  # of a deficit, out of these points
    pending_until: int  # 0: usable at once
    expires_at: int  # 0: never
    lifted: dict[str, str]  # the tier reached by this purchase, {} if none was
    undo_minutes: int  # 0: it cannot be undone
    saving: Saving | None = None  # what was taken off before, in minor units


@dataclass(frozen=True, slots=True)
class Undone:
    """What clerk and member read; as in Recorded."""

    member_id: int
    member: str
    store: str
    amount: int
    at: int  # when it was bought
    points: int  # that it had earned
    before: int
    after: int
    owed: int  # had been spent already
    lowered: dict[str, str]  # the tier the member is back in, {} if unchanged
    coupons_back: list[dict[str, str]]  # names by locale
    coupons_gone: list[dict[str, str]]  # that came with the tier


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of those a clerk may mean."""

    member_id: int
    name: str
    phone: str  # masked


@dataclass(frozen=True, slots=True)
class Asked:
    """What a clerk typed: whom it may mean, and what was bought."""

    member_ids: list[int]
    sale: Sale


@dataclass(frozen=True, slots=True)
class Told:
    """What a clerk said with /purchase; the rest is to be asked."""

    member_ids: list[int]  # empty: whose it is was not told
    sale: Sale | None


def counter(tx: Tx, person: Person) -> Store:
    """The store where this member of staff works now. Refuses NotAllowed, StoreNeeded and NoStoreYet."""
    choices = staff.stores_of(tx, person.user_id, Role.CLERK)
    if not choices:
        staff.require(tx, person.user_id, Role.CLERK)
        raise NoStoreYet
    here = choices if len(choices) == 1 else [store for store in choices if store.id == person.desk_store_id]
    if not here:
        raise StoreNeeded
    return here[0]


def place_of(tx: Tx, person: Person) -> int:
    """The id of the store where this member of staff works now, for the record; 0 while that is not chosen."""
    try:
        return counter(tx, person).id
    except (StoreNeeded, NoStoreYet):
        return 0


def understand(tx: Tx, person: Person, text: str) -> Asked:
    """Read `<card, phone or name> <amount> [payment]` with its lines. Refuses as `identify` and `parse_purchase`."""
    parsed = parse_purchase(text, charters.current(tx))
    return Asked(_find(tx, person, parsed.query), parsed.sale)


def hear(tx: Tx, person: Person, text: str) -> Told:
    """Read what a clerk told of a purchase: the member, the amount, or both. Refuses as `identify` and `read_entry`."""
    counter(tx, person)
    charter = charters.current(tx)
    try:
        entry = read_entry(text, charter, member_open=False)
    except PurchaseUnreadable:
        return Told([], parse_sale(text, charter))
    if isinstance(entry, Sale):
        return Told([], entry)
    query, sale = (entry.query, entry.sale) if isinstance(entry, PurchaseText) else (entry, None)
    return Told(_find(tx, person, query), sale)


def identify(tx: Tx, person: Person, text: str) -> list[int]:
    """The members whom a clerk may mean, by card, phone, last digits or name.

    Refuses NotAllowed, StoreNeeded, MemberNotFound, OwnPurchase, SeveralMembers above MOST_CANDIDATES, and as
    `parse_query`.
    """
    return _find(tx, person, parse_query(text, charters.current(tx).programme.phone_region))


def list_candidates(tx: Tx, person: Person, member_ids: list[int]) -> list[Candidate]:
    """Enough to tell people apart, without whole phones; the look is recorded. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.CLERK)
    looks.note_all(tx, person, member_ids, place_of(tx, person))
    opened = [(member_id, members.reveal(tx, member_id)) for member_id in member_ids]
    return [Candidate(member_id, identity.name, phones.mask(identity.phone)) for member_id, identity in opened]


def read_sale(tx: Tx, text: str) -> Sale:
    """Read `<amount> [payment]` with its lines, under the charter in force. Refuses as `parse_sale`."""
    return parse_sale(text, charters.current(tx))


def record(
    tx: Tx, person: Person, member_id: int, sale: Sale, key: str, taken: Sequence[int] | None = None
) -> Recorded:
    """Record a sale at the clerk's store; the member gets a receipt. The same again under its key is recorded once.

    taken: ids of coupons to use, besides the member's prices; None: what was typed is what is paid. Refuses NotAllowed,
    StoreNeeded, MemberNotFound, OwnPurchase (nobody credits themselves), IdempotencyConflict, and as `quotes.book`.
    """
    store = counter(tx, person)
    accounts.lock(tx, member_id)
    member, name = _customer(person, members.get_named(tx, member_id))
    settled = quotes.settle(tx, member, store, sale, taken, key)
    entered = deals.enter(tx, Deal(member, store, settled.sale, tx.now, person.user_id, key))
    recorded = replace(_recorded(name, store.name, settled.sale, entered), saving=settled.saving)
    if entered.standing:
        quotes.book(tx, settled, entered.purchase, person.user_id)
        _send_receipt(tx, member, recorded, entered)
        if entered.lifted:
            benefits.welcome(tx, entered.charter, member, entered.lifted, f"{member.id}:{entered.purchase.id}")
        _audit(tx, person, "purchase_recorded", entered.purchase)
    return recorded


def recall(tx: Tx, person: Person, purchase_id: int) -> Recorded:
    """A purchase as it was confirmed to whoever recorded it; the look is recorded.

    Refuses NotAllowed and PurchaseNotFound.
    """
    purchase = _in_reach(tx, person, purchase_id)
    looks.note(tx, person, "purchases_read", purchase.member_id, purchase.store_id)
    charter, entry = charters.current(tx), ledger.get_earned(tx, purchase.id)
    member, store = members.get(tx, purchase.member_id), stores.get(tx, purchase.store_id)
    assert entry is not None
    assert member is not None
    assert store is not None
    sale = Sale(purchase.amount, purchase.payment, tuple(purchases.list_lines(tx, purchase.id)))
    entered = Entered(purchase, charter, cast("Explanation", entry.detail), standing=None)
    recorded = replace(_recorded(_name_of(tx, member), store.name, sale, entered), saving=savings.get(tx, purchase.id))
    return recorded if _may_still_be_undone(tx, purchase, charter) else replace(recorded, undo_minutes=0)


def find_edited(tx: Tx, person: Person, key: str) -> Recorded | None:
    """The purchase that a message became which was edited since; else this person's last, while it can be undone.

    None if there is none, or if it has been undone already.
    """
    minutes = charters.current(tx).purchases.undo_minutes
    known = purchases.get_by_key(tx, key)
    latest = known[0] if known else purchases.get_latest_by(tx, person.user_id, tx.now - minutes * _MINUTE_MS)
    works_here = staff.strongest_role(tx, person.user_id) is not None
    if latest is None or latest.status == "undone" or not works_here:
        return None
    return recall(tx, person, latest.id)


def require_customer(tx: Tx, person: Person, member_id: int) -> Member:
    """The member, if this person may credit them. Refuses MemberNotFound and OwnPurchase."""
    member = members.get(tx, member_id)
    return _customer(person, (member, "") if member else None)[0]


def undo(tx: Tx, person: Person, purchase_id: int) -> Undone:
    """Take a purchase back, with its points and the tier it lifted to; the member is told.

    May: the clerk who recorded it, a manager of its store, the owner; for the charter's `purchases.undo_minutes`.
    What a cap took from later purchases stays taken, though there would be room for it now: entries stand as told.
    Refuses NotAllowed, PurchaseNotFound, AlreadyUndone, PartlyRefunded and UndoTooLate.
    """
    charter = charters.current(tx)
    purchase = _undoable(tx, person, purchase_id, charter)
    accounts.lock(tx, purchase.member_id)
    if not purchases.mark_undone(tx, purchase.id, person.user_id):
        raise AlreadyUndone
    undone = _reverse(tx, person, purchase, charter)
    _audit(tx, person, "purchase_undone", purchase, sign=-1)
    return undone


def _customer(person: Person, found: tuple[Member, str] | None) -> tuple[Member, str]:
    if found is None or found[0].status != "active":
        raise MemberNotFound("card")
    if found[0].user_id == person.user_id:
        raise OwnPurchase
    return found


def _find(tx: Tx, person: Person, query: Query) -> list[int]:
    counter(tx, person)
    found = members.find(tx, query, MOST_CANDIDATES + 1)
    if not found:
        raise MemberNotFound(query.kind)
    if len(found) > MOST_CANDIDATES:
        raise SeveralMembers(len(found))
    if len(found) == 1:
        require_customer(tx, person, found[0].id)
    return [member.id for member in found]


def _in_reach(tx: Tx, person: Person, purchase_id: int) -> Purchase:
    """A purchase this person recorded, or one of a store they manage."""
    staff.require(tx, person.user_id, Role.CLERK)
    purchase = purchases.get(tx, purchase_id)
    if purchase is None:
        raise PurchaseNotFound
    own = purchase.recorded_by == person.user_id
    staff.require(tx, person.user_id, Role.CLERK if own else Role.MANAGER, purchase.store_id)
    return purchase


def _undoable(tx: Tx, person: Person, purchase_id: int, charter: Charter) -> Purchase:
    purchase = _in_reach(tx, person, purchase_id)
    if purchase.status == "undone":
        raise AlreadyUndone
    if purchase.refunded:
        raise PartlyRefunded
    if not _may_still_be_undone(tx, purchase, charter):
        raise UndoTooLate(charter.purchases.undo_minutes)
    return purchase


def _may_still_be_undone(tx: Tx, purchase: Purchase, charter: Charter) -> bool:
    in_time = tx.now - purchase.recorded_at <= charter.purchases.undo_minutes * _MINUTE_MS
    return in_time and purchase.status == "recorded" and not purchase.refunded


def _reverse(tx: Tx, person: Person, purchase: Purchase, charter: Charter) -> Undone:
    before = accounts.get(tx, purchase.member_id)
    earned, member = ledger.get_earned(tx, purchase.id), members.get(tx, purchase.member_id)
    assert earned is not None
    assert member is not None
    reversals.reverse(tx, earned, "undo", person.user_id, f"reversal:{earned.id}")
    month = tiers.month_of(charter, purchase.occurred_at)
    accounts.add_to_month(tx, member.id, Month(month, -purchase.amount, -1, -purchase.points))
    lowered = tiers.lower(tx, charter, member, before.tier_since, purchase.id)
    gone = benefits.take_back(tx, charter, member.id, lowered, purchase.recorded_at) if lowered else []
    undone = _undone(tx, purchase, member, before, lowered)
    undone = replace(undone, coupons_back=quotes.take_back(tx, purchase.id), coupons_gone=gone)
    if member.user_id:
        outbox.post(tx, Say("receipt_undone", params_of(undone), to=member.user_id, kind="notice"))
    return undone


def _undone(tx: Tx, purchase: Purchase, member: Member, before: Account, lowered: Tier | None) -> Undone:
    after = accounts.get(tx, member.id)
    return Undone(
        member_id=member.id,
        member=_name_of(tx, member),
        store=stores.name_of(tx, purchase.store_id),
        amount=purchase.amount,
        at=purchase.occurred_at,
        points=purchase.points,
        before=before.standing,
        after=after.standing,
        owed=after.deficit - before.deficit,
        lowered=lowered.names if lowered else {},
        coupons_back=[],
        coupons_gone=[],
    )


def _recorded(member: str, store: str, sale: Sale, entered: Entered) -> Recorded:
    purchase, why = entered.purchase, entered.explanation
    return Recorded(
        purchase_id=purchase.id,
        member_id=purchase.member_id,
        member=member,
        store=store,
        amount=purchase.amount,
        payment=_payment(entered.charter, sale.payment),
        lines=_sold(entered.charter, sale.lines),
        points=purchase.points,
        parts=why["parts"],
        before=why["before"],
        after=why["before"] + purchase.points,
        repaid=why["repaid"],
        pending_until=why["pending_until"],
        expires_at=why["expires_at"],
        lifted=why["lifted"],
        undo_minutes=entered.charter.purchases.undo_minutes,
    )


def _payment(charter: Charter, code: str) -> dict[str, str]:
    names = (payment.names for payment in charter.payments if payment.code == code)
    return next(names, {})


def _sold(charter: Charter, lines: Sequence[Line]) -> list[Sold]:
    return [
        Sold(line.item, charter.category_names(line.category), _pieces(line.quantity), line.amount) for line in lines
    ]


def _pieces(thousandths: int) -> str:
    return f"{Decimal(thousandths).scaleb(-3).normalize():f}"


def _name_of(tx: Tx, member: Member) -> str:
    return members.name_of(tx, member.id) if member.status != "erased" else ""


def _send_receipt(tx: Tx, member: Member, recorded: Recorded, entered: Entered) -> None:
    if not member.user_id or entered.standing is None:
        return
    params = params_of(recorded) | params_of(entered.standing) | {"at": entered.purchase.occurred_at}
    # No dedup_key: the purchase, in whose transaction it is posted, has one.
    outbox.post(tx, Say("receipt", params, to=member.user_id, kind="notice"))


def _audit(tx: Tx, person: Person, action: str, purchase: Purchase, sign: int = 1) -> None:
    audit.add(
        tx, person.user_id, action, store_id=purchase.store_id, member_id=purchase.member_id,
        purchase=purchase.id, amount=sign * purchase.amount, points=sign * purchase.points,
    )  # fmt: skip
