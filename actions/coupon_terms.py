"""A coupon's terms as people read them: with names in place of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import charters
from db import stores
from db.database import Tx
from loyalty.charter import Charter
from loyalty.coupons import Terms


@dataclass(frozen=True, slots=True)
class Described:
    """Amounts in minor units, names by locale; what does not matter is 0 or empty."""

    name: dict[str, str]
    kind: str
    off: int
    percent: int  # hundredths of a per cent
    most: int
    steps: list[dict[str, int]]  # spend, off
    gift: dict[str, str]
    categories: list[dict[str, str]]
    stores: list[str]
    minimum: int
    tier: dict[str, str]
    alone: bool  # with no other coupon
    with_member_prices: bool


def describe(tx: Tx, terms: Terms) -> Described:
    charter = charters.current(tx)
    return Described(
        name=dict(terms.names),
        kind=terms.kind,
        off=terms.off,
        percent=terms.percent,
        most=terms.most,
        steps=[{"spend": spend, "off": off} for spend, off in terms.steps],
        gift=dict(terms.gift),
        categories=[charter.category_names(code) for code in terms.categories],
        stores=store_names(tx, terms.stores),
        minimum=terms.minimum,
        tier=charter.tier(terms.tier).names if terms.tier else {},
        alone=not terms.group,
        with_member_prices=terms.with_member_prices,
    )


def store_names(tx: Tx, codes: tuple[str, ...]) -> list[str]:
    names = {store.code: store.name for store in stores.list_all(tx)} if codes else {}
    return [names.get(code, code) for code in codes]


def member_prices(charter: Charter, tier: str) -> list[dict[str, Any]]:
    """What a tier pays less for: name, categories by locale, per cent in hundredths."""
    return [
        {
            "name": price.names,
            "categories": [charter.category_names(code) for code in price.categories],
            "percent": int(price.percent * 100),
        }
        for price in charter.member_prices
        if charter.tier(tier).code in price.tiers
    ]
