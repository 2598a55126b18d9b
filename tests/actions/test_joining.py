"""Who may join, as whom, and what races with what."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from actions import adjustments, coupon_book, joining
from actions.adjustments import Order
from actions.joining import Application, Joined
from db import accounts, audit, consents, erasure, joining as rows, members, people, purchases
from db.database import Database, Tx
from db.joining import Credits
from db.members import Member
from db.purchases import NewPurchase
from loyalty import phones
from loyalty.birthdays import Birthday
from loyalty.errors import (
    AlreadyAMember,
    AskedForThemselves,
    JoinConditionUnmet,
    PhoneTaken,
    ReferralRing,
    ReferralUnknown,
    SelfReferral,
)
from tests.actions.complainers import APOLOGY, opened, resolves
from tests.actions.coupon_shops import TEN, definition, granted, with_coupons
from tests.actions.shops import CLERK, OWNER, STRANGER, add_member, amended, open_shop, record_for

PHONE = "+8613900139000"
ASKED = Application(
    name="Bob", phone=PHONE, birthday=None, store_id=0, by_store_link=False, referral="", accepted=1
)  # fmt: skip


def _join(tx: Tx, user_id: int = STRANGER, **answers: Any) -> Joined:
    return joining.join(tx, people.meet(tx, user_id, "en"), replace(ASKED, **answers))


def _enrol(tx: Tx, source: str = "counter", enrolled_by: int = CLERK) -> Member:
    """Somebody whom the counter knows by the same phone."""
    member = add_member(tx, "Bob from the counter", PHONE)
    tx.run(
        "UPDATE member SET source = :source, enrolled_by = :by WHERE id = :id",
        source=source,
        by=enrolled_by,
        id=member.id,
    )
    return member


async def test_who_joins_is_a_member_from_then_on(db: Database) -> None:
    await open_shop(db)
    joined = await db.write(_join)
    assert await db.read(members.get_by_user, STRANGER) == joined.member


async def test_a_member_cannot_join_again(db: Database) -> None:
    await open_shop(db)
    await db.write(_join)
    with pytest.raises(AlreadyAMember):
        await db.write(_join, phone="+8613700137000")


async def test_a_linked_members_phone_is_taken(db: Database) -> None:
    await open_shop(db)
    with pytest.raises(PhoneTaken):
        await db.write(_join, phone="+8613800138000")


async def test_a_known_phone_is_linked_to_its_member(db: Database) -> None:
    await open_shop(db)
    known = await db.write(_enrol)
    joined = await db.write(_join)
    assert (joined.member.id, joined.was_known) == (known.id, True)


async def test_who_is_forgotten_while_they_join_joins_as_somebody_new(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_shop(db)
    known = await db.write(_enrol)
    lock = accounts.lock

    def lock_late(tx: Tx, member_id: int) -> None:
        """As if whoever forgets them had held their account until now."""
        erasure.destroy(tx, member_id)
        lock(tx, member_id)

    monkeypatch.setattr(accounts, "lock", lock_late)
    joined = await db.write(_join)
    assert (joined.member.id == known.id, joined.was_known, joined.member.status) == (False, False, "active")


async def test_a_linked_member_is_called_as_they_say(db: Database) -> None:
    await open_shop(db)
    known = await db.write(_enrol)
    await db.write(_join)
    assert await db.read(members.name_of, known.id) == "Bob"


async def test_a_linked_member_keeps_the_noted_birthday_if_none_is_told(db: Database) -> None:
    await open_shop(db)
    known = await db.write(_enrol)
    await db.write(members.set_birthday, known.id, Birthday(5, 17))
    joined = await db.write(_join)
    assert joined.member.birthday == Birthday(5, 17)


async def test_a_linked_members_consents_are_recorded(db: Database) -> None:
    await open_shop(db)
    known = await db.write(_enrol)
    await db.write(_join)
    assert [consent.kind for consent in await db.read(consents.list_given, known.id)] == ["privacy", "charter"]


async def test_one_person_joining_from_five_taps_is_one_member(db: Database) -> None:
    await open_shop(db)
    results = await asyncio.gather(*(db.write(_join) for _ in range(5)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyAMember"] * 4 + ["Joined"]


async def test_five_people_with_one_phone_are_one_member(db: Database) -> None:
    await open_shop(db)
    results = await asyncio.gather(*(db.write(_join, STRANGER + n) for n in range(5)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Joined"] + ["PhoneTaken"] * 4


async def test_five_people_linking_one_known_phone_are_one_member(db: Database) -> None:
    await open_shop(db)
    await db.write(_enrol)
    results = await asyncio.gather(*(db.write(_join, STRANGER + n) for n in range(5)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Joined"] + ["PhoneTaken"] * 4


async def test_a_store_closed_meanwhile_is_not_the_home_store(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(lambda tx: tx.run("UPDATE store SET active = 0 WHERE id = :id", id=shop.store_id))
    joined = await db.write(_join, store_id=shop.store_id)
    assert joined.member.home_store_id == 0


# Conditions


def _charter(condition: str) -> str:
    old = 'condition = "open"\namount = 0 '
    return amended((old, f'condition = "{condition}"\namount = 100 '))


def _buy(tx: Tx, member_id: int, store_id: int, *amounts: int, days_ago: int = 0) -> None:
    for amount in amounts:
        at, key = tx.now - days_ago * 86_400_000, tx.random(8).hex()
        new = NewPurchase(
            member_id=member_id, store_id=store_id, amount=amount, currency="CNY", payment="", points=0,
            recorded_by=CLERK, occurred_at=at, key=key, content=b"",
        )  # fmt: skip
        purchases.add(tx, new)


async def _known_buyer(db: Database, condition: str, *amounts: int, days_ago: int = 0) -> None:
    shop = await open_shop(db, _charter(condition))
    known = await db.write(_enrol)
    await db.write(_buy, known.id, shop.store_id, *amounts, days_ago=days_ago)


@pytest.mark.parametrize("condition", ["single_purchase", "spent", "invitation"])
async def test_a_stranger_does_not_meet_a_condition(db: Database, condition: str) -> None:
    await open_shop(db, _charter(condition))
    with pytest.raises(JoinConditionUnmet):
        await db.write(_join)


async def test_one_large_purchase_is_enough(db: Database) -> None:
    await _known_buyer(db, "single_purchase", 10_000)
    assert (await db.write(_join)).was_known


async def test_two_small_purchases_are_not_a_large_one(db: Database) -> None:
    await _known_buyer(db, "single_purchase", 5_000, 6_000)
    with pytest.raises(JoinConditionUnmet) as refused:
        await db.write(_join)
    assert refused.value == JoinConditionUnmet("single_purchase", required=10_000, have=6_000, days=0)


async def test_two_small_purchases_add_up_within_the_days(db: Database) -> None:
    await _known_buyer(db, "spent", 5_000, 6_000)
    assert (await db.write(_join)).was_known


async def test_what_was_spent_too_long_ago_does_not_count(db: Database) -> None:
    await _known_buyer(db, "spent", 50_000, days_ago=31)
    with pytest.raises(JoinConditionUnmet) as refused:
        await db.write(_join)
    assert refused.value == JoinConditionUnmet("spent", required=10_000, have=0, days=30)


async def test_who_was_enrolled_by_staff_is_invited(db: Database) -> None:
    await open_shop(db, _charter("invitation"))
    await db.write(_enrol)
    assert (await db.write(_join)).was_known


async def test_who_was_a_member_before_the_import_stays_one(db: Database) -> None:
    await open_shop(db, _charter("spent"))
    await db.write(_enrol, "import", 0)
    assert (await db.write(_join)).was_known


# Referrals


async def test_the_referrer_is_recorded(db: Database) -> None:
    shop = await open_shop(db)
    joined = await db.write(_join, referral=shop.member.invite_code.lower())
    assert joined.member.referrer_id == shop.member.id


@pytest.mark.parametrize("code", ["NOBODY00", "x", "!" * 60])
async def test_an_unknown_referral_is_passed_over(db: Database, code: str) -> None:
    await open_shop(db)
    assert (await db.write(_join, referral=code)).referral_refusal == ReferralUnknown()


async def test_nobody_refers_themselves(db: Database) -> None:
    await open_shop(db)
    known = await db.write(_enrol)
    assert (await db.write(_join, referral=known.invite_code)).referral_refusal == SelfReferral()


async def test_a_ring_through_others_is_refused(db: Database) -> None:
    shop = await open_shop(db)
    known = await db.write(_enrol)
    middle = await db.write(add_member, "Middle", "13600136000")
    await db.write(members.set_referrer, middle.id, known.id)
    await db.write(members.set_referrer, shop.member.id, middle.id)
    assert (await db.write(_join, referral=shop.member.invite_code)).referral_refusal == ReferralRing()


async def test_the_first_referral_counts(db: Database) -> None:
    shop = await open_shop(db)
    known = await db.write(_enrol)
    first = await db.write(add_member, "First", "13600136000")
    await db.write(members.set_referrer, known.id, first.id)
    joined = await db.write(_join, referral=shop.member.invite_code)
    assert joined.member.referrer_id == first.id


async def test_a_phone_that_is_free_is_admitted(db: Database) -> None:
    shop = await open_shop(db)
    stranger = replace(shop.clerk, user_id=STRANGER)
    assert await db.read(joining.admit, stranger, phones.parse(PHONE, "CN")) is None


async def test_who_recorded_purchases_for_what_turns_out_to_be_themselves_is_looked_at(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(_enrol)
    member = await db.read(members.get_by_phone, PHONE)
    assert member is not None
    await db.write(record_for, shop.clerk, member.id, "86.50", "k")
    await db.write(_join, CLERK)
    told = await db.read(lambda tx: tx.all("SELECT chat_id FROM outbox WHERE kind = 'notice' ORDER BY chat_id"))
    assert [row[0] for row in told] == [OWNER]
    record = (await db.read(audit.list_of_member, member.id, ("own_credits_found",), 5))[0]
    assert (record.actor, record.detail) == (CLERK, {"count": 1, "points": 86})


async def test_so_is_who_adjusted_their_points_or_gave_them_a_coupon(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    await db.write(_enrol)
    member = await db.read(members.get_by_phone, PHONE)
    assert member is not None
    await db.write(adjustments.adjust, shop.manager, Order(member.id, 300, "goodwill", ""), "k")
    await db.write(adjustments.adjust, shop.manager, Order(member.id, -100, "goodwill", ""), "less")
    await granted(db, shop, "ten")
    await db.write(coupon_book.give, shop.manager, (await definition(db, "ten")).id, member.id, "k")
    await db.write(_join, shop.manager.user_id)
    record = (await db.read(audit.list_of_member, member.id, ("own_credits_found",), 5))[0]
    assert (record.actor, record.detail) == (shop.manager.user_id, {"count": 2, "points": 300})


async def test_an_apology_that_is_a_coupon_counts_once(db: Database) -> None:
    shop = await open_shop(db)
    await resolves(db, shop.clerk, await opened(db, shop), APOLOGY)
    assert await db.read(rows.credits_by, shop.member.id, CLERK) == Credits(1, 0)


async def test_points_are_not_agreed_to_for_who_asked_for_them(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(_enrol)
    member = await db.read(members.get_by_phone, PHONE)
    assert member is not None
    asked = await db.write(adjustments.adjust, shop.manager, Order(member.id, 5_000, "goodwill", ""), "k")
    await db.write(_join, shop.manager.user_id)
    owner = await db.write(people.meet, OWNER, "en")
    with pytest.raises(AskedForThemselves):
        await db.write(adjustments.decide, owner, asked.adjustment_id, agree=True)
    declined = await db.write(adjustments.decide, owner, asked.adjustment_id, agree=False)
    assert declined.state == "declined"


async def test_of_purchases_others_recorded_nobody_is_told(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(_enrol)
    member = await db.read(members.get_by_phone, PHONE)
    assert member is not None
    await db.write(record_for, shop.clerk, member.id, "86.50", "k")
    await db.write(_join)
    assert await db.read(audit.list_of_member, member.id, ("own_credits_found",), 5) == []
