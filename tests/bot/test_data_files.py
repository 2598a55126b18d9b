"""The spreadsheet of all that is held about a member, in their language."""

from __future__ import annotations

import pytest

from actions import case_desk, notes, profiles
from bot import data_sheets
from bot.documents import make_document
from bot.words import Words
from db import holdings, surveys
from db.database import Database, Tx
from db.surveys import Subject
from loyalty.birthdays import Birthday
from loyalty.charter import DEFAULT_CHARTER, LOCALES, load
from tests.actions.complainers import APOLOGY, opened, resolves, said
from tests.actions.gift_shops import open_gift_shop, redeem
from tests.actions.shops import Shop, at_desk, buys, open_shop
from tests.bot.test_documents import NOON, rows, titles


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


async def written(db: Database, locale: str) -> dict[str, list[list[str]]]:
    """Of Ann, who bought, redeemed, complained, was answered and rated: every sheet by its title, as texts."""
    place = await open_gift_shop(db)
    shop = place.shop
    await buys(db, shop, "86.50 wechat")
    await redeem(db, place)
    await db.write(notes.note, at_desk(shop.clerk, shop.store_id), shop.member.id, "allergies", "peanuts")
    case_id = await opened(db, shop)
    await db.write(case_desk.say, shop.clerk, case_id, "note", said("she is right", "11:1"))
    await resolves(db, shop.manager, case_id, APOLOGY)
    await db.write(rated, shop)
    words = Words(load(DEFAULT_CHARTER), clock=lambda: NOON)
    book = await make_document(db, words, locale, "data_sheet", {"member_id": shop.member.id})
    told = (rows(book, number) for number in range(1, len(titles(book)) + 1))
    return dict(
        zip(titles(book), ([[cell.strip("'") for cell in row] for row in sheet] for sheet in told), strict=True)
    )


def rated(tx: Tx, shop: Shop) -> None:
    survey_id = surveys.add(tx, "visit", Subject(1, shop.member.id, shop.store_id, tx.now))
    assert survey_id is not None
    surveys.score(tx, survey_id, 4)


async def test_what_staff_noted_is_on_a_sheet_of_its_own(db: Database) -> None:
    told = await written(db, "zh_Hans")
    assert told["店员记下的"][1][1:5] == ["⚠️ 过敏与忌口", "peanuts", "", "西门店"]


async def test_cases_are_told_as_the_member_reads_them(db: Database) -> None:
    told = await written(db, "zh_Hans")
    assert told["反馈"][1][2:6] == ["投诉", "其他", "西门店", "我们认为已解决"]
    assert [row[2:4] for row in told["反馈内容"][1:]] == [["您", "cold soup"], ["西门店", "sorry"]]


async def test_ratings_compensation_and_codes_are_told(db: Database) -> None:
    told = await written(db, "en")
    assert told["Ratings"][1][1:4] == ["A visit", "西门店", "4"]
    assert told["Compensation"][1][-1] == "With our apologies: 15 off"
    assert "Mug" in told["Gifts"][1]
    assert "WeChat Pay" in told["Purchases"][1]


@pytest.mark.parametrize("locale", LOCALES)
def test_titles_of_sheets_fit(locale: str) -> None:
    language = Words(load(DEFAULT_CHARTER), clock=lambda: NOON).language(locale)
    titles = [language.gettext(table.title) for table in data_sheets.TABLES]
    assert len({title.casefold() for title in titles}) == len(titles)
    assert [title for title in titles if len(title) > 31 or set(title) & set("[]:*?/\\")] == []


def test_every_table_that_is_held_is_told() -> None:
    """On a sheet of its own, on the first, or beside what it belongs to."""
    on_the_first = {"member", "profile_field", "account", "birthday_change", "birthday_wait", "retention"}
    beside = {"entry", "hold", "purchase_saving"}
    told = {name for table in data_sheets.TABLES for name in table.names}
    assert set(holdings._HELD) - told - on_the_first - beside == set()
