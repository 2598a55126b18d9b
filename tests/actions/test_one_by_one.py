"""Pages of jobs: one member's spoilt row holds up nobody else, and what fails for all is no matter of members."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest

from actions import birthdays, campaigns, series
from actions.one_by_one import Worked, each
from db import campaigns as rows
from db.database import Conflict, Database, DatabaseBusy, Tx
from loyalty.birthdays import Birthday
from loyalty.campaigns import Draft
from loyalty.jobs import Page, Run
from tests.actions.celebrations import at
from tests.actions.shops import Shop, open_shop
from tests.actions.test_birthdays import guest
from tests.conftest import Clock

TODAY = date(2025, 3, 3)


@pytest.fixture
async def shop(db: Database, clock: Clock) -> Shop:
    """Ann, whose name nobody can open any more, and Guest 2 and 3; all joined today, on their birthday."""
    clock.now = at(TODAY, time(9))
    opened = await open_shop(db)
    await db.write(lambda tx: [guest(tx, number, Birthday(3, 3)) for number in (2, 3)])
    await db.write(spoil, opened.member.id)
    clock.now = at(TODAY, time(11))
    return opened


def spoil(tx: Tx, member_id: int) -> None:
    tx.run(
        "UPDATE member SET name_sealed = :spoilt, birthday_month = 3, birthday_day = 3 WHERE id = :id",
        spoilt=b"spoilt", id=member_id,
    )  # fmt: skip


def told(tx: Tx) -> int:
    count: int = tx.value("SELECT COUNT(*) FROM outbox WHERE topic <> ''")
    return count


@pytest.mark.parametrize("page", [birthdays.page, series.welcome_page])
async def test_who_cannot_be_told_is_left_out_and_the_others_are_told(
    db: Database, shop: Shop, page: Callable[[Tx, Run], Page]
) -> None:
    done = await db.write(page, Run("job", at(TODAY, time(11)), TODAY, ""))
    assert ([one.member_id for one in done.left_out], done.reached) == ([shop.member.id], 2)
    assert await db.read(told) == 2


async def test_nothing_of_what_was_begun_for_them_stays(db: Database, shop: Shop) -> None:
    await db.write(birthdays.page, Run("job", at(TODAY, time(11)), TODAY, ""))
    given = await db.read(lambda tx: tx.all("SELECT member_id FROM birthday_given"))
    assert (shop.member.id,) not in given


async def test_a_campaign_reaches_the_others(db: Database, shop: Shop, clock: Clock) -> None:
    texts = {"zh_Hans": "{name}", "zh_Hant": "", "en": ""}
    draft = Draft(texts, 0, "", 0, clock.now)
    await db.write(lambda tx: add_approved(tx, draft))
    done = await db.write(campaigns.page, Run("campaigns", 0, TODAY, "-"))
    assert ([one.member_id for one in done.left_out], done.reached) == ([shop.member.id], 2)


def add_approved(tx: Tx, draft: Draft) -> None:
    campaign_id = rows.add(tx, draft, 1)
    tx.run("UPDATE campaign SET state = 'approved' WHERE id = :id", id=campaign_id)


# The function itself


def add(tx: Tx, row: int) -> int:
    """Fails for those that are there, and for odd ones, after writing."""
    tx.run("INSERT INTO festival (n) VALUES (:n)", n=row)
    if row % 2:
        raise ValueError(row)
    return row


def add_all(tx: Tx, found: list[int]) -> Worked[int]:
    tx.run("CREATE TABLE festival (n INTEGER CONSTRAINT festival_once PRIMARY KEY)")
    return each(tx, found, lambda row: add(tx, row), lambda row: row)


async def test_what_fails_is_undone_and_told_of(db: Database) -> None:
    worked = await db.write(add_all, [2, 3, 4, 2])
    assert worked.answers == [2, 4]
    assert [(one.member_id, type(one.error)) for one in worked.left_out] == [(3, ValueError), (2, Conflict)]
    assert await db.read(lambda tx: tx.all("SELECT n FROM festival ORDER BY n")) == [(2,), (4,)]


async def test_what_fails_for_everybody_fails_as_a_whole(db: Database) -> None:
    with pytest.raises(ValueError, match="19"):
        await db.write(add_all, list(range(1, 1001, 2)))


async def test_an_engine_that_fails_is_no_matter_of_members(db: Database) -> None:
    with pytest.raises(DatabaseBusy):
        await db.write(lambda tx: each(tx, [1, 2], lambda _: fail(tx), lambda row: row))


def fail(tx: Tx) -> None:
    """As a deadlock does: the engine notes it, and raises it."""
    tx._failure = DatabaseBusy()
    raise tx._failure
