"""The worked example in docs/points.md is what happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from actions import refunds
from actions.refunds import Wanted
from db import accounts, ledger, purchases as bought
from db.database import Database, Tx
from db.ledger import Posting
from tests.actions.shops import Shop, buys, in_order, open_shop

DOCUMENT = Path(__file__).parents[2] / "docs" / "points.md"
_ROW = re.compile(r"\| (.+?) \| ([+−]?\d+) \| (−?\d+) \| (\d+) \| (\d+) \|")


def rows() -> list[tuple[str, list[int]]]:
    """What happens, and entry, balance, usable and owed after it."""
    found = _ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    return [(what, [int(figure.replace("−", "-")) for figure in figures]) for what, *figures in found]


async def test_the_worked_example_is_true(db: Database) -> None:
    shop = await open_shop(db)
    assert len(rows()) == 7
    for number, (what, figures) in enumerate(rows()):
        await happens(db, shop, what, f"k{number}")
        assert await db.read(state, shop.member.id) == figures, what
    assert await in_order(db)


async def happens(db: Database, shop: Shop, what: str, key: str) -> None:
    amount = int(re.sub(r"\D", "", what) or 0)
    if what.startswith("buys"):
        await buys(db, shop, str(amount), key)
    else:
        deeds: dict[str, Callable[[Tx, Shop, int, str], None]] = {
            "reserves": reserve, "collects": collect, "refund": refund,
        }  # fmt: skip
        await db.write(deeds[what.split(maxsplit=1)[0]], shop, amount, key)


def reserve(tx: Tx, shop: Shop, points: int, key: str) -> None:
    ledger.hold(tx, posting(tx, shop, key), points)


def collect(tx: Tx, shop: Shop, _amount: int, key: str) -> None:
    ledger.capture(tx, ledger.last_id(tx, shop.member.id), posting(tx, shop, key))


def refund(tx: Tx, shop: Shop, amount: int, key: str) -> None:
    """Of the purchase that was made last."""
    sale = bought.get(tx, tx.value("SELECT MAX(id) FROM purchase"))
    assert sale is not None
    refunds.refund(tx, shop.clerk, Wanted(sale.id, amount * 100), sale.refunded, key)


def posting(tx: Tx, shop: Shop, key: str) -> Posting:
    return Posting(member_id=shop.member.id, reason="gift", key=key, actor=0, occurred_at=tx.now)


def state(tx: Tx, member_id: int) -> list[int]:
    account = accounts.get(tx, member_id)
    newest = ledger.get(tx, ledger.last_id(tx, member_id))
    assert newest is not None
    return [newest.points, account.balance, account.available, account.deficit]
