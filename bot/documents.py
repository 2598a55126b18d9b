"""Files the bot makes for people, on a thread of their own: spreadsheets, and what is left of them for programs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from actions import handbook, points, privacy
from bot.words import Language, Words
from db import history
from db.database import Database
from db.history import HistoryLine
from loyalty import days, money

# A cell that begins so is a formula to a spreadsheet program, once the file is copied into a CSV.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = (18, 22, 24, 14, 10, 12, 40, 14)
_WIDTH = 24

# A cell: how it is written, and epoch ms or minor units (0: none), a number, one with tenths, or a text.
Kind = Literal["time", "day", "money", "points", "tenths", "text"]
Row = Sequence[tuple[Kind, Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One plain table of a workbook. The title has 31 characters at most."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Row]


async def make_document(db: Database, words: Words, locale: str, kind: str, params: Mapping[str, Any]) -> bytes:
    """The bytes of a document of `kind`, in the language of `locale`. LookupError for an unknown kind, or for data of
    somebody who was erased meanwhile."""
    return await _MAKERS[kind](db, words.language(locale), params)


async def _history(db: Database, language: Language, params: Mapping[str, Any]) -> bytes:
    """Every entry of the member's ledger, oldest first."""
    lines = await db.read(history.list_all, params["member_id"])
    return await asyncio.to_thread(history_workbook, language, lines)


async def _data_sheet(db: Database, language: Language, params: Mapping[str, Any]) -> bytes:
    from bot.data_files import data_workbook

    return await asyncio.to_thread(data_workbook, language, await db.read(privacy.dossier, params["member_id"]))


async def _data_json(db: Database, language: Language, params: Mapping[str, Any]) -> bytes:
    from bot.data_files import data_json

    return await asyncio.to_thread(data_json, language, await db.read(privacy.dossier, params["member_id"]))


async def _handbook(db: Database, _language: Language, params: Mapping[str, Any]) -> bytes:
    """Markdown, to be changed and sent back."""
    text: str = await db.read(handbook.text_of, params["locale"])
    return text.encode()


async def _job_rehearsal(_db: Database, language: Language, params: Mapping[str, Any]) -> bytes:
    """Who would have got what in a dry run."""
    return await asyncio.to_thread(rehearsal_workbook, language, params["lines"])


async def _report_service(db: Database, language: Language, params: Mapping[str, Any]) -> bytes:
    from bot.report_files import service_workbook

    return await service_workbook(db, language, params)


_MAKERS: dict[str, Callable[[Database, Language, Mapping[str, Any]], Awaitable[bytes]]] = {
    "history": _history,
    "data_sheet": _data_sheet,
    "data_json": _data_json,
    "handbook": _handbook,
    "job_rehearsal": _job_rehearsal,
    "report_service": _report_service,
}


def history_workbook(language: Language, lines: list[HistoryLine]) -> bytes:
    """An .xlsx file with a frozen heading and one row for each line; days are the charter's."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        add_history(workbook, language, lines)
    return file.getvalue()


def rehearsal_workbook(language: Language, lines: Sequence[Mapping[str, Any]]) -> bytes:
    """An .xlsx file with a row for each message: for whom, and how it begins."""
    _ = language.gettext
    rows: list[Row] = [[("text", line["name"]), ("text", language.gist(line))] for line in lines]
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        add_table(workbook, language, Sheet(_("Dry run"), (_("Name"), _("Message")), rows))
    return file.getvalue()


def add_history(workbook: Workbook, language: Language, lines: list[HistoryLine]) -> None:
    """A sheet with one row for each line."""
    _ = language.gettext
    headings = (
        _("Date"), _("Store"), _("What"), _("Amount"), _("Points"), _("Balance"), _("Why"), _("Good until"),
    )  # fmt: skip
    sheet = workbook.add_worksheet(_("Points"))
    _head(workbook, sheet, language, headings, _WIDTHS)
    add_rows((sheet, _formats(workbook, language)), language, (_history_row(language, line) for line in lines), 1)
    sheet.autofilter(0, 0, len(lines), len(_WIDTHS) - 1)


def add_table(workbook: Workbook, language: Language, told: Sheet) -> None:
    """The table as a sheet of the workbook."""
    add_rows(begin_table(workbook, language, told), language, told.rows, 1)


def begin_table(workbook: Workbook, language: Language, told: Sheet) -> tuple[Worksheet, dict[str, Format]]:
    """Its headings, as a sheet of the workbook; and how its cells will be written."""
    sheet = workbook.add_worksheet(told.title)
    _head(workbook, sheet, language, told.headings, [_WIDTH] * len(told.headings))
    return sheet, _formats(workbook, language)


def add_rows(begun: tuple[Worksheet, Mapping[str, Format]], language: Language, rows: Iterable[Row], at: int) -> None:
    """Further rows of a table, the first of them in line `at`, where the headings are line 0."""
    sheet, formats = begun
    for place, row in enumerate(rows, start=at):
        for column, (kind, value) in enumerate(row):
            _write_cell(sheet, (place, column), language, formats, kind, value)


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], language: Language, formats: Mapping[str, Format], kind: str, value: Any
) -> None:
    if kind == "text":
        _write_text(sheet, *at, value, formats)
    elif kind in ("points", "tenths"):
        sheet.write_number(*at, value, formats[kind])
    elif value and kind == "money":
        sheet.write_number(*at, float(money.to_major(value, language.charter.currency)), formats["money"])
    elif value:
        sheet.write_datetime(*at, _local(language, value), formats[kind])


def _head(
    workbook: Workbook, sheet: Worksheet, language: Language, headings: Sequence[str], widths: Sequence[int]
) -> None:
    colour = language.charter.programme.colour
    bold = workbook.add_format({"bold": True, "bg_color": colour, "font_color": "#FFFFFF"})
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)


def _formats(workbook: Workbook, language: Language) -> dict[str, Format]:
    decimals = money.precision(language.charter.currency)
    return {
        "time": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "money": workbook.add_format({"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")}),
        "points": workbook.add_format({"num_format": "#,##0"}),
        "tenths": workbook.add_format({"num_format": "#,##0.0"}),
        "text": workbook.add_format({}),
        "quoted": workbook.add_format({"quote_prefix": True}),
    }


def _history_row(language: Language, line: HistoryLine) -> Row:
    told = points.told(line)
    return (
        ("time", line.occurred_at),
        ("text", line.store),
        ("text", _what(language, line)),
        ("money", told["refunded"] or line.amount),
        ("points", line.points),
        ("points", line.balance_after),
        ("text", language.plain("history_why", {"entry": told})),
        ("day", told["expires_at"]),
    )


def _write_text(sheet: Worksheet, row: int, column: int, text: str, formats: Mapping[str, Format]) -> None:
    sheet.write_string(row, column, text, formats["quoted" if text.startswith(_FORMULA_SIGNS) else "text"])


def _what(language: Language, line: HistoryLine) -> str:
    if line.undone:
        return language.gettext("Purchase, undone later")
    if line.kind == "adjust":
        return language.local(line.detail["name"])
    _ = language.gettext
    told = {
        "purchase": _("Purchase"), "undo": _("Undone purchase"), "refund": _("Refund"), "expiry": _("Expired"),
        "gift": _("Gift"),
    }  # fmt: skip
    return told.get(line.reason, line.reason)


def _local(language: Language, at: int) -> datetime:
    """Spreadsheets know no time zones: the wall clock's time."""
    return days.local_time(at, language.charter.zone).replace(tzinfo=None)
