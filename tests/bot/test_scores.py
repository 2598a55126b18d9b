"""`/score`: one's own month, the store's for managers, the chain's for the owner, the first three for the team."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from actions import charters
from db import people
from db.database import Tx
from loyalty.jobs import DAY_MS
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, amended, hire, record_for
from tests.bot.people import Resident, Town

RED = "🔴❌⛔🚫📉"


@dataclass
class Office:
    """Carl and Wei work at ximen, which Mary manages; Olivia owns the chain, which has dongmen, too."""

    town: Town
    carl: Resident
    wei: Resident
    mary: Resident
    owner: Resident


@pytest_asyncio.fixture
async def office(town: Town) -> Office:
    owner = await town.owner()
    ximen = await town.write(add_store, "ximen", "West Gate")
    await town.write(add_store, "dongmen", "East Gate")
    residents = {}
    for name, role in (("Carl", Role.CLERK), ("Wei", Role.CLERK), ("Mary", Role.MANAGER)):
        residents[name] = await town.newcomer(name)
        await town.write(hire, residents[name].id, ximen, role)
    for resident in (*residents.values(), owner):
        await resident.types("/language")
        await resident.press("English")
    await town.write(_sell, residents["Carl"].id)
    return Office(town, residents["Carl"], residents["Wei"], residents["Mary"], owner)


def _sell(tx: Tx, clerk_id: int) -> None:
    clerk = people.get(tx, clerk_id)
    assert clerk is not None
    member = add_member(tx, "Ann", "13800138000")
    for number in range(3):
        record_for(tx, clerk, member.id, "86.50", f"chat:1:{number}")


def _sold_more(tx: Tx, clerk_id: int) -> None:
    """In the month before."""
    clerk = people.get(tx, clerk_id)
    assert clerk is not None
    now, tx.now = tx.now, tx.now - 31 * DAY_MS
    member = add_member(tx, "Bea", "13800138001")
    for number in range(4):
        record_for(tx, clerk, member.id, "86.50", f"chat:2:{number}")
    tx.now = now


async def show_to_team(office: Office) -> None:
    await office.town.write(charters.publish, amended(('overview = "managers"', 'overview = "team"')), office.owner.id)


async def test_a_clerk_reads_their_own_month(office: Office) -> None:
    await office.carl.types("/score")
    assert "Purchases recorded: 3 🌟" in office.carl.hears()


async def test_a_star_is_explained_where_there_is_one(office: Office) -> None:
    await office.carl.types("/score")
    assert "🌟 is your best month" in office.carl.hears()


async def test_no_star_is_promised_in_a_month_that_is_not_the_best(office: Office) -> None:
    await office.town.write(_sold_more, office.carl.id)
    await office.carl.types("/score")
    assert "Purchases recorded: 3 · month before 4" in office.carl.hears()
    assert "🌟" not in office.carl.reads()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("English", "Colleagues are shown three names at most, each with what they did best."),
        ("简体中文", "经理看得到当月数字；同事最多看到三个人的名字，和各自最拿手的一项。"),
        ("繁體中文", "經理看得到當月數字；同事最多看到三個人的名字，和各自最拿手的一項。"),
    ],
)
async def test_ones_own_page_says_who_reads_what_of_it(office: Office, language: str, told: str) -> None:
    await office.carl.types("/language")
    await office.carl.press(language)
    await office.carl.types("/score")
    assert told in office.carl.hears()


async def test_where_nobody_is_to_see_it_ones_own_page_says_so(office: Office) -> None:
    await office.town.write(charters.publish, amended(('overview = "managers"', 'overview = "off"')), office.owner.id)
    await office.carl.types("/score")
    assert "Only you see this page." in office.carl.hears()


async def test_who_has_nothing_to_count_yet_reads_no_reproach(office: Office) -> None:
    await office.wei.types("/score")
    assert "The good days will be here" in office.wei.hears()


async def test_no_colleague_is_named_on_ones_own_page(office: Office) -> None:
    await office.carl.types("/score")
    assert "staff" not in office.carl.hears().replace(f"staff {office.carl.id}", "")
    assert not set(RED) & set(office.carl.hears())


async def test_months_are_turned_with_buttons(office: Office) -> None:
    await office.carl.types("/score")
    assert "Month after ▶" not in office.carl.buttons()
    await office.carl.press("◀ Month before")
    assert "Purchases recorded" not in office.carl.reads()
    await office.carl.press("Month after ▶")
    assert "Purchases recorded: 3" in office.carl.reads()


@pytest.mark.parametrize(
    ("language", "word", "told"), [("简体中文", "业绩", "记录消费：3 笔"), ("繁體中文", "業績", "記錄消費：3 筆")]
)
async def test_in_chinese(office: Office, language: str, word: str, told: str) -> None:
    await office.carl.types("/language")
    await office.carl.press(language)
    await office.carl.types(word)
    assert told in office.carl.hears()


async def test_a_clerk_has_no_button_for_colleagues(office: Office) -> None:
    await office.carl.types("/score")
    assert not {"👥 The stores", "👏 The team"} & set(office.carl.buttons())


async def test_a_made_up_button_shows_a_clerk_nothing(office: Office) -> None:
    await office.carl.types("/score")
    message = next(one for one in reversed(office.carl.chat()) if one.buttons)
    for data in ("scoreteam:1:", "scorestores:", "scoreshow:1:", "scorequizzes:1", "scorepraise:"):
        await office.carl.does(lambda data=data: office.carl.person.replay(office.town.bot, message.id, data))
        assert f"staff {office.wei.id}" not in office.carl.reads()


async def test_a_manager_reads_the_stores_month_by_name_and_not_by_rank(office: Office) -> None:
    await office.mary.types("/score")
    await office.mary.press("👥 The stores")
    told = office.mary.reads()
    assert "Purchases recorded: 3" in told
    assert "By name, not by rank" in told
    assert f"staff {office.wei.id}" in told


async def test_the_owner_reads_the_stores_and_opens_one(office: Office) -> None:
    await office.owner.types("/score")
    await office.owner.press("👥 The stores")
    assert "West Gate\n🧾 3" in office.owner.reads()
    await office.owner.press("🏬 West Gate")
    assert f"staff {office.carl.id}" in office.owner.reads()
    await office.owner.press("🧠 Quizzes")
    assert "Nobody has done one yet" in office.owner.reads()


async def test_a_manager_shows_the_team_what_three_did_best(office: Office) -> None:
    await office.mary.types("/score")
    await office.mary.press("👥 The stores")
    await office.mary.press("👏 Show the team")
    assert "2 colleagues at West Gate read it now" in office.mary.reads()
    told = office.wei.reads()
    assert f"🌟 staff {office.carl.id} · 3 purchases recorded" in told
    assert f"staff {office.wei.id}" not in told


async def test_where_the_charter_shows_it_the_team_has_a_button(office: Office) -> None:
    await show_to_team(office)
    await office.wei.types("/score")
    await office.wei.press("👏 The team")
    assert f"🌟 staff {office.carl.id} · 3 purchases recorded" in office.wei.reads()
    assert "none of it would have come about without you" in office.wei.reads()


async def test_members_have_no_figures(office: Office) -> None:
    ann = await office.town.newcomer("Ann")
    await ann.opens()
    await ann.types("/score")
    assert "Purchases" not in ann.hears()


async def test_menu_and_help_show_it_to_staff_only(office: Office) -> None:
    ann = await office.town.newcomer("Ann")
    for resident, shown in ((office.carl, True), (ann, False)):
        await resident.types("/help")
        menu = [one["command"] for one in office.town.bot.menus.shown_to(resident.id, "en", None)]
        assert ("score" in menu, "/score" in resident.hears()) == (shown, shown)


def test_nothing_on_these_pages_is_red() -> None:
    templates = Path(charters.__file__).parents[1] / "bot" / "templates"
    texts = [path.read_text(encoding="utf-8") for name in ("score", "quiz") for path in templates.glob(f"{name}*.j2")]
    assert texts
    assert not set(RED) & set("".join(texts))
