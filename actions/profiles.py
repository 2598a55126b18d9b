"""What is held about a member, seen and changed by the member."""

from __future__ import annotations

from dataclasses import dataclass

from actions import birthdays, charters
from actions.members import require_member
from db import members, profiles, stores
from db.database import Tx
from db.members import Member
from db.people import Person
from loyalty import phones
from loyalty.birthdays import Birthday
from loyalty.errors import BirthdayLocked, StoreNotFound
from loyalty.phones import Phone
from loyalty.profiles import birthday_free_at


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything held; '' and None where nothing is."""

    number: str
    name: str
    phone: str  # masked, or E.164 if asked for whole
    whole_phone: bool
    birthday: Birthday | None
    birthday_from: str  # ISO date on which a changed one is kept for the first time; '' if it counts already
    home_store: str  # name
    joined_at: int  # epoch ms UTC
    fields: dict[str, str]  # of `loyalty.profiles.FIELDS`, those that hold something


def show(tx: Tx, person: Person, whole_phone: bool = False) -> Profile:
    """The sender's own profile. Refuses NotAMember."""
    member = require_member(tx, person)
    identity = members.reveal(tx, member.id)
    return Profile(
        number=member.number,
        name=identity.name,
        phone=identity.phone if whole_phone else phones.mask(identity.phone),
        whole_phone=whole_phone,
        birthday=_birthday(member, identity.birth_year),
        birthday_from=birthdays.first_day(tx, charters.current(tx), member),
        home_store=stores.name_of(tx, member.home_store_id),
        joined_at=member.joined_at,
        fields=profiles.list_filled(tx, member.id),
    )


def change_name(tx: Tx, person: Person, name: str) -> None:
    """name is cleaned by `names.clean`."""
    members.change_name(tx, require_member(tx, person).id, name)


def change_phone(tx: Tx, person: Person, phone: Phone) -> None:
    """The phone is proven by the person's own contact. Refuses PhoneTaken."""
    members.change_phone(tx, require_member(tx, person).id, phone)


def change_birthday(tx: Tx, person: Person, birthday: Birthday | None) -> None:
    """None forgets it, at any time. From when another one counts: see `birthdays.tell`. Refuses BirthdayLocked."""
    if birthday:
        require_birthday_free(tx, person)
    birthdays.tell(tx, require_member(tx, person), birthday)


def require_birthday_free(tx: Tx, person: Person) -> None:
    """Refuses BirthdayLocked if the birthday was changed as often as the charter lets."""
    charter = charters.current(tx)
    told = members.list_birthday_changes(tx, require_member(tx, person).id)
    until = birthday_free_at(told, charter.birthdays.changes_per_year, tx.now, charter.zone)
    if until:
        raise BirthdayLocked(until)


def change_field(tx: Tx, person: Person, field: str, value: str) -> None:
    """value as `loyalty.profiles.read` gives it; '' clears the field."""
    member = require_member(tx, person)
    if value:
        profiles.put(tx, member.id, field, value)
    else:
        profiles.clear(tx, member.id, field)


def change_home_store(tx: Tx, person: Person, store_id: int) -> None:
    """0: none. Refuses StoreNotFound."""
    store = stores.get(tx, store_id)
    if store_id and not (store and store.active):
        raise StoreNotFound
    members.set_home_store(tx, require_member(tx, person).id, store_id)


def _birthday(member: Member, year: int | None) -> Birthday | None:
    if member.birthday is None:
        return None
    told = member.birthday
    return Birthday(told.month, told.day, year, told.lunar, told.leap_month)
