"""Coupons and member prices at the counter: proposed, taken, changed, left; and codes of coupons."""

from __future__ import annotations

from dataclasses import dataclass

import pytest_asyncio

from actions import charters, coupons
from db import coupon_definitions as definitions, coupons as rows, members
from db.database import Tx
from db.members import Member
from loyalty.coupons import Limits, Terms
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town

NAMES = dict.fromkeys(("zh_Hans", "zh_Hant", "en"), "Coffee bag")


def give(tx: Tx, member_id: int, code: str) -> str:
    """The code of a coupon that was granted."""
    key = f"test:{tx.random(8).hex()}"
    granted = coupons.grant(tx, charters.current(tx), member_id, code, "promotion", key)
    coupon = rows.get(tx, granted or 0)
    assert coupon is not None
    return rows.code_of(tx, coupon)


@dataclass
class Till:
    """Ann is a member, Bob another, Carl the clerk at West Gate."""

    town: Town
    ann: Resident
    carl: Resident
    member: Member

    async def grant(self, code: str, member_id: int = 0) -> str:
        return str(await self.town.write(give, member_id or self.member.id, code))

    async def make(self, **terms: object) -> str:
        told = Terms(**{"names": NAMES, "kind": "gift", "gift": NAMES, "days": 30, **terms})  # type: ignore[arg-type]
        code = await self.town.write(definitions.next_code)
        await self.town.write(definitions.add, code, code, told, Limits(), 1)
        return str(code)


@pytest_asyncio.fixture
async def till(town: Town) -> Till:
    ann, carl = await town.newcomer("Ann"), await town.newcomer("Carl")
    west = await town.write(add_store, "ximen", "West Gate")
    await town.write(hire, carl.id, west, Role.CLERK)
    member = await town.write(add_member, "Ann", "13800138000", ann.id)
    await ann.opens()
    await carl.opens()
    return Till(town, ann, carl, member)


async def test_the_best_combination_is_proposed_and_taken_in_one_tap(till: Till) -> None:
    await till.grant("more")
    await till.grant("apology")
    await till.carl.types("13800138000 250")
    assert "To pay: ¥205.00 · ¥45.00 saved" in till.carl.hears()
    await till.carl.press("✅ Record it like this")
    assert "¥205.00 · Ann" in till.carl.hears()
    assert "¥250.00, ¥45.00 saved" in till.carl.hears()
    assert till.ann.sees("¥45.00 saved")
    await till.ann.types("/coupons")
    await till.ann.press("🕘 Used and lapsed")
    assert "at West Gate" in till.ann.reads()


async def test_a_coupon_can_be_left_or_all_of_them(till: Till) -> None:
    await till.grant("more")
    await till.grant("apology")
    await till.carl.types("13800138000 250")
    await till.carl.press("☑️ Spend and save")
    assert till.carl.sees("To pay: ¥235.00")
    await till.carl.press("▫️ Spend and save")
    assert till.carl.sees("To pay: ¥205.00")
    await till.carl.press("Nothing off")
    assert "¥250.00 · Ann" in till.carl.hears()
    await till.ann.types("/coupons")
    assert "· 2" in till.ann.hears()


async def test_one_of_a_group_takes_the_place_of_the_other(till: Till) -> None:
    await till.grant("birthday")
    await till.grant("welcome")
    await till.carl.types("13800138000 100")
    assert "To pay: ¥80.00" in till.carl.hears()
    await till.carl.press("▫️ Welcome: 10 off")
    assert till.carl.sees("To pay: ¥90.00")


async def test_who_has_no_coupon_is_recorded_at_once(till: Till) -> None:
    await till.carl.types("13800138000 250")
    assert "¥250.00 · Ann" in till.carl.hears()


async def test_the_proposal_comes_for_the_member_who_is_open_too(till: Till) -> None:
    await till.grant("more")
    await till.carl.types("13800138000")
    await till.carl.types("250 cash")
    assert "To pay: ¥220.00" in till.carl.hears()
    await till.carl.press("✅ Record it like this")
    assert "¥220.00 · Ann" in till.carl.hears()


async def test_what_is_not_good_for_the_purchase_says_why(till: Till) -> None:
    await till.grant("more")
    await till.grant("apology")
    await till.carl.types("13800138000 100")
    assert "Spend and save · from ¥200.00 on" in till.carl.hears()


async def test_member_prices_are_shown_before_and_after(till: Till) -> None:
    await till.town.write(members.set_tier, till.member.id, "gold")
    await till.carl.types("13800138000 150\nsoap, household, 100\nrice, food, 50")
    assert "Gold price · −¥5.00" in till.carl.hears()
    await till.carl.press("✅ Record it like this")
    assert "¥145.00 · Ann" in till.carl.hears()
    assert till.ann.sees("−¥5.00 Gold price")
    await till.ann.types("/coupons")
    assert "5% off Household · Beauty" in till.ann.hears()


async def test_undo_says_which_coupons_are_good_again(till: Till) -> None:
    await till.grant("more")
    await till.carl.types("13800138000 250")
    await till.carl.press("✅ Record it like this")
    await till.carl.press("↩️ Undo")
    assert till.carl.sees("Can be used again: Spend and save")
    assert till.ann.sees("Can be used again: Spend and save")


async def test_the_code_of_a_coupon_opens_the_purchase(till: Till) -> None:
    code = await till.grant("more")
    await till.carl.types(f"/verify {code}")
    assert "✅ Spend and save · Ann" in till.carl.hears()
    await till.carl.types("250")
    assert "To pay: ¥220.00" in till.carl.hears()


async def test_code_and_amount_go_on_one_line(till: Till) -> None:
    code = await till.grant("more")
    await till.carl.types(f"/verify {code[:4]}-{code[4:]} 250")
    assert "To pay: ¥220.00" in till.carl.hears()


async def test_a_minimum_that_is_missed_says_by_how_much(till: Till) -> None:
    code = await till.grant("more")
    await till.carl.types(f"/verify {code} 150")
    assert "good from ¥200.00 on; ¥50.00 is missing" in till.carl.hears()


async def test_a_code_that_was_used_says_when_and_where(till: Till) -> None:
    code = await till.grant("more")
    await till.carl.types(f"/verify {code} 250")
    await till.carl.press("✅ Record it like this")
    await till.carl.types(f"/verify {code}")
    assert "This coupon was used already" in till.carl.hears()
    assert "West Gate" in till.carl.hears()


async def test_a_code_for_other_stores_says_which(till: Till) -> None:
    await till.town.write(add_store, "nanhu", "South Lake")
    code = await till.grant(await till.make(stores=("nanhu",)))
    await till.carl.types(f"/verify {code}")
    assert "good at South Lake only" in till.carl.hears()


async def test_a_gift_that_needs_no_purchase_is_handed_over_at_once_and_once(till: Till) -> None:
    code = await till.grant(await till.make())
    await till.carl.types(f"/verify {code}")
    assert "Hand over Coffee bag to Ann" in till.carl.hears()
    assert till.ann.sees("Enjoy it: Coffee bag")
    await till.carl.types(code)
    assert "used already" in till.carl.hears()


async def test_a_code_counts_as_chosen_at_the_till(till: Till) -> None:
    await till.grant("birthday")
    code = await till.grant("welcome")
    await till.carl.types("13800138000 100")
    await till.carl.types(code)
    assert "¥90.00 · Ann" in till.carl.hears()


async def test_the_code_of_another_member_is_refused_at_the_till(till: Till) -> None:
    bob = await till.town.write(add_member, "Bob", "13900139000")
    code = await till.grant("apology", bob.id)
    await till.grant("apology")
    await till.carl.types("13800138000 100")
    await till.carl.types(code)
    assert "none of this member's coupons" in till.carl.hears().replace("’", "'")
    await till.carl.press("✅ Record it like this")
    assert "¥85.00 · Ann" in till.carl.hears()


async def test_the_next_customer_waits_until_the_question_is_answered(till: Till) -> None:
    await till.grant("apology")
    await till.carl.types("13800138000 100")
    await till.carl.types("13900139000")
    await till.carl.press("✅ Record it like this")
    assert "¥85.00 · Ann" in till.carl.hears()


async def test_the_owner_of_a_coupon_who_scans_its_link_sees_the_coupon(till: Till) -> None:
    code = await till.grant("more")
    await till.ann.opens(f"g_{code}")
    assert "🎟 Spend and save" in till.ann.hears()


async def test_wrong_codes_of_coupons_count_as_wrong_codes(till: Till) -> None:
    await till.carl.types("/verify 7K2M-9QXA")
    assert "4 wrong tries more" in till.carl.hears()
