"""The spreadsheet of all that is held about a member, in their language."""

from __future__ import annotations

import pytest

from actions import profiles
from bot.documents import make_document
from bot.words import Words
from db.database import Database
from loyalty.birthdays import Birthday
from loyalty.charter import DEFAULT_CHARTER, load
from tests.actions.shops import Shop, open_shop
from tests.bot.test_documents import NOON, rows


async def about(db: Database, shop: Shop, locale: str) -> list[list[str]]:
    words = Words(load(DEFAULT_CHARTER), clock=lambda: NOON)
    return rows(await make_document(db, words, locale, "data_sheet", {"member_id": shop.member.id}))


@pytest.mark.parametrize(
    ("locale", "label", "told"),
    [
        ("zh_Hans", "生日", "1990年农历五月初三"),
        ("zh_Hant", "生日", "1990年農曆五月初三"),
        ("en", "Birthday", "3rd day of the 5th lunar month, 1990"),
    ],
)
async def test_a_lunar_birthday_reads_as_people_say_it(db: Database, locale: str, label: str, told: str) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_birthday, shop.ann, Birthday(5, 3, 1990, lunar=True))
    assert [f"'{label}'", f"'{told}'"] in await about(db, shop, locale)


async def test_a_leap_month_without_a_year_is_told_as_one(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_birthday, shop.ann, Birthday(6, 3, lunar=True, leap_month=True))
    assert ["'生日'", "'農曆閏六月初三'"] in await about(db, shop, "zh_Hant")


async def test_what_was_chosen_reads_as_its_button(db: Database) -> None:
    shop = await open_shop(db)
    for field, choice in (("gender", "female"), ("contact", "phone")):
        await db.write(profiles.change_field, shop.ann, field, choice)
    told = await about(db, shop, "zh_Hans")
    assert ["'性别'", "'女'"] in told
    assert ["'联系方式'", "'打电话'"] in told
