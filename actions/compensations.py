"""What is given for a case with the chain's apologies: within the role's limit, else by two; never for one's own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from actions import adjustments, case_access, case_people, cases, charters, coupons, customers, staff
from actions.coupons import NewGrant
from db import accounts, case_compensations as rows, cases as case_rows, ledger, members, outbox, staff as posts, stores
from db.case_compensations import Compensation, NewCompensation
from db.cases import Case
from db.database import Tx
from db.ledger import Posting
from db.people import Person
from loyalty import earning
from loyalty.case_errors import CompensationWaits, OwnSale
from loyalty.charter import LOCALES, Charter
from loyalty.compensations import Gift, Given, Limits
from loyalty.coupon_errors import CouponNotGranted
from loyalty.errors import (
    AskedForThemselves,
    CaseNotFound,
    CompensationTooHigh,
    NobodyToAgree,
    SecondPersonNeeded,
    StaleButton,
)
from loyalty.jobs import DAY_MS
from loyalty.messages import Say
from loyalty.roles import Role

_WAITS_MS = 7 * DAY_MS
# A case that names no purchase is taken to be about any of the last month.
_LATELY_MS = 30 * DAY_MS


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person may give for a case. coupons: code, name by locale, and whether they may alone."""

    left: int  # points, without anybody else
    coupons: list[dict[str, Any]]
    is_seller: bool  # recorded what it is about, or may be
    manages: bool
    most: int  # points that anybody gives alone: more is asked back about


@dataclass(frozen=True, slots=True)
class Shown:
    """Something given, or asked for, as staff read it. coupon: its names by locale, {} for points."""

    points: int
    coupon: dict[str, str]
    state: str  # waiting, given, declined
    by: str  # names of staff
    decided_by: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question to a second person, or what became of it."""

    compensation_id: int
    case_id: int
    store: str
    member: str  # name
    points: int
    coupon: dict[str, str]
    state: str
    by: str
    decided_by: str
    before: Given
    is_seller: bool  # who asked recorded what it is about, or may be


def offer(tx: Tx, person: Person, case_id: int) -> Offer:
    """Refuses as `case_access.require`."""
    case = case_access.require(tx, person, case_id)
    limits, given = _limits(tx, person.user_id, case), _given(tx, person.user_id, case)
    own = person.user_id in _sellers(tx, case)
    charter = charters.current(tx)
    listed = [
        {"code": code, "name": _names(charter, code), "alone": not own and limits.allow(Gift(coupon=code), given)}
        for code in charter.service.coupons
        if _may_ask(tx, person.user_id, case, Gift(coupon=code))
    ]
    left = 0 if own else limits.left(given)
    return Offer(left, listed, own, case_access.manages(tx, person.user_id, case), charter.adjustments.limit)


def give(tx: Tx, person: Person, case: Case, gift: Gift) -> Compensation:
    """Given at once, or a second person is asked: above the role's limit, and by who recorded the purchase.

    The caller has locked the case. Refuses CaseNotFound where nobody in particular complained, MemberNotFound,
    StaleButton for a coupon that is not meant for this, CompensationWaits, CompensationTooHigh for what a clerk cannot
    ask for either, NobodyToAgree, and CouponNotGranted.
    """
    if not case.member_id:
        raise CaseNotFound
    accounts.lock(tx, case.member_id)
    customers.require(tx, case.member_id)
    _check_askable(tx, person, case, gift)
    asked = rows.add(tx, NewCompensation(case.id, case.member_id, case.store_id, gift.points, gift.coupon,
                                         person.user_id))  # fmt: skip
    limits, given = _limits(tx, person.user_id, case), _given(tx, person.user_id, case)
    if limits.allow(gift, given) and person.user_id not in _sellers(tx, case):
        return _hand_out(tx, asked, decided_by=0)
    _ask(tx, case, asked)
    return asked


def decide(tx: Tx, person: Person, compensation_id: int, agree: bool) -> Outcome:
    """The second person's word; whoever asked is told if they still work there, and the member of what they have.

    Refuses NotAllowed, CaseNotFound, OwnCase, SecondPersonNeeded (not the one who asked), OwnSale, MemberNotFound,
    AskedForThemselves, CompensationTooHigh (other things were given meanwhile), CouponNotGranted, and StaleButton once
    it is decided, has waited for a week, or the case has just been merged.
    """
    case, asked = _require(tx, person, compensation_id)
    accounts.lock(tx, asked.member_id)
    if agree:
        if customers.require(tx, asked.member_id).user_id == asked.asked_by:
            raise AskedForThemselves
        _check_ceiling(tx, asked.asked_by, case, Gift(asked.points, asked.coupon))
        asked = _hand_out(tx, asked, person.user_id)
        _tell_member(tx, asked)
    elif not rows.settle(tx, asked.id, "declined", person.user_id, tx.now - _WAITS_MS):
        raise StaleButton
    outcome = _outcome(tx, case, asked.id)
    if staff.is_allowed(tx, asked.asked_by, Role.CLERK, asked.store_id or None):
        outbox.post(tx, Say("compensation_decided", asdict(outcome), to=asked.asked_by, kind="notice"))
    cases.record(tx, person, "compensation_agreed" if agree else "compensation_declined", case, **told(asked))
    return outcome


def told(given: Compensation) -> dict[str, int | str]:
    """For the record of who did what."""
    return {"points": given.points} if given.points else {"code": given.coupon}


def names_of(tx: Tx, given: Compensation) -> dict[str, str]:
    """The coupon's, by locale; {} for points."""
    return _names(charters.current(tx), given.coupon)


def list_of(tx: Tx, case: Case) -> list[Shown]:
    """What was given for the case, or asked for and neither agreed nor forgotten."""
    listed = [one for one in rows.list_of_case(tx, case.id) if one.state != "waiting" or _is_fresh(tx, one)]
    return [
        Shown(one.points, names_of(tx, one), one.state, posts.name_of(tx, one.asked_by),
              posts.name_of(tx, one.decided_by))
        for one in listed
    ]  # fmt: skip


def _require(tx: Tx, person: Person, compensation_id: int) -> tuple[Case, Compensation]:
    asked = rows.get(tx, compensation_id)
    if asked is None:
        raise StaleButton
    case = case_access.require(tx, person, asked.case_id)
    staff.require(tx, person.user_id, Role.MANAGER, case.store_id or None)
    if asked.asked_by == person.user_id:
        raise SecondPersonNeeded
    if person.user_id in _sellers(tx, case):
        raise OwnSale
    now = rows.get(tx, compensation_id)
    if now is None or now.state != "waiting" or now.case_id != case.id:
        raise StaleButton
    return case, now


def _check_askable(tx: Tx, person: Person, case: Case, gift: Gift) -> None:
    if gift.coupon and gift.coupon not in charters.current(tx).service.coupons:
        raise StaleButton
    if any(one.state == "waiting" and _is_fresh(tx, one) for one in rows.list_of_case(tx, case.id)):
        raise CompensationWaits
    _check_ceiling(tx, person.user_id, case, gift)


def _check_ceiling(tx: Tx, asked_by: int, case: Case, gift: Gift) -> None:
    if not _may_ask(tx, asked_by, case, gift):
        raise CompensationTooHigh(_managers_limits(tx).left(_given(tx, asked_by, case)))


def _may_ask(tx: Tx, asked_by: int, case: Case, gift: Gift) -> bool:
    """A clerk and a manager together give what a manager may; for more there must be two who manage."""
    is_manager = case_access.manages(tx, asked_by, case)
    return is_manager or _managers_limits(tx).allow(gift, _given(tx, asked_by, case))


def _managers_limits(tx: Tx) -> Limits:
    charter = charters.current(tx)
    return Limits(charter.adjustments.limit, charter.service.coupons)


def _limits(tx: Tx, user_id: int, case: Case) -> Limits:
    if case_access.manages(tx, user_id, case):
        return _managers_limits(tx)
    service = charters.current(tx).service
    return Limits(service.clerk_points, service.clerk_coupons)


def _given(tx: Tx, user_id: int, case: Case) -> Given:
    had = [one for one in rows.list_of_case(tx, case.id) if one.state == "given"]
    points_today, coupons_today = adjustments.given_alone(tx, case.member_id, user_id)
    points, coupons_had = sum(one.points for one in had), sum(bool(one.coupon) for one in had)
    return Given(points, coupons_had, points_today, coupons_today)


def _sellers(tx: Tx, case: Case) -> set[int]:
    """Who recorded what the case is about, or may be about: of those nobody gives anything for it alone."""
    return case_rows.list_sellers(tx, case.id) | rows.list_sellers_lately(tx, case.id, _LATELY_MS)


def _ask(tx: Tx, case: Case, asked: Compensation) -> None:
    """Everybody who may agree gets the question; the first answer counts. Refuses NobodyToAgree."""
    able = {*posts.list_users(tx, Role.OWNER), *posts.list_users(tx, Role.MANAGER, case.store_id or None)}
    others = able - {asked.asked_by, case_people.member(tx, case), *_sellers(tx, case)}
    second = [user_id for user_id in sorted(others) if case_people.may_take(tx, case, user_id)]
    if not second:
        raise NobodyToAgree
    outcome = _outcome(tx, case, asked.id)
    for user_id in second:
        outbox.post(tx, Say("compensation_asked", asdict(outcome), to=user_id, kind="notice"))


def _hand_out(tx: Tx, asked: Compensation, decided_by: int) -> Compensation:
    """Refuses StaleButton if it is settled already, and CouponNotGranted."""
    if not rows.settle(tx, asked.id, "given", decided_by, tx.now - _WAITS_MS):
        raise StaleButton
    if asked.points:
        rows.set_given(tx, asked.id, entry_id=_enter(tx, asked), coupon_id=0)
    else:
        rows.set_given(tx, asked.id, entry_id=0, coupon_id=_grant(tx, asked))
    given = rows.get(tx, asked.id)
    assert given is not None
    return given


def _enter(tx: Tx, asked: Compensation) -> int:
    charter = charters.current(tx)
    reason = charter.adjustment_reason("goodwill") or charter.adjustments.reasons[0]
    posting = Posting(
        member_id=asked.member_id, kind="adjust", points=asked.points, reason=reason.code, actor=asked.asked_by,
        occurred_at=tx.now, key=f"compensation:{asked.id}", store_id=asked.store_id,
        detail={"name": reason.names},
    )  # fmt: skip
    return ledger.earn(tx, posting, tx.now, earning.expires_at(charter, tx.now)).id


def _grant(tx: Tx, asked: Compensation) -> int:
    charter = charters.current(tx)
    kind = coupons.find(tx, charter, asked.coupon)
    if kind is None:
        raise CouponNotGranted("stopped")
    new = NewGrant(asked.member_id, "apology", f"compensation:{asked.id}", asked.asked_by)
    coupon_id = coupons.give(tx, charter, kind, new)
    if coupon_id is None:
        raise CouponNotGranted(coupons.why_not(tx, charter, kind, asked.member_id))
    return coupon_id


def _tell_member(tx: Tx, given: Compensation) -> None:
    member = members.get(tx, given.member_id)
    if member and member.user_id:
        said = {"case_id": given.case_id, "points": given.points, "coupon": names_of(tx, given),
                "coupon_id": given.coupon_id}  # fmt: skip
        outbox.post(tx, Say("compensation_notice", said, to=member.user_id, kind="notice"))


def _outcome(tx: Tx, case: Case, compensation_id: int) -> Outcome:
    one = rows.get(tx, compensation_id)
    assert one is not None
    return Outcome(
        compensation_id=one.id, case_id=case.id, store=stores.name_of(tx, case.store_id),
        member=case_people.name(tx, case), points=one.points, coupon=names_of(tx, one), state=one.state,
        by=posts.name_of(tx, one.asked_by), decided_by=posts.name_of(tx, one.decided_by),
        before=_given(tx, one.asked_by, case), is_seller=one.asked_by in _sellers(tx, case),
    )  # fmt: skip


def _names(charter: Charter, code: str) -> dict[str, str]:
    """By locale; the code itself if a newer charter dropped it, {} for no coupon."""
    known = charter.coupon(code)
    return known.names if known else (dict.fromkeys(LOCALES, code) if code else {})


def _is_fresh(tx: Tx, asked: Compensation) -> bool:
    return asked.asked_at >= tx.now - _WAITS_MS
