"""What a clerk types between two customers: a purchase for the member who is open, one with its member, or a query."""

from __future__ import annotations

import re

from loyalty.charter import Charter
from loyalty.digits import fold, is_number
from loyalty.errors import (
    AmountInvalid,
    AmountTooLarge,
    CardNumberInvalid,
    PhoneInvalid,
    PurchaseUnreadable,
    QueryUnclear,
    Refusal,
)
from loyalty.purchases import PurchaseText, Sale, parse_purchase, parse_sale
from loyalty.queries import Query, parse_query

# So long a member stays open after the last sign of the clerk: then an amount credits nobody by accident.
OPEN_MS = 30 * 60_000

_PERSONAL = ("phone", "card", "token")
_HAS_DECIMALS = re.compile(r"\s[^\s\w]?\d+[.,]\d{1,2}\S*$", re.ASCII)
# Beyond so many digits a number is a phone or a card, not the price of anything.
_LONGEST_AMOUNT = 8
_ENDS_IN_CENTS = re.compile(r"[.,]\d{1,2}$", re.ASCII)
_SPOKEN_SUM = re.compile(
    r"[零〇一二两兩三四五六七八九十百千万萬]+[元圆圓块塊][零〇一二两兩三四五六七八九十\d角毛分半钱錢]*"
)
_NO_QUERY = (QueryUnclear, PhoneInvalid, CardNumberInvalid)


def read_entry(text: str, charter: Charter, *, member_open: bool) -> Sale | PurchaseText | Query:
    """A sale if a member is open and an amount stands first; else `<member> <amount>`; else whom to look for.

    A whole phone or card number, spaced as people write them, is never taken for a member and an amount.
    Refuses as `parse_sale`, `parse_purchase` and `parse_query`, whichever the text was nearest to: PurchaseUnreadable
    is an amount whose member is missing.
    """
    unfit: Refusal | None = None
    if member_open:
        try:
            return parse_sale(text, charter)
        except (AmountInvalid, AmountTooLarge, PurchaseUnreadable) as refusal:
            unfit = refusal
    query = _query(text, charter)
    if isinstance(query, Query) and _is_personal(query) and not _HAS_DECIMALS.search(fold(text)):
        return query
    if not isinstance(query, Query) or not is_number(fold(text)):
        _check_has_member(text, charter)
    purchase = _purchase(text, charter)
    if purchase is None and unfit and _is_meant_as_amount(fold(text)):
        raise unfit
    return purchase or _only(query)


def names_somebody(text: str, charter: Charter) -> bool:
    """Whether what is typed where an amount is asked for is rather the next customer, as a phone, a card or a name."""
    try:
        entry = read_entry(text, charter, member_open=True)
    except Refusal:
        return False
    if isinstance(entry, Query) and entry.kind in ("name", "pinyin"):
        return not any(map(str.isdigit, text))
    return not isinstance(entry, Sale)


def is_tail_like(text: str) -> bool:
    """Four digits and nothing else: an amount or the end of a phone, nobody can tell."""
    digits = fold(text)
    return is_number(digits) and len(digits) == 4


def _query(text: str, charter: Charter) -> Query | Refusal:
    try:
        return parse_query(text, charter.programme.phone_region)
    except _NO_QUERY as refusal:
        return refusal


def _is_personal(query: Query | Refusal) -> bool:
    """Whether it can mean one person only."""
    return isinstance(query, Query) and query.kind in _PERSONAL


def _purchase(text: str, charter: Charter) -> PurchaseText | None:
    """Whose purchase and how much; None where the last word is no amount, so that "Wang Fang" is a name."""
    try:
        return parse_purchase(text, charter)
    except (PurchaseUnreadable, *_NO_QUERY):
        return None
    except AmountInvalid:
        member, _, last = fold(text).rpartition(" ")
        if any(map(str.isdigit, last)) or _is_personal(_query(member, charter)):
            raise
        return None


def _check_has_member(text: str, charter: Charter) -> None:
    """86.50 is no phone's tail, and 86 nobody's name: an amount that came without its member is refused as such."""
    try:
        parse_sale(text, charter)
    except Refusal:
        return
    raise PurchaseUnreadable("member")


def _is_meant_as_amount(text: str) -> bool:
    """Whether what is no amount was probably meant as one, while a member is open and waits for it."""
    if _SPOKEN_SUM.fullmatch(text):
        return True
    digits = sum(map(str.isdigit, text))
    short = digits <= _LONGEST_AMOUNT or bool(_ENDS_IN_CENTS.search(text))
    return short and not any(map(str.isalpha, text)) and not is_tail_like(text)


def _only(query: Query | Refusal) -> Query:
    if isinstance(query, Query):
        return query
    raise query
