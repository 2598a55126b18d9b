"""The catalogue as a member sees it: one gift to a page, and the three taps to reserve it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Literal

from actions import charters, offers
from actions.members import require_member
from db import accounts, gifts, reservations, stocks, waiting
from db.database import Tx
from db.gifts import Gift
from db.members import Member
from db.people import Person
from db.stocks import Shelf
from loyalty import gifts as rules, paging
from loyalty.charter import Charter
from loyalty.errors import GiftNotFound, NotEnoughPoints, OutOfStock
from loyalty.lots import NEVER
from loyalty.messages import Say

# What a member can do about a gift now: nothing (and why), or one thing.
May = Literal["redeem", "lacking", "tier", "limit", "offered", "wait", "waiting"]

_NONCE_BYTES = 6


@dataclass(frozen=True, slots=True)
class Left:
    """What is left at one store."""

    store_id: int
    store: str
    free: int


@dataclass(frozen=True, slots=True)
class Page:
    """One gift. Names by locale; times in epoch ms UTC, 0 where there is none; cash in minor units."""

    gift_id: int
    name: dict[str, str]
    points: int
    cash: int
    badge: str  # new, last or ''
    tier: dict[str, str]  # the lowest that may have it, {} for all
    per_member: int
    per_month: int
    ends_at: int
    collect_from: int
    left: list[Left]
    may: May
    lacking: int  # points, with those still owed
    available: int
    before: int  # in the line, while waiting
    wait_id: int  # of what is offered
    decide_by: int
    position: int  # from 1
    pages: int
    previous: int  # gift ids, 0 where there is none
    following: int
    held: int  # reservations of this member
    shown_at: int  # epoch ms UTC: turning back and forth quickly is no double tap


def browse(tx: Tx, person: Person, gift_id: int = 0) -> Say:
    """This gift's page, the first gift's if it is not offered (any more). Refuses NotAMember."""
    member = require_member(tx, person)
    offered = gifts.list_offered(tx)
    if not offered:
        return Say("gift_none", {"held": len(reservations.list_held(tx, member.id))})
    place = next((place for place, gift in enumerate(offered) if gift.id == gift_id), 0)
    page = _page(tx, member, offered, place)
    return Say("gift_page", asdict(page), picture=offers.picture_of(tx, page.gift_id))


def choose_store(tx: Tx, person: Person, gift_id: int, page: int = 0) -> Say:
    """Where to collect it, a page of stores; where there is one such store, the last question. Refuses as `confirm`."""
    gift = _of(tx, person, gift_id)
    open_at = [left for left in gift.left if left.free]
    if len(open_at) == 1:
        return confirm(tx, person, gift_id, open_at[0].store_id)
    _require_free(gift)
    return _ask_store(tx, "gift_store", replace(gift, left=open_at), page)


def confirm(tx: Tx, person: Person, gift_id: int, store_id: int) -> Say:
    """The last question. Its button carries a nonce, so that however often it is pressed, it redeems once.

    Refuses NotAMember, GiftNotFound, OutOfStock and NotEnoughPoints.
    """
    page = _of(tx, person, gift_id)
    left = next((left for left in page.left if left.store_id == store_id and left.free), None)
    if left is None:
        raise OutOfStock
    if page.lacking:
        raise NotEnoughPoints(page.points, page.available)
    told = asdict(page) | {"store_id": store_id, "store": left.store, "nonce": tx.random(_NONCE_BYTES).hex()}
    return Say("gift_confirm", told, picture=offers.picture_of(tx, gift_id))


def choose_where_to_wait(tx: Tx, person: Person, gift_id: int, page: int = 0) -> Say | None:
    """For which store to wait, a page of them; None where there is nothing to choose.

    Refuses NotAMember and GiftNotFound.
    """
    gift = _of(tx, person, gift_id)
    return _ask_store(tx, "gift_wait", gift, page) if len(gift.left) > 1 else None


def _ask_store(tx: Tx, template: str, gift: Page, page: int) -> Say:
    shown = paging.cut(gift.left, page)
    told = asdict(replace(gift, left=shown.rows)) | {"page": shown.page, "pages": shown.pages}
    return Say(template, told, picture=offers.picture_of(tx, gift.gift_id))


def _of(tx: Tx, person: Person, gift_id: int) -> Page:
    member, offered = require_member(tx, person), gifts.list_offered(tx)
    place = next((place for place, gift in enumerate(offered) if gift.id == gift_id), None)
    if place is None:
        raise GiftNotFound
    return _page(tx, member, offered, place)


def _require_free(page: Page) -> None:
    if not any(left.free for left in page.left):
        raise OutOfStock


def _page(tx: Tx, member: Member, offered: list[Gift], place: int) -> Page:
    gift, charter = offered[place], charters.current(tx)
    terms, shelves = gift.terms, stocks.list_shelves(tx, gift.id)
    account, wait = accounts.get(tx, member.id), waiting.get_of(tx, gift.id, member.id)
    free = sum(shelf.free for shelf in shelves)
    return Page(
        gift_id=gift.id, name=rules.in_all_languages(terms.names), points=terms.points, cash=terms.cash,
        badge=rules.badge(terms, free, reservations.is_wanted(tx, gift.id), tx.now),
        tier=charter.tier(terms.tier).names if terms.tier else {},
        per_member=terms.per_member, per_month=terms.per_month, ends_at=terms.ends_at if terms.ends_at < NEVER else 0,
        collect_from=terms.collect_from if terms.collect_from > tx.now else 0,
        left=[Left(shelf.store_id, shelf.store, shelf.free) for shelf in _nearest(member, shelves)],
        may=_may(tx, charter, member, gift, shelves), lacking=account.lacks(terms.points), available=account.available,
        before=waiting.count_before(tx, wait) if wait else 0,
        wait_id=wait.id if wait else 0, decide_by=wait.decide_by if wait else 0,
        position=place + 1, pages=len(offered),
        previous=offered[place - 1].id if place else 0,
        following=offered[place + 1].id if place + 1 < len(offered) else 0,
        held=len(reservations.list_held(tx, member.id)), shown_at=tx.now,
    )  # fmt: skip


def _nearest(member: Member, shelves: list[Shelf]) -> list[Shelf]:
    """The member's own store first."""
    return sorted(shelves, key=lambda shelf: shelf.store_id != member.home_store_id)


def _may(tx: Tx, charter: Charter, member: Member, gift: Gift, shelves: list[Shelf]) -> May:
    """The first obstacle, in the order in which it is hardest to overcome."""
    wait = waiting.get_of(tx, gift.id, member.id)
    if wait:
        return "offered" if wait.state == "offered" else "waiting"
    had = reservations.count_had(tx, gift.id, member.id, rules.month_begins(tx.now, charter))
    obstacles: tuple[tuple[May, Callable[[], bool]], ...] = (
        ("tier", lambda: not rules.is_open_to(gift.terms, member.tier, charter)),
        ("limit", lambda: rules.limit_reached(gift.terms, had) is not None),
        ("wait", lambda: not any(shelf.free for shelf in shelves)),
        ("lacking", lambda: accounts.get(tx, member.id).available < gift.terms.points),
    )
    return next((what for what, stands in obstacles if stands()), "redeem")
