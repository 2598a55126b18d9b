"""The counter, as the clerk who stands there and the people in the queue."""

from __future__ import annotations

from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from PIL import Image, ImageEnhance

from actions import staff as roles
from bot.pictures.cards import CardFace, draw_card
from db import audit, members, people, profiles, staff, stores
from db.database import Tx
from db.members import Member, NewMember
from loyalty import phones
from loyalty.birthdays import Birthday
from loyalty.days import add_days, local_date
from loyalty.roles import Role
from tests.bot.people import USERNAME, Resident, Town

NAMES = {"王小芳": "13800138000", "王晓芳": "13900138000", "Anna Berg": "13700001111"}
MINUTE = 60_000


@pytest_asyncio.fixture
async def clerk(town: Town) -> Resident:
    """Works at ximen, the only store; three members are known."""
    clerk = await town.newcomer("Carl")
    await town.write(_furnish, clerk.id)
    await clerk.opens()
    return clerk


def _furnish(tx: Tx, clerk_id: int) -> None:
    store_id = stores.add(tx, "ximen", "Ximen", "", "", 1)
    assert store_id
    staff.appoint(tx, clerk_id, store_id, Role.CLERK, "Carl", invited_by=1)
    for name, phone in NAMES.items():
        _enrol(tx, name, phone)


def _enrol(tx: Tx, name: str, phone: str, birthday: Birthday | None = None, user_id: int = 0) -> Member:
    new = NewMember(
        name=name, phone=phones.parse(phone, "CN"), birthday=birthday, tier="classic", source="counter",
        home_store_id=1, referrer_id=0, charter_version=1, card_prefix="29", joined_at=tx.now, user_id=user_id,
    )  # fmt: skip
    return members.add(tx, new)


async def token_of(town: Town, member_id: int = 1) -> str:
    token: str = await town.db.read(members.card_token_of, member_id)
    return token


async def purchases_of(town: Town, member_id: int = 1) -> list[int]:
    rows = await town.db.read(lambda tx: tx.all("SELECT amount FROM purchase WHERE member_id = :m", m=member_id))
    return [row[0] for row in rows]


async def audited(town: Town) -> list[tuple[str, int]]:
    records = await town.db.read(audit.list_latest, 50)
    return [(record.action, record.member_id) for record in records]


def jpeg(image: Image.Image) -> bytes:
    file = BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=60)
    return file.getvalue()


async def card_photo(town: Town, *, degrees: float = 0, light: float = 1) -> bytes:
    token = await token_of(town)
    member = await town.db.read(members.get, 1)
    link = f"https://t.me/{USERNAME}?start=m_{token}"
    picture = draw_card(CardFace("老友会", "王小芳", "金卡", "#B8902E", member.number, link, "zh_Hans"))
    tilted = Image.open(BytesIO(picture)).convert("RGB").rotate(degrees, expand=True, fillcolor=(70, 60, 60))
    return jpeg(ImageEnhance.Brightness(tilted).enhance(light))


# Two messages


async def test_scanning_the_card_and_typing_the_amount_records_a_purchase(town: Town, clerk: Resident) -> None:
    await clerk.opens(f"m_{await token_of(town)}")
    assert "王小芳" in clerk.hears()
    await clerk.types("86.50")
    assert await purchases_of(town) == [8650]
    assert any(label.startswith("↩️ Undo") for label in clerk.buttons())


async def test_phone_and_amount_in_one_message_record_a_purchase(town: Town, clerk: Resident) -> None:
    await clerk.types("１３８００１３８０００　８６．５０")
    assert await purchases_of(town) == [8650]


async def test_after_the_purchase_the_counter_is_free(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("86.50")
    await clerk.types("12.50")
    assert await purchases_of(town) == [8650]
    assert "Whose purchase is it?" in clerk.hears()


async def test_a_member_forgotten_at_the_counter_is_not_credited(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    town.clock.forward(31 * MINUTE)
    await clerk.types("86.50")
    assert await purchases_of(town) == []
    assert "Nothing was recorded" in clerk.hears()


async def test_the_customer_before_is_not_credited_when_the_next_is_not_found(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("13611112222")
    await clerk.types("86.50")
    assert await purchases_of(town) == []


async def test_the_next_customer_takes_the_place_of_the_one_before(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("13700001111")
    await clerk.types("86.50")
    assert (await purchases_of(town), await purchases_of(town, 3)) == ([], [8650])


async def test_a_command_in_between_leaves_the_member(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("/desk")
    await clerk.types("86.50")
    assert await purchases_of(town) == []


async def test_a_slip_in_the_amount_keeps_the_member_open(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("86.505")
    await clerk.types("86.50")
    assert await purchases_of(town) == [8650]


async def test_the_button_opens_the_member_again(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("86.50")
    await clerk.press("💰 Record a purchase")
    await clerk.types("10")
    assert await purchases_of(town) == [8650, 1000]


async def test_the_next_customers_four_digits_are_no_amount_for_the_last_one(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("1111")
    assert "Nothing is recorded yet." in clerk.hears()
    await clerk.press("🔎 Find the phone …1111")
    await clerk.types("20")
    assert (await purchases_of(town, 1), await purchases_of(town, 3)) == ([], [2000])


async def test_four_digits_are_an_amount_if_the_clerk_says_so(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("1111")
    await clerk.press("💰 It is the amount")
    assert await purchases_of(town) == [111_100]


# Finding


@pytest.mark.parametrize("query", ["13800138000", "+86 138 0013 8000", "王小芳", "berg", "ab", "Anna Berg", "1111"])
async def test_one_hit_opens_the_member(clerk: Resident, query: str) -> None:
    await clerk.types(query)
    assert "Now type the amount." in clerk.hears()


async def test_the_card_number_opens_the_member(town: Town, clerk: Resident) -> None:
    member = await town.db.read(members.get, 1)
    await clerk.types(f"/member {member.number}")
    assert "王小芳" in clerk.hears()


@pytest.mark.parametrize("query", ["8000", "wangxiaofang", "wxf"])
async def test_several_hits_are_told_apart_without_whole_phones(clerk: Resident, query: str) -> None:
    await clerk.types(query)
    assert "138****8000" in clerk.hears()
    assert "139****8000" in clerk.hears()
    assert "13800138000" not in clerk.hears()


async def test_a_hit_is_opened_by_its_button(town: Town, clerk: Resident) -> None:
    await clerk.types("8000")
    await clerk.press("王晓芳")
    await clerk.types("20")
    assert (await purchases_of(town, 1), await purchases_of(town, 2)) == ([], [2000])


async def test_several_hits_with_an_amount_take_one_press(town: Town, clerk: Resident) -> None:
    await clerk.types("8000 86.50")
    await clerk.press("王晓芳")
    assert (await purchases_of(town, 1), await purchases_of(town, 2)) == ([], [8650])


async def test_nobody_found_says_what_else_to_try(clerk: Resident) -> None:
    await clerk.types("赵钱孙")
    assert "I find nobody by this name" in clerk.hears()


# The view


async def test_the_view_shows_what_to_know_and_masks_the_phone(town: Town, clerk: Resident) -> None:
    await town.write(profiles.put, 1, "allergies", "peanuts")
    await town.write(profiles.put, 1, "likes", "pour-over")
    await clerk.types("13800138000")
    for told in ("Allergies: peanuts", "Likes: pour-over", "138****8000", "0 points", "No purchases yet"):
        assert told in clerk.hears()
    assert "13800138000" not in clerk.hears()


async def test_a_birthday_is_shown_when_it_is_near(town: Town, clerk: Resident) -> None:
    await town.write(lambda tx: members.set_birthday(tx, 1, _in_days(town, 3)))
    await town.write(lambda tx: members.set_birthday(tx, 3, _in_days(town, 40)))
    await clerk.types("13800138000")
    assert "Birthday in 3 days" in clerk.hears()
    await clerk.types("13700001111")
    assert "Birthday" not in clerk.hears()


@pytest.mark.parametrize(("days", "said"), [(0, "💡 Wish a happy birthday"), (3, "💡 Their birthday is in 3 days")])
async def test_what_to_say_of_a_birthday_fits_the_day(town: Town, clerk: Resident, days: int, said: str) -> None:
    await town.write(lambda tx: members.set_birthday(tx, 1, _in_days(town, days)))
    await clerk.types("13800138000")
    assert said in clerk.hears()


def _in_days(town: Town, days: int) -> Birthday:
    day = add_days(local_date(town.clock.now(), ZoneInfo("Asia/Shanghai")), days)
    return Birthday(day.month, day.day)


async def test_the_last_purchases_are_shown_by_pages(town: Town, clerk: Resident) -> None:
    for amount in range(10, 19):
        await clerk.types(f"13800138000 {amount}")
    await clerk.types("13800138000")
    await clerk.press("🧾 Purchases")
    assert "18.00" in clerk.hears()
    assert "10.00" not in clerk.hears()
    await clerk.press("Older")
    assert clerk.sees("10.00")


async def test_a_whole_phone_is_revealed_and_noted(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.press("📞 Whole phone")
    assert "+8613800138000" in clerk.hears()
    assert ("member_revealed", 1) in await audited(town)


async def test_looking_at_the_phone_keeps_the_member_open(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.press("📞 Whole phone")
    await clerk.types("86.50")
    assert await purchases_of(town) == [8650]


# Photos


@pytest.mark.parametrize(("degrees", "light"), [(0, 1), (25, 0.3)])
async def test_a_photo_of_the_card_opens_the_member(town: Town, clerk: Resident, degrees: float, light: float) -> None:
    photo = await card_photo(town, degrees=degrees, light=light)
    await clerk.does(lambda: clerk.person.send_photo(town.bot, photo))
    assert "王小芳" in clerk.hears()


async def test_a_photo_sent_as_a_file_opens_the_member(town: Town, clerk: Resident) -> None:
    photo = await card_photo(town)
    await clerk.does(lambda: clerk.person.send_document(town.bot, photo, "card.jpg", mime="image/jpeg"))
    assert "王小芳" in clerk.hears()


async def test_a_photo_with_the_amount_below_is_a_purchase(town: Town, clerk: Resident) -> None:
    photo = await card_photo(town)
    await clerk.does(lambda: clerk.person.send_photo(town.bot, photo, caption="86.50"))
    assert await purchases_of(town) == [8650]


async def test_a_photo_without_a_card_gets_a_tip_and_closes_the_member(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    blank = jpeg(Image.new("RGB", (400, 300), (90, 90, 90)))
    await clerk.does(lambda: clerk.person.send_photo(town.bot, blank))
    assert "I see no card of ours" in clerk.hears()
    await clerk.types("86.50")
    assert await purchases_of(town) == []


async def test_a_customers_photo_is_declined_kindly(town: Town, clerk: Resident) -> None:
    bob = await town.newcomer("Bob")
    photo = await card_photo(town)
    await bob.does(lambda: bob.person.send_photo(town.bot, photo))
    assert "I can only read cards for our staff" in bob.hears()


# Who may


async def test_a_stranger_learns_nothing_from_a_card(town: Town, clerk: Resident) -> None:
    bob = await town.newcomer("Bob")
    await bob.opens(f"m_{await token_of(town)}")
    real = bob.hears()
    await bob.opens("m_AAAAAAAAAAAAAAAAAAAAAA")
    assert bob.hears() == real
    assert "王" not in real


async def test_the_owner_of_a_card_gets_the_card(town: Town, clerk: Resident) -> None:
    dora = await town.newcomer("Dora")
    member = await town.write(_enrol, "Dora", "13700002222", None, dora.id)
    await dora.opens(f"m_{await token_of(town, member.id)}")
    assert member.number in dora.hears()


@pytest.mark.parametrize("data", ["desk:1", "amount:1", "visits:1", "visitpage:1:0", "reveal:1", "deskstore:1"])
async def test_a_stranger_cannot_press_the_counters_buttons(town: Town, clerk: Resident, data: str) -> None:
    bob = await town.newcomer("Bob")
    await bob.opens()
    message = bob.chat()[-1]
    await bob.does(lambda: bob.person.replay(town.bot, message.id, data))
    assert "This is for our staff" in bob.reads()
    assert "王" not in bob.reads()


@pytest.mark.parametrize("command", ["/desk", "/member", "/member 13800138000"])
async def test_a_stranger_is_refused_at_the_counter(town: Town, clerk: Resident, command: str) -> None:
    bob = await town.newcomer("Bob")
    await bob.types(command)
    assert "This is for our staff" in bob.hears()


async def test_a_members_typed_phone_finds_nobody(town: Town, clerk: Resident) -> None:
    bob = await town.newcomer("Bob")
    await bob.types("13800138000")
    assert "I did not quite get that" in bob.hears()


async def test_a_removed_clerk_can_do_nothing_at_once(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    owner = await town.owner()
    await town.write(_dismiss, owner.id, clerk.id)
    await clerk.types("86.50")
    assert await purchases_of(town) == []
    await clerk.press("📞 Whole phone")
    assert "This is for our staff" in clerk.hears()


def _dismiss(tx: Tx, owner_id: int, clerk_id: int) -> None:
    owner = people.get(tx, owner_id)
    assert owner
    roles.remove(tx, owner, staff.list_posts(tx, clerk_id)[0].id)


@pytest.mark.parametrize(
    "data", ["desk:", "desk:x", "desk:999999", "visits:1:x", "visitpage:1:99999999999999999", "amount:-1"]
)
async def test_a_forged_button_does_no_harm(town: Town, clerk: Resident, data: str) -> None:
    message = clerk.chat()[-1]
    await clerk.does(lambda: clerk.person.replay(town.bot, message.id, data))
    assert "went wrong" not in clerk.hears()


# The clerk's home


async def test_the_counter_shows_store_and_own_figures(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000 86.50")
    await clerk.types("13800138000 13.50")
    await clerk.types("/desk")
    assert "Ximen" in clerk.hears()
    assert "You recorded 2 purchases today, ¥100.00 in all." in clerk.hears()


async def test_at_several_stores_the_clerk_chooses_once(town: Town, clerk: Resident) -> None:
    second = await town.write(stores.add, "nanhu", "Nanhu", "", "", 1)
    await town.write(staff.appoint, clerk.id, second, Role.CLERK, "Carl", 1)
    await clerk.types("13800138000")
    await clerk.types("86.50")
    await clerk.press("🏬 Choose the store")
    await clerk.press("🏬 Nanhu")
    await clerk.types("86.50")
    assert await purchases_of(town) == [8650]
    assert "Nanhu" in clerk.hears()


async def test_nobody_chooses_a_store_they_do_not_work_at(town: Town, clerk: Resident) -> None:
    await town.write(stores.add, "nanhu", "Nanhu", "", "", 1)
    message = clerk.chat()[-1]
    await clerk.does(lambda: clerk.person.replay(town.bot, message.id, "deskstore:2"))
    assert "Nanhu" not in clerk.hears()
