"""A member taps how it was and adds a word; the manager reads it."""

from __future__ import annotations

from actions import pushes
from db import people, surveys
from db.database import Tx
from db.surveys import Subject
from loyalty.messages import Say
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town


def _ask(tx: Tx, member_id: int, store_id: int) -> None:
    survey_id = surveys.add(tx, "visit", Subject(7, member_id, store_id, tx.now), since=tx.now)
    told = {"survey_id": survey_id, "about": "visit", "store": "West Gate", "at": tx.now}
    pushes.push(tx, member_id, "surveys", Say("survey", told), f"survey:{survey_id}", tx.now + 1_000_000)


async def asked(town: Town) -> tuple[Resident, Resident]:
    """A member who has the question, and the store's manager."""
    store_id = await town.write(add_store, "ximen", "West Gate")
    ann, mary = await town.newcomer("Ann"), await town.newcomer("Mary")
    await town.write(hire, mary.id, store_id, Role.MANAGER)
    member = await town.write(add_member, "Ann", "13800138000", ann.id)
    for resident in (ann, mary):
        await resident.types("/help")
        await town.write(people.choose_quiet_hours, resident.id, "00:00", "00:00")
    await town.write(_ask, member.id, store_id)
    await town.settled()
    return ann, mary


async def test_one_tap_is_enough(town: Town) -> None:
    ann, mary = await asked(town)
    await ann.press("5")
    await ann.press("That's all")
    assert ann.sees("Noted: 5 out of 5")
    assert not mary.sees("out of 5")


async def test_a_bad_score_and_what_went_wrong_reach_the_manager(town: Town) -> None:
    ann, mary = await asked(town)
    await ann.press("1")
    await ann.types("The till was closed <b>")
    assert "The manager of the store has it now" in ann.hears()
    assert mary.sees("1 out of 5 from Ann")
    assert mary.sees("The till was closed <b>")


async def test_a_second_tap_changes_nothing(town: Town) -> None:
    ann, mary = await asked(town)
    message = next(m for m in reversed(ann.chat()) if any(text.startswith("5") for text in m.buttons))
    await ann.press("5")
    await ann.does(lambda: ann.person.replay(town.bot, message.id, "rate:1:1"))
    assert not mary.sees("out of 5")
