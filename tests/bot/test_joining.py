"""Joining, as the people who do it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.buttons.joining import main_keyboard
from bot.routes import make_router
from bot.routing import fold
from bot.words import Words
from db import consents, members
from loyalty.charter import DEFAULT_CHARTER, LOCALES, load
from tests.bot.joiners import JOINED, add_stores, keyboard_of, known_member, member_of, reach
from tests.bot.people import Town, open_town

_DAY = 86_400_000


async def test_five_answers_make_a_member(town: Town) -> None:
    await add_stores(town, "ximen", "nanhu")
    ann = await town.newcomer("Ann")
    await reach(ann, "store")
    await ann.press("Store nanhu")
    assert JOINED in ann.hears()


async def test_the_only_store_is_taken_without_asking(town: Town) -> None:
    (only,) = await add_stores(town, "ximen")
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    member = await member_of(town, ann)
    assert member is not None
    assert member.home_store_id == only


async def test_the_new_member_gets_the_card_as_a_picture(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    assert [message for message in ann.answers() if message.photo]


async def test_the_accepted_versions_are_recorded(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    member = await member_of(town, ann)
    assert member is not None
    given = await town.db.read(consents.list_given, member.id)
    assert {(consent.kind, consent.version) for consent in given} == {("privacy", 1), ("charter", 1)}


@pytest.mark.parametrize(
    ("label", "text"), [("Privacy policy", "We keep your name"), ("Programme rules", "earn points")]
)
async def test_the_terms_are_shown_in_full_on_request(town: Town, label: str, text: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "consent")
    await ann.press(label)
    assert ann.sees(text)


async def test_the_terms_can_be_accepted_where_they_are_read(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "consent")
    await ann.press("Privacy policy")
    await ann.press("I agree")
    assert "What is your phone number?" in ann.hears()


async def test_who_does_not_agree_is_let_go_kindly(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "consent")
    await ann.press("No, thanks")
    assert "nothing was kept" in ann.hears()


async def test_a_typed_phone_is_refused_with_why(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "phone")
    await ann.types("13800138000")
    assert "could be anybody" in ann.hears()


async def test_somebody_elses_contact_is_refused(town: Town) -> None:
    ann, bob = await town.newcomer("Ann"), await town.newcomer("Bob")
    await reach(ann, "phone")
    await ann.shares_contact(bob.person)
    assert "could be anybody" in ann.hears()


async def test_a_forwarded_own_contact_is_refused(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "phone")
    await ann.does(lambda: ann.person.forward_contact(town.bot))
    assert "could be anybody" in ann.hears()


async def test_a_forged_contact_without_account_is_refused(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "phone")
    await ann.does(lambda: ann.person.forward_contact(town.bot, user_id=None))
    assert "could be anybody" in ann.hears()


async def test_after_a_refusal_the_question_still_stands(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "phone")
    await ann.types("13800138000")
    await ann.shares_contact()
    assert "What may we call you?" in ann.hears()


async def test_another_members_phone_is_taken(town: Town) -> None:
    ann = await town.newcomer("Ann", phone="+8613800138000")
    await town.write(members.add, known_member("13800138000", user_id=999))
    await reach(ann, "phone")
    await ann.shares_contact()
    assert "belongs to another member" in ann.hears()
    assert "/cancel" in ann.hears()


async def test_a_phone_known_from_the_counter_brings_its_history(town: Town) -> None:
    ann = await town.newcomer("Ann", phone="+8613800138000")
    known = await town.write(members.add, known_member("13800138000"))
    await reach(ann, "joined")
    member = await member_of(town, ann)
    assert member is not None
    assert member.id == known.id
    assert ann.sees("We know this number from the counter")


async def test_the_name_from_telegram_is_one_tap(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.press("Ann")
    assert "Nice to meet you, Ann!" in ann.hears()


async def test_a_chinese_telegram_name_is_offered_surname_first(town: Town) -> None:
    wei = await town.newcomer("伟", last_name="陈")
    await reach(wei, "name")
    await wei.press("陈伟")
    assert "Nice to meet you, 陈伟!" in wei.hears()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>Ann</b>", "Nice to meet you, <b>Ann</b>!"),
        ("🦊 Fox", "Nice to meet you, 🦊 Fox!"),
        ("שרה", "שרה"),
        ("An\u200bn\u202e", "Nice to meet you, Ann!"),
        ("{{ 7*7 }}", "I cannot find any letters"),
        ("\u200b\u200d", "Please type your name"),
        ("A" * 4_000, "too long for a name"),
        ("%(name)s", "Nice to meet you, %(name)s!"),
    ],
)
async def test_odd_names_are_refused_or_shown_literally(town: Town, typed: str, shown: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.types(typed)
    assert shown in ann.hears()


async def test_start_again_goes_on_where_one_was(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.types("/start")
    assert "What may we call you?" in ann.hears()


@pytest.mark.parametrize("greeting", ["hello", "Hi!", "你好"])
async def test_a_greeting_half_way_is_returned_before_the_question_comes_again(town: Town, greeting: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "consent")
    await ann.types(greeting)
    greeted, asked = (message.shown for message in ann.answers())
    assert "Hello! You are on the way in." in greeted
    assert "With “I agree” you accept both." in asked


async def test_join_again_goes_on_where_one_was(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types("/join")
    assert "When is your birthday" in ann.hears()


async def test_a_change_of_language_half_way_asks_again_in_the_new_one(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "consent")
    await ann.types("/language")
    await ann.press("简体中文")
    assert "我同意" in ann.buttons()


async def test_a_change_of_language_half_way_does_not_disturb(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.types("/language")
    await ann.press("English")
    await ann.types("Ann")
    assert "Nice to meet you, Ann!" in ann.hears()


@pytest.mark.parametrize("asked", ["/help", "/privacy"])
async def test_asking_half_way_does_not_disturb(town: Town, asked: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.types(asked)
    await ann.types("Ann")
    assert "Nice to meet you, Ann!" in ann.hears()


@pytest.mark.parametrize("asked", ["/profile", "/points", "/card", "/desk", "My card", "积分"])
async def test_what_is_not_for_them_yet_does_not_end_joining(town: Town, asked: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types(asked)
    await ann.types("17 May")
    assert JOINED in ann.hears()


async def test_who_is_on_the_way_in_is_offered_to_go_on(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types("/points")
    await ann.press("Go on joining")
    assert "When is your birthday?" in ann.hears()


async def test_the_name_button_goes_away_with_its_question(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.types("Ann Li")
    assert keyboard_of(ann) == []


async def test_a_member_of_staff_who_leaves_joining_is_told_so(town: Town) -> None:
    owner = await town.owner()
    await reach(owner, "phone")
    await owner.types("/desk")
    assert "Joining ends here for now" in owner.hears()
    assert keyboard_of(owner) == []


async def test_cancel_ends_joining(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.types("/cancel")
    await ann.types("Ann")
    assert await member_of(town, ann) is None


async def test_after_a_week_of_silence_joining_ends_kindly(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    town.clock.forward(8 * _DAY)
    await ann.types("Ann")
    assert "start afresh" in ann.hears()


async def test_an_upgrade_half_way_ends_kindly(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await town.write(lambda tx: tx.run("UPDATE dialogue SET step = 'gone'"))
    await ann.types("Ann")
    assert "start again" in ann.hears()


async def test_after_an_upgrade_start_goes_on_with_what_was_answered(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await town.write(lambda tx: tx.run("UPDATE dialogue SET step = 'gone'"))
    await ann.types("/start")
    assert "What may we call you?" in ann.hears()


async def test_a_member_who_starts_is_greeted(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    await ann.types("/start")
    assert "Hello, Ann Li!" in ann.hears()


async def test_a_member_cannot_join_again(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    await ann.types("/join")
    assert "You are a member already" in ann.hears()


def charter_with(condition: str) -> str:
    return DEFAULT_CHARTER.replace('condition = "open"\namount = 0 ', f'condition = "{condition}"\namount = 100 ')


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("invitation", "by invitation"),
        ("single_purchase", "¥100.00 in one purchase"),
        ("spent", "¥100.00 within 30 days"),
    ],
)
async def test_who_may_not_join_yet_is_told_what_is_missing(tmp_path: Path, condition: str, told: str) -> None:
    async with open_town(tmp_path, charter=charter_with(condition)) as town:
        ann = await town.newcomer("Ann")
        await reach(ann, "phone")
        await ann.shares_contact()
        assert told in ann.hears()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_key_of_the_main_keyboard_is_a_word_the_routes_know(locale: str) -> None:
    words, router = Words(load(DEFAULT_CHARTER), clock=lambda: 0), make_router()
    keyboard = main_keyboard(lambda msgid: words.gettext(locale, msgid), {})
    labels = [button["text"] for row in keyboard["keyboard"] for button in row]
    known = {fold(word) for route in router.routes for word in route.words}
    assert [label for label in labels if fold(label) not in known] == []


async def test_joining_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with open_town(tmp_path) as before:
        ann = await before.newcomer("Ann")
        await reach(ann, "name")
    async with open_town(tmp_path, world=before.world) as after:
        ann.town = after
        await ann.types("Ann")
        assert "Nice to meet you, Ann!" in ann.hears()
