"""The clock is moved to a review of tiers: it is announced first, then decided, each time told in her language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest

from bot.demo import cast
from bot.demo.seed import ZONE
from tests.browsers import chromium, visit
from tests.demos import Demo, demo


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo(tmp_path_factory.mktemp("reviewed")) as started:
        yield started


def moved_to(running: Demo, day: date) -> int:
    """To noon, when nobody sleeps; the last message before."""
    seen = max((message["id"] for message in running.messages(cast.CHEN.user_id)), default=0)
    running.moves_to(datetime.combine(day, time(12), ZONE))
    return seen


@pytest.mark.long
def test_a_review_is_announced_then_decided_and_the_page_shows_both(running: Demo) -> None:
    today = running.now.date()
    announced = running.hears(cast.CHEN.user_id, moved_to(running, today + timedelta(days=3)), "續等")
    assert "金卡" in announced
    decided = running.hears(cast.CHEN.user_id, moved_to(running, today + timedelta(days=36)), "已到期")
    assert "銀卡" in decided
    with chromium() as browser:
        if browser is None:
            pytest.skip("no Chromium on this machine: the page cannot be looked at")
        page = visit(browser, running.url)
        page.takes(cast.CHEN)
        page.sees("已到期")
