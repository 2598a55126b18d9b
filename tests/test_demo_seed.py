"""The invented chain: two hundred people, two years, and books that add up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from actions import satisfaction
from bot.demo import cast, occasions, seed, shoppers
from bot.demo.goods import LOTUS, XIMEN
from db import desk, ledger_checks, members, series, stores
from db.database import Database, Tx, open_database
from loyalty import phones
from loyalty.birthdays import told_as
from loyalty.charter_greetings import Birthdays
from loyalty.vault import Vault

TODAY = date(2026, 11, 21)
NOW = shoppers.instant(TODAY, 12, 0, seed.ZONE)


def _everybody(today: date = TODAY) -> list[shoppers.Shopper]:
    return shoppers.members(Random(seed.SEED), today)


@pytest.fixture(scope="module")
def visits() -> list[shoppers.Visit]:
    random = Random(seed.SEED)
    return shoppers.visits(random, shoppers.members(random, TODAY), TODAY, seed.ZONE)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "chain.db"
    asyncio.run(seed.sow(path, TODAY, lambda done, of: None))
    return path


@pytest.fixture
async def chain(seeded: Path) -> AsyncIterator[Database]:
    """The chain's database after its two years."""
    vault = Vault({1: seed.KEY}, 1, Random(1).randbytes)
    db = await open_database(f"sqlite:///{seeded}", vault=vault, clock=lambda: NOW, random=Random(1).randbytes)
    yield db
    await db.close()


def test_the_same_day_gives_the_same_people() -> None:
    assert _everybody() == _everybody()


def test_there_are_two_hundred_with_names_and_phones_of_their_own() -> None:
    people = _everybody()
    assert len({one.name for one in people}) == len({one.phone for one in people}) == len(people) == 200


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2027, 1, 1)])
def test_every_phone_is_valid_on_any_day(today: date) -> None:
    assert all(phones.parse_contact(one.phone).e164 == one.phone for one in _everybody(today))


def test_some_have_their_birthday_today_and_some_this_week() -> None:
    days = [(one.birthday.month, one.birthday.day) for one in _everybody() if one.birthday and not one.birthday.lunar]
    this_week = [TODAY + timedelta(days=ahead) for ahead in range(1, 7)]
    assert (TODAY.month, TODAY.day) in days
    assert any((day.month, day.day) in days for day in this_week)


def test_some_are_not_on_telegram() -> None:
    assert 20 <= sum(1 for one in _everybody() if not one.user_id) <= 60


def test_nobody_buys_outside_two_years(visits: list[shoppers.Visit]) -> None:
    first, last = (datetime.fromtimestamp(visits[place].at / 1000, seed.ZONE).date() for place in (0, -1))
    assert TODAY - timedelta(days=shoppers.DAYS) <= first
    assert last < TODAY


def test_coffee_is_bought_in_the_morning_and_vegetables_after_work(visits: list[shoppers.Visit]) -> None:
    hours = {code: Counter(_hour(visit) for visit in visits if visit.shop == code) for code in (LOTUS, XIMEN)}
    assert hours[LOTUS].most_common(1)[0][0] in (8, 9)
    assert hours[XIMEN].most_common(1)[0][0] in (18, 19)


def _hour(visit: shoppers.Visit) -> int:
    return datetime.fromtimestamp(visit.at / 1000, seed.ZONE).hour


async def test_the_books_add_up(chain: Database) -> None:
    assert await chain.read(ledger_checks.discrepancies) == []


async def test_the_characters_are_members_with_their_own_standing(chain: Database) -> None:
    found = [await chain.read(members.get_by_user, person.user_id) for person in cast.MEMBERS]
    assert len({member.tier for member in found if member}) > 1
    assert all(found)


async def test_the_grandfather_has_a_lunar_birthday_in_three_days(chain: Database) -> None:
    member = await chain.read(members.get_by_user, cast.GRANDPA.user_id)
    assert member is not None
    assert member.birthday in told_as(TODAY + timedelta(days=3), Birthdays())
    assert member.birthday_lunar


async def test_he_was_last_seen_eighty_eight_days_ago(visits: list[shoppers.Visit]) -> None:
    people = _everybody()
    quiet, coffee = (occasions.place_of(people, one.user_id) for one in (cast.GRANDPA, cast.ANN))
    lived = occasions.lived(visits, quiet, coffee, TODAY, seed.ZONE)
    last = max(visit.at for visit in lived if visit.shopper == quiet)
    assert datetime.fromtimestamp(last / 1000, seed.ZONE).date() == TODAY - timedelta(days=88)


async def test_anns_coffee_is_due_in_four_days(chain: Database) -> None:
    member = await chain.read(members.get_by_user, cast.ANN.user_id)
    assert member is not None
    due = await chain.read(series.list_due_of, member.id, TODAY + timedelta(days=4))
    assert "coffee" in due[0].item.casefold()


async def test_the_chain_has_three_stores_in_two_districts(chain: Database) -> None:
    def look(tx: Tx) -> list[str]:
        return [store.district for store in stores.list_active(tx)]

    assert sorted(Counter(await chain.read(look)).values()) == [1, 2]


def test_another_day_or_other_rules_need_another_seed() -> None:
    assert seed.fingerprint(TODAY) != seed.fingerprint(TODAY + timedelta(days=1))


async def test_members_spoke_up_in_the_last_months_and_two_wait_for_a_solution(chain: Database) -> None:
    said = await chain.read(lambda tx: tx.all("SELECT state, opened_at, score FROM service_case WHERE member_id <> 0"))
    states = Counter(state for state, _at, _score in said)
    assert states.keys() == {"taken", "confirmed", "unanswered"}
    assert states["taken"] == 2
    assert all(at < NOW for _state, at, _score in said)
    assert {score for _state, _at, score in said} >= {0, 4, 5}


async def test_what_cases_were_rated_is_in_the_reports(chain: Database) -> None:
    rated = await chain.read(lambda tx: tx.value("SELECT COUNT(*) FROM service_case WHERE score > 0"))
    results = await chain.read(satisfaction.results, None, 0, NOW)
    assert sum(result.cases.answered for result in results) == rated > 10


async def test_who_is_to_be_missed_has_not_been_here_for_long(chain: Database) -> None:
    def missed(tx: Tx) -> list[int]:
        found = tx.all("SELECT member_id FROM care_task WHERE rule = 'missed'")
        return [(NOW - desk.last_visit(tx, row[0])) // 86_400_000 for row in found]

    away = await chain.read(missed)
    assert len(away) == 1
    assert away[0] >= 60


async def test_whom_else_to_think_of_is_gold_or_had_a_complaint(chain: Database) -> None:
    rules = await chain.read(
        lambda tx: tx.all(
            "SELECT t.rule, m.tier, (SELECT COUNT(*) FROM service_case c WHERE c.member_id = m.id AND "
            "c.kind = 'complaint' AND c.state IN ('confirmed', 'unanswered')) > 0 FROM care_task t "
            "JOIN member m ON m.id = t.member_id WHERE t.rule <> 'missed' ORDER BY t.rule"
        )
    )
    assert [(rules[0][0], bool(rules[0][2])), rules[1][:2]] == [("appeased", True), ("top", "gold")]


async def test_nobody_whose_phone_can_be_held_was_asked_or_has_said_anything(chain: Database) -> None:
    held = {one.user_id for one in cast.EVERYBODY}
    for table in ("service_case", "survey"):
        rows = await chain.read(_users_in, table)
        assert len(rows) > 10
        assert not set(rows) & held


def _users_in(tx: Tx, table: str) -> list[int]:
    return [row[0] for row in tx.all(f"SELECT m.user_id FROM {table} t JOIN member m ON m.id = t.member_id")]
