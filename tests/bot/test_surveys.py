"""A member taps how it was and adds a word; what was bad is a case, and a manager reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from actions import case_desk, case_scores, pushes
from actions.feedback import Said
from db import cases, people, recommendations, surveys
from db.database import Tx
from db.recommendations import Due
from db.surveys import Subject
from loyalty.messages import Say
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town
from tests.bot.test_catalogue import photo

PROGRAMME = {"zh_Hans": "常客", "zh_Hant": "常客", "en": "Regulars"}


@dataclass
class Street:
    """Ann the member, Carl the clerk and Mary the manager of West Gate; none of them has quiet hours."""

    town: Town
    store_id: int
    member_id: int
    ann: Resident
    carl: Resident
    mary: Resident

    async def asks(self, say: Say, key: str) -> None:
        await self.town.write(pushes.push, self.member_id, "surveys", say, key, self.town.clock.now() + 1_000_000)
        await self.town.settled()

    async def asks_of_a_visit(self) -> None:
        subject = Subject(7, self.member_id, self.store_id, 0)
        survey_id = await self.town.write(surveys.add, "visit", subject)
        told: dict[str, Any] = {"survey_id": survey_id, "about": "visit", "store": "West Gate"}
        await self.asks(Say("survey", told | {"at": self.town.clock.now()}), f"survey:{survey_id}")

    async def asks_to_recommend(self) -> None:
        asked_id = await self.town.write(_recommend, self.member_id, self.store_id)
        await self.asks(Say("recommend", {"recommendation_id": asked_id, "programme": PROGRAMME}), f"rec:{asked_id}")

    async def solves_a_case(self) -> None:
        """Ann complains, and Carl answers with a solution."""
        await self.ann.types("/feedback")
        await self.ann.press("😟 Complaint")
        await self.ann.press("🏬 West Gate")
        await self.ann.types("The soup was cold")
        await self.town.write(_resolved, self.carl.id)
        await self.town.settled()


def _resolved(tx: Tx, clerk: int) -> None:
    carl = people.get(tx, clerk)
    assert carl is not None
    case_desk.say(tx, carl, 1, "resolve", Said("We changed the cook.", "", "", f"{clerk}:1"))


def _recommend(tx: Tx, member_id: int, store_id: int) -> int | None:
    return recommendations.add(tx, Due(member_id, store_id), date(2025, 1, 1))


@pytest_asyncio.fixture
async def street(town: Town) -> Street:
    store_id = await town.write(add_store, "ximen", "West Gate")
    ann, carl, mary = [await town.newcomer(name) for name in ("Ann", "Carl", "Mary")]
    await town.write(hire, carl.id, store_id, Role.CLERK)
    await town.write(hire, mary.id, store_id, Role.MANAGER)
    member = await town.write(add_member, "Ann", "13800138000", ann.id)
    for resident in (ann, carl, mary):
        await resident.types("/language")
        await resident.press("English")
        await town.write(people.choose_quiet_hours, resident.id, "00:00", "00:00")
    return Street(town, store_id, member.id, ann, carl, mary)


async def test_one_tap_is_enough(street: Street) -> None:
    await street.asks_of_a_visit()
    await street.ann.press("5")
    await street.ann.press("That's all")
    assert street.ann.sees("Noted: 5 out of 5")
    assert street.ann.sees("See you soon")
    assert not street.mary.sees("out of 5")


async def test_a_bad_score_is_a_case_that_the_member_finds_again(street: Street) -> None:
    await street.asks_of_a_visit()
    await street.ann.press("1")
    assert "Your answer is case 1 now" in street.ann.hears()
    await street.ann.press("That's all")
    assert "You will hear from us about case 1" in street.ann.hears()
    await street.ann.press("📋 My cases")
    assert "1 😟 Complaint" in street.ann.hears()


async def test_the_manager_reads_the_score_and_then_the_word(street: Street) -> None:
    await street.asks_of_a_visit()
    await street.ann.press("1")
    assert street.mary.sees("1 out of 5 for a visit")
    await street.ann.types("The till was closed <b>")
    assert "It stands in case 1 now" in street.ann.hears()
    assert street.mary.sees("The till was closed <b>")
    assert not street.mary.sees("Case 2")


async def test_a_photo_says_what_went_wrong_too(street: Street) -> None:
    await street.asks_of_a_visit()
    await street.ann.press("2")
    await street.ann.does(lambda: street.ann.person.send_photo(street.town.bot, photo()))
    assert "It stands in case 1 now" in street.ann.hears()


async def test_a_photo_beside_a_good_score_is_kindly_refused_and_words_are_taken_after_it(street: Street) -> None:
    await street.asks_of_a_visit()
    await street.ann.press("5")
    await street.ann.does(lambda: street.ann.person.send_photo(street.town.bot, photo()))
    assert "Please type a text" in street.ann.hears()
    await street.ann.types("So kind")
    assert "that helps us" in street.ann.hears()


async def test_a_second_tap_changes_nothing(street: Street) -> None:
    await street.asks_of_a_visit()
    message = next(m for m in reversed(street.ann.chat()) if any(text.startswith("5") for text in m.buttons))
    await street.ann.press("5")
    await street.ann.does(lambda: street.ann.person.replay(street.town.bot, message.id, "rate:1:1"))
    assert not street.mary.sees("out of 5")


async def test_a_solved_case_is_scored_with_a_word(street: Street) -> None:
    await street.solves_a_case()
    await street.ann.press("✅ Yes, solved")
    await street.ann.press("5")
    assert street.ann.sees("Noted: 5 out of 5")
    await street.ann.types("So quick <b>")
    assert "that helps us" in street.ann.hears()
    assert street.carl.sees("5 out of 5 for how case 1 was dealt with")
    assert street.carl.sees("So quick <b>")
    await street.ann.types("/cases")
    await street.ann.press("✅ 1")
    assert "So quick" in street.ann.hears()


async def test_badly_dealt_with_it_is_for_the_manager_and_not_for_the_clerk(street: Street) -> None:
    await street.solves_a_case()
    await street.ann.press("✅ Yes, solved")
    await street.ann.press("1")
    assert "Your answer is case 2 now" in street.ann.hears()
    assert street.mary.sees("1 out of 5 for how case 1 was dealt with")
    assert not street.carl.sees("1 out of 5")
    await street.carl.types("/queue")
    assert "2" not in street.carl.reads()
    await street.mary.types("/queue")
    await street.mary.press("🆕 2")
    await street.mary.press("✋ Take it")
    assert "You have it." in street.mary.reads()


async def test_a_case_closed_without_a_word_is_asked_about(street: Street) -> None:
    await street.solves_a_case()
    await street.town.write(_closed, 1)
    await street.town.settled()
    assert street.ann.sees("We have heard nothing more")
    await street.ann.press("4")
    assert street.ann.sees("Noted: 4 out of 5")


def _closed(tx: Tx, case_id: int) -> None:
    tx.run("UPDATE service_case SET state = 'unanswered', ended_at = :now WHERE id = :id", id=case_id, now=tx.now)
    case = cases.get(tx, case_id)
    assert case is not None
    case_scores.ask(tx, case)


async def test_what_was_closed_can_still_be_opened_again_from_the_question(street: Street) -> None:
    await street.solves_a_case()
    await street.town.write(_closed, 1)
    await street.town.settled()
    await street.ann.press("↩️ It is not solved")
    assert street.carl.sees("It is yours again")


async def test_recommending_is_eleven_buttons_in_two_rows(street: Street) -> None:
    await street.asks_to_recommend()
    message = next(m for m in reversed(street.ann.chat()) if "10" in m.buttons)
    assert message.buttons[:11] == [f"{likely}" for likely in range(11)]
    await street.ann.press("9")
    assert street.ann.sees("Noted: 9 out of 10")
    assert "main reason" in street.ann.hears()
    await street.ann.types("So kind")
    assert "that helps us" in street.ann.hears()
    assert street.mary.sees("9 out of 10 for recommending us · West Gate")
    assert not street.mary.sees("Ann")


async def test_who_would_not_recommend_us_at_all_is_heard(street: Street) -> None:
    await street.asks_to_recommend()
    await street.ann.press("0")
    assert "Your answer is case 1 now" in street.ann.hears()
    assert street.mary.sees("0 out of 10 for recommending us")


@pytest.mark.parametrize("data", ["recommend:1", "recommend:1:11", "recommend:1:x", "recommend:99:5"])
async def test_a_made_up_button_counts_for_nothing(street: Street, data: str) -> None:
    await street.asks_to_recommend()
    message = next(m for m in reversed(street.ann.chat()) if "10" in m.buttons)
    await street.ann.does(lambda: street.ann.person.replay(street.town.bot, message.id, data))
    assert not street.ann.sees("Noted")


@pytest.mark.parametrize(
    ("language", "sorry", "manager"),
    [
        ("简体中文", "我们已记为 1 号反馈", "到店消费打了 1 分"),
        ("繁體中文", "我們已記為 1 號意見", "到店消費打了 1 分"),
    ],
)
async def test_in_chinese_too(street: Street, language: str, sorry: str, manager: str) -> None:
    for resident in (street.ann, street.mary):
        await resident.types("/language")
        await resident.press(language)
    await street.asks_of_a_visit()
    await street.ann.press("1")
    assert sorry in street.ann.hears()
    assert manager in street.mary.reads()
