"""Whatever staff see of a member, the member can read that they did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, get_args

import pytest

from actions import (
    adjustments,
    audit,
    care,
    case_desk,
    complaints,
    customers,
    desk,
    feedback,
    looks,
    notes,
    privacy,
    purchases,
    refunds,
    reports_service,
)
from actions.audit import Filter
from actions.feedback import Said
from actions.looks import ONE_LOOK_MS
from actions.refunds import Wanted
from db import care as tasks, members
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import NotAllowed
from tests.actions.shops import Shop, add_member, buys, open_shop
from tests.conftest import Clock

# A screen of a clerk's or a manager's: who sees it, the shop, and the purchase and case it may be about.
Screen = Callable[[Tx, Person, Shop, int, int], object]


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def seen(db: Database, shop: Shop) -> list[str]:
    """The kinds of looks the member reads, newest first."""
    return [look.action for look in (await db.read(privacy.looks, shop.ann)).looks]


def noted(tx: Tx, who: Person, shop: Shop) -> int:
    return notes.note(tx, who, shop.member.id, "likes", "tea").note_id


def todays(tx: Tx, who: Person, shop: Shop) -> object:
    members.set_home_store(tx, shop.member.id, shop.store_id)
    tasks.add(tx, shop.member.id, "top", "x", date(2025, 3, 3))
    return care.today(tx, who)


def complained(tx: Tx, who: Person, shop: Shop) -> object:
    feedback.open_own(tx, shop.ann, "complaint", shop.store_id, Said("cold again", "", "", "21:9"))
    return reports_service.note_complainers(tx, who, reports_service.complainers(tx, who.user_id, 0))


SCREENS: dict[str, tuple[looks.Kind, Screen]] = {
    "visits": ("purchases_read", lambda tx, who, shop, *_: customers.visits(tx, who, shop.member.id, 0)),
    "refundable": ("purchases_read", lambda tx, who, shop, *_: refunds.list_refundable(tx, who, shop.member.id)),
    "refund": ("purchases_read", lambda tx, who, _, bought, __: refunds.choose(tx, who, bought)),
    "preview": ("purchases_read", lambda tx, who, _, bought, __: refunds.preview(tx, who, Wanted(bought))),
    "receipt": ("purchases_read", lambda tx, who, _, bought, __: purchases.recall(tx, who, bought)),
    "complaint": ("purchases_read", lambda tx, who, shop, *_: complaints.visits(tx, who, shop.member.id)),
    "candidates": ("member_listed", lambda tx, who, shop, *_: purchases.list_candidates(tx, who, [shop.member.id])),
    "found": ("member_listed", lambda tx, who, *_: desk.search(tx, who, "8000")),
    "tasks": ("member_listed", lambda tx, who, shop, *_: todays(tx, who, shop)),
    "complainers": ("member_listed", lambda tx, who, shop, *_: complained(tx, who, shop)),
    "amount": ("member_opened", lambda tx, who, shop, *_: desk.ask_amount(tx, who, shop.member.id)),
    "notes": ("notes_read", lambda tx, who, shop, *_: notes.list_of(tx, who, shop.member.id)),
    "note": ("notes_read", lambda tx, who, shop, *_: notes.file(tx, who, noted(tx, who, shop), "sizes")),
    "case": ("case_read", lambda tx, who, _, __, case: case_desk.look(tx, who, case)),
    "thread": ("case_read", lambda tx, who, _, __, case: case_desk.whole(tx, who, case)),
    "note in a case": (
        "case_read",
        lambda tx, who, _, __, case: case_desk.say(tx, who, case, "note", Said("hm", "", "", "12:1")),
    ),
    "adjusting": ("points_read", lambda tx, who, shop, *_: adjustments.prospect(tx, who, shop.member.id)),
    "record": ("record_read", lambda tx, who, shop, *_: audit.page(tx, who, Filter("member", str(shop.member.id)))),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_the_member_reads_of_every_screen_they_were_on(db: Database, shop: Shop, name: str) -> None:
    kind, look = SCREENS[name]
    await db.write(add_member, "Bea", "13900138000")
    bought = (await buys(db, shop)).purchase_id
    said = Said("cold soup", "", "", "21:1")
    case_id = (await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said)).case_id
    assert await seen(db, shop) == []
    await db.write(look, shop.manager, shop, bought, case_id)
    assert await seen(db, shop) == [kind]


async def test_the_member_reads_where_it_was_and_as_what(db: Database, shop: Shop) -> None:
    await db.write(customers.visits, shop.clerk, shop.member.id, 0)
    (look,) = (await db.read(privacy.looks, shop.ann)).looks
    assert (look.store, look.role) == ("西门店", "clerk")


async def test_turning_pages_is_one_look(db: Database, shop: Shop, clock: Clock) -> None:
    for page in (0, 1, 0):
        await db.write(customers.visits, shop.clerk, shop.member.id, page)
    assert await seen(db, shop) == ["purchases_read"]
    clock.now += ONE_LOOK_MS
    await db.write(customers.visits, shop.clerk, shop.member.id, 0)
    assert await seen(db, shop) == ["purchases_read"] * 2


async def test_each_colleague_s_look_is_their_own(db: Database, shop: Shop) -> None:
    for who in (shop.clerk, shop.manager):
        await db.write(customers.visits, who, shop.member.id, 0)
    assert await seen(db, shop) == ["purchases_read"] * 2


async def test_looks_at_others_are_not_the_member_s(db: Database, shop: Shop) -> None:
    bea = await db.write(add_member, "Bea", "13900138000")
    await db.write(customers.visits, shop.clerk, bea.id, 0)
    assert await seen(db, shop) == []


async def test_what_is_refused_was_not_seen(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await db.write(customers.visits, shop.ann, shop.member.id, 0)
    assert await seen(db, shop) == []


async def test_what_nobody_in_particular_said_is_nobody_s_to_read_of(db: Database, shop: Shop) -> None:
    heard, said = await db.write(complaints.overheard), Said("too loud", "", "", "11:1")
    await db.write(complaints.log, shop.clerk, heard, said)
    assert await db.read(_without_a_member) == 0


def test_every_kind_of_look_is_the_member_s_to_read() -> None:
    assert set(looks.ACCESSES) == {*get_args(looks.Kind), "member_revealed"}


def _without_a_member(tx: Tx) -> Any:
    return tx.value("SELECT COUNT(*) FROM audit WHERE action = 'case_read'")
