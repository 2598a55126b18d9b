"""What a clerk types to record a purchase.

The first line is `<card, phone or name> <amount> [way of paying]`; every further line is one item:
`item, category, quantity, price`, of which category and quantity may be left out. A price is for one piece or kilogram;
if the lines add up only when prices are taken for whole lines, that is what they were.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from loyalty import money
from loyalty.charter import Charter
from loyalty.digits import fold
from loyalty.earning import Line
from loyalty.errors import (
    AmountInvalid,
    LineInvalid,
    LinesDoNotAddUp,
    PaymentUnknown,
    PurchaseUnreadable,
    Refusal,
    TooManyLines,
)
from loyalty.queries import Query, parse_query

MAX_LINES = 100
_MAX_ITEM = 80
# 0077 is how a phone ends; as an amount it would be 77.
_TAIL = re.compile(r"0\d{3}", re.ASCII)
_FIELDS = re.compile(r"\s*[,、，;；\t|]\s*")
_SEPARATORS = re.compile(r"[、，；;\t]|,(?=\s)")
_SIGN_APART = re.compile(r"([¥$€£])\s+(?=\d)|(?<=\d)\s+(?=[元圆圓块塊](?:\s|$))")
_QUANTITY = re.compile(
    r"(?:[x×*]\s*)?(\d{1,6}(?:\.\d{1,3})?)\s*(?:kg|l|pcs|pc|x|个|個|件|瓶|盒|包|袋|斤|杯|支|条|條|箱)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Sale:
    """What was bought: `amount` in minor units, `payment` a code of the charter or ""."""

    amount: int
    payment: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PurchaseText:
    """A sale and whose it is."""

    query: Query
    sale: Sale


def parse_purchase(text: str, charter: Charter) -> PurchaseText:
    """Reads a purchase with its member, see above.

    Refuses: PurchaseUnreadable, AmountInvalid, AmountTooLarge, PaymentUnknown, LineInvalid, TooManyLines,
    LinesDoNotAddUp, and whatever `parse_query` refuses.
    """
    first, *rest = _rows(text)
    words, payment = _split_payment(first, charter)
    if len(words) < 2:
        raise PurchaseUnreadable("amount" if words and not _is_amount(words[0], charter) else "member")
    paid_oddly = len(words) > 2 and _is_amount(words[-2], charter) and _is_word(words[-1])
    query = parse_query(" ".join(words[: -2 if paid_oddly else -1]), charter.programme.phone_region)
    if paid_oddly:
        raise _payment_unknown(words[-1], charter)
    return PurchaseText(query, _sale(words[-1], payment, rest, charter))


def parse_sale(text: str, charter: Charter) -> Sale:
    """Reads a purchase whose member is known: `<amount> [way of paying]` and lines. Refuses as `parse_purchase`, and
    with AmountInvalid four digits that begin with 0: they are the end of a phone."""
    first, *rest = _rows(text)
    words, payment = _split_payment(first, charter)
    if len(words) != 1 or _TAIL.fullmatch(words[0]):
        raise _no_sale(words, charter)
    return _sale(words[0], payment, rest, charter)


@dataclass(frozen=True, slots=True)
class _Item:
    """A line as typed: `price` in minor units, for one piece or for all of them."""

    item: str
    category: str
    quantity: int
    price: int

    def piecewise(self) -> int:
        """What the line comes to if the price is for one; half a minor unit rounds up, as tills do."""
        return int((Decimal(self.price) * self.quantity / 1000).quantize(Decimal(1), ROUND_HALF_UP))

    def outright(self) -> int:
        """What the line comes to if the price is for the whole of it."""
        return self.price


def _rows(text: str) -> list[str]:
    return [row for row in text.splitlines() if row.strip()] or [""]


def _split_payment(first: str, charter: Charter) -> tuple[list[str], str]:
    """The words of the first line without the way of paying, and its code; names of payments may be two words."""
    words = _SIGN_APART.sub(_together, fold(_SEPARATORS.sub(" ", first))).split()
    for count in (1, 2):
        payment = charter.payment_for(" ".join(words[-count:])) if len(words) > count else None
        if payment:
            return words[:-count], payment.code
    return words, ""


def _together(match: re.Match[str]) -> str:
    return match[0].strip()


def _no_sale(words: list[str], charter: Charter) -> Refusal:
    """What is wrong with words that are not exactly an amount."""
    if not words:
        return PurchaseUnreadable("amount")
    rest = " ".join(words[1:])
    return _payment_unknown(rest, charter) if _is_amount(words[0], charter) and _is_word(rest) else AmountInvalid()


def _payment_unknown(word: str, charter: Charter) -> PaymentUnknown:
    return PaymentUnknown(word, [payment.names for payment in charter.payments])


def _is_word(text: str) -> bool:
    return any(map(str.isalpha, text)) and not any(map(str.isdigit, text))


def _is_amount(word: str, charter: Charter) -> bool:
    try:
        return money.parse_amount(word, charter.currency) <= charter.amount_limit
    except AmountInvalid:
        return False


def _sale(amount_text: str, payment: str, rows: Sequence[str], charter: Charter) -> Sale:
    amount = money.within(money.parse_amount(amount_text, charter.currency), charter.amount_limit)
    if len(rows) > MAX_LINES:
        raise TooManyLines(MAX_LINES)
    items = [_item(number, row, charter) for number, row in enumerate(rows, start=1)]
    return Sale(amount, payment, _lines(items, amount))


def _lines(items: Sequence[_Item], amount: int) -> tuple[Line, ...]:
    readings: tuple[Callable[[_Item], int], ...] = (_Item.piecewise, _Item.outright)
    for total in readings:
        if sum(map(total, items)) == amount or not items:
            return tuple(Line(item.item, item.category, item.quantity, total(item)) for item in items)
    raise LinesDoNotAddUp(total=amount, lines_total=sum(map(_Item.piecewise, items)))


def _item(number: int, row: str, charter: Charter) -> _Item:
    fields = _FIELDS.split(fold(row))
    item = " ".join(fields[0].split())
    if not 2 <= len(fields) <= 4:
        raise LineInvalid(number, "fields")
    if not item or len(item) > _MAX_ITEM:
        raise LineInvalid(number, "item")
    quantity, category = _middle(fields[1:-1])
    return _Item(
        item=item,
        category=_category(number, category, charter),
        quantity=_thousandths(number, quantity),
        price=_price(number, fields[-1], charter),
    )


def _middle(fields: Sequence[str]) -> tuple[str, str]:
    """(quantity, category) from the fields between item and price; a single one is a quantity if it reads as one."""
    if len(fields) == 2:
        return fields[1], fields[0]
    only = fields[0] if fields else ""
    return (only, "") if _QUANTITY.fullmatch(only) else ("1", only)


def _category(number: int, word: str, charter: Charter) -> str:
    category = charter.category_for(word) if word else None
    if word and category is None:
        raise LineInvalid(number, "category")
    return category.code if category else ""


def _thousandths(number: int, text: str) -> int:
    match = _QUANTITY.fullmatch(text.casefold())
    quantity = int(Decimal(match[1]) * 1000) if match else 0
    if not quantity:
        raise LineInvalid(number, "quantity")
    return quantity


def _price(number: int, text: str, charter: Charter) -> int:
    try:
        return money.parse_amount(text, charter.currency)
    except AmountInvalid:
        raise LineInvalid(number, "price") from None
