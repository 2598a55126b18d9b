"""Refunds at the counter: whole, by amount or by line, and what they take back of points and tier."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256

from actions import benefits, charters, looks, purchases, quotes, tiers
from db import accounts, audit, ledger, members, outbox, purchases as bought, refunds, reversals, stores
from db.accounts import Account, Month
from db.database import Tx
from db.ledger import Entry, Posting
from db.people import Person
from db.purchases import Purchase
from db.refunds import BoughtLine, NewRefund, Refund, Refundable
from db.stores import Store
from loyalty import money
from loyalty.charter import Tier
from loyalty.desk import names_somebody
from loyalty.errors import (
    AlreadyRefunded,
    AlreadyUndone,
    AmountInvalid,
    AnswerUnclear,
    IdempotencyConflict,
    PurchaseNotFound,
    PurchaseUnreadable,
    RefundTooLarge,
    StaleButton,
)
from loyalty.messages import Say
from loyalty.paging import cut
from loyalty.refunds import pack, points_due

_SHOWN = 8
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be refunded: lines by their positions, or an amount in minor units; of neither, all that is left."""

    purchase_id: int
    amount: int = 0
    lines: tuple[int, ...] = ()

    @property
    def content(self) -> bytes:
        """A digest of what must agree when the key comes again."""
        return sha256(json.dumps(asdict(self)).encode()).digest()


@dataclass(frozen=True, slots=True)
class Choices:
    """A page of a member's purchases that can be refunded, newest first. amount: what was asked for; 0 if unsaid."""

    member_id: int
    member: str  # name
    amount: int
    purchases: list[Refundable]
    page: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One purchase, and what of it is chosen so far. Amounts in minor units."""

    purchase_id: int
    member: str
    store: str
    at: int  # epoch ms UTC
    amount: int
    left: int
    lines: list[BoughtLine]
    chosen: list[int]  # positions
    chosen_amount: int
    packed: list[str]  # for each line, the lines that are chosen when it is tapped; see `loyalty.refunds.pack`
    packed_now: str


@dataclass(frozen=True, slots=True)
class Refunded:
    """What a refund does, or did. Amounts in minor units, times in epoch ms UTC, names of tiers by locale."""

    purchase_id: int
    member_id: int
    member: str
    store: str  # where it was bought
    at: int  # when it was bought
    total: int  # of the purchase
    amount: int  # of this refund
    refunded_before: int
    left: int  # that can still be refunded
    items: list[str]  # lines that are given back
    packed: str  # those lines; see `loyalty.refunds.pack`
    before: int  # points, pending ones included, less what is owed
    after: int
    taken: int  # points that are taken back
    lapsed: int  # points that were due, but have expired unused
    owed: int  # of those taken, how many had been used already
    lowered: dict[str, str]  # the tier the member is back in, {} if unchanged
    coupons_back: list[dict[str, str]] = field(default_factory=list)  # names by locale
    coupons_gone: list[dict[str, str]] = field(default_factory=list)  # that came with the tier


class _Tried(Exception):
    """Carries out of a savepoint what a refund would do."""

    def __init__(self, outcome: Refunded) -> None:
        super().__init__()
        self.outcome = outcome


def list_refundable(tx: Tx, person: Person, member_id: int, amount: int = 0, page: int = 0) -> Choices:
    """The member's purchases of which at least so much can be refunded; the look is recorded.

    Refuses NotAllowed, StoreNeeded, MemberNotFound and OwnPurchase.
    """
    return _choices(tx, person, member_id, amount, _find(tx, person, member_id, amount), page)


def find(tx: Tx, person: Person, member_id: int, amount: int) -> Choices | Refunded:
    """A preview of refunding that amount (0: none was told) if one purchase alone can be meant, else the choices.

    Refuses as `list_refundable` and `preview`.
    """
    found = _find(tx, person, member_id, amount)
    meant = [sale for sale in found if sale.left == amount] or found
    if amount and len(meant) == 1:
        return preview(tx, person, Wanted(meant[0].purchase_id, amount))
    return _choices(tx, person, member_id, amount, found)


def understand(tx: Tx, person: Person, text: str) -> tuple[list[int], int]:
    """Read `<card, phone or name> [amount]`: whom it may mean, and the amount, 0 if none.

    Refuses as `purchases.identify` and `purchases.understand`.
    """
    try:
        asked = purchases.understand(tx, person, text)
    except (AmountInvalid, PurchaseUnreadable):
        return purchases.identify(tx, person, text), 0
    return asked.member_ids, asked.sale.amount


def choose(tx: Tx, person: Person, purchase_id: int, chosen: Sequence[int] = ()) -> Choice:
    """The purchase, with these of its lines chosen; the look is recorded.

    Refuses NotAllowed, StoreNeeded, PurchaseNotFound, OwnPurchase, AlreadyUndone and AlreadyRefunded.
    """
    store = purchases.counter(tx, person)
    purchase = _refundable(tx, purchase_id)
    member = purchases.require_customer(tx, person, purchase.member_id)
    accounts.lock(tx, member.id)
    looks.note(tx, person, "purchases_read", member.id, store.id)
    lines = refunds.list_lines(tx, purchase.id)
    marked = {line.position for line in lines if line.position in chosen and not line.refunded}
    return Choice(
        purchase_id=purchase.id,
        member=members.name_of(tx, member.id),
        store=stores.name_of(tx, purchase.store_id),
        at=purchase.occurred_at,
        amount=purchase.amount,
        left=purchase.amount - purchase.refunded,
        lines=lines,
        chosen=sorted(marked),
        chosen_amount=sum(line.amount for line in lines if line.position in marked),
        packed=[pack(marked ^ {line.position}) for line in lines],
        packed_now=pack(marked),
    )


def read_amount(tx: Tx, purchase_id: int, text: str) -> int:
    """An amount to refund, in minor units.

    Refuses AnswerUnclear for the next customer's phone, card or name, AmountInvalid, RefundTooLarge and as `choose`.
    """
    charter = charters.current(tx)
    if names_somebody(text, charter):
        raise AnswerUnclear
    purchase = _refundable(tx, purchase_id)
    amount = money.parse_amount(text, charter.currency)
    left = purchase.amount - purchase.refunded
    if amount > left:
        raise RefundTooLarge(left)
    return amount


def preview(tx: Tx, person: Person, wanted: Wanted) -> Refunded:
    """What the refund would do, to the point: it is made and taken back again; the look is recorded.

    Refuses as `refund`.
    """
    try:
        with tx.savepoint():
            raise _Tried(_refund(tx, person, wanted, key=f"preview:{wanted.purchase_id}"))
    except _Tried as tried:
        looks.note(tx, person, "purchases_read", tried.outcome.member_id, purchases.place_of(tx, person))
        return tried.outcome


def refund(tx: Tx, person: Person, wanted: Wanted, before: int, key: str) -> Refunded:
    """Refund at the clerk's store, take back the points due, and tell the member.

    before: what had been refunded of the purchase when the clerk looked; if that has changed, StaleButton. The same
    again under its key is refunded once. Refuses NotAllowed, StoreNeeded, PurchaseNotFound, MemberNotFound,
    OwnPurchase, AlreadyUndone, AlreadyRefunded, RefundTooLarge and IdempotencyConflict.
    """
    store = purchases.counter(tx, person)
    # Of two with the same key the second must see what the first did, whosever purchase either is about.
    tx.serialise(f"refund:{key}")
    known = refunds.get_by_key(tx, key)
    if known:
        return _again(tx, wanted, known)
    purchase = bought.get(tx, wanted.purchase_id)
    if purchase and purchase.refunded != before:
        raise StaleButton
    refunded = _refund(tx, person, wanted, key)
    audit.add(
        tx, person.user_id, "purchase_refunded", store_id=store.id, member_id=refunded.member_id,
        purchase=refunded.purchase_id, amount=refunded.amount, points=-refunded.taken,
    )  # fmt: skip
    return refunded


@dataclass(frozen=True, slots=True)
class _Order:
    """A refund that may be made."""

    purchase: Purchase  # as it was before
    store: Store  # where it is refunded
    lines: list[BoughtLine]
    amount: int
    due: int  # points


def _find(tx: Tx, person: Person, member_id: int, amount: int) -> list[Refundable]:
    """All the purchases of which at least so much can be refunded, newest first."""
    purchases.counter(tx, person)
    member = purchases.require_customer(tx, person, member_id)
    return refunds.list_refundable(tx, member.id, amount, _ALL)


def _choices(
    tx: Tx, person: Person, member_id: int, amount: int, found: Sequence[Refundable], page: int = 0
) -> Choices:
    shown = cut(found, page, _SHOWN)
    looks.note(tx, person, "purchases_read", member_id, purchases.place_of(tx, person))
    return Choices(member_id, members.name_of(tx, member_id), amount, shown.rows, shown.page, shown.pages)


def _refund(tx: Tx, person: Person, wanted: Wanted, key: str) -> Refunded:
    order = _order(tx, person, wanted)
    purchase = order.purchase
    if not refunds.take(tx, purchase.id, purchase.refunded, order.amount, order.due):
        raise StaleButton
    before = accounts.get(tx, purchase.member_id)
    entry = _claw_back(tx, person, order)
    charter, lowered = charters.current(tx), _lower(tx, order, before)
    gone = benefits.take_back(tx, charter, purchase.member_id, lowered, purchase.recorded_at) if lowered else []
    outcome = _refunded(tx, order, before, entry, lowered)
    back = quotes.take_back_refunded(tx, charter, purchase.id, whole=not outcome.left)
    outcome = replace(outcome, coupons_back=back, coupons_gone=gone)
    new = NewRefund(
        purchase_id=purchase.id, member_id=purchase.member_id, store_id=order.store.id, amount=order.amount,
        points=order.due, entry_id=entry.id, refunded_by=person.user_id, key=key, content=wanted.content,
        # As it was said, but for the name.
        detail=asdict(outcome) | {"member": ""},
    )  # fmt: skip
    refunds.add_lines(tx, refunds.add(tx, new), purchase.id, [line.position for line in order.lines])
    _tell(tx, outcome)
    return outcome


def _order(tx: Tx, person: Person, wanted: Wanted) -> _Order:
    """Nothing of the member's points changes from here to the end of the transaction, but by it."""
    store = purchases.counter(tx, person)
    accounts.lock(tx, _refundable(tx, wanted.purchase_id).member_id)
    purchase = _refundable(tx, wanted.purchase_id)
    purchases.require_customer(tx, person, purchase.member_id)
    lines = _chosen_lines(tx, wanted)
    left = purchase.amount - purchase.refunded
    # A line that coupons paid for has nothing to give back.
    amount = sum(line.amount for line in lines) if lines else wanted.amount or left
    if not 0 < amount <= left:
        raise RefundTooLarge(left)
    due = points_due(purchase.points, purchase.amount, purchase.refunded + amount) - purchase.points_back
    return _Order(purchase, store, lines, amount, due)


def _claw_back(tx: Tx, person: Person, order: _Order) -> Entry:
    purchase = order.purchase
    earned = ledger.get_earned(tx, purchase.id)
    assert earned is not None
    posting = Posting(
        member_id=purchase.member_id, kind="claw_back", reason="refund", actor=person.user_id, occurred_at=tx.now,
        key=f"refund:{purchase.id}:{purchase.refunded}", store_id=order.store.id, purchase_id=purchase.id,
        detail={"amount": order.amount, "due": order.due},
    )  # fmt: skip
    return reversals.claw_back(tx, earned, order.due, posting)


def _lower(tx: Tx, order: _Order, before: Account) -> Tier | None:
    """What is refunded counts no more for the tier; one that only this purchase or a later one reached may go."""
    charter, purchase = charters.current(tx), order.purchase
    member = members.get(tx, purchase.member_id)
    assert member is not None
    visits = -1 if purchase.refunded + order.amount == purchase.amount else 0
    month = tiers.month_of(charter, purchase.occurred_at)
    accounts.add_to_month(tx, member.id, Month(month, -order.amount, visits, -order.due))
    return tiers.lower(tx, charter, member, before.tier_since, purchase.id)


def _refunded(tx: Tx, order: _Order, before: Account, entry: Entry, lowered: Tier | None) -> Refunded:
    purchase, after = order.purchase, accounts.get(tx, order.purchase.member_id)
    return Refunded(
        purchase_id=purchase.id,
        member_id=purchase.member_id,
        member=members.name_of(tx, purchase.member_id),
        store=stores.name_of(tx, purchase.store_id),
        at=purchase.occurred_at,
        total=purchase.amount,
        amount=order.amount,
        refunded_before=purchase.refunded,
        left=purchase.amount - purchase.refunded - order.amount,
        items=[line.item for line in order.lines],
        packed=pack(line.position for line in order.lines),
        before=before.standing,
        after=after.standing,
        taken=-entry.points,
        lapsed=order.due + entry.points,
        owed=after.deficit - before.deficit,
        lowered=lowered.names if lowered else {},
    )


def _again(tx: Tx, wanted: Wanted, known: Refund) -> Refunded:
    if known.content != wanted.content:
        raise IdempotencyConflict
    told = Refunded(**known.detail)
    return Refunded(**known.detail | {"member": members.name_of(tx, told.member_id)})


def _tell(tx: Tx, outcome: Refunded) -> None:
    member = members.get(tx, outcome.member_id)
    if member and member.user_id:
        outbox.post(tx, Say("refund_notice", asdict(outcome), to=member.user_id, kind="notice"))


def _refundable(tx: Tx, purchase_id: int) -> Purchase:
    """The purchase, if there is something left to refund. Refuses PurchaseNotFound, AlreadyUndone, AlreadyRefunded."""
    purchase = bought.get(tx, purchase_id)
    if purchase is None:
        raise PurchaseNotFound
    if purchase.status == "undone":
        raise AlreadyUndone
    if purchase.refunded == purchase.amount:
        raise AlreadyRefunded
    return purchase


def _chosen_lines(tx: Tx, wanted: Wanted) -> list[BoughtLine]:
    """Refuses StaleButton if one of them is not there or was given back before."""
    if not wanted.lines:
        return []
    open_lines = {line.position: line for line in refunds.list_lines(tx, wanted.purchase_id) if not line.refunded}
    if not set(wanted.lines) <= open_lines.keys():
        raise StaleButton
    return [open_lines[position] for position in wanted.lines]
