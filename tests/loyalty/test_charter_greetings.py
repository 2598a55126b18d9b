"""What the charter says of birthdays and of what time brings, and how its mistakes are told."""

from __future__ import annotations

import pytest

from loyalty.charter import CharterError
from tests.loyalty.charters import bare, base, multiplier

COUPON = """[[coupons]]
code = "cake"
name = { zh_Hans = "券", zh_Hant = "券", en = "Cake" }
kind = "amount"
off = 10
days = 30
"""


def present(tiers: str = "[]", coupon: str = "cake") -> str:
    return f'[[birthdays.presents]]\ncoupon = "{coupon}"\ntiers = {tiers}\n'


def test_an_old_charter_greets_nobody() -> None:
    charter = bare(base())
    assert (charter.festivals, charter.greetings.festivals, charter.winback) == ((), (), ())
    assert (charter.welcome.card_day, charter.replenishment.on, charter.birthdays.present_for("gold")) == (
        -1,
        False,
        "",
    )


def test_a_tiers_own_present_goes_before_the_one_for_all() -> None:
    charter = bare(base(), COUPON, COUPON.replace("cake", "wine"), present(), present('["gold"]', "wine"))
    assert [charter.birthdays.present_for(tier) for tier in ("classic", "gold")] == ["cake", "wine"]


@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [
        ([present()], "birthdays.presents.1.coupon: cake is defined nowhere in the charter"),
        ([COUPON, present('["golden"]')], r"birthdays.presents.1.tiers: golden .* did you mean gold\?"),
        (["[[winback]]", "days = 90", 'coupon = "cake"'], "winback.1.coupon: cake is defined nowhere"),
        (["[replenishment]", 'categories = ["tea"]'], "replenishment.categories: tea is defined nowhere"),
        (["[replenishment]", "min_days = 30", "max_days = 20"], "replenishment.max_days: must not be less"),
        (["[welcome]", 'coupon = "cake"'], "welcome.coupon: cake is defined nowhere"),
        (["[welcome]", "card_day = -2"], "welcome.card_day: must be -1 or more"),
        (["[birthdays]", "offer_days_before = 32"], "birthdays.offer_days_before: must be 31 or less"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(pieces: list[str], sentence: str) -> None:
    with pytest.raises(CharterError, match=sentence):
        bare(base(), *pieces)


def test_a_birthday_is_multiplied_in_its_month_or_around_it_not_both() -> None:
    both = multiplier("birthday", 2, birthday_month="true", birthday_before=3)
    with pytest.raises(CharterError, match="choose either this or birthday_before and birthday_after"):
        bare(base(), both)
