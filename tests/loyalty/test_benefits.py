"""What a tier is said to bring."""

from __future__ import annotations

from datetime import date

import pytest

from loyalty.benefits import benefits
from tests.loyalty.charters import bare, base, multiplier

_WORDS = 'name = { zh_Hans = "免费停车", zh_Hant = "免費停車", en = "Free parking" }'
TODAY = date(2026, 3, 1)
CHARTER = bare(
    base(),
    multiplier("gold", "1.5", tiers='["gold"]'),
    multiplier("spring", 2, tiers='["gold"]', begins="2026-04-01"),
    multiplier("all", 2),
    f'[[member_prices]]\ncode = "fresh"\n{_WORDS}\ntiers = ["gold"]\ncategories = ["fresh"]\npercent = 5.50\n',
)


@pytest.mark.parametrize(("tier", "told"), [
    ("classic", []),
    ("gold", [("points", "1.5"), ("prices", "5.5")]),
])  # fmt: skip
def test_a_tier_brings_what_others_do_not_have_today(tier: str, told: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.note) for one in benefits(CHARTER, CHARTER.tier(tier), TODAY)] == told


def test_what_has_begun_meanwhile_is_told() -> None:
    later = benefits(CHARTER, CHARTER.tier("gold"), date(2026, 4, 1))
    assert [one.note for one in later] == ["1.5", "2", "5.5"]
