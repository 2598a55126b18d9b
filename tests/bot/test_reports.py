"""A manager looks at how service goes: a picture, turned over in place, a spreadsheet, and who complained again."""

from __future__ import annotations

import asyncio
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, cast
from xml.etree import ElementTree

import pytest
import pytest_asyncio
from PIL import Image

from actions import case_desk, feedback, reports_service, reports_weekly
from actions.feedback import Said
from bot.faces import face
from bot.pictures import Studio
from bot.report_files import service_workbook
from bot.words import Words
from db import audit, cases as rows, outbox, people, recommendations
from db.database import Database, Tx
from db.recommendations import Due
from loyalty import days
from loyalty.charter import DEFAULT_CHARTER, LOCALES, load
from loyalty.jobs import DAY_MS, HOUR_MS, Run
from loyalty.reports import PERIODS, Period, parts, span
from loyalty.roles import Role
from simulator.messages import Message
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town
from tests.bot.samples.reports import SERVICE

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WEDNESDAY = date(2025, 3, 5)
_LONG = "曲江新区大雁塔北广场西侧负一层体验店 Nanhu Style & Living Concept Store 😀 $x$"


@dataclass
class Office:
    town: Town
    store_id: int
    ann: Resident
    carl: Resident
    mary: Resident
    olivia: Resident

    async def complains(self, times: int = 1) -> None:
        for n in range(times):
            said = Said("cold soup", "", "", f"{self.ann.id}:{n}")
            person = await self.town.write(people.meet, self.ann.id, "en")
            told = await self.town.write(feedback.open_own, person, "complaint", self.store_id, said)
            clerk = await self.town.write(people.meet, self.carl.id, "en")
            await self.town.write(case_desk.say, clerk, told.case_id, "resolve", Said("sorry", "", "", f"c:{n}"))
        await self.town.settled()


@pytest_asyncio.fixture
async def office(town: Town) -> Office:
    store_id = await town.write(add_store, "ximen", "West Gate")
    await town.write(add_store, "dongmen", "East Gate")
    ann, carl, mary = [await town.newcomer(name) for name in ("Ann", "Carl", "Mary")]
    await town.write(hire, carl.id, store_id, Role.CLERK)
    await town.write(hire, mary.id, store_id, Role.MANAGER)
    await town.write(add_member, "Ann", "13800138000", ann.id)
    olivia = await town.owner()
    for resident in (ann, carl, mary, olivia):
        await resident.types("/language")
        await resident.press("English")
    return Office(town, store_id, ann, carl, mary, olivia)


def picture(message: Message) -> Image.Image:
    assert message.photo is not None
    return Image.open(BytesIO(message.photo.files[-1].data))


def pictures(resident: Resident) -> list[Message]:
    return [message for message in resident.chat() if message.photo and message.sender.is_bot]


async def test_a_manager_sees_the_week_as_a_picture_with_its_numbers_in_words(office: Office) -> None:
    await office.complains()
    await office.mary.types("/report")
    (message,) = office.mary.answers()
    assert picture(message).format in ("PNG", "JPEG")
    assert "Service" in message.shown
    assert "Opened: 1 (complaints 1, low scores 0, ideas 0, praise 0)" in message.shown
    assert "Solved: 1. Open now: 0, late: 0" in message.shown
    assert "in time 100%" in message.shown


async def test_the_time_is_changed_in_place(office: Office) -> None:
    await office.complains()
    await office.mary.types("/report")
    await office.mary.press("Last month")
    assert "✓ Last month" in office.mary.buttons()
    assert "Nothing was opened or solved" in office.mary.reads()
    await office.mary.press("12 months")
    assert "Opened: 1" in office.mary.reads()
    assert len(pictures(office.mary)) == 1


async def test_where_members_only_said_whether_they_would_recommend_us_that_is_told(office: Office) -> None:
    def recommend(tx: Tx) -> None:
        asked = recommendations.add(tx, Due(1, office.store_id), date(2025, 1, 1))
        assert asked
        recommendations.score(tx, asked, 10)

    await office.town.write(recommend)
    await office.mary.types("/report")
    assert "NPS +100" in office.mary.hears()


async def test_who_manages_one_store_is_not_asked_which(office: Office) -> None:
    await office.mary.types("/report")
    assert not [label for label in office.mary.buttons() if label.startswith("🏬")]


async def test_an_owner_chooses_a_store(office: Office) -> None:
    await office.complains()
    await office.olivia.types("/report")
    await office.olivia.press("🏬 All stores ▾")
    await office.olivia.press("East Gate")
    assert "East Gate" in office.olivia.reads()
    assert "Nothing was opened" in office.olivia.reads()
    await office.olivia.press("🏬 East Gate ▾")
    await office.olivia.press("All stores")
    assert "Opened: 1" in office.olivia.reads()
    assert len(pictures(office.olivia)) == 1


@pytest.mark.parametrize("word", ["/report", "报表", "reports"])
async def test_clerks_are_refused(office: Office, word: str) -> None:
    await office.carl.types(word)
    assert not pictures(office.carl)
    assert "manager" in office.carl.hears()


async def test_a_clerk_who_presses_a_managers_button_is_refused(office: Office) -> None:
    await office.mary.types("/report")
    await office.town.write(lambda tx: tx.run("UPDATE staff SET role = 'clerk' WHERE user_id = :id", id=office.mary.id))
    for label in ("Last week", "📑 Spreadsheet", "🔁 Who complained repeatedly"):
        await office.mary.press(label)
        assert "manager" in office.mary.hears()


async def test_in_a_group_nothing_is_shown(office: Office) -> None:
    await office.complains(2)
    group = office.town.world.add_group("Back office", [office.mary.person, office.town.bot], forum=True)
    await office.mary.does(lambda: office.mary.person.send(group, "/report"))
    said = [message for message in group.messages.values() if message.sender.is_bot]
    assert said
    assert not [message for message in said if message.photo or "Ann" in message.shown]


def sheets(book: bytes) -> list[list[list[str]]]:
    """What stands in each sheet, row by row; formulas are refused."""
    with zipfile.ZipFile(BytesIO(book)) as parts_of:
        names = sorted(name for name in parts_of.namelist() if name.startswith("xl/worksheets/sheet"))
        trees = [ElementTree.fromstring(parts_of.read(name)) for name in names]
    return [[[_cell(cell) for cell in row] for row in tree.iter(f"{_SHEET}row")] for tree in trees]


def _cell(cell: ElementTree.Element) -> str:
    assert cell.find(f"{_SHEET}f") is None
    inline = "".join(text.text or "" for text in cell.iter(f"{_SHEET}t"))
    return inline or cell.findtext(f"{_SHEET}v", "")


def book(resident: Resident) -> bytes:
    (message,) = [one for one in resident.answers() if one.document]
    assert message.document is not None
    return message.document.files[-1].data


async def test_the_spreadsheet_has_every_case_and_no_names_of_members(office: Office) -> None:
    await office.complains(3)
    await office.mary.types("/report")
    await office.mary.press("📑 Spreadsheet")
    cases, stores, reasons = sheets(book(office.mary))
    assert [row[0] for row in cases] == ["Case", "1", "2", "3"]
    assert cases[1][1:6] == ["Complaint", "Normal", "Something else", "West Gate", "solved"]
    assert cases[1][14].isdigit()
    assert stores[1][:6] == ["West Gate", "3", "0", "0", "0", "3"]
    assert reasons[1] == ["Something else", "3", "0", "0"]
    everything = repr((cases, stores, reasons))
    assert not [word for word in ("Ann", "cold soup", "13800138000", str(office.ann.id)) if word in everything]


_SOLVED = "UPDATE service_case SET state = 'resolved', resolved_at = {now} WHERE id = 1"
_REOPENED = "UPDATE service_case SET state = 'taken', resolved_at = 0 WHERE id = 1"


class _Restless:
    """A database where something is done before the nth read from now on."""

    def __init__(self, db: Database, nth: int, deed: str) -> None:
        self._db, self._left, self._deed = db, nth, deed

    async def read(self, query: Any, *args: Any) -> Any:
        if self._left == 0:
            await self._db.write(_run, self._deed)
        self._left -= 1
        return await self._db.read(query, *args)


def _run(tx: Tx, sql: str) -> None:
    tx.run(sql.format(now=tx.now))


@pytest.mark.parametrize(("before", "deed"), [(_REOPENED, _SOLVED), (_SOLVED, _REOPENED)], ids=["solved", "reopened"])
async def test_a_case_that_moves_while_the_spreadsheet_is_written_is_in_it_once(
    office: Office, words: Words, before: str, deed: str
) -> None:
    await office.complains()
    await office.town.write(_run, f"UPDATE service_case SET opened_at = {{now}} - {14 * DAY_MS}")
    today = await office.town.db.read(lambda tx: days.local_date(tx.now, words.language("en").charter.zone).isoformat())
    params = {"user_id": office.mary.id, "period": "this_week", "store_id": 0, "today": today}
    for nth in range(8):
        await office.town.write(_run, before)
        db = cast("Database", _Restless(office.town.db, nth, deed))
        cases = sheets(await service_workbook(db, words.language("en"), params))[0]
        assert [row[0] for row in cases] == ["Case", "1"]


async def test_the_spreadsheet_tells_low_scores_from_complaints(office: Office) -> None:
    await office.complains(2)
    await office.town.write(lambda tx: tx.run("UPDATE service_case SET source = 'survey' WHERE id = 2"))
    await office.mary.types("/report")
    await office.mary.press("📑 Spreadsheet")
    cases, stores, reasons = sheets(book(office.mary))
    assert [row[1] for row in cases] == ["Kind", "Complaint", "Low score"]
    assert dict(zip(stores[0][1:3], stores[1][1:3], strict=True)) == {"Complaints": "1", "Low scores": "1"}
    assert reasons[1] == ["Something else", "1", "0", "0"]


async def test_the_spreadsheet_says_nobodys_rating(office: Office) -> None:
    await office.complains()
    await office.town.write(lambda tx: rows.change(tx, 1, score=2))
    await office.mary.types("/report")
    await office.mary.press("📑 Spreadsheet")
    cases = sheets(book(office.mary))[0]
    assert cases[1][cases[0].index("Score")] == "2"
    assert f"staff {office.carl.id}" not in repr(cases)


async def test_who_manages_nothing_any_more_by_the_time_it_is_made_is_told_so(office: Office) -> None:
    def ask(tx: Tx) -> None:
        said = reports_service.export(tx, people.meet(tx, office.mary.id, "en"), "this_week", 0)
        outbox.post(tx, replace(said, to=office.mary.id, kind="notice"))
        tx.run("UPDATE staff SET role = 'clerk' WHERE user_id = :id", id=office.mary.id)

    await office.town.write(ask)
    await office.town.settled()
    assert "Only a manager can do this" in office.mary.hears()


async def test_taking_it_along_is_in_the_audit(office: Office) -> None:
    await office.mary.types("/report")
    await office.mary.press("📑 Spreadsheet")
    (latest,) = await office.town.db.read(audit.list_latest, 1)
    assert (latest.actor, latest.action) == (office.mary.id, "report_exported")


async def test_who_complained_repeatedly_can_be_opened(office: Office) -> None:
    await office.complains(2)
    await office.mary.types("/report")
    await office.mary.press("🔁 Who complained repeatedly")
    assert "Ann" in office.mary.hears()
    assert "2 complaints" in office.mary.hears()
    await office.mary.press("👤 Ann")
    assert "8000" in office.mary.hears()


async def test_nobody_complained_repeatedly(office: Office) -> None:
    await office.complains(1)
    await office.mary.types("/report")
    await office.mary.press("🔁 Who complained repeatedly")
    assert "Nobody" in office.mary.hears()


def _monday(tx: Tx) -> None:
    """The job, at nine o'clock of the next Monday."""
    zone = load(DEFAULT_CHARTER).zone
    following = span("this_week", days.local_date(tx.now + 7 * DAY_MS, zone))
    due_at = following.instants(zone)[0] + 9 * HOUR_MS
    reports_weekly.page(tx, Run("report_weekly", due_at, following.begins, ""))


async def test_on_mondays_it_comes_by_itself_until_it_is_switched_off(office: Office) -> None:
    await office.complains()
    office.mary.seen = max(message.id for message in office.mary.chat())
    await office.town.write(_monday)
    await office.town.settled()
    assert "Opened: 1" in office.mary.hears()
    assert "Every Monday" in office.mary.hears()
    await office.mary.press("🔔 What I get")
    await office.mary.press("✅ Monday's report")
    assert "⬜ Monday's report" in office.mary.buttons()


async def test_members_have_nothing_of_it_to_switch_off(office: Office) -> None:
    await office.ann.types("/settings")
    await office.ann.press("🔔 What I get, and how often")
    assert not [label for label in office.ann.buttons() if "Monday" in label]


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(load(DEFAULT_CHARTER), clock=lambda: 1_740_974_400_000)


def told(period: Period, stores: int, **changed: Any) -> dict[str, Any]:
    """What the picture is drawn of."""
    columns = [
        {"begins": part.begins.isoformat(), "ends": part.ends.isoformat(), "opened": n % 5, "solved": 3}
        for n, part in enumerate(parts(period, span(period, _WEDNESDAY)))
    ]
    by_store = [
        {"store": _LONG if n else "", "opened": n, "solved": 9, "open": 99, "late": n, "score": 4.2, "answered": 9}
        for n in range(stores)
    ]
    shown = {"columns": columns, "by_store": by_store, "colour": "#B4532A"}
    return {**SERVICE, "period": period, "store": _LONG, **shown, **changed}


def drawn(words: Words, locale: str, params: dict[str, Any]) -> Image.Image:
    studio = Studio()
    data = asyncio.run(studio.draw("report_service", face("report_service", words, locale, "bot", params)))
    studio.close()
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("period", PERIODS)
def test_each_time_is_drawn_in_each_language(words: Words, locale: str, period: Period) -> None:
    image = drawn(words, locale, told(period, stores=20))
    assert image.format == "PNG"
    assert image.width == 1000
    assert image.height < 1_700


def test_one_store_needs_no_table_of_stores(words: Words) -> None:
    assert drawn(words, "en", told("this_week", 1)).height < drawn(words, "en", told("this_week", 2)).height


def test_where_nothing_happened_a_picture_says_so(words: Words) -> None:
    nothing = {"count": 0, "median": None, "most": None, "in_time": None}
    empty = {"opened": 0, "open": 0, "late": 0, "answered": 0, "score": None, "reasons": []}
    params = told("this_week", 1, answers=nothing, solutions=nothing, columns=[], **empty)
    assert drawn(words, "zh_Hans", params).width == 1000


def test_the_same_figures_make_the_same_picture(words: Words) -> None:
    one, other = [drawn(words, "zh_Hant", told("year", 3)).tobytes() for _ in range(2)]
    assert one == other
