"""`/campaign`: a manager writes to many, a second one agrees, and members get it as it was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest_asyncio

from actions import campaigns
from db import people
from db.staff import CHAIN
from loyalty.jobs import Run
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town
from tests.bot.test_catalogue import photo


@dataclass
class Office:
    town: Town
    owner: Resident
    colleague: Resident
    ann: Resident

    async def writes(self, picture: bytes | None = None) -> None:
        """In Chinese and English, to all, at once."""
        await self.owner.types("/campaign")
        await self.owner.press("➕ Write a message")
        if picture:
            await self.owner.does(lambda: self.owner.person.send_photo(self.town.bot, picture))
        else:
            await self.owner.press("Without a picture")
        await self.owner.types("{name}，周末满200减30")
        await self.owner.press("No text in this language")
        await self.owner.types("Dear {name},\n30 off 200 this weekend")
        await self.owner.press("All members")
        await self.owner.press("Now")

    async def goes_out(self) -> None:
        cursor = "-"
        while cursor:
            cursor = (await self.town.write(campaigns.page, Run("campaigns", 0, date(2025, 3, 3), cursor))).cursor
        await self.town.settled()


@pytest_asyncio.fixture
async def office(town: Town) -> Office:
    await town.write(add_store, "ximen", "West Gate")
    owner, colleague, ann = await town.owner(), await town.newcomer("Cora"), await town.newcomer("Ann")
    await town.write(hire, colleague.id, CHAIN, Role.MANAGER)
    await town.write(add_member, "Ann", "13800138000", ann.id)
    for resident in (colleague, ann):
        await resident.types("/help")
        await town.write(people.choose_quiet_hours, resident.id, "00:00", "00:00")
    return Office(town, owner, colleague, ann)


async def test_it_is_shown_as_members_will_see_it_before_anybody_is_asked(office: Office) -> None:
    await office.writes()
    assert "Dear Owner,\n30 off 200 this weekend" in office.owner.hears()
    assert "1 on Telegram, 1 of them want such messages" in office.owner.hears()
    assert office.owner.buttons() == ["🗑 Discard", "✅ Ask for agreement", "◀ All messages"]


async def test_where_nobody_else_could_agree_the_draft_says_so_and_who_could(office: Office) -> None:
    await office.writes()
    assert not office.owner.sees("nobody else may yet")
    await office.town.write(
        lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=office.colleague.id)
    )
    await office.writes()
    assert "nobody else may yet: another owner could, or a manager of the whole chain" in office.owner.hears()
    assert "Invite somebody with /staff" in office.owner.hears()


async def test_a_second_person_agrees_and_members_get_it(office: Office) -> None:
    await office.writes(photo())
    await office.owner.press("✅ Ask for agreement")
    await office.colleague.press("✅ Agree")
    assert office.owner.sees("agreed to your message to many")
    await office.goes_out()
    got = office.ann.chat()[-1]
    assert "Dear Ann,\n30 off 200 this weekend" in got.shown
    assert got.media is not None


async def test_what_became_of_it_stands_on_one_line_by_itself(office: Office) -> None:
    bob = await office.town.newcomer("Bob")
    await office.town.write(add_member, "Bob", "13800138001", bob.id)
    await bob.types("/help")
    await office.town.write(people.choose_topic, bob.id, "offers", False)
    await office.writes()
    await office.owner.press("✅ Ask for agreement")
    await office.colleague.press("✅ Agree")
    await office.goes_out()
    await office.goes_out()
    assert office.owner.chat()[-1].shown.splitlines()[-1] == "✅ Sent: 1 · 🔕 not wanted: 1"
    await office.owner.types("/campaign")
    await office.owner.press("✅")
    assert office.owner.sees(f"\n✍️ Owner · staff {office.colleague.id}\n✅ Sent: 1 · 🔕 not wanted: 1")


async def test_declined_it_goes_to_nobody(office: Office) -> None:
    await office.writes()
    await office.owner.press("✅ Ask for agreement")
    await office.colleague.press("❌ Decline")
    await office.goes_out()
    assert office.owner.sees("declined your message to many")
    assert not office.ann.sees("30 off 200")


async def declined(office: Office, picture: bytes | None = None) -> None:
    """The owner reads that it is."""
    await office.writes(picture)
    await office.owner.press("✅ Ask for agreement")
    await office.colleague.press("❌ Decline")


async def test_declined_it_can_be_changed_and_asked_again(office: Office) -> None:
    await declined(office, photo())
    await office.owner.press("✏️ Change it and ask again")
    await office.owner.press("↩️ As before")
    await office.owner.press("↩️ As before")
    await office.owner.press("No text in this language")
    assert "Dear {name},\n30 off 200 this weekend" in office.owner.hears()
    await office.owner.types("Dear {name},\n20 off 200 this weekend")
    await office.owner.press("↩️ As before")
    await office.owner.press("Now")
    await office.owner.press("✅ Ask for agreement")
    await office.colleague.press("✅ Agree")
    await office.goes_out()
    got = office.ann.chat()[-1]
    assert "Dear Ann,\n20 off 200 this weekend" in got.shown
    assert got.media is not None
    await office.owner.types("/campaign")
    assert [label[0] for label in office.owner.buttons()[:2]] == ["📣", "🚫"]


async def test_a_time_that_has_passed_is_not_offered_again(office: Office) -> None:
    await declined(office)
    await office.owner.press("✏️ Change it and ask again")
    for label in ("Without a picture", "↩️ As before", "No text in this language", "↩️ As before", "↩️ As before"):
        await office.owner.press(label)
    assert office.owner.buttons() == ["Now"]


async def test_a_text_too_long_for_a_picture_is_not_offered_with_one(office: Office) -> None:
    await office.owner.types("/campaign")
    await office.owner.press("➕ Write a message")
    await office.owner.press("Without a picture")
    await office.owner.types("很" * 1_500)
    for label in ("No text in this language", "No text in this language", "All members", "Now"):
        await office.owner.press(label)
    await office.owner.press("✅ Ask for agreement")
    await office.colleague.press("❌ Decline")
    await office.owner.press("✏️ Change it and ask again")
    await office.owner.does(lambda: office.owner.person.send_photo(office.town.bot, photo()))
    assert "↩️ As before" not in office.owner.buttons()


async def test_who_declined_it_is_offered_no_change(office: Office) -> None:
    await declined(office)
    assert "✏️ Change it and ask again" not in office.colleague.buttons()


async def test_it_is_paused_and_goes_on_by_buttons(office: Office) -> None:
    await office.writes()
    await office.owner.press("✅ Ask for agreement")
    await office.colleague.press("✅ Agree")
    await office.colleague.press("⏸ Pause")
    await office.goes_out()
    assert not office.ann.sees("30 off 200")
    await office.colleague.press("▶ Go on")
    await office.goes_out()
    assert office.ann.sees("30 off 200")


async def test_a_field_that_there_is_not_is_said_kindly_and_asked_again(office: Office) -> None:
    await office.owner.types("/campaign")
    await office.owner.press("➕ Write a message")
    await office.owner.press("Without a picture")
    await office.owner.types("{nmae}，您好")
    assert "There is no {nmae}" in office.owner.hears()
    await office.owner.types("{name}，您好")
    assert "繁體中文" in office.owner.hears()


async def test_members_find_no_such_command(office: Office) -> None:
    await office.ann.types("/campaign")
    assert not office.ann.sees("Messages to many")


async def test_in_the_list_a_message_is_named_by_its_words_not_by_its_fields(office: Office) -> None:
    await office.writes()
    await office.owner.types("/campaign")
    assert "📝 Dear …," in office.owner.buttons()
