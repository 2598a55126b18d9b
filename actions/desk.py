"""The counter: whom staff look up, which member is open there, and what a clerk's message comes to."""

from __future__ import annotations

from dataclasses import dataclass

from actions import cards, charters, customers, looks, members as member_search, purchases, quotes, staff
from actions.customers import Hit, MemberView
from actions.purchases import Asked, Recorded
from db import audit, desk, dialogues, members, people, stores
from db.database import Tx
from db.dialogues import Place
from db.members import Member
from db.people import Person
from loyalty import days, paging
from loyalty.charter import Charter
from loyalty.desk import OPEN_MS, is_tail_like, read_entry
from loyalty.digits import fold
from loyalty.errors import (
    AmountInvalid,
    CardNumberInvalid,
    CardUnreadable,
    MemberNotFound,
    NoStoreYet,
    PaymentUnknown,
    PhoneInvalid,
    PurchaseUnreadable,
    QueryUnclear,
    Refusal,
    SeveralMembers,
    StaleButton,
    StoreNeeded,
    StoreNotFound,
)
from loyalty.messages import Say
from loyalty.purchases import PurchaseText, Sale, parse_sale
from loyalty.queries import Query, parse_query
from loyalty.roles import Role, may

# The dialogue row that says which member is open; not in the table of dialogues, for it asks nothing that must be
# answered: whatever is no amount is the next query.
_OPEN, _STEP = "desk", "amount"
# Dialogues in which a picture is taken for a photo of a card.
_READS_CARDS = (_OPEN, "purchase", "refund_other")
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Home:
    """The clerk's counter and their own figures of today. Amount in minor units."""

    store: str  # '' while none is chosen
    choices: list[dict[str, int | str]]  # id and name of the stores they may work at, one page of them
    page: int  # from 0
    pages: int
    recorded: int
    amount: int
    role: str


@dataclass(frozen=True, slots=True)
class Hits:
    """Whom a query may mean."""

    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class AmountAsked:
    member_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The member who was open is so no more; nothing was recorded."""

    minutes: int


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Four digits, while a member is open: an amount for them (minor units), or the phone of the next customer."""

    name: str
    amount: int
    digits: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Nobody was found, so nobody is open any more: the next amount must not go to the customer before.

    offer: under which number the phone nobody was found by is kept, to sign the customer up with it; 0 if it is not.
    still_open: who is open all the same, for it may have been a slip in the amount.
    """

    refusal: Refusal
    offer: int = 0
    still_open: str = ""


Outcome = Recorded | MemberView | Hits | Lapsed | InDoubt | Asked | Missed


def home(tx: Tx, person: Person, page: int = 0) -> Home:
    """page: of the stores to choose from. Refuses NotAllowed."""
    post = staff.require(tx, person.user_id, Role.CLERK)
    zone = charters.current(tx).zone
    recorded, amount = desk.count_recorded(tx, person.user_id, days.day_span(tx.now, zone)[0])
    role = staff.strongest_role(tx, person.user_id) or post.role
    shown = paging.cut(staff.stores_of(tx, person.user_id, Role.CLERK), page)
    choices: list[dict[str, int | str]] = [{"id": store.id, "name": store.name} for store in shown.rows]
    return Home(_store_name(tx, person), choices, shown.page, shown.pages, recorded, amount, role.value)


def choose_store(tx: Tx, person: Person, store_id: int) -> Home:
    """Work at this store from now on. Refuses NotAllowed and StoreNotFound (closed, too)."""
    staff.require(tx, person.user_id, Role.CLERK, store_id)
    store = stores.get(tx, store_id)
    if store is None or not store.active:
        raise StoreNotFound
    people.choose_desk_store(tx, person.user_id, store_id)
    return home(tx, people.get(tx, person.user_id) or person)


def open_card(tx: Tx, person: Person, token: str) -> MemberView | Say:
    """A card's link: staff get the member, its owner the card, and nobody else learns whether there is such a card.

    Refuses MemberNotFound to staff.
    """
    member = members.get_by_card_token(tx, token)
    if member and member.user_id == person.user_id:
        return cards.card_of(tx, member, large_print=person.easy_mode)
    if not _works_here(tx, person):
        return Say("member_card_of_another", {"member": members.get_by_user(tx, person.user_id) is not None})
    if member is None:
        raise MemberNotFound("token")
    return _open(tx, person, member)


def open_photo(tx: Tx, person: Person, texts: list[str], caption: str, key: str) -> Outcome:
    """The member whose card a photo shows; an amount for a caption is recorded, as if it were typed next.

    texts: what the codes in the photo say. Refuses NotAllowed, and as `purchases.record`.
    """
    staff.require(tx, person.user_id, Role.CLERK)
    try:
        member = _of_card(tx, texts)
    except (MemberNotFound, CardUnreadable) as refusal:
        close(tx, person)
        return Missed(refusal)
    sale = _sale_in(caption, charters.current(tx))
    return _record(tx, person, member.id, sale, key) if sale else _open(tx, person, member)


def open_member(tx: Tx, person: Person, member_id: int) -> MemberView:
    """The member from a list. Refuses NotAllowed and MemberNotFound."""
    staff.require(tx, person.user_id, Role.CLERK)
    return _open(tx, person, customers.require(tx, member_id))


def search(tx: Tx, person: Person, text: str) -> MemberView | Hits:
    """Whom the text means: opened if it is one, else a list. Refuses as `members.find`."""
    found = [hit.member_id for hit in member_search.find(tx, person, text)]
    if len(found) == 1:
        return _open(tx, person, customers.require(tx, found[0]))
    dialogues.leave(tx, person.user_id, person.user_id)
    place = purchases.place_of(tx, person)
    audit.add(tx, person.user_id, "members_listed", store_id=place, count=len(found))
    looks.note_all(tx, person, found, place)
    return Hits([customers.hit(tx, customers.require(tx, member_id)) for member_id in found])


def reopen(tx: Tx, person: Person, member_id: int) -> bool:
    """Have the member at the counter, as after an undone purchase or once signed up, unless something else is under
    way there."""
    if dialogues.get(tx, person.user_id, person.user_id) is not None:
        return False
    dialogues.put(tx, person.user_id, person.user_id, _OPEN, _STEP, {"member": member_id})
    return True


def has_open(tx: Tx, person: Person) -> bool:
    """Whether a member is open at this person's counter, lapsed or not, or the phone of somebody who is none."""
    return _place(tx, person) is not None


def reads_cards_for(tx: Tx, user_id: int) -> bool:
    """Whether a picture from this person is taken for a photo of a card: from staff, unless a dialogue takes it."""
    place = dialogues.get(tx, user_id, user_id)
    return staff.strongest_role(tx, user_id) is not None and (place is None or place.name in _READS_CARDS)


def quick(tx: Tx, person: Person, text: str, key: str) -> Outcome | None:
    """What staff type that answers no question: an amount for the open member, `<member> <amount>`, or a query.

    None for somebody who does not work here. key: unique for ever, names the purchase this may become. Asked is a
    purchase and whose it may be, not recorded yet.
    Refuses as `loyalty.desk.read_entry` and `purchases.record` do.
    """
    if not _works_here(tx, person):
        return None
    place, is_tail = _place(tx, person), is_tail_like(text)
    is_open = place is not None and "member" in place.answers and not (is_tail and _is_lapsed(tx, place))
    entry = read_entry(text, charters.current(tx), member_open=is_open)
    if isinstance(entry, Sale) and place:
        doubt = _doubt(tx, person, place, entry, text) if is_tail else None
        return doubt or _credit_open(tx, person, place, entry, key)
    look_up = purchases.understand if isinstance(entry, PurchaseText) else search
    try:
        return look_up(tx, person, text)
    except (MemberNotFound, SeveralMembers) as refusal:
        slip = _slip(tx, place, refusal) if place and isinstance(entry, Query) else None
        return slip or miss(tx, person, refusal, text)


def miss(tx: Tx, person: Person, refusal: Refusal, text: str) -> Missed:
    """Nobody is open any more; a whole phone in the text is kept, so that one tap signs the customer up."""
    close(tx, person)
    if refusal != MemberNotFound("phone"):
        return Missed(refusal)
    entry = read_entry(text, charters.current(tx), member_open=False)
    query = entry.query if isinstance(entry, PurchaseText) else entry
    assert isinstance(query, Query)
    dialogues.put(tx, person.user_id, person.user_id, _OPEN, _STEP, {"phone": query.value, "offer": tx.now})
    return Missed(refusal, tx.now)


def phone_offered(tx: Tx, person: Person, offer: int) -> str:
    """The phone (E.164) nobody was found by, '' if another customer has come since."""
    place = _place(tx, person)
    return place.answers["phone"] if place and place.answers.get("offer") == offer else ""


def settle_doubt(tx: Tx, person: Person, is_amount: bool, key: str) -> Outcome:
    """What the four digits were. Refuses NotAllowed, StaleButton, and as `purchases.record` and `members.find`."""
    staff.require(tx, person.user_id, Role.CLERK)
    place = _place(tx, person)
    if place is None or "doubt" not in place.answers:
        raise StaleButton
    text: str = place.answers["doubt"]
    if is_amount:
        return _credit_open(tx, person, place, parse_sale(text, charters.current(tx)), key)
    return search(tx, person, text)


def close(tx: Tx, person: Person) -> None:
    """Nobody is open any more."""
    if _place(tx, person):
        dialogues.leave(tx, person.user_id, person.user_id)


def ask_amount(tx: Tx, person: Person, member_id: int) -> AmountAsked:
    """Open the member again and ask for the amount; the look is recorded. Refuses NotAllowed and MemberNotFound."""
    staff.require(tx, person.user_id, Role.CLERK)
    member = customers.require(tx, member_id)
    _keep_open(tx, person, member)
    looks.note(tx, person, "member_opened", member.id, purchases.place_of(tx, person))
    return AmountAsked(member.id, members.name_of(tx, member.id))


def _works_here(tx: Tx, person: Person) -> bool:
    return may(staff.strongest_role(tx, person.user_id), Role.CLERK)


def _of_card(tx: Tx, texts: list[str]) -> Member:
    """The member of the first text that is a card's link or number; other codes in a photo are none of ours."""
    region = charters.current(tx).programme.phone_region
    seen_a_card = False
    for text in texts:
        try:
            query = parse_query(text, region)
        except (QueryUnclear, PhoneInvalid, CardNumberInvalid):
            continue
        if query.kind in ("token", "card"):
            seen_a_card = True
            if found := members.find(tx, query, 1):
                return found[0]
    raise MemberNotFound("card") if seen_a_card else CardUnreadable


def _sale_in(caption: str, charter: Charter) -> Sale | None:
    try:
        return parse_sale(caption, charter)
    except (AmountInvalid, PaymentUnknown, PurchaseUnreadable):
        return None


def _open(tx: Tx, person: Person, member: Member) -> MemberView:
    _keep_open(tx, person, member)
    looks.note(tx, person, "member_opened", member.id, purchases.place_of(tx, person))
    return customers.view(tx, person, member)


def _keep_open(tx: Tx, person: Person, member: Member) -> None:
    # A private chat has its person's id.
    dialogues.put(tx, person.user_id, person.user_id, _OPEN, _STEP, {"member": member.id})


def _place(tx: Tx, person: Person) -> Place | None:
    place = dialogues.get(tx, person.user_id, person.user_id)
    return place if place and place.name == _OPEN else None


def _is_lapsed(tx: Tx, place: Place) -> bool:
    return tx.now - place.changed_at > OPEN_MS


def _slip(tx: Tx, place: Place, refusal: Refusal) -> Missed | None:
    """Nobody's name may be an amount mistyped for the open member. Nobody's number is the next customer's."""
    is_name = refusal in (MemberNotFound("name"), MemberNotFound("pinyin"))
    if not is_name or "member" not in place.answers or _is_lapsed(tx, place):
        return None
    return Missed(refusal, still_open=members.name_of(tx, place.answers["member"]))


def _doubt(tx: Tx, person: Person, place: Place, sale: Sale, text: str) -> InDoubt | None:
    """None unless somebody's phone ends so: the next customer's digits must not become the last one's purchase."""
    digits = fold(text)
    if not members.find(tx, Query("tail", digits), 1):
        return None
    member_id = place.answers["member"]
    dialogues.put(tx, person.user_id, person.user_id, _OPEN, _STEP, {"member": member_id, "doubt": digits})
    return InDoubt(members.name_of(tx, member_id), sale.amount, digits)


def _credit_open(tx: Tx, person: Person, place: Place, sale: Sale, key: str) -> Outcome:
    if _is_lapsed(tx, place):
        dialogues.leave(tx, person.user_id, person.user_id)
        return Lapsed(OPEN_MS // _MINUTE_MS)
    return _record(tx, person, place.answers["member"], sale, key)


def _record(tx: Tx, person: Person, member_id: int, sale: Sale, key: str) -> Recorded | Asked:
    """Then the counter is free for the next customer. Asked: something may be taken off, which is for them to say."""
    if quotes.offer(tx, member_id, purchases.counter(tx, person), sale):
        return Asked([purchases.require_customer(tx, person, member_id).id], sale)
    recorded = purchases.record(tx, person, member_id, sale, key)
    dialogues.leave(tx, person.user_id, person.user_id)
    return recorded


def _store_name(tx: Tx, person: Person) -> str:
    try:
        return purchases.counter(tx, person).name
    except (StoreNeeded, NoStoreYet):
        return ""
