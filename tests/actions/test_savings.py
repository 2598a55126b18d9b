"""Coupons and member prices at the counter: what is paid, what counts, and what comes back when a purchase does."""

from __future__ import annotations

import asyncio
import json
import random as randomness
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from actions import charters, coupons, purchases, quotes, refunds
from actions.purchases import Recorded
from actions.refunds import Refunded, Wanted
from db import members, stores
from db.coupons import Use
from db.database import Database, Tx, open_database
from loyalty.coupon_errors import CouponBudgetSpent, CouponsDoNotFit
from loyalty.errors import IdempotencyConflict, Refusal
from loyalty.purchases import Sale
from loyalty.vault import Vault
from tests.actions.coupon_shops import TEN, coupon, definition, granted, publish, with_coupons
from tests.actions.shops import Shop, add_member, balance, in_order, open_shop
from tests.conftest import Clock, PostgresServer

ROOT = Path(__file__).parents[2]

FIVE = 'five\nkind = "amount"\noff = 5\ngroup = "other"'
RULES = "highest_percent = 100"


async def buy(db: Database, shop: Shop, text: str, *taken: int, key: str = "k1", member_id: int = 0) -> Recorded:
    return await db.write(_buy, shop, text, taken, key, member_id or shop.member.id)


def _buy(tx: Tx, shop: Shop, text: str, taken: tuple[int, ...], key: str, member_id: int) -> Recorded:
    return purchases.record(tx, shop.clerk, member_id, purchases.read_sale(tx, text), key, taken)


async def offer(db: Database, shop: Shop, text: str) -> quotes.Offer | None:
    return await db.read(_offer, shop, text)


def _offer(tx: Tx, shop: Shop, text: str) -> quotes.Offer | None:
    store = stores.get(tx, shop.store_id)
    assert store is not None
    return quotes.offer(tx, shop.member.id, store, purchases.read_sale(tx, text))


async def refund(db: Database, shop: Shop, bought: Recorded, amount: int = 0, before: int = 0) -> Refunded:
    wanted = Wanted(bought.purchase_id, amount)
    return await db.write(refunds.refund, shop.clerk, wanted, before, f"r:{wanted.content.hex()}:{before}")


async def outcome(doing: Awaitable[object]) -> str:
    """'done', or the code of the refusal."""
    try:
        await doing
    except Refusal as refusal:
        return refusal.code
    return "done"


async def spent(db: Database, shop: Shop) -> int:
    """What counts for the tier."""
    rows = await db.read(lambda tx: tx.all("SELECT spent FROM account_month WHERE member_id = :id", id=shop.member.id))
    return sum(row[0] for row in rows)


async def make_gold(db: Database, shop: Shop) -> None:
    await db.write(members.set_tier, shop.member.id, "gold")


async def test_without_coupons_and_member_prices_nothing_is_offered(db: Database) -> None:
    shop = await open_shop(db)
    assert await offer(db, shop, "86.50") is None


async def test_who_has_nothing_to_use_costs_one_look_up(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = await open_shop(db)
    asked: list[str] = []

    def look(tx: Tx) -> object:
        store, run = stores.get(tx, shop.store_id), type(tx)._statement

        def counted(tx: Tx, sql: str, *more: Any) -> Any:
            asked.append(sql)
            return run(tx, sql, *more)

        assert store is not None
        monkeypatch.setattr(type(tx), "_statement", counted)
        return quotes.offer(tx, shop.member.id, store, Sale(8650, "", ()))

    assert await db.read(look) is None
    assert len(asked) == 1


async def test_points_and_tier_count_what_was_paid(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    bought = await buy(db, shop, "86.50", await granted(db, shop, "ten"))
    assert (bought.amount, bought.points) == (7650, 76)
    assert await balance(db, shop) == 76
    assert await spent(db, shop) == 7650


async def test_the_receipt_says_what_was_saved(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    bought = await buy(db, shop, "86.50", await granted(db, shop, "ten"))
    assert bought.saving is not None
    assert (bought.saving.full, bought.saving.saved) == (8650, 1000)
    assert [(part.name["en"], part.saving) for part in bought.saving.parts] == [("ten", 1000)]


async def test_a_coupon_is_used_with_its_purchase(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    coupon_id = await granted(db, shop, "ten")
    bought = await buy(db, shop, "86.50", coupon_id)
    used = await coupon(db, coupon_id)
    assert (used.state, used.purchase_id, used.saving) == ("used", bought.purchase_id, 1000)
    kind = await definition(db, "ten")
    assert (kind.used, kind.saved) == (1, 1000)


async def test_a_coupon_is_used_once(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    coupon_id = await granted(db, shop, "ten")
    await buy(db, shop, "86.50", coupon_id)
    with pytest.raises(CouponsDoNotFit):
        await buy(db, shop, "20", coupon_id, key="k2")


async def test_the_same_purchase_again_uses_nothing_twice(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    coupon_id = await granted(db, shop, "ten")
    first, again = [await buy(db, shop, "86.50", coupon_id) for _ in range(2)]
    assert again.purchase_id == first.purchase_id
    assert again.saving == first.saving
    assert (await definition(db, "ten")).used == 1


async def test_another_amount_under_the_same_key_is_refused(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    coupon_id = await granted(db, shop, "ten")
    await buy(db, shop, "86.50", coupon_id)
    with pytest.raises(IdempotencyConflict):
        await buy(db, shop, "96.50", coupon_id)


async def test_the_coupon_of_another_member_is_not_taken(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    other = await db.write(add_member, "Bob", "13900139000")
    coupon_id = await granted(db, shop, "ten")
    with pytest.raises(CouponsDoNotFit):
        await buy(db, shop, "86.50", coupon_id, member_id=other.id)


async def test_two_that_do_not_go_together_are_refused(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN, FIVE))
    both = [await granted(db, shop, "ten"), await granted(db, shop, "five")]
    with pytest.raises(CouponsDoNotFit):
        await buy(db, shop, "86.50", *both)


async def test_what_is_offered_is_what_is_recorded(db: Database) -> None:
    shop = await open_shop(
        db, with_coupons(TEN, f"{FIVE}\nminimum = 20", 'half\nkind = "percent"\npercent = 10\ngroup = "x"')
    )
    for code in ("ten", "five", "half"):
        await granted(db, shop, code)
    found = await offer(db, shop, "86.50")
    assert found is not None
    bought = await buy(db, shop, "86.50", *found.taken)
    assert (bought.amount, found.saved) == (found.due, 1315)


async def test_member_prices_are_taken_off_lines_of_their_category(db: Database) -> None:
    shop = await open_shop(db)
    await make_gold(db, shop)
    found = await offer(db, shop, "150\nsoap, household, 100\nrice, food, 50")
    assert found is not None
    assert [(part.name["en"], part.saving) for part in found.prices] == [("Gold price", 500)]
    bought = await buy(db, shop, "150\nsoap, household, 100\nrice, food, 50")
    assert [line.amount for line in bought.lines] == [9500, 5000]


async def test_undoing_gives_the_coupon_back_until_when_it_was(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    coupon_id = await granted(db, shop, "ten")
    before = await coupon(db, coupon_id)
    bought = await buy(db, shop, "86.50", coupon_id)
    clock.move(minutes=5)
    undone = await db.write(purchases.undo, shop.clerk, bought.purchase_id)
    assert [name["en"] for name in undone.coupons_back] == ["ten"]
    assert await coupon(db, coupon_id) == before
    kind = await definition(db, "ten")
    assert (kind.granted, kind.used, kind.saved) == (1, 0, 0)
    assert await balance(db, shop) == 0


async def test_a_whole_refund_gives_the_coupon_back(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    coupon_id = await granted(db, shop, "ten")
    before = await coupon(db, coupon_id)
    done = await refund(db, shop, await buy(db, shop, "86.50", coupon_id))
    assert (done.amount, [name["en"] for name in done.coupons_back]) == (7650, ["ten"])
    assert await coupon(db, coupon_id) == before


async def test_no_more_is_refunded_than_was_paid(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    bought = await buy(db, shop, "86.50", await granted(db, shop, "ten"))
    assert await outcome(refund(db, shop, bought, 8650)) == "refund_too_large"


async def test_a_refund_in_part_leaves_the_coupon_used_until_all_is_refunded(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    coupon_id = await granted(db, shop, "ten")
    bought = await buy(db, shop, "86.50", coupon_id)
    assert (await refund(db, shop, bought, 1000)).coupons_back == []
    assert (await coupon(db, coupon_id)).state == "used"
    assert len((await refund(db, shop, bought, before=1000)).coupons_back) == 1


async def test_the_charter_may_give_the_coupon_back_with_the_first_part(db: Database) -> None:
    text = with_coupons(TEN).replace('partial_refund = "stays_used"', 'partial_refund = "comes_back"')
    shop = await open_shop(db, text)
    coupon_id = await granted(db, shop, "ten")
    bought = await buy(db, shop, "86.50", coupon_id)
    await refund(db, shop, bought, 1000)
    assert (await coupon(db, coupon_id)).state == "held"
    await refund(db, shop, bought, before=1000)
    assert (await definition(db, "ten")).used == 0


async def test_a_line_gives_back_what_was_paid_for_it(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    bought = await buy(db, shop, "100\nmilk, dairy, 20\nrice, food, 80", await granted(db, shop, "ten"))
    wanted = Wanted(bought.purchase_id, lines=(1,))
    assert (await db.write(refunds.refund, shop.clerk, wanted, 0, "r1")).amount == 1800


async def test_a_line_that_a_coupon_paid_for_gives_nothing_back(db: Database) -> None:
    dairy = f'{TEN}\ncategories = ["dairy"]'
    shop = await open_shop(db, with_coupons(dairy, rules=RULES))
    bought = await buy(db, shop, "88\nmilk, dairy, 8\nrice, food, 80", await granted(db, shop, "ten"))
    wanted = Wanted(bought.purchase_id, lines=(1,))
    assert await outcome(db.write(refunds.refund, shop.clerk, wanted, 0, "r1")) == "refund_too_large"


async def test_a_coupon_used_again_after_an_undo_is_not_given_back_by_it(db: Database) -> None:
    """Undo gives back what its own purchase used, and nothing else."""
    shop = await open_shop(db, with_coupons(TEN, f"{FIVE}\nper_member = 1"))
    ten = await granted(db, shop, "ten")
    first = await buy(db, shop, "50", ten)
    await db.write(purchases.undo, shop.clerk, first.purchase_id)
    second = await buy(db, shop, "60", ten, key="k2")
    third = await buy(db, shop, "70", await granted(db, shop, "five"), key="k3")
    await refund(db, shop, third)
    assert (await coupon(db, ten)).purchase_id == second.purchase_id


async def test_a_coupon_is_not_offered_whose_budget_does_not_suffice(db: Database) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\nbudget = 15"))
    first, second = await granted(db, shop, "ten"), await granted(db, shop, "ten")
    await buy(db, shop, "86.50", first)
    assert await offer(db, shop, "86.50") is None
    with pytest.raises(CouponsDoNotFit):
        await buy(db, shop, "86.50", second, key="k2")


async def test_200_uses_at_once_keep_to_the_budget(db: Database) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\nbudget = 300"))
    people = [await db.write(add_member, f"Member {n}", f"139{n:08d}") for n in range(50)]
    ids = [(one, await db.write(_grant_to, one.id, f"g{one.id}:{n}")) for one in people for n in range(4)]
    ends = await asyncio.gather(
        *(outcome(buy(db, shop, "20", ten, key=f"k{ten}", member_id=one.id)) for one, ten in ids)
    )
    kind = await definition(db, "ten")
    assert Counter(ends)["done"] == kind.used == 30
    assert kind.saved == 30_000
    assert await db.read(_used, kind.id) == (30, 30_000)
    assert await in_order(db)


async def test_two_processes_with_100_purchases_each_keep_to_the_budget(
    postgres: PostgresServer, vault: Vault, clock: Clock, random: Callable[[int], bytes]
) -> None:
    """Each with two coupons, whose kinds are locked in one order: nobody waits for anybody in a circle."""
    url = postgres.new_database()
    db = await open_database(url, vault=vault, clock=clock, random=random)
    shop = await open_shop(db, with_coupons(f'{TEN}\ngroup = "a"\nbudget = 300', FIVE))
    people = [await db.write(add_member, f"Member {n}", f"139{n:08d}") for n in range(200)]
    for one in people:
        await granted(db, shop, "five", one.id)
        await granted(db, shop, "ten", one.id)
    ends = await _buy_in_processes(url, clock.now, shop.clerk.user_id, people[0].id)
    ten, five = await definition(db, "ten"), await definition(db, "five")
    assert ends["done"] == ten.used == five.used == 30
    assert (ten.saved, five.saved) == (30_000, 15_000)
    assert await db.read(_used, ten.id) == (30, 30_000)
    assert await in_order(db)
    await db.close()


async def _buy_in_processes(url: str, now: int, clerk: int, first: int) -> Counter[str]:
    script, ends = str(ROOT / "tests/actions/till_taps.py"), Counter[str]()
    made = [
        await asyncio.create_subprocess_exec(
            sys.executable, script, url, str(now), str(clerk), str(begins), str(begins + 100),
            stdin=PIPE, stdout=PIPE, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
        )
        for begins in (first, first + 100)
    ]  # fmt: skip
    for process in made:
        assert process.stdout is not None
        assert (await process.stdout.readline()).strip() == b"ready"
    for told, _ in await asyncio.gather(*(process.communicate(b"go\n") for process in made)):
        ends.update(json.loads(told))
    return ends


async def test_200_uses_of_one_coupon_at_once_are_one(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    ten = await granted(db, shop, "ten")
    ends = await asyncio.gather(*(outcome(buy(db, shop, "20", ten, key=f"k{n}")) for n in range(200)))
    assert Counter(ends) == {"done": 1, "coupons_do_not_fit": 199}
    assert await balance(db, shop) == 10


async def test_any_order_of_buying_undoing_and_refunding_adds_up(db: Database) -> None:
    seed = randomness.randrange(1 << 32)
    print(f"seed {seed}")
    dice = randomness.Random(seed)
    shop = await open_shop(db, with_coupons(TEN, FIVE, rules=RULES))
    mine = [await granted(db, shop, code) for code in ("ten", "five", "ten")]
    open_purchases: list[Recorded] = []
    for step in range(25):
        if open_purchases and dice.random() < 0.5:
            bought = open_purchases.pop(dice.randrange(len(open_purchases)))
            if dice.random() < 0.5:
                await db.write(purchases.undo, shop.clerk, bought.purchase_id)
            else:
                await refund(db, shop, bought)
        else:
            taken = [dice.choice(mine)]
            try:
                open_purchases.append(await buy(db, shop, str(dice.randrange(5, 60)), *taken, key=f"k{step}"))
            except CouponsDoNotFit:
                continue
    used = [one for one in [await coupon(db, coupon_id) for coupon_id in mine] if one.state == "used"]
    assert {one.purchase_id for one in used} == {one.purchase_id for one in open_purchases}
    kinds = [await definition(db, code) for code in ("ten", "five")]
    assert sum(kind.saved for kind in kinds) == sum(one.saving for one in used)
    assert sum(kind.used for kind in kinds) == len(used)
    assert await in_order(db)


async def test_terms_that_changed_meanwhile_change_nothing_for_whoever_has_one(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    ten = await granted(db, shop, "ten")
    await publish(db, with_coupons(TEN.replace("off = 10", "off = 1")))
    assert (await buy(db, shop, "86.50", ten)).amount == 7650


async def test_two_budgets_at_once_refuse_rather_than_overrun(db: Database) -> None:
    """The look at the budget and its use are two steps; the use decides."""
    shop = await open_shop(db, with_coupons(f"{TEN}\nbudget = 10"))
    first, second = await granted(db, shop, "ten"), await granted(db, shop, "ten")
    await buy(db, shop, "20", first)
    one = await coupon(db, second)
    with pytest.raises(CouponBudgetSpent):
        await db.write(quotes.use, one, Use(shop.store_id, 0, 1000, 11))


def _grant_to(tx: Tx, member_id: int, key: str) -> int:
    granted = coupons.grant(tx, charters.current(tx), member_id, "ten", "promotion", key)
    assert granted is not None
    return granted


def _used(tx: Tx, definition_id: int) -> tuple[int, int]:
    row = tx.one(
        "SELECT COUNT(*), COALESCE(SUM(saving), 0) FROM coupon WHERE definition_id = :id AND state = 'used'",
        id=definition_id,
    )
    assert row is not None
    return row[0], row[1]
