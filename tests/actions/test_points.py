"""What a member reads about their points."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from actions import points, purchases
from actions.points import PAGE, Overview, Page
from db import people
from db.database import Database, Tx
from loyalty.errors import NotAMember
from tests.actions.shops import STRANGER, Shop, amended, buys, open_shop

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def overview(db: Database, shop: Shop) -> Overview:
    return await db.read(points.overview, shop.ann)


async def page(db: Database, shop: Shop, before: int = 0) -> Page:
    return await db.read(points.page, shop.ann, before)


def local(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, ZONE).strftime("%Y-%m-%d %H:%M:%S")


async def test_a_new_member_has_nothing_yet(db: Database, shop: Shop) -> None:
    told = await overview(db, shop)
    assert (told.available, told.pending, told.expiring, told.deficit) == (0, 0, 0, 0)


async def test_points_are_told_with_their_expiry(db: Database, shop: Shop) -> None:
    await buys(db, shop, "86.50")
    told = await overview(db, shop)
    assert (told.available, told.expiring, local(told.expiring_at)) == (86, 86, "2027-03-31 23:59:59")


async def test_points_that_never_lapse_have_no_expiry_to_tell(db: Database) -> None:
    shop = await open_shop(db, amended(('kind = "rolling"', 'kind = "never"')))
    await buys(db, shop, "86.50")
    told = await overview(db, shop)
    assert (told.available, told.expiring, told.expiring_at) == (86, 0, 0)


async def test_pending_points_are_told_with_their_day(db: Database) -> None:
    shop = await open_shop(db, amended(("pending_days = 0", "pending_days = 7")))
    await buys(db, shop, "86.50")
    told = await overview(db, shop)
    assert (told.available, told.pending, local(told.pending_until)) == (0, 86, "2025-03-10 23:59:59")


async def test_pending_points_become_usable(db: Database, clock) -> None:
    shop = await open_shop(db, amended(("pending_days = 0", "pending_days = 7")))
    await buys(db, shop, "86.50")
    clock.move(days=8)
    told = await overview(db, shop)
    assert (told.available, told.pending, told.pending_until) == (86, 0, 0)


async def test_the_next_tier_is_told_with_what_is_missing(db: Database, shop: Shop) -> None:
    await buys(db, shop, "500")
    told = await overview(db, shop)
    assert (told.tier["en"], told.next_tier["en"], told.needed_for_next) == ("Classic", "Silver", 150_000)


async def test_nobody_has_to_keep_the_lowest_tier(db: Database, shop: Shop) -> None:
    assert (await overview(db, shop)).keep_until == 0


async def test_what_keeps_a_tier_is_told(db: Database, shop: Shop, clock) -> None:
    await buys(db, shop, "2000")
    clock.move(days=400)
    told = await overview(db, shop)
    assert (told.tier["en"], told.needed_to_keep, local(told.keep_until)) == (
        "Silver", 200_000, "2027-03-03 23:59:59"
    )  # fmt: skip


async def test_the_highest_tier_has_nothing_above(db: Database, shop: Shop) -> None:
    await buys(db, shop, "8000")
    assert (await overview(db, shop)).next_tier == {}


async def test_who_has_not_joined_has_no_points(db: Database, shop: Shop) -> None:
    stranger = await db.write(people.meet, STRANGER, "en")
    with pytest.raises(NotAMember):
        await db.read(points.overview, stranger)


async def test_points_are_answered_without_looking_at_entries(db: Database, shop: Shop) -> None:
    def counted(tx: Tx) -> list[str]:
        asked: list[str] = []
        one, every = type(tx).one, type(tx).all
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(tx), "one", lambda tx, sql, **given: asked.append(sql) or one(tx, sql, **given))
            patch.setattr(type(tx), "all", lambda tx, sql, **given: asked.append(sql) or every(tx, sql, **given))
            points.overview(tx, shop.ann)
        return asked

    asked = await db.read(counted)
    assert len(asked) == 5
    assert not any(" entry " in sql for sql in asked)


async def test_the_history_begins_with_the_newest(db: Database, shop: Shop) -> None:
    await buys(db, shop, "10", "a")
    await buys(db, shop, "20", "b")
    told = await page(db, shop)
    assert [entry["points"] for entry in told.entries] == [20, 10]


async def test_an_entry_tells_store_amount_rules_and_expiry(db: Database, shop: Shop) -> None:
    await buys(db, shop, "86.50")
    (entry,) = (await page(db, shop)).entries
    assert (entry["store"], entry["amount"], local(entry["expires_at"])) == ("西门店", 8650, "2027-03-31 23:59:59")
    assert [rule["en"] for rule in entry["rules"]] == ["Purchase points"]


async def test_an_undone_purchase_is_told_as_such(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "86.50")
    await db.write(purchases.undo, shop.clerk, recorded.purchase_id)
    told = await page(db, shop)
    assert [(entry["points"], entry["reason"], entry["undone"]) for entry in told.entries] == [
        (-86, "undo", False),
        (86, "purchase", True),
    ]


async def test_the_pages_show_every_entry_once(db: Database, shop: Shop) -> None:
    for n in range(2 * PAGE + 3):
        await buys(db, shop, f"{n + 1}", f"k{n}")
    shown, told = [], await page(db, shop)
    while True:
        shown += [entry["points"] for entry in told.entries]
        if told.older < 0:
            break
        told = await page(db, shop, told.older)
    assert shown == list(range(2 * PAGE + 3, 0, -1))


async def test_newer_leads_back_the_way_older_came(db: Database, shop: Shop) -> None:
    for n in range(2 * PAGE + 3):
        await buys(db, shop, f"{n + 1}", f"k{n}")
    first = await page(db, shop)
    second = await page(db, shop, first.older)
    third = await page(db, shop, second.older)
    assert (first.newer, second.newer) == (-1, 0)
    assert (await page(db, shop, third.newer)).entries == second.entries
    assert (await page(db, shop, second.newer)).entries == first.entries


async def test_a_history_holds_nothing_of_other_members(db: Database, shop: Shop) -> None:
    await buys(db, shop, "86.50")
    stranger = await db.write(people.meet, STRANGER, "en")
    with pytest.raises(NotAMember):
        await db.read(points.page, stranger, 0)


async def test_the_spreadsheet_is_named_after_the_day(db: Database, shop: Shop) -> None:
    say = await db.read(points.spreadsheet, shop.ann)
    assert say.document is not None
    assert say.document.filename == "points-2025-03-03.xlsx"
