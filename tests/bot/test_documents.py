"""The spreadsheet of a member's points."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest

from bot.documents import history_workbook, make_document
from bot.words import Language, Words
from db.database import Database
from db.history import HistoryLine
from loyalty.charter import DEFAULT_CHARTER, load
from loyalty.lots import NEVER
from tests.actions.shops import open_shop, record_for

NOON = 1_740_974_400_000
RULE = {"zh_Hans": "消费积分", "zh_Hant": "消費積分", "en": "Purchase points"}
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(load(DEFAULT_CHARTER), clock=lambda: NOON)


@pytest.fixture(scope="module")
def english(words: Words) -> Language:
    return words.language("en")


def line(**changed: object) -> HistoryLine:
    told = {
        "id": 1, "kind": "earn", "points": 86, "balance_after": 206, "reason": "purchase",
        "detail": {"parts": [{"kind": "base", "name": RULE}]}, "occurred_at": NOON, "store": "西门店", "amount": 8650,
        "status": "recorded", "expires_at": NEVER,
    }  # fmt: skip
    return HistoryLine(**{**told, **changed})


def titles(book: bytes) -> list[str]:
    """Of the sheets, in order."""
    with zipfile.ZipFile(BytesIO(book)) as parts:
        tree = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    return [sheet.get("name", "") for sheet in tree.iter(f"{_SHEET}sheet")]


def rows(book: bytes, number: int = 1) -> list[list[str]]:
    """What a spreadsheet program shows of a sheet, unformatted; texts in quotes."""
    with zipfile.ZipFile(BytesIO(book)) as parts:
        texts = [
            "".join(text.text or "" for text in item.iter(f"{_SHEET}t"))
            for item in ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
    return [[_cell(cell, texts) for cell in row] for row in sheet.iter(f"{_SHEET}row")]


def _cell(cell: ElementTree.Element, texts: list[str]) -> str:
    assert cell.find(f"{_SHEET}f") is None
    value = cell.findtext(f"{_SHEET}v", "")
    return f"'{texts[int(value)]}'" if cell.get("t") == "s" else value


def test_a_row_tells_when_where_what_and_why(english: Language) -> None:
    assert rows(history_workbook(english, [line()]))[1] == [
        "45719.5", "'西门店'", "'Purchase'", "86.5", "86", "206", "'Purchase points'"
    ]  # fmt: skip


def test_the_last_usable_day_is_told(english: Language) -> None:
    assert rows(history_workbook(english, [line(expires_at=NOON)]))[1][-1] == "45719.5"


@pytest.mark.parametrize("store", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "http://example.org"])
def test_a_name_is_never_a_formula_or_a_link(english: Language, store: str) -> None:
    assert rows(history_workbook(english, [line(store=store)]))[1][1] == f"'{store}'"


def test_a_name_like_a_formula_is_marked_as_text(english: Language) -> None:
    with zipfile.ZipFile(BytesIO(history_workbook(english, [line(store="=1+1")]))) as parts:
        assert 'quotePrefix="1"' in parts.read("xl/styles.xml").decode()


def test_the_heading_stays_in_sight(english: Language) -> None:
    with zipfile.ZipFile(BytesIO(history_workbook(english, [line()]))) as parts:
        assert re.search(r'<pane ySplit="1"[^>]*state="frozen"', parts.read("xl/worksheets/sheet1.xml").decode())


def test_undone_purchases_are_told_as_such(english: Language) -> None:
    told = rows(history_workbook(english, [line(status="undone"), line(kind="reversal", reason="undo")]))
    assert [row[2] for row in told[1:]] == ["'Purchase, undone later'", "'Undone purchase'"]


def gift(kind: str) -> HistoryLine:
    names = {"zh_Hans": "棉布袋", "zh_Hant": "棉布袋", "en": "Cotton bag"}
    return line(kind=kind, reason="gift", amount=0, status="", detail={"gift": names}, expires_at=0)


def test_a_gift_is_told_by_its_name(words: Words) -> None:
    book = history_workbook(words.language("zh_Hans"), [gift("hold"), gift("capture"), gift("release")])
    told = ["已预留", "已领取", "未领取，积分已退回"]
    assert [(row[2], row[-1]) for row in rows(book)[1:]] == [("'礼品'", f"'🎁 棉布袋 · {what}'") for what in told]


def test_what_was_given_up_is_told_as_that(words: Words) -> None:
    release = gift("release")
    release = replace(release, detail=release.detail | {"state": "cancelled"})
    book = history_workbook(words.language("zh_Hans"), [release])
    assert rows(book)[1][-1] == "'🎁 棉布袋 · 已取消，积分已退回'"


def test_a_refund_tells_what_was_refunded_and_of_what(english: Language) -> None:
    refund = line(kind="claw_back", reason="refund", amount=33_330, detail={"amount": 10_000, "due": 100}, expires_at=0)
    told = rows(history_workbook(english, [refund]))[1]
    assert told[2:4] == ["'Refund'", "100"]
    assert told[6] == "'¥100.00 of the purchase of ¥333.30 was refunded.'"


def test_what_a_cap_cut_is_told(english: Language) -> None:
    cap = {"kind": "cap", "rule": "per_day", "points": -10, "note": "100", "name": {}}
    told = rows(history_workbook(english, [line(detail={"parts": [{"kind": "base", "name": RULE}, cap]})]))
    assert told[1][6] == "'Purchase points, −10 no more than 100 points in a day'"


def test_nothing_yet_is_a_heading_only(english: Language) -> None:
    assert len(rows(history_workbook(english, []))) == 1


async def test_the_document_holds_the_whole_history(db: Database, words: Words) -> None:
    shop = await open_shop(db)
    for n in range(12):
        await db.write(record_for, shop.clerk, shop.member.id, f"{n + 1}", f"k{n}")
    made = await make_document(db, words, "en", "history", {"member_id": shop.member.id})
    assert [row[4] for row in rows(made)[1:]] == [str(n + 1) for n in range(12)]
