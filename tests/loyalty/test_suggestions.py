"""One thing to offer, and never what somebody is allergic to."""

import pytest

from loyalty.suggestions import Offer, choose


def _offer(*names: str) -> Offer:
    return Offer("rhythm", dict(zip(("en", "zh_Hans"), names, strict=False)))


def test_the_first_is_offered_to_who_bears_everything() -> None:
    assert choose([_offer("Peanut butter"), _offer("Honey")], "") == _offer("Peanut butter")


def test_nothing_is_offered_where_there_is_nothing() -> None:
    assert choose([], "nuts") is None


@pytest.mark.parametrize(
    ("allergies", "name"),
    [
        ("Nuts", "Walnut cake"), ("allergic to peanuts!", "PEANUT butter"), ("对花生过敏", "花生酱"),
        ("花生、牛奶", "全脂牛奶"),
        ("strawberries", "Strawberry jam"), ("蛋", "蛋糕"),
        ("对虾过敏", "虾饺"), ("不能吃蟹", "蟹黄包"), ("對牛奶過敏", "全脂牛奶"),
    ],
)  # fmt: skip
def test_what_touches_an_allergy_is_left_out(allergies: str, name: str) -> None:
    assert choose([_offer(name), _offer("Honey", "蜂蜜")], allergies) == _offer("Honey", "蜂蜜")


def test_a_name_in_any_language_counts() -> None:
    assert choose([_offer("Spread", "花生酱")], "花生") is None
