"""Chats that are no more."""

from __future__ import annotations

from db import outbox, people
from loyalty.messages import Say
from tests.bot.engine import sends
from tests.bot.people import Town


async def test_a_chat_that_is_no_more_is_not_written_to_again(town: Town) -> None:
    """Somebody whose account was deleted: Telegram knows no such chat."""
    nobody = 9_999_001
    await town.write(people.meet, nobody, "en")
    for number in range(2):
        await town.write(outbox.post, Say("thanks", to=nobody, kind="notice", dedup_key=f"k{number}"))
        await town.settled()
    tried = sends(town, nobody)
    known = await town.db.read(people.get, nobody)
    assert (len(tried), known.reachable) == (1, False)
