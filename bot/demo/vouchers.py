"""Coupons in the wallets of the invented chain's members."""

from __future__ import annotations

from collections.abc import Mapping

from actions import charters, coupon_book, coupons, quotes
from actions.coupons import NewGrant
from bot.demo import cast
from bot.demo.goods import LOTUS, XIMEN
from db import coupon_definitions as definitions, coupons as wallets, members, people
from db.coupons import Use
from db.database import Tx
from loyalty.coupons import Limits, Terms

_DAY_MS = 86_400_000
_COFFEE = Terms(
    names={"zh_Hans": "莲湖咖啡 8 折", "zh_Hant": "蓮湖咖啡 8 折", "en": "20% off at the Lotus Café"},
    kind="percent", percent=2_000, most=1_500, stores=(LOTUS,), categories=("drinks",), group="coffee", days=45,
)  # fmt: skip
_BAG = Terms(
    names={"zh_Hans": "帆布袋兑换券", "zh_Hant": "帆布袋兌換券", "en": "A canvas bag on us"},
    kind="gift", gift={"zh_Hans": "帆布袋", "zh_Hant": "帆布袋", "en": "Canvas bag"}, group="present", days=60,
)  # fmt: skip
_MINE = {"coffee": (_COFFEE, Limits(per_member=2, in_total=300, budget=300_000)), "bag": (_BAG, Limits(in_total=40))}
# Whose, of which kind, and so many days before it lapses; 0: as its terms say.
_WALLETS: tuple[tuple[cast.Character, str, int], ...] = (
    (cast.LIN, "more", 0),
    (cast.LIN, "coffee", 0),
    (cast.CHEN, "more", 0),
    (cast.CHEN, "apology", 9),
    (cast.ANN, "coffee", 5),
    (cast.GRANDPA, "more", 0),
    (cast.GRANDPA, "bag", 0),
)


def hand_out(tx: Tx, stores: Mapping[str, int]) -> None:
    """Two kinds that the owner made, and those of the charter; stores: ids by code."""
    owner, codes = people.get(tx, cast.OWNER.user_id), {}
    assert owner is not None
    for name, (terms, limits) in _MINE.items():
        said = coupon_book.create(tx, owner, terms, limits)
        made = definitions.get(tx, said.params["definition_id"])
        assert made is not None
        codes[name] = made.code
    for place, (whose, code, days) in enumerate(_WALLETS):
        _give(tx, whose, codes.get(code, code), days, f"demo:{place}")
    _use_one(tx, codes["bag"], stores[XIMEN])


def _give(tx: Tx, whose: cast.Character, code: str, days: int, key: str) -> int:
    member, charter = members.get_by_user(tx, whose.user_id), charters.current(tx)
    kind = coupons.find(tx, charter, code)
    assert member is not None
    assert kind is not None
    ends = tx.now + days * _DAY_MS if days else 0
    granted = coupons.give(tx, charter, kind, NewGrant(member.id, "manual", key, cast.OWNER.user_id, ends))
    assert granted is not None
    return granted


def _use_one(tx: Tx, code: str, store_id: int) -> None:
    """Of Lin's, so that there is something to look back on."""
    coupon = wallets.get(tx, _give(tx, cast.LIN, code, 0, "demo:used"))
    assert coupon is not None
    quotes.use(tx, coupon, Use(store_id, 0, 0, cast.XIAOCHUAN.user_id))
