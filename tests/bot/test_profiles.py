"""The profile, as members see and change it."""

from __future__ import annotations

import pytest

from actions import profiles as actions
from db import members, people, stores
from db.database import Tx
from db.members import NewMember
from loyalty import phones
from loyalty.birthdays import Birthday
from tests.bot.joiners import keyboard_of
from tests.bot.people import Resident, Town


async def member(town: Town, name: str = "Ann", **person: str) -> Resident:
    """A member with the phone of their Telegram account."""
    resident = await town.newcomer(name, **person)
    await town.write(_join, resident.id, name, resident.person.phone)
    return resident


def _join(tx: Tx, user_id: int, name: str, phone: str) -> None:
    people.meet(tx, user_id, "en")
    new = NewMember(
        name=name, phone=phones.parse_contact(phone), birthday=Birthday(8, 15, 1990, lunar=True), tier="classic",
        source="online", home_store_id=0, referrer_id=0, charter_version=1, card_prefix="29", joined_at=tx.now,
        user_id=user_id,
    )  # fmt: skip
    members.add(tx, new)


async def edit(resident: Resident, field: str) -> None:
    await resident.types("/profile")
    await resident.press(field)


async def shown(town: Town, resident: Resident) -> actions.Profile:
    def show(tx: Tx) -> actions.Profile:
        return actions.show(tx, people.meet(tx, resident.id, "en"))

    profile: actions.Profile = await town.write(show)
    return profile


async def test_the_profile_shows_what_is_held(town: Town) -> None:
    ann = await member(town)
    await ann.types("/profile")
    assert "Birthday: 15th day of the 8th lunar month, 1990" in ann.hears()


@pytest.mark.parametrize("word", ["个人资料", "個人資料", "Profile", "my profile", "生日"])
async def test_plain_words_open_the_profile(town: Town, word: str) -> None:
    ann = await member(town)
    await ann.types(word)
    assert "Your profile" in ann.hears()


async def test_strangers_are_invited_to_join(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.types("/profile")
    assert "This is for members" in ann.hears()


async def test_the_own_phone_is_masked_until_pressed(town: Town) -> None:
    ann = await member(town, phone="+8613800138000")
    await ann.types("/profile")
    assert not ann.sees("13800138000")
    await ann.press("Show my whole number")
    assert ann.sees("+8613800138000")


async def test_the_whole_phone_can_be_hidden_again(town: Town) -> None:
    ann = await member(town, phone="+8613800138000")
    await ann.types("/profile")
    await ann.press("Show my whole number")
    await ann.press("Hide my number")
    assert not ann.sees("13800138000")


@pytest.mark.parametrize(
    ("field", "typed", "line"),
    [
        ("Name", "Ann Li", "Name: Ann Li"),
        ("Name", "<i>Ann</i>", "Name: <i>Ann</i>"),
        ("E-mail", "ann@example.com", "E-mail: ann@example.com"),
        ("Address", "1 Main Street", "Address: 1 Main Street"),
        ("District", "莲湖", "District: 莲湖"),
        ("Employer", "A & B", "Employer: A & B"),
        ("Job", "Teacher", "Job: Teacher"),
        ("Likes", "Tea", "Likes: Tea"),
        ("Sizes", "M", "Sizes: M"),
        ("Allergies", "Peanuts", "Allergies: Peanuts"),
        ("Birthday", "17 May", "Birthday: May 17"),
    ],
)
async def test_each_field_is_changed_by_typing(town: Town, field: str, typed: str, line: str) -> None:
    ann = await member(town)
    await edit(ann, field)
    await ann.types(typed)
    assert line in ann.hears()


@pytest.mark.parametrize(
    ("field", "choice", "line"),
    [("Gender", "Female", "Gender: Female"), ("Contact by", "By phone", "Contact by: By phone")],
)
async def test_choices_are_changed_in_place(town: Town, field: str, choice: str, line: str) -> None:
    ann = await member(town)
    await edit(ann, field)
    await ann.press(choice)
    assert ann.answers() == []
    assert ann.sees(line)


async def test_the_home_store_is_chosen_by_button(town: Town) -> None:
    await town.write(stores.add, "ximen", "West Gate", "", "", 1)
    ann = await member(town)
    await edit(ann, "Home store")
    await ann.press("West Gate")
    assert ann.sees("Home store: West Gate")


async def test_a_filled_field_can_be_deleted(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Likes")
    await ann.types("Tea")
    await edit(ann, "Likes")
    await ann.press("Delete it")
    assert (await shown(town, ann)).fields == {}


async def test_the_birthday_can_be_deleted(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Birthday")
    await ann.press("Delete it")
    assert (await shown(town, ann)).birthday is None


async def test_an_empty_field_offers_no_deleting(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Likes")
    assert ann.buttons() == ["Leave it as it is"]


async def test_leaving_it_changes_nothing(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Name")
    await ann.press("Leave it as it is")
    assert (await shown(town, ann)).name == "Ann"


async def test_a_lunar_birthday_is_asked_for_by_button(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Birthday")
    await ann.press("It is in the lunar calendar")
    await ann.types("1988-6-1")
    assert "Birthday: 1st day of the 6th lunar month, 1988" in ann.hears()


async def test_a_birthday_of_either_calendar_is_asked_about_before_it_counts(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Birthday")
    await ann.types("九月十五")
    await ann.press("Lunar calendar")
    assert ann.sees("Birthday: 15th day of the 9th lunar month")


async def test_a_second_change_of_birthday_waits_a_year(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Birthday")
    await ann.types("17 May")
    await edit(ann, "Birthday")
    assert ann.sees("It can be changed again from")


async def test_a_wrong_e_mail_is_asked_for_again(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "E-mail")
    await ann.types("nobody")
    await ann.types("ann@example.com")
    assert (await shown(town, ann)).fields == {"email": "ann@example.com"}


async def test_too_long_a_text_is_refused(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Likes")
    await ann.types("x" * 201)
    assert "at most 200 characters" in ann.hears()


async def test_a_new_phone_comes_by_the_own_contact(town: Town) -> None:
    ann = await member(town, phone="+8613800138000")
    ann.person.phone = "+8613900139000"
    await edit(ann, "Phone")
    await ann.shares_contact()
    assert (await shown(town, ann)).phone == "139****9000"


async def test_a_typed_phone_changes_nothing(town: Town) -> None:
    ann = await member(town, phone="+8613800138000")
    await edit(ann, "Phone")
    await ann.types("13900139000")
    assert (await shown(town, ann)).phone == "138****8000"


@pytest.mark.parametrize("instead", ["/profile", "/points", "/cancel", "我的积分", "quit"])
async def test_leaving_the_question_of_the_phone_brings_the_main_keyboard_back(town: Town, instead: str) -> None:
    ann = await member(town)
    await edit(ann, "Phone")
    await ann.types(instead)
    assert keyboard_of(ann) == ["My card", "Points", "Gifts", "Profile", "Settings"]


async def test_another_members_contact_changes_nothing(town: Town) -> None:
    ann, bob = await member(town, phone="+8613800138000"), await member(town, "Bob")
    await edit(ann, "Phone")
    await ann.shares_contact(bob.person)
    assert (await shown(town, ann)).phone == "138****8000"


async def test_name_and_phone_cannot_be_deleted_by_a_forged_button(town: Town) -> None:
    ann = await member(town)
    await edit(ann, "Name")
    newest = ann.chat()[-1]
    await ann.does(lambda: ann.person.replay(town.bot, newest.id, "d:profile:name:clear"))
    assert (await shown(town, ann)).name == "Ann"


async def test_an_unknown_field_is_a_stale_button(town: Town) -> None:
    ann = await member(town)
    await ann.types("/profile")
    newest = ann.chat()[-1]
    await ann.does(lambda: ann.person.replay(town.bot, newest.id, "profileedit:tier"))
    assert ann.sees("no longer works")
