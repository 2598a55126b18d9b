"""One's data, as the people it is about: seen, taken away, erased."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import pytest_asyncio

from actions import profiles
from bot.jobs import erasures, retention, upkeep
from db import members
from db.database import Tx
from simulator.messages import Message
from tests.bot.counters import PHONE, Counter
from tests.bot.people import Resident, Town
from tests.bot.test_documents import rows
from tests.job_runs import work


@dataclass
class Home(Counter):
    """The same people, and what Ann wants to know and to have."""

    async def is_member(self) -> bool:
        return await self.town.db.read(members.get_by_user, self.ann.id) is not None


@pytest_asyncio.fixture
async def home(counter: Counter) -> Home:
    return Home(**vars(counter))


def sent(person: Resident, suffix: str) -> bytes:
    """The file of that kind among the latest answers."""
    (message,) = [one for one in person.answers() if one.document and _name(one).endswith(suffix)]
    assert message.document is not None
    return message.document.files[-1].data


def _name(message: Message) -> str:
    assert message.document is not None
    return str(message.document.as_document()["file_name"])


async def test_the_member_sees_who_looked(home: Home) -> None:
    await home.carl.types(PHONE)
    await home.ann.types("/privacy")
    await home.ann.press("👀 Who looked")
    assert "your page at the counter · clerk" in home.ann.reads()
    assert "Carl" not in home.ann.reads()


@pytest.mark.parametrize(
    ("language", "who_looked", "purchases"),
    [("en", "👀 Who looked", "your purchases · clerk"), ("zh-hans", "👀", "查看了您的消费记录 · 店员")],
)
async def test_purchases_looked_up_for_a_refund_are_among_it(
    home: Home, language: str, who_looked: str, purchases: str
) -> None:
    home.ann.person.wire["language_code"] = language
    await home.carl.types(f"/purchase {PHONE} 86.50")
    await home.carl.types(f"/refund {PHONE}")
    await home.ann.types("/privacy")
    await home.ann.press(who_looked)
    assert purchases in home.ann.reads()


async def test_all_data_comes_as_a_spreadsheet_and_as_json(home: Home) -> None:
    await home.carl.types(f"/purchase {PHONE} 86.50")
    await home.ann.types("/privacy")
    await home.ann.press("📦 All my data")
    about = rows(sent(home.ann, ".xlsx"))
    assert ["'Name'", "'Ann'"] in about
    assert ["'Phone'", "'+8613800138000'"] in about
    told = json.loads(sent(home.ann, ".json"))
    assert told["held"]["purchase"][0]["amount"] == 8650
    assert told["held"]["member"][0]["name"] == "Ann"


async def test_what_a_member_typed_is_no_formula_in_the_file(home: Home) -> None:
    person = await home.town.write(_person, home.ann.id)
    await home.town.write(profiles.change_field, person, "likes", "=1+1")
    await home.ann.types("my data")
    assert ["'Likes'", "'=1+1'"] in rows(sent(home.ann, ".xlsx"))


def _person(tx: Tx, user_id: int) -> object:
    from db import people

    return people.get(tx, user_id)


async def test_erasing_takes_two_steps_and_says_what_is_lost(home: Home) -> None:
    await home.carl.types(f"/purchase {PHONE} 86.50")
    await home.ann.types("/privacy")
    await home.ann.press("🗑️ Leave")
    assert "86 points" in home.ann.hears()
    await home.ann.press("Go on")
    assert await home.is_member()
    await home.ann.press("Erase everything now")
    assert "Your data has been erased" in home.ann.hears()
    assert not await home.is_member()


async def test_the_second_step_can_be_typed(home: Home) -> None:
    await home.ann.types("erase me")
    await home.ann.press("Go on")
    await home.ann.types("Erase")
    assert "Your data has been erased" in home.ann.hears()


async def test_anything_else_typed_erases_nothing(home: Home) -> None:
    await home.ann.types("erase me")
    await home.ann.press("Go on")
    await home.ann.types("hm")
    assert await home.is_member()


async def test_at_either_step_one_can_stay(home: Home) -> None:
    await home.ann.types("erase me")
    await home.ann.press("Keep my membership")
    assert "Good that you stay" in home.ann.hears()
    await home.ann.types("erase me")
    await home.ann.press("Go on")
    await home.ann.press("Keep my membership")
    assert "Good that you stay" in home.ann.hears()
    assert await home.is_member()


async def test_a_button_that_erases_does_not_lie_in_wait(home: Home) -> None:
    await home.ann.types("erase me")
    await home.ann.press("Go on")
    home.town.clock.forward(2 * 3_600_000)
    await home.ann.press("Erase everything now")
    assert await home.is_member()


async def test_afterwards_start_greets_a_stranger(home: Home) -> None:
    await home.ann.types("erase me")
    await home.ann.press("Go on")
    await home.ann.press("Erase everything now")
    await _settle(home)
    await home.ann.types("/start")
    assert "Join" in "".join(home.ann.buttons())
    await home.ann.types("/points")
    assert "member" in home.ann.hears()


async def test_afterwards_the_counter_finds_nobody(home: Home) -> None:
    await home.ann.types("erase me")
    await home.ann.press("Go on")
    await home.ann.press("Erase everything now")
    await home.carl.types(PHONE)
    assert "Ann" not in home.carl.hears()


async def _settle(home: Home) -> None:
    machinery = home.town.machinery
    kept = await upkeep.begin(machinery.settings, machinery.db)
    assert await erasures.settle(kept) == 1


async def test_who_was_away_for_long_stays_with_one_tap(home: Home) -> None:
    home.town.clock.forward(25 * 31 * 86_400_000)
    await work(home.town.db, retention.JOB)
    await home.town.settled()
    assert home.ann.sees("Are you still there?")
    await home.ann.press("Stay")
    assert home.ann.sees("you stay with us")
    home.town.clock.forward(7 * 31 * 86_400_000)
    await work(home.town.db, retention.JOB)
    assert await home.is_member()


async def test_somebody_who_is_no_member_sees_the_policy_alone(town: Town) -> None:
    ben = await town.newcomer("Ben")
    await ben.types("/privacy")
    assert ben.sees("Your data")
    assert "🗑️ Leave and be erased" not in ben.buttons()
