"""What the invented chain gives for points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from actions import catalogue
from bot.demo import cast
from bot.demo.goods import LOTUS, NANHU, XIMEN
from db import people
from db.database import Tx
from loyalty.gifts import Terms
from loyalty.lots import NEVER

_DAY_MS = 86_400_000
_PLAIN = Terms({}, 0, 0, "", 0, 0, 0, NEVER, 0)


def _named(zh_hans: str, zh_hant: str, en: str) -> dict[str, str]:
    return {"zh_Hans": zh_hans, "zh_Hant": zh_hant, "en": en}


# What, since how many days, and how many lie where. One is sold out, so that there is something to wait for.
_PRIZES: tuple[tuple[Terms, int, Mapping[str, int]], ...] = (
    (
        replace(_PLAIN, names=_named("帆布购物袋", "帆布購物袋", "Canvas shopping bag"), points=300),
        200,
        {XIMEN: 40, LOTUS: 25, NANHU: 30},
    ),
    (
        replace(_PLAIN, names=_named("老友会马克杯", "老友會馬克杯", "Regulars mug"), points=600, per_month=2),
        5,
        {XIMEN: 8, LOTUS: 3, NANHU: 6},
    ),
    (
        replace(
            _PLAIN, names=_named("精品咖啡豆 250 克", "精品咖啡豆 250 克", "Coffee beans, 250 g"), points=900, cash=1990
        ),
        90,
        {XIMEN: 12, NANHU: 2},
    ),
    (
        replace(_PLAIN, names=_named("晴雨折叠伞", "晴雨摺疊傘", "Folding umbrella"), points=1200),
        60,
        {XIMEN: 0, LOTUS: 0},
    ),
    (
        replace(
            _PLAIN, names=_named("金卡茶礼盒", "金卡茶禮盒", "Gold tea box"), points=3000, tier="gold", per_member=1
        ),
        30,
        {XIMEN: 5},
    ),
)


def put_out(tx: Tx, stores: Mapping[str, int]) -> None:
    """Into the catalogue, as the owner would; stores: ids by code."""
    owner = people.get(tx, cast.OWNER.user_id)
    assert owner is not None
    for terms, since_days, pieces in _PRIZES:
        since = replace(terms, starts_at=tx.now - since_days * _DAY_MS)
        catalogue.create(tx, owner, since, 0, {stores[code]: count for code, count in pieces.items()})
