"""Joining: who may, as whom, and by whose invitation."""

from __future__ import annotations

from dataclasses import dataclass

from actions import birthdays, charters
from db import accounts, audit, consents, joining, members, outbox, staff, stores
from db.database import Tx
from db.members import Member, NewMember
from db.people import Person
from loyalty import codes, phones
from loyalty.birthdays import Birthday
from loyalty.charter import Charter
from loyalty.errors import (
    AlreadyAMember,
    CodeInvalid,
    JoinConditionUnmet,
    PhoneTaken,
    ReferralRing,
    ReferralUnknown,
    Refusal,
    SelfReferral,
)
from loyalty.messages import Say, params_of
from loyalty.phones import Phone
from loyalty.roles import Role

_DAY_MS = 86_400_000
# A chain of recommendations longer than this is nobody's ring.
_LONGEST_RING = 50


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody answered on the way in."""

    name: str  # cleaned by `names.clean`
    phone: str  # E.164, proven by the person's own contact
    birthday: Birthday | None
    store_id: int  # 0: none
    by_store_link: bool
    referral: str  # an invite code as it came, '' if none
    accepted: int  # the version of the charter whose texts were accepted


@dataclass(frozen=True, slots=True)
class Joined:
    member: Member
    was_known: bool  # from the counter or an import: history and points are theirs now
    referral_refusal: Refusal | None  # joining goes on without the referral


def admit(tx: Tx, person: Person, phone: Phone) -> Member | None:
    """The member this proven phone is known for from the counter or an import, None if it is new.

    Refuses AlreadyAMember, PhoneTaken, and JoinConditionUnmet as the charter says (requirement A2).
    """
    if members.get_by_user(tx, person.user_id):
        raise AlreadyAMember
    known = members.get_by_phone(tx, phone.e164)
    if known and known.user_id:
        raise PhoneTaken
    _require_condition(tx, charters.current(tx), known)
    return known


def join(tx: Tx, person: Person, application: Application) -> Joined:
    """Make the person a member, or link them to what is known of their phone. Refuses as `admit` does."""
    phone = phones.parse(application.phone, "ZZ")
    known = admit(tx, person, phone)
    if known:
        # Until their account is locked they may be forgotten, or linked to somebody else.
        accounts.lock(tx, known.id)
        known = admit(tx, person, phone)
    member = _link(tx, person, known, application) if known else _add(tx, person, phone, application)
    for kind in ("privacy", "charter"):
        consents.add(tx, member.id, kind, application.accepted)
    refusal = _record_referral(tx, member, application.referral)
    if known:
        _report_own_credits(tx, person, known)
    return Joined(members.get(tx, member.id) or member, was_known=known is not None, referral_refusal=refusal)


def is_own_code(member: Member, code: str) -> bool:
    """Whether the member's own invitation has this code."""
    try:
        return codes.normalise(code) == member.invite_code
    except CodeInvalid:
        return False


def _require_condition(tx: Tx, charter: Charter, known: Member | None) -> None:
    """A member the old programme brought in (source import) has joined long ago."""
    rule, required = charter.joining, charter.joining_amount
    if rule.condition == "open" or (known and known.source == "import"):
        return
    if rule.condition == "invitation":
        if not (known and known.enrolled_by):
            raise JoinConditionUnmet(rule.condition, required=0, have=0, days=0)
        return
    within = rule.days if rule.condition == "spent" else 0
    have = _spent(tx, known, within) if known else 0
    if have < required:
        raise JoinConditionUnmet(rule.condition, required=required, have=have, days=within)


def _spent(tx: Tx, known: Member, days: int) -> int:
    if not days:
        return joining.largest_purchase(tx, known.id)
    return joining.spent_since(tx, known.id, tx.now - days * _DAY_MS)


def _add(tx: Tx, person: Person, phone: Phone, application: Application) -> Member:
    charter = charters.current(tx)
    new = NewMember(
        name=application.name,
        phone=phone,
        birthday=application.birthday,
        tier=charter.tiers[0].code,
        source="walk_in" if application.by_store_link else "online",
        home_store_id=_open_store(tx, application.store_id),
        referrer_id=0,
        charter_version=application.accepted,
        card_prefix=charter.programme.card_prefix,
        joined_at=tx.now,
        user_id=person.user_id,
    )
    return members.add(tx, new)


def _link(tx: Tx, person: Person, known: Member, application: Application) -> Member:
    """What the person says of themselves replaces what was noted at the counter; number, tier and points stay."""
    if not members.link_user(tx, known.id, person.user_id):
        raise PhoneTaken
    members.change_name(tx, known.id, application.name)
    members.set_charter_version(tx, known.id, application.accepted)
    if application.birthday:
        birthdays.tell(tx, known, application.birthday)
    if not known.home_store_id:
        members.set_home_store(tx, known.id, _open_store(tx, application.store_id))
    return known


def _report_own_credits(tx: Tx, person: Person, known: Member) -> None:
    """Nobody credits themselves: managers hear of who has given something to what turns out to be themselves."""
    given = joining.credits_by(tx, known.id, person.user_id)
    if not given.count:
        return
    managers = {*staff.list_users(tx, Role.MANAGER, staff.CHAIN), *staff.list_users(tx, Role.OWNER)}
    told = {"member_id": known.id, "member": members.name_of(tx, known.id), **params_of(given)}
    for user_id in sorted(managers - {person.user_id}):
        outbox.post(tx, Say("own_credits_found", told, to=user_id, kind="notice"))
    audit.add(tx, person.user_id, "own_credits_found", member_id=known.id, **params_of(given))


def _open_store(tx: Tx, store_id: int) -> int:
    """The store may have closed between the link and the last answer."""
    store = stores.get(tx, store_id)
    return store_id if store and store.active else 0


def _record_referral(tx: Tx, member: Member, code: str) -> Refusal | None:
    """Note who invited the member; what stands against it if anything does. The first referral counts."""
    if not code or member.referrer_id:
        return None
    try:
        referrer = _referrer(tx, member, code)
    except (ReferralUnknown, SelfReferral, ReferralRing) as refusal:
        return refusal
    members.set_referrer(tx, member.id, referrer.id)
    return None


def _referrer(tx: Tx, member: Member, code: str) -> Member:
    try:
        referrer = members.get_by_invite_code(tx, codes.normalise(code))
    except CodeInvalid:
        referrer = None
    if referrer is None:
        raise ReferralUnknown
    if referrer.id == member.id:
        raise SelfReferral
    if member.id in _recommenders(tx, referrer):
        raise ReferralRing
    return referrer


def _recommenders(tx: Tx, member: Member) -> set[int]:
    """Those who, directly or through others, recommended the member."""
    found: set[int] = set()
    above = member.referrer_id
    while above and above not in found and len(found) < _LONGEST_RING:
        found.add(above)
        referrer = members.get(tx, above)
        above = referrer.referrer_id if referrer else 0
    return found
