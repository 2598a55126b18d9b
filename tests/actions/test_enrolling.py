"""Customers without Telegram: signed up at the counter, linked when their phone is proven."""

import pytest

from actions import enrolling, joining, points
from actions.joining import Application
from db import audit, consents, members, people
from db.database import Database
from loyalty import phones
from loyalty.errors import AlreadyEnrolled, NameInvalid, NotAllowed, PhoneInvalid
from tests.actions.shops import Shop, in_order, open_shop, record_for

PHONE = "13900139000"


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def test_a_customer_is_signed_up_with_phone_and_name(db: Database, shop: Shop) -> None:
    done = await db.write(enrolling.enrol, shop.clerk, PHONE, " 王芳 ")
    member = await db.read(members.get, done.member_id)
    assert member is not None
    assert (done.name, done.phone, member.enrolled_by, member.user_id) == ("王芳", "139****9000", 11, 0)
    assert member.home_store_id == shop.store_id


async def test_the_consent_given_at_the_counter_is_noted(db: Database, shop: Shop) -> None:
    done = await db.write(enrolling.enrol, shop.clerk, PHONE, "王芳")
    (consent,) = await db.read(consents.list_given, done.member_id)
    assert (consent.kind, consent.version) == ("counter", 1)
    (newest,) = await db.read(audit.list_latest, 1)
    assert (newest.action, newest.member_id) == ("member_enrolled", done.member_id)


async def test_a_known_phone_is_refused(db: Database, shop: Shop) -> None:
    with pytest.raises(AlreadyEnrolled):
        await db.write(enrolling.enrol, shop.clerk, "138 0013 8000", "Ann again")


async def test_only_staff_sign_people_up(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await db.write(enrolling.enrol, shop.ann, PHONE, "王芳")


async def test_nonsense_is_refused(db: Database, shop: Shop) -> None:
    with pytest.raises(PhoneInvalid):
        await db.write(enrolling.enrol, shop.clerk, "12345", "王芳")
    with pytest.raises(NameInvalid):
        await db.write(enrolling.enrol, shop.clerk, PHONE, "  ")


async def test_who_joins_with_the_proven_phone_gets_the_whole_history(db: Database, shop: Shop) -> None:
    done = await db.write(enrolling.enrol, shop.clerk, PHONE, "王芳")
    await db.write(record_for, shop.clerk, done.member_id, "86.50", "chat:1:1")
    fang = await db.write(people.meet, 77, "zh-hans")
    application = Application("王芳", phones.parse(PHONE, "CN").e164, None, 0, False, "", 1)
    joined = await db.write(joining.join, fang, application)
    assert joined.was_known
    assert joined.member.id == done.member_id
    assert [entry["points"] for entry in (await db.read(points.page, fang)).entries] == [86]
    assert (await db.read(points.overview, fang)).available == 86
    assert await in_order(db)
