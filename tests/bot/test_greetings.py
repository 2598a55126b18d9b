"""Birthdays, festivals and the rest as they arrive: at the right hour, in the member's language, once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest_asyncio

from bot.jobs import birthdays, greetings, series, upkeep
from bot.jobs.clock import JobClock
from db import people
from loyalty.birthdays import Birthday
from tests.actions.celebrations import at
from tests.actions.shops import add_member
from tests.bot.people import Resident, Town

JOBS = {job.name: job for job in (birthdays.JOB, greetings.JOB, *series.JOBS)}
EVE = date(2026, 9, 24)
MID_AUTUMN = date(2026, 9, 25)


class Calendar:
    """The town's clock, and the jobs that go by it."""

    def __init__(self, town: Town, jobs: JobClock) -> None:
        self._town = town
        self._jobs = jobs

    async def strikes(self, day: date, hour: int, minute: int = 1) -> None:
        self._town.clock.set(at(day, time(hour, minute)))
        await self._jobs.tick()
        await self._jobs.settle()
        await self._town.settled()


@pytest_asyncio.fixture
async def calendar(town: Town) -> Calendar:
    """It is noon on the day before the Mid-Autumn Festival."""
    kept = await upkeep.begin(town.machinery.settings, town.db)
    calendar = Calendar(town, JobClock(kept, JOBS, 1))
    await calendar.strikes(EVE, 12)
    return calendar


async def member(town: Town, name: str, language: str, birthday: Birthday | None = None) -> Resident:
    one = await town.newcomer(name, language_code=language)
    await town.write(people.meet, one.id, language)
    await town.write(add_member, name, one.person.phone, one.id, birthday)
    await one.opens()
    return one


async def test_a_lunar_birthday_is_greeted_once_after_ten_in_the_members_language(
    town: Town, calendar: Calendar
) -> None:
    lin = await member(town, "小满", "zh-hans", Birthday(8, 16, lunar=True))
    day = MID_AUTUMN + timedelta(days=1)
    await calendar.strikes(day, 9, 59)
    assert not lin.sees("生日快乐")
    for hour in (10, 11, 18):
        await calendar.strikes(day, hour)
    assert lin.reads().count("小满，生日快乐！") == 1
    assert lin.sees("生日 20 元券")


async def test_a_festival_is_greeted_in_each_members_language(town: Town, calendar: Calendar) -> None:
    ann = await member(town, "Ann", "en")
    chen = await member(town, "美玲", "zh-hant")
    await calendar.strikes(MID_AUTUMN, 10, 6)
    assert ann.sees("Happy Mid-Autumn Festival!")
    assert chen.sees("中秋快樂！")


async def test_whoever_has_a_birthday_on_it_is_greeted_for_that_alone(town: Town, calendar: Calendar) -> None:
    ann = await member(town, "Ann", "en", Birthday(9, 25))
    for minute in (1, 10, 30):
        await calendar.strikes(MID_AUTUMN, 10, minute)
    await calendar.strikes(MID_AUTUMN + timedelta(days=1), 10)
    assert ann.sees("Happy birthday, Ann!")
    assert not ann.sees("Mid-Autumn")


async def test_a_new_member_is_shown_how_the_card_works(town: Town, calendar: Calendar) -> None:
    ann = await member(town, "Ann", "en")
    await calendar.strikes(MID_AUTUMN + timedelta(days=14), 11)
    assert ann.sees("As much of us as you like")
    await ann.press("⚙️ Settings")
    assert ann.sees("Quiet hours")


async def test_every_message_says_why_it_came(town: Town, calendar: Calendar) -> None:
    ann = await member(town, "Ann", "en", Birthday(9, 25))
    await calendar.strikes(MID_AUTUMN, 10)
    assert ann.sees("You get this because you told us your birthday.")
