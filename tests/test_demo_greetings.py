"""The clock is moved to what a visitor can see, each once: somebody missed, a lunar birthday, coffee that runs out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest

from bot.demo import cast, occasions
from bot.demo.cast import Character
from bot.demo.seed import ZONE
from tests.demos import Demo, demo

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo(tmp_path_factory.mktemp("greeted")) as started:
        yield started


@pytest.fixture(scope="module")
def today(running: Demo) -> date:
    return running.now.date()


def strikes(running: Demo, day: date, hour: int, minute: int = 1) -> None:
    running.moves_to(datetime.combine(day, time(hour, minute), ZONE))


def told(running: Demo, person: Character, words: str) -> list[str]:
    texts = [str(message["text"]) for message in running.messages(person.user_id) if not message["mine"]]
    return [text for text in texts if words in text]


def test_a_member_who_stayed_away_is_missed(running: Demo, today: date) -> None:
    strikes(running, today + timedelta(days=occasions.MISSED_IN), 15)
    assert "85 折券" in running.hears(cast.GRANDPA.user_id, 0, "好久不见")


def test_a_lunar_birthday_is_greeted_at_ten_in_the_members_language(running: Demo, today: date) -> None:
    day = today + timedelta(days=occasions.BIRTHDAY_IN)
    strikes(running, day, 9, 58)
    running.says(cast.GRANDPA.user_id, "积分")
    assert told(running, cast.GRANDPA, "生日快乐") == []
    strikes(running, day, 10)
    assert running.hears(cast.GRANDPA.user_id, 0, "生日快乐").startswith("🎂 钱有福")
    strikes(running, day, 18)
    running.says(cast.GRANDPA.user_id, "积分")
    assert len(told(running, cast.GRANDPA, "生日快乐")) == 1


def test_coffee_that_should_be_running_out_is_told_with_the_reason(running: Demo, today: date) -> None:
    strikes(running, today + timedelta(days=occasions.COFFEE_IN), 16)
    assert "every 21 days" in running.hears(cast.ANN.user_id, 0, "Coffee beans")
