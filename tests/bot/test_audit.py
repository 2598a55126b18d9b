"""Who did what, as managers and owners read it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from actions import catalogue, erasure
from bot.buttons.audit import KINDS
from db import gifts, people
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town
from tests.bot.test_gifts import MUG

ROOT = Path(__file__).parent.parent.parent
PHONE = "13800138000"
_NOTING = ("audit.add", "cases.record", "_audit", "looks.note", "note")


@dataclass
class Office:
    """Carl works at ximen, Mary manages it; dongmen is another store with a clerk, Dan."""

    town: Town
    carl: Resident
    dan: Resident
    mary: Resident
    owner: Resident


@pytest_asyncio.fixture
async def office(town: Town) -> Office:
    owner = await town.owner()
    ximen = await town.write(add_store, "ximen", "West Gate")
    dongmen = await town.write(add_store, "dongmen", "East Gate")
    people = {}
    for name, store, role in (("Carl", ximen, Role.CLERK), ("Dan", dongmen, Role.CLERK), ("Mary", ximen, Role.MANAGER)):
        people[name] = await town.newcomer(name)
        await town.write(hire, people[name].id, store, role)
        await people[name].opens()
    await town.write(add_member, "Ann", PHONE)
    await people["Carl"].types(f"/purchase {PHONE} 86.50")
    await people["Dan"].types(f"/purchase {PHONE} 10")
    return Office(town, people["Carl"], people["Dan"], people["Mary"], owner)


async def test_an_owner_sees_everything(office: Office) -> None:
    await office.owner.types("/audit")
    assert "West Gate" in office.owner.hears()
    assert "East Gate" in office.owner.hears()
    assert "¥86.50" in office.owner.hears()


async def test_a_manager_sees_the_own_stores(office: Office) -> None:
    await office.mary.types("/audit")
    assert "West Gate" in office.mary.hears()
    assert "East Gate" not in office.mary.hears()


async def test_a_clerk_sees_nothing(office: Office) -> None:
    await office.carl.types("/audit")
    assert "Purchase" not in office.carl.hears()


async def test_it_can_be_narrowed_to_a_person(office: Office) -> None:
    await office.owner.types("/audit")
    await office.owner.press("By person")
    await office.owner.press(f"staff {office.dan.id}")
    assert "East Gate" in office.owner.reads()
    assert "West Gate" not in office.owner.chat()[-1].shown


async def test_it_can_be_narrowed_to_a_kind(office: Office) -> None:
    await office.carl.types(PHONE)
    await office.owner.types("/audit")
    await office.owner.press("By kind")
    await office.owner.press("Member looked at")
    assert "¥86.50" not in office.owner.chat()[-1].shown
    assert "Member looked at" in office.owner.chat()[-1].shown


async def test_it_can_be_narrowed_to_a_member(office: Office) -> None:
    await office.owner.types("/audit")
    await office.owner.press("By member")
    await office.owner.types("8000")
    assert "Purchase" in office.owner.hears()
    assert "New rules" not in office.owner.hears()


async def test_one_line_is_enough_for_a_member(office: Office) -> None:
    await office.owner.types(f"/audit {PHONE}")
    assert "¥86.50" in office.owner.hears()


async def test_it_comes_in_pages(office: Office) -> None:
    for number in range(14):
        await office.carl.types(f"/purchase {PHONE} 5{number}")
    await office.mary.types("/audit")
    assert "¥513.00" in office.mary.hears()
    await office.mary.press("Older")
    assert "¥86.50" in office.mary.chat()[-1].shown
    await office.mary.press("‹ Newer")
    assert "¥513.00" in office.mary.chat()[-1].shown


async def test_a_deed_about_a_gift_names_it(office: Office) -> None:
    owner = await office.town.db.read(people.get, office.owner.id)
    await office.town.write(catalogue.create, owner, MUG, 0, {})
    (mug,) = await office.town.db.read(gifts.list_all)
    await office.town.write(catalogue.withdraw, owner, mug.id)
    await office.owner.types("/audit")
    assert office.owner.hears().count("\nMug") == 2


async def test_who_left_is_said_to_have_done_so_and_not_named(office: Office) -> None:
    ann = await office.town.newcomer("Ann")
    await ann.opens()
    await office.town.write(add_member, "Ann", "13900139000", ann.id)
    await office.town.write(erasure.erase_own, await office.town.db.read(people.get, ann.id))
    await office.owner.types("/audit")
    assert "The member\nMember erased\ndeleted member" in office.owner.hears()


async def test_who_was_erased_by_the_rule_is_said_to_be(office: Office) -> None:
    member = await office.town.write(add_member, "Ann", "13900139000")
    await office.town.write(erasure.erase, member, "retention")
    await office.owner.types("/audit")
    assert "The programme (retention period over)\nMember erased\ndeleted member" in office.owner.hears()


@pytest.mark.parametrize("data", ["audit:x:1:0", "audit:member:-1:0", "audit:person:99999:0", "audit:member:77777:0"])
async def test_forged_buttons_show_nothing(office: Office, data: str) -> None:
    await office.owner.types("/audit")
    newest = office.owner.chat()[-1].id
    await office.owner.does(lambda: office.owner.person.replay(office.town.bot, newest, data))
    assert "Who did what" not in office.owner.hears()


def test_every_kind_of_deed_has_a_name() -> None:
    assert sorted(_actions() - set(KINDS)) == []


def test_no_kind_is_named_that_nobody_does() -> None:
    done = _actions() | {"adjustment_agreed", "adjustment_declined"}
    assert sorted(set(KINDS) - done) == []


def _actions() -> set[str]:
    """The kinds written down: where what notes them takes the action."""
    found: set[str] = set()
    for path in [*(ROOT / "actions").glob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _NOTING:
                found |= {
                    part.value
                    for part in ast.walk(node.args[2])
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and "_" in part.value[:-1]
                }
    return {action for action in found if not action.endswith("_")}
