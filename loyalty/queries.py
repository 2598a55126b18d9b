"""What a clerk types or scans to find a member."""

import re
from dataclasses import dataclass
from typing import Literal

from loyalty import cards, names, phones
from loyalty.digits import fold, is_number
from loyalty.errors import CardNumberInvalid, PhoneInvalid, QueryUnclear

QueryKind = Literal["card", "phone", "tail", "name", "pinyin", "token"]

_START = re.compile(r"(?:.*[?&]start=)?(m_[A-Za-z0-9_-]+)", re.ASCII)
_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Query:
    """`value`: card number, E.164 phone, four digits, card token; name and pinyin as typed, for `names.lookup_keys`."""

    kind: QueryKind
    value: str


def parse_query(text: str, region: str) -> Query:
    """A card link or its token, a card number, a phone (of `region` unless with +), its last four digits, or a name.

    Refuses: CardNumberInvalid for a mistyped card number, PhoneInvalid for other wrong numbers, else QueryUnclear.
    """
    folded = fold(text)[:_MAX_LENGTH]
    if link := _START.fullmatch(folded):
        return Query("token", cards.parse_start(link[1]).value)
    digits = re.sub(r"[\s\-().]", "", folded)
    if is_number(digits.removeprefix("+")):
        return _number(folded, digits, region)
    if not names.lookup_keys(folded) or not any(char.isalpha() for char in folded):
        raise QueryUnclear
    return Query("name" if names.is_chinese(folded) else "pinyin", folded)


def _number(text: str, digits: str, region: str) -> Query:
    # 80.00 is an amount that lost its member.
    if len(digits) == 4 and "." not in text:
        return Query("tail", digits)
    if cards.is_valid(digits):
        return Query("card", digits)
    try:
        return Query("phone", phones.parse(text, region).e164)
    except PhoneInvalid:
        if cards.looks_like_card(digits):
            raise CardNumberInvalid from None
        raise
