"""What is wrong with the charter's coupons and member prices, in plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from loyalty import money
from loyalty.charter_base import Named
from loyalty.charter_coupons import Coupon
from loyalty.charter_problems import Problem

if TYPE_CHECKING:
    from loyalty.charter import Charter


def coupon_contradictions(charter: Charter) -> list[Problem]:
    """Mistakes that show only between settings."""
    checks = (_repeated, _unknown_codes, _incomplete, _windows, _steps, _amounts)
    return [problem for check in checks for problem in check(charter)]


def _repeated(charter: Charter) -> Iterator[Problem]:
    lists: dict[str, Iterable[Named]] = {"coupons": charter.coupons, "member_prices": charter.member_prices}
    for path, entries in lists.items():
        counts = Counter(entry.code for entry in entries)
        for code in (code for code, count in counts.items() if count > 1):
            yield Problem(f"{path}.{code}", "is there twice; give one of them another code.")


def _unknown_codes(charter: Charter) -> Iterator[Problem]:
    for coupon in charter.coupons:
        yield from _unknown(f"coupons.{coupon.code}.categories", coupon.categories, charter.categories)
        yield from _unknown(f"coupons.{coupon.code}.tier", [coupon.tier] if coupon.tier else [], charter.tiers)
    for price in charter.member_prices:
        yield from _unknown(f"member_prices.{price.code}.categories", price.categories, charter.categories)
        yield from _unknown(f"member_prices.{price.code}.tiers", price.tiers, charter.tiers)


def _unknown(path: str, codes: Iterable[str], entries: Sequence[Named]) -> Iterator[Problem]:
    known = {entry.code for entry in entries}
    for code in codes:
        if code not in known:
            yield Problem(path, f"{code} is defined nowhere in the charter; add it or remove it here.")


def _incomplete(charter: Charter) -> Iterator[Problem]:
    for coupon in charter.coupons:
        needed = {"amount": coupon.off, "percent": coupon.percent, "steps": coupon.steps, "gift": coupon.gift}
        setting = {"amount": "off"}.get(coupon.kind, coupon.kind)
        if not needed[coupon.kind]:
            yield Problem(f"coupons.{coupon.code}.{setting}", "is missing: it is what a coupon of this kind gives.")
        if not coupon.days and coupon.ends is None:
            yield Problem(f"coupons.{coupon.code}.days", "is missing: give days, or a day on which it ends.")


def _windows(charter: Charter) -> Iterator[Problem]:
    for coupon in charter.coupons:
        if coupon.begins and coupon.ends and coupon.ends < coupon.begins:
            yield Problem(f"coupons.{coupon.code}.ends", "must not be before begins.")


def _steps(charter: Charter) -> Iterator[Problem]:
    for coupon in charter.coupons:
        for lower, higher in zip(coupon.steps, coupon.steps[1:], strict=False):
            if higher.spend <= lower.spend or higher.off <= lower.off:
                yield Problem(f"coupons.{coupon.code}.steps", "must rise: more off for more spent.")
        if any(step.off > step.spend for step in coupon.steps):
            yield Problem(f"coupons.{coupon.code}.steps", "must not take off more than is spent.")


def _amounts(charter: Charter) -> Iterator[Problem]:
    for coupon in charter.coupons:
        for path, amount in _amounts_of(coupon):
            try:
                money.to_minor(amount, charter.currency)
            except ValueError:
                yield Problem(f"coupons.{coupon.code}.{path}", f"has more decimals than {charter.currency} has.")


def _amounts_of(coupon: Coupon) -> Iterator[tuple[str, Decimal]]:
    yield from (("off", coupon.off), ("most", coupon.most), ("minimum", coupon.minimum), ("budget", coupon.budget))
    yield from (("steps", amount) for step in coupon.steps for amount in (step.spend, step.off))
