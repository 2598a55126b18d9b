"""Coupons in chat: a member's wallet, and managers who make, give, change and stop them."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image

from actions import charters, coupons
from bot.words import Words
from db.database import Tx
from db.members import Member
from loyalty.charter import DEFAULT_CHARTER, load
from loyalty.jobs import DAY_MS
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town
from tests.bot.samples import SAMPLES

NOON = 1_740_974_400_000  # 2025-03-03 12:00 in Xi'an
BY_DAYS = {
    3: "A coupon of yours can be used for 3 more days, until Mar 6, 2025:",
    1: "A coupon of yours can be used for 1 more day, until Mar 4, 2025:",
    0: "Today is the last day of a coupon of yours:",
}


def give(tx: Tx, member_id: int, code: str) -> int:
    key = f"test:{tx.random(8).hex()}"
    granted = coupons.grant(tx, charters.current(tx), member_id, code, "promotion", key)
    assert granted is not None
    return granted


@dataclass
class CouponTown:
    """Ann is a member, Carl a clerk at West Gate, Olivia the owner."""

    town: Town
    ann: Resident
    carl: Resident
    owner: Resident
    member: Member

    async def grant(self, code: str) -> int:
        return int(await self.town.write(give, self.member.id, code))


@pytest_asyncio.fixture
async def place(town: Town) -> CouponTown:
    ann, carl, owner = await town.newcomer("Ann"), await town.newcomer("Carl"), await town.owner()
    west = await town.write(add_store, "ximen", "West Gate")
    await town.write(hire, carl.id, west, Role.CLERK)
    member = await town.write(add_member, "Ann", "13800138000", ann.id)
    await ann.opens()
    await carl.opens()
    return CouponTown(town, ann, carl, owner, member)


async def test_an_empty_wallet_says_how_coupons_come(place: CouponTown) -> None:
    await place.ann.types("/coupons")
    assert "Coupons come for your birthday" in place.ann.hears()


async def test_the_wallet_says_what_each_gives_from_when_on_and_until_when(place: CouponTown) -> None:
    await place.grant("welcome")
    await place.grant("more")
    await place.ann.types("my coupons")
    heard = place.ann.hears()
    assert "¥10.00 off" in heard
    assert "From ¥50.00 on" in heard
    assert "¥30.00 off ¥200.00 · ¥100.00 off ¥500.00" in heard
    assert "Good until" in heard


async def test_the_wallet_has_pages(place: CouponTown) -> None:
    for _ in range(6):
        await place.grant("more")
    await place.ann.types("/coupons")
    assert "1 / 2" in place.ann.hears()
    await place.ann.press("▶")
    assert place.ann.sees("2 / 2")
    assert [label for label in place.ann.buttons() if label.startswith("🎟")] == ["🎟 Spend and save"]


async def test_a_coupon_shows_its_code_as_letters_qr_and_bars(place: CouponTown) -> None:
    await place.grant("more")
    await place.ann.types("/coupons")
    await place.ann.press("🎟 Spend and save")
    code = place.ann.hears().splitlines()[1].replace("-", "")
    sent = place.ann.chat()[-1].media
    assert sent is not None
    read = {found.format: found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(sent.file.data)))}
    assert read[zxingcpp.BarcodeFormat.Code128] == code
    assert read[zxingcpp.BarcodeFormat.QRCode].endswith(f"start=g_{code}")


async def test_nobody_sees_the_code_of_another(place: CouponTown) -> None:
    coupon_id = await place.grant("more")
    eve = await place.town.newcomer("Eve")
    await place.town.write(add_member, "Eve", "13900139000", eve.id)
    await eve.opens()
    last = eve.chat()[-1].id
    await eve.does(lambda: eve.person.replay(place.town.bot, last, f"coupon:{coupon_id}"))
    assert eve.sees("There is no such coupon any more")


async def test_a_manager_makes_a_coupon_in_five_answers_and_gives_it(place: CouponTown) -> None:
    owner = place.owner
    await owner.types("/coupon")
    await owner.press("➕ A new coupon")
    await owner.types("满100减20 满300减80")
    await owner.types("春日满减")
    await owner.press("No minimum")
    await owner.press("30 days")
    await owner.types("1 100 500")
    assert "¥20.00 off ¥100.00 · ¥80.00 off ¥300.00" in owner.hears()
    assert "100 of 100 are left to give" in owner.hears()
    await owner.press("🎟 Give to a member")
    await owner.types("13800138000")
    assert "Ann has it now" in owner.hears()
    await place.ann.types("/coupons")
    assert "春日满减" in place.ann.hears()


async def test_no_more_is_given_than_the_limits_say(place: CouponTown) -> None:
    owner = place.owner
    await owner.types("/coupon")
    await owner.press("🎟 Welcome: 10 off")
    for label in ("🎟 Give to a member", "🎟 To one more"):
        await owner.press(label)
        await owner.types("13800138000")
    assert "has had as many as one may" in owner.hears()


async def test_a_stopped_coupon_can_go_on(place: CouponTown) -> None:
    owner = place.owner
    await owner.types("/coupon")
    await owner.press("🎟 Spend and save")
    await owner.press("🚫 Stop")
    assert owner.sees("(stopped)")
    await owner.press("♻️ Go on")
    assert "🚫 Stop" in owner.buttons()


async def test_one_made_in_chat_can_be_changed_and_old_ones_keep_their_terms(place: CouponTown) -> None:
    owner = place.owner
    await owner.types("/coupon")
    await owner.press("➕ A new coupon")
    for answer in ("10", "Ten off", "0", "30", "-"):
        await owner.types(answer)
    await owner.press("🎟 Give to a member")
    await owner.types("13800138000")
    await owner.press("◀ Back")
    await owner.press("✏️ Change")
    await owner.press("What it gives")
    await owner.types("5")
    assert "¥5.00 off" in owner.hears()
    await place.ann.types("/coupons")
    assert "¥10.00 off" in place.ann.hears()


async def test_an_unreadable_value_is_asked_for_again(place: CouponTown) -> None:
    await place.owner.types("/coupon")
    await place.owner.press("➕ A new coupon")
    await place.owner.types("lots")
    assert "15% max 50" in place.owner.hears()
    await place.owner.types("15% max 50")
    assert "What is it called?" in place.owner.hears()


async def test_clerks_do_not_make_coupons(place: CouponTown) -> None:
    await place.carl.types("/coupon")
    assert "➕ A new coupon" not in place.carl.buttons()


async def test_managers_give_themselves_nothing(place: CouponTown) -> None:
    await place.town.write(add_member, "Olivia", "13700137000", place.owner.id)
    await place.owner.types("/coupon")
    await place.owner.press("🎟 Spend and save")
    await place.owner.press("🎟 Give to a member")
    await place.owner.types("13700137000")
    assert "Nobody gives or accepts coupons of their own" in place.owner.hears()


def lapsing(*days: int) -> str:
    """What the reminder of coupons that lapse so many days from now begins with."""
    told = [SAMPLES["coupon_lapsing"]["coupons"][0] | {"until": NOON + ahead * DAY_MS} for ahead in days]
    words = Words(load(DEFAULT_CHARTER), clock=lambda: NOON)
    return words.render("coupon_lapsing", "en", {"coupons": told}).splitlines()[0]


@pytest.mark.parametrize("days", BY_DAYS)
def test_a_reminder_says_how_many_days_are_left_when_it_is_sent(days: int) -> None:
    assert BY_DAYS[days] in lapsing(days)


def test_a_reminder_of_several_says_when_the_first_of_them_lapses() -> None:
    assert "2 of your coupons lapse soon; the first can be used for 2 more days, until Mar 5, 2025:" in lapsing(3, 2)
    assert "today is the last day of the first" in lapsing(3, 0)
