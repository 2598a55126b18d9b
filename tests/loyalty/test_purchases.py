import pytest
from hypothesis import given, strategies as st

from loyalty.cards import new_number
from loyalty.earning import Line
from loyalty.errors import (
    AmountInvalid,
    AmountTooLarge,
    LineInvalid,
    LinesDoNotAddUp,
    PurchaseUnreadable,
    Refusal,
    TooManyLines,
)
from loyalty.purchases import MAX_LINES, PurchaseText, Sale, parse_purchase, parse_sale
from loyalty.queries import Query
from tests.loyalty.charters import DEFAULT

ANN = Query("phone", "+8613800138000")


def read(text: str) -> PurchaseText:
    return parse_purchase(text, DEFAULT)


def lines(*rows: str, amount: str = "25.00") -> tuple[Line, ...]:
    return read("\n".join([f"8000 {amount}", *rows])).sale.lines


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000 86.50 微信",
        "13800138000 86.5 wechat",
        "１３８００１３８０００　８６．５０　微信支付",
        "138 0013 8000 ¥ 86.5 WeChat Pay",
        "13800138000，86元5角，微信",
        "13800138000, 86.50, wx",
        "\n 13800138000 86.5 元 微信 \n",
    ],
)
def test_a_purchase_is_read_as_clerks_write_it(typed: str) -> None:
    assert read(typed) == PurchaseText(ANN, Sale(8650, "wechat", ()))


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("现金", "cash"),
        ("現金", "cash"),
        ("Cash", "cash"),
        ("刷卡", "card"),
        ("支付宝", "alipay"),
        ("支付寶", "alipay"),
    ],
)
def test_ways_of_paying_are_known_in_three_languages(word: str, code: str) -> None:
    assert read(f"13800138000 86.50 {word}").sale.payment == code


def test_the_way_of_paying_may_be_left_out() -> None:
    assert read("13800138000 86.50").sale.payment == ""


def test_a_purchase_by_card_number() -> None:
    assert read(f"{new_number(7)} 5").query == Query("card", new_number(7))


def test_a_purchase_by_a_name_of_several_words() -> None:
    assert read("Ann Lee 86.50 cash").query == Query("pinyin", "Ann Lee")


@pytest.mark.parametrize("typed", ["", "  ", "86.50", "86.50 现金"])
def test_a_purchase_without_member_is_refused(typed: str) -> None:
    with pytest.raises(PurchaseUnreadable) as caught:
        read(typed)
    assert caught.value.missing == "member"


@pytest.mark.parametrize("typed", ["13800138000", "chen"])
def test_a_purchase_without_amount_is_refused(typed: str) -> None:
    with pytest.raises(PurchaseUnreadable) as caught:
        read(typed)
    assert caught.value.missing == "amount"


@pytest.mark.parametrize("typed", ["8000 x", "8000 -5", "8000 0"])
def test_a_wrong_amount_is_refused(typed: str) -> None:
    with pytest.raises(AmountInvalid):
        read(typed)


def test_an_amount_above_the_charters_limit_is_refused() -> None:
    with pytest.raises(AmountTooLarge):
        read("8000 50000.01")


def test_a_line_has_item_category_quantity_and_price() -> None:
    assert lines("牛奶, 乳品, 2, 12.50") == (Line("牛奶", "dairy", 2000, 2500),)


@pytest.mark.parametrize(
    "row", ["牛奶、乳品、2、12.50", "牛奶，乳品，２，１２．５０", "牛奶;dairy;x2;12.5", "牛奶\t奶制品\t2瓶\t¥12.5"]
)
def test_lines_are_read_with_any_separator(row: str) -> None:
    assert lines(row) == (Line("牛奶", "dairy", 2000, 2500),)


def test_category_and_quantity_may_be_left_out() -> None:
    assert lines("牛奶, 5", "苹果, fruit, 10", "梨, 2, 5") == (
        Line("牛奶", "", 1000, 500),
        Line("苹果", "fresh", 1000, 1000),
        Line("梨", "", 2000, 1000),
    )


def test_goods_are_weighed_and_half_a_cent_rounds_up() -> None:
    assert lines("苹果, 0.5kg, 0.25", amount="0.13") == (Line("苹果", "", 500, 13),)


def test_prices_of_whole_lines_are_understood_where_they_add_up() -> None:
    assert lines("牛奶, 2, 20", "茶, 1, 5") == (Line("牛奶", "", 2000, 2000), Line("茶", "", 1000, 500))


def test_lines_that_do_not_add_up_are_refused_with_both_sums() -> None:
    with pytest.raises(LinesDoNotAddUp) as caught:
        lines("牛奶, 2, 12.00")
    assert caught.value == LinesDoNotAddUp(total=2500, lines_total=2400)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("milk", "fields"),
        ("a, b, c, d, e", "fields"),
        (", 5", "item"),
        ("x" * 81 + ", 5", "item"),
        ("milk, gold, 1, 5", "category"),
        ("milk, dairy, 0, 5", "quantity"),
        ("milk, dairy, many, 5", "quantity"),
        ("milk, much", "price"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number_and_reason(row: str, reason: str) -> None:
    with pytest.raises(LineInvalid) as caught:
        lines("tea, 20", row)
    assert caught.value == LineInvalid(2, reason)


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(TooManyLines):
        lines(*["tea, 1"] * (MAX_LINES + 1))


def test_a_sale_needs_no_member() -> None:
    assert parse_sale("86.50 刷卡", DEFAULT) == Sale(8650, "card", ())


def test_a_sale_takes_lines_too() -> None:
    assert parse_sale("25\nmilk, 25", DEFAULT).lines == (Line("milk", "", 1000, 2500),)


def test_a_sale_of_words_is_refused() -> None:
    with pytest.raises(AmountInvalid):
        parse_sale("two of these", DEFAULT)


@given(st.text() | st.text("80 .,、\n\t微信现金ax元", max_size=40))
def test_any_text_is_a_purchase_or_refused(text: str) -> None:
    try:
        sale = read(text).sale
        assert sum(line.amount for line in sale.lines) in {0, sale.amount}
    except Refusal:
        pass
