"""Gifts as members know them: turned over, reserved in three taps, handed over, given up, waited for."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pytest_asyncio
import zxingcpp
from PIL import Image

from actions import catalogue, stocks
from bot.jobs import gifts as job
from db import ledger_checks, people
from db.members import Member
from loyalty.gifts import Terms
from loyalty.lots import NEVER
from loyalty.roles import Role
from simulator.people import Press
from tests.actions.gift_shops import give
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town

MUG = Terms({"zh_Hans": "马克杯", "en": "Mug"}, 100, 0, "", 0, 0, 0, NEVER, 0)
PEN = Terms({"en": "Pen"}, 400, 250, "", 0, 0, 0, NEVER, 0)


@dataclass
class GiftTown:
    """Ann has 350 points; two mugs lie at West Gate, one at East Gate, a pen at West Gate, where Carl is the clerk."""

    town: Town
    ann: Resident
    carl: Resident
    member: Member
    west: int
    east: int
    mug: int
    pen: int

    async def points(self) -> int:
        return int(await self.town.db.read(_balance, self.member.id))

    def code(self) -> str:
        """On the newest message with one, as Ann reads it."""
        shown = next(said.shown for said in reversed(self.ann.chat()) if "Show this code" in said.shown)
        return shown.splitlines()[1]

    async def reserve(self) -> str:
        await self.ann.types("/gifts")
        for label in ("🎁 Redeem", "🏬 West Gate", "✅ Confirm"):
            await self.ann.press(label)
        return self.code()

    async def restock(self, pieces: int) -> None:
        owner = await self.town.db.read(people.get, (await self.town.owner()).id)
        await self.town.write(stocks.restock, owner, self.mug, self.west, pieces)
        await self.town.settled()


def _balance(tx: object, member_id: int) -> int:
    from db import accounts

    return accounts.get(tx, member_id).available  # type: ignore[arg-type]


@pytest_asyncio.fixture
async def place(town: Town) -> GiftTown:
    ann, carl, owner = await town.newcomer("Ann"), await town.newcomer("Carl"), await town.owner()
    west, east = await town.write(add_store, "ximen", "West Gate"), await town.write(add_store, "dongmen", "East Gate")
    await town.write(hire, carl.id, west, Role.CLERK)
    member = await town.write(add_member, "Ann", "13800138000", ann.id)
    await town.write(give, member.id, 350)
    await ann.opens()
    await carl.opens()
    boss = await town.db.read(people.get, owner.id)
    mug = await town.write(catalogue.create, boss, MUG, 0, {west: 2, east: 1})
    pen = await town.write(catalogue.create, boss, PEN, 0, {west: 1})
    return GiftTown(town, ann, carl, member, west, east, mug.params["gift_id"], pen.params["gift_id"])


async def test_the_catalogue_turns_its_pages_in_place(place: GiftTown) -> None:
    await place.ann.types("礼品")
    assert "Mug" in place.ann.hears()
    assert "2 left" in place.ann.hears()
    shown = len(place.ann.chat())
    await place.ann.press("▶")
    assert len(place.ann.chat()) == shown
    page = place.ann.chat()[-1]
    assert "Pen" in page.shown
    assert "400 points + ¥2.50" in page.shown
    assert "lack 50 points" in page.shown
    assert "🎁 Redeem" not in page.buttons
    assert page.media is not None
    await place.ann.press("◀")
    assert "Mug" in place.ann.chat()[-1].shown
    await place.ann.press("▶")
    assert "Pen" in place.ann.chat()[-1].shown


async def test_a_page_seen_before_is_not_uploaded_again(place: GiftTown) -> None:
    await place.ann.types("/gifts")
    first = place.ann.chat()[-1].media
    await place.ann.types("/gifts")
    assert first is not None
    assert place.ann.chat()[-1].media is first


async def test_three_taps_reserve_it(place: GiftTown) -> None:
    code = await place.reserve()
    assert len(code) == 9
    assert await place.points() == 250
    assert place.ann.sees("Collect it by")


async def test_the_picture_of_the_code_is_read_by_any_scanner(place: GiftTown) -> None:
    code = await place.reserve()
    sent = place.ann.chat()[-1].media
    assert sent is not None
    found = zxingcpp.read_barcodes(Image.open(BytesIO(sent.file.data)))
    said = {symbol.format.name: symbol.text for symbol in found}
    plain = code.replace("-", "")
    assert said == {"Code128": plain, "QRCode": f"https://t.me/regulars_test_bot?start=g_{plain}"}
    assert {symbol.format.name for symbol in found} == {"QRCode", "Code128"}


async def test_no_trace_of_a_code_is_kept_with_the_pictures(place: GiftTown) -> None:
    await place.reserve()
    kept = await place.town.db.read(lambda tx: tx.value("SELECT COUNT(*) FROM picture_file"))
    assert kept == 1


async def test_twenty_taps_on_confirm_reserve_one(place: GiftTown) -> None:
    await place.ann.types("/gifts")
    await place.ann.press("🎁 Redeem")
    await place.ann.press("🏬 West Gate")
    await place.ann.does(lambda: [_press(place.ann, "✅ Confirm") for _ in range(20)])
    assert await place.points() == 250


async def test_an_old_confirm_shows_the_same_code_again(place: GiftTown) -> None:
    await place.ann.types("/gifts")
    await place.ann.press("🎁 Redeem")
    await place.ann.press("🏬 West Gate")
    asked = place.ann.chat()[-1]
    data = asked.inline_keyboard[0][0]["callback_data"]
    await place.ann.press("✅ Confirm")
    code = place.code()
    place.town.clock.forward(60_000)
    await place.ann.does(lambda: place.ann.person.replay(place.town.bot, asked.id, data))
    assert place.code() == code
    assert await place.points() == 250


async def test_the_clerk_types_the_code_and_the_member_is_told(place: GiftTown) -> None:
    code = await place.reserve()
    await place.carl.types(f"/verify {code}")
    assert "Hand over Mug to Ann" in place.carl.hears()
    assert place.ann.sees("Handed over at West Gate: Mug")
    await place.carl.types(f"/verify {code}")
    assert "Handed over already" in place.carl.hears()
    assert await place.town.db.read(ledger_checks.discrepancies) == []


async def test_without_a_code_it_asks(place: GiftTown) -> None:
    code = await place.reserve()
    await place.carl.types("/verify")
    assert "Type the code" in place.carl.hears()
    await place.carl.types(code.lower())
    assert "Hand over Mug" in place.carl.hears()


async def test_the_code_typed_at_the_counter_needs_no_command(place: GiftTown) -> None:
    await place.carl.types(await place.reserve())
    assert "Hand over Mug to Ann" in place.carl.hears()


async def test_a_clerk_scans_the_code_with_the_phones_camera(place: GiftTown) -> None:
    code = (await place.reserve()).replace("-", "")
    await place.carl.opens(f"g_{code}")
    assert "Hand over Mug to Ann" in place.carl.hears()
    await place.carl.opens(f"g_{code}")
    assert "Handed over already" in place.carl.hears()


async def test_a_codes_link_shows_its_owner_the_code_and_others_nothing(place: GiftTown) -> None:
    code = await place.reserve()
    link = f"g_{code.replace('-', '')}"
    await place.ann.opens(link)
    assert code in place.ann.hears()
    stranger = await place.town.newcomer("Eve")
    await stranger.opens(link)
    told = stranger.hears()
    assert "of use to them only" in told
    await stranger.opens("g_00000000")
    assert stranger.hears() == told


async def test_a_photo_of_the_code_will_do(place: GiftTown) -> None:
    await place.reserve()
    sent = place.ann.chat()[-1].media
    assert sent is not None
    await place.carl.types("/verify")
    await place.carl.does(lambda: place.carl.person.send_photo(place.town.bot, sent.file.data))
    assert "Hand over Mug" in place.carl.hears()


async def test_a_photo_of_the_code_needs_no_command(place: GiftTown) -> None:
    await place.reserve()
    sent = place.ann.chat()[-1].media
    assert sent is not None
    await place.carl.does(lambda: place.carl.person.send_photo(place.town.bot, sent.file.data))
    assert "Hand over Mug" in place.carl.hears()


async def test_a_photo_without_a_code_is_told_and_the_question_stands(place: GiftTown) -> None:
    code = await place.reserve()
    await place.carl.types("/verify")
    file = BytesIO()
    Image.new("RGB", (200, 200), "white").save(file, "JPEG")
    await place.carl.does(lambda: place.carl.person.send_photo(place.town.bot, file.getvalue()))
    assert "I see no code" in place.carl.hears()
    await place.carl.types(code)
    assert "Hand over Mug" in place.carl.hears()


async def test_five_wrong_codes_lock_the_clerk_and_tell_the_owner(place: GiftTown) -> None:
    code, owner = await place.reserve(), await place.town.owner()
    for _ in range(5):
        await place.carl.types("/verify 00000000")
    assert "locked for you for 10 minutes" in place.carl.hears()
    assert owner.sees("typed five wrong gift codes")
    await place.carl.types("/verify")
    assert "Please wait 10 minutes." in place.carl.hears()
    place.town.clock.forward(9 * 60_000 + 1_000)
    await place.carl.types("/verify")
    assert "seconds." in place.carl.hears()
    await place.carl.types(f"/verify {code}")
    assert "Too many tries" in place.carl.hears()
    place.town.clock.forward(10 * 60_000)
    await place.carl.types(f"/verify {code}")
    assert "Hand over Mug" in place.carl.hears()


async def test_members_verify_nothing(place: GiftTown) -> None:
    code = await place.reserve()
    await place.ann.types(f"/verify {code}")
    assert "This is for our staff" in place.ann.hears()


async def test_giving_up_is_asked_back_in_place(place: GiftTown) -> None:
    await place.reserve()
    shown = len(place.ann.chat())
    await place.ann.press("Give it up")
    assert "Do you want to give it up?" in place.ann.chat()[-1].shown
    await place.ann.press("No, keep it")
    assert "Show this code" in place.ann.chat()[-1].shown
    place.town.clock.forward(60_000)
    await place.ann.press("Give it up")
    await place.ann.press("Yes, cancel it")
    assert "100 points are back. You have 350 points." in place.ann.chat()[-1].shown
    assert len(place.ann.chat()) == shown


async def test_what_is_reserved_is_listed_with_its_codes(place: GiftTown) -> None:
    code = await place.reserve()
    await place.ann.types("/gifts")
    await place.ann.press("🎟 My gifts to collect")
    assert code in place.ann.hears()
    await place.ann.press(f"🎟 {code}")
    assert code in place.ann.hears()


async def test_what_is_not_collected_comes_back(place: GiftTown) -> None:
    await place.reserve()
    place.town.clock.forward(8 * 86_400_000)
    done = await job.sweep(place.town.db)
    assert done["reservations_lapsed"] == 1
    assert (await job.sweep(place.town.db))["reservations_lapsed"] == 0
    assert await place.points() == 350


async def test_who_waits_is_told_and_takes_it(place: GiftTown) -> None:
    await _sell_out(place)
    await place.ann.types("/gifts")
    await place.ann.press("🔔 Tell me")
    await place.ann.press("Any store")
    assert "you are next" in place.ann.chat()[-1].shown
    _to_noon(place)
    await place.restock(1)
    await job.sweep(place.town.db)
    await place.town.settled()
    assert place.ann.sees("It is back: Mug")
    await place.ann.press("🎁 Take it")
    assert "Show this code" in place.ann.hears()
    assert await place.points() == 250


async def test_who_waits_may_pass_it_on_or_stop_waiting(place: GiftTown) -> None:
    await _sell_out(place)
    await place.ann.types("/gifts")
    await place.ann.press("🔔 Tell me")
    await place.ann.press("🏬 West Gate")
    await place.ann.press("🔕 Stop waiting")
    assert "🔔 Tell me when it is back" in place.ann.chat()[-1].buttons
    place.town.clock.forward(60_000)
    await place.ann.press("🔔 Tell me")
    await place.ann.press("🏬 West Gate")
    _to_noon(place)
    await place.restock(1)
    await job.sweep(place.town.db)
    await place.town.settled()
    await place.ann.press("Pass it on")
    assert "goes to whoever waits next" in place.ann.chat()[-1].shown


async def test_strangers_are_asked_to_join(place: GiftTown) -> None:
    bob = await place.town.newcomer("Bob")
    await bob.types("/gifts")
    assert "/join" in bob.hears()


async def _sell_out(place: GiftTown) -> None:
    owner = await place.town.db.read(people.get, (await place.town.owner()).id)
    await place.town.write(stocks.restock, owner, place.mug, place.west, -2)
    await place.town.write(stocks.restock, owner, place.mug, place.east, -1)


def _to_noon(place: GiftTown) -> None:
    """Four in the morning UTC is noon at home: nobody's night."""
    day = 86_400_000
    place.town.clock.forward((4 * 3_600_000 - place.town.clock.now()) % day)


def _press(person: Resident, label: str) -> Press:
    message = next(said for said in reversed(person.chat()) if label in said.buttons)
    return person.person.press(person.town.bot, message.id, label)
