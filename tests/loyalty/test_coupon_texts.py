"""What managers type for a coupon, in the ways people write it."""

from __future__ import annotations

from datetime import date

import pytest

from loyalty import coupon_texts
from loyalty.charter import DEFAULT_CHARTER, load
from loyalty.coupon_errors import CouponTextUnreadable
from loyalty.coupons import Limits

TODAY = date(2025, 3, 3)
CHARTER = load(DEFAULT_CHARTER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", {"kind": "amount", "off": 1000}),
        ("¥10.50", {"kind": "amount", "off": 1050}),
        ("10元", {"kind": "amount", "off": 1000}),
        ("15%", {"kind": "percent", "percent": 1500}),
        ("15% off, max 50", {"kind": "percent", "percent": 1500, "most": 5000}),
        ("12.5% 最多 50", {"kind": "percent", "percent": 1250, "most": 5000}),
        ("85折", {"kind": "percent", "percent": 1500}),
        ("8.5折 最多50", {"kind": "percent", "percent": 1500, "most": 5000}),
        ("9折", {"kind": "percent", "percent": 1000}),
        ("满200减30", {"kind": "steps", "steps": ((20000, 3000),)}),
        ("满200减30 满500减100", {"kind": "steps", "steps": ((20000, 3000), (50000, 10000))}),
        ("200-30, 500-100", {"kind": "steps", "steps": ((20000, 3000), (50000, 10000))}),
    ],
)
def test_what_it_gives_is_read(text: str, expected: dict[str, object]) -> None:
    told = coupon_texts.parse_value(text, "CNY")
    assert {name: told[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "name"), [("送 帆布袋", "帆布袋"), ("gift Canvas bag", "Canvas bag"), ("送帆布袋", "帆布袋")]
)
def test_a_gift_is_read(text: str, name: str) -> None:
    told = coupon_texts.parse_value(text, "CNY")
    assert (told["kind"], told["gift"]["en"]) == ("gift", name)


@pytest.mark.parametrize("text", ["", "much", "0%", "101%", "满200减300", "满500减100 满200减30", "10折"])
def test_what_gives_nothing_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(CouponTextUnreadable):
        coupon_texts.parse_value(text, "CNY")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30", ("", "", 30)),
        ("30天", ("", "", 30)),
        ("12-31", ("", "2025-12-31", 0)),
        ("12-01 – 12-31", ("2025-12-01", "2025-12-31", 0)),
        ("2025-12-20 to 1-10", ("2025-12-20", "2026-01-10", 0)),
        ("12月1日至12月31日", ("2025-12-01", "2025-12-31", 0)),
    ],
)
def test_until_when_is_read(text: str, expected: tuple[str, str, int]) -> None:
    told = coupon_texts.parse_until(text, TODAY)
    assert (told["begins"], told["ends"], told["days"]) == expected


@pytest.mark.parametrize("text", ["0", "soon", "2020-01-01", "9999"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(CouponTextUnreadable):
        coupon_texts.parse_until(text, TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-", Limits()),
        ("1", Limits(1)),
        ("1 500", Limits(1, 500)),
        ("1, 500, 5000.50", Limits(1, 500, 500050)),
        ("- 500 -", Limits(0, 500)),
    ],
)
def test_limits_are_read(text: str, expected: Limits) -> None:
    assert coupon_texts.parse_limits(text, "CNY") == expected


@pytest.mark.parametrize("text", ["many", "1 2 3 4", "1 x"])
def test_what_are_no_limits_is_refused(text: str) -> None:
    with pytest.raises(CouponTextUnreadable):
        coupon_texts.parse_limits(text, "CNY")


def test_categories_and_stores_are_known_by_name_or_code() -> None:
    told = coupon_texts.parse_where("Dairy, 饮料、西门店", CHARTER, {"ximen": "西门店"})
    assert told == {"categories": ("dairy", "drinks"), "stores": ("ximen",)}


def test_what_is_neither_category_nor_store_is_refused() -> None:
    with pytest.raises(CouponTextUnreadable):
        coupon_texts.parse_where("moon", CHARTER, {})
