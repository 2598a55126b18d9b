"""Signing up a customer without Telegram at the counter (requirement B6); joining with the proven phone links them."""

from __future__ import annotations

from dataclasses import dataclass

from actions import charters, purchases
from db import audit, consents, members
from db.database import Tx
from db.members import NewMember
from db.people import Person
from loyalty import names, phones
from loyalty.errors import AlreadyEnrolled
from loyalty.phones import Phone


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The new member, as the clerk reads it."""

    member_id: int
    name: str
    phone: str  # masked
    number: str  # of the card
    store: str
    programme: dict[str, str]  # by locale


def read_phone(tx: Tx, person: Person, text: str) -> Phone:
    """A phone nobody is known by. Refuses NotAllowed, StoreNeeded, PhoneInvalid and AlreadyEnrolled."""
    purchases.counter(tx, person)
    phone = phones.parse(text, charters.current(tx).programme.phone_region)
    if known := members.get_by_phone(tx, phone.e164):
        raise AlreadyEnrolled(known.id)
    return phone


def enrol(tx: Tx, person: Person, phone: str, name: str) -> Enrolled:
    """Make them a member of the clerk's store, with the consent they gave there. phone: as typed, or E.164.

    Refuses as `read_phone`, and NameInvalid.
    """
    store = purchases.counter(tx, person)
    version, charter = charters.current_version(tx)
    proven = read_phone(tx, person, phone)
    new = NewMember(
        name=names.clean(name), phone=proven, birthday=None, tier=charter.tiers[0].code, source="walk_in",
        home_store_id=store.id, referrer_id=0, charter_version=version, card_prefix=charter.programme.card_prefix,
        joined_at=tx.now, enrolled_by=person.user_id,
    )  # fmt: skip
    member = members.add(tx, new)
    consents.add(tx, member.id, "counter", version)
    audit.add(tx, person.user_id, "member_enrolled", store_id=store.id, member_id=member.id, charter=version)
    return Enrolled(
        member_id=member.id,
        name=members.name_of(tx, member.id),
        phone=phones.mask(proven.e164),
        number=member.number,
        store=store.name,
        programme=charter.programme.names,
    )
