"""The counter: whom staff look up, which member is open there, and what a clerk's message comes to."""

from __future__ import annotations

from dataclasses import dataclass

from actions import cards, charters, customers, purchases, staff
from actions import members as member_search
from actions.customers import Hit, MemberView
from actions.purchases import Recorded
from db import audit, desk, dialogues, members, people, stores
from db.database import Tx
from db.dialogues import Place
from db.members import Member
from db.people import Person
from loyalty import days
from loyalty.desk import OPEN_MS, read_entry
from loyalty.errors import (
    CardNumberInvalid,
    CardUnreadable,
    MemberNotFound,
    PhoneInvalid,
    QueryUnclear,
    StaleButton,
    StoreNeeded,
    StoreNotFound,
)
from loyalty.messages import Say
from loyalty.purchases import PurchaseText, Sale, parse_purchase, parse_sale
from loyalty.queries import parse_query
from loyalty.roles import Role, may

# The dialogue rows of the counter: who is open (answers: member) or is to be chosen (answers: purchase, as typed).
DIALOGUE = "desk"
_AMOUNT, _CHOICE = "amount", "choice"
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Home:
    """The clerk's counter and their own figures of today. Amount in minor units."""

    store: str  # '' while none is chosen
    choices: list[dict[str, int | str]]  # id and name of the stores they may work at
    recorded: int
    amount: int
    role: str


@dataclass(frozen=True, slots=True)
class Hits:
    """Whom a query may mean. amount: of the purchase that waits for the choice, in minor units; 0 for none."""

    hits: list[Hit]
    amount: int


@dataclass(frozen=True, slots=True)
class AmountAsked:
    member_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The member who was open is so no more; nothing was recorded."""

    minutes: int


Outcome = Recorded | MemberView | Hits | Lapsed


def home(tx: Tx, person: Person) -> Home:
    """Refuses NotAllowed."""
    post = staff.require(tx, person.user_id, Role.CLERK)
    zone = charters.current(tx).zone
    recorded, amount = desk.count_recorded(tx, person.user_id, days.day_span(tx.now, zone)[0])
    role = staff.strongest_role(tx, person.user_id) or post.role
    choices: list[dict[str, int | str]] = [
        {"id": store.id, "name": store.name} for store in staff.stores_of(tx, person.user_id, Role.CLERK)
    ]
    return Home(_store_name(tx, person), choices, recorded, amount, role.value)


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
        return Say("member_card_of_another")
    if member is None:
        raise MemberNotFound("token")
    return _open(tx, person, member)


def open_photo(tx: Tx, person: Person, texts: list[str], caption: str, key: str) -> Outcome:
    """The member whose card a photo shows; a caption is the amount, as if it were typed next.

    texts: what the codes in the photo say. Refuses NotAllowed, CardUnreadable and MemberNotFound.
    """
    staff.require(tx, person.user_id, Role.CLERK)
    member = _of_card(tx, texts)
    if caption.strip():
        sale = parse_sale(caption, charters.current(tx))
        return _record(tx, person, member.id, sale, key)
    return _open(tx, person, member)


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
    return _hits(tx, person, found, 0)


def is_under_way(tx: Tx, person: Person) -> bool:
    """Whether a member is open, or is to be chosen, at this person's counter; lapsed or not."""
    return _place(tx, person) is not None


def reads_cards_for(tx: Tx, user_id: int) -> bool:
    """Whether a picture from this person is taken for a photo of a card: from staff who are in no dialogue."""
    place = dialogues.get(tx, user_id, user_id)
    return staff.strongest_role(tx, user_id) is not None and (place is None or place.name == DIALOGUE)


def quick(tx: Tx, person: Person, text: str, key: str) -> Outcome | None:
    """What staff type that answers no question: an amount for the open member, `<member> <amount>`, or a query.

    None for somebody who does not work here. key: unique for ever, names the purchase this may become.
    Refuses as `loyalty.desk.read_entry`, `purchases.record` and `members.find` do.
    """
    if not _works_here(tx, person):
        return None
    place = _place(tx, person)
    charter = charters.current(tx)
    is_open = place is not None and place.step == _AMOUNT
    entry = read_entry(text, charter, member_open=is_open)
    if isinstance(entry, Sale):
        assert place is not None
        return _credit_open(tx, person, place, entry, key)
    if isinstance(entry, PurchaseText):
        return _record_or_choose(tx, person, text, key)
    return search(tx, person, text)


def credit(tx: Tx, person: Person, member_id: int, amount: int, key: str) -> Outcome:
    """Record the purchase that waits for a member to be chosen. The amount tells its list from older ones.

    Refuses StaleButton, and as `purchases.record`.
    """
    staff.require(tx, person.user_id, Role.CLERK)
    place = _place(tx, person)
    if place is None or place.step != _CHOICE:
        raise StaleButton
    sale = parse_purchase(place.answers["purchase"], charters.current(tx)).sale
    if sale.amount != amount or member_id not in place.answers["members"]:
        raise StaleButton
    if _is_lapsed(tx, place):
        return _lapse(tx, person)
    return _record(tx, person, member_id, sale, key)


def ask_amount(tx: Tx, person: Person, member_id: int) -> AmountAsked:
    """Open the member again and ask for the amount. Refuses NotAllowed and MemberNotFound."""
    staff.require(tx, person.user_id, Role.CLERK)
    member = customers.require(tx, member_id)
    _keep_open(tx, person, member)
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


def _open(tx: Tx, person: Person, member: Member) -> MemberView:
    _keep_open(tx, person, member)
    _audit(tx, person, "member_opened", member)
    return customers.view(tx, member)


def _keep_open(tx: Tx, person: Person, member: Member) -> None:
    # A private chat has its person's id.
    dialogues.put(tx, person.user_id, person.user_id, DIALOGUE, _AMOUNT, {"member": member.id})


def _place(tx: Tx, person: Person) -> Place | None:
    place = dialogues.get(tx, person.user_id, person.user_id)
    return place if place and place.name == DIALOGUE else None


def _is_lapsed(tx: Tx, place: Place) -> bool:
    return tx.now - place.changed_at > OPEN_MS


def _lapse(tx: Tx, person: Person) -> Lapsed:
    dialogues.leave(tx, person.user_id, person.user_id)
    return Lapsed(OPEN_MS // _MINUTE_MS)


def _credit_open(tx: Tx, person: Person, place: Place, sale: Sale, key: str) -> Outcome:
    if _is_lapsed(tx, place):
        return _lapse(tx, person)
    return _record(tx, person, place.answers["member"], sale, key)


def _record_or_choose(tx: Tx, person: Person, text: str, key: str) -> Outcome:
    asked = purchases.understand(tx, person, text)
    if len(asked.member_ids) == 1:
        return _record(tx, person, asked.member_ids[0], asked.sale, key)
    waiting = {"purchase": text, "members": asked.member_ids}
    dialogues.put(tx, person.user_id, person.user_id, DIALOGUE, _CHOICE, waiting)
    return _hits(tx, person, asked.member_ids, asked.sale.amount)


def _record(tx: Tx, person: Person, member_id: int, sale: Sale, key: str) -> Recorded:
    """Then the counter is free for the next customer."""
    recorded = purchases.record(tx, person, member_id, sale, key)
    dialogues.leave(tx, person.user_id, person.user_id)
    return recorded


def _hits(tx: Tx, person: Person, member_ids: list[int], amount: int) -> Hits:
    audit.add(tx, person.user_id, "members_listed", store_id=person.desk_store_id, count=len(member_ids))
    return Hits([customers.hit(tx, customers.require(tx, member_id)) for member_id in member_ids], amount)


def _store_name(tx: Tx, person: Person) -> str:
    try:
        return purchases.counter(tx, person).name
    except (StoreNeeded, StoreNotFound):
        return ""


def _audit(tx: Tx, person: Person, action: str, member: Member, **detail: str) -> None:
    audit.add(tx, person.user_id, action, store_id=person.desk_store_id, member_id=member.id, **detail)
