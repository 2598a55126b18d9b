"""Amounts of money as people write them → integer minor units."""

import re
from decimal import Decimal
from functools import cache, lru_cache

from babel.numbers import get_currency_precision, get_currency_symbol

from loyalty.digits import fold
from loyalty.errors import AmountInvalid, AmountTooLarge

# Beyond this no real amount lies, and BIGINT columns have room for any sum of them.
_MAX_DIGITS = 13
_PLAIN = re.compile(r"(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?P<part>\d+))?", re.ASCII)
# "86,5" and "86,50" are decimals; "1,234" is grouping (three digits would be too precise for a price).
_COMMA_DECIMAL = re.compile(r"(?P<whole>\d+),(?P<part>\d{1,2})", re.ASCII)
# 86元5角2分, 86块5, 5角. Spoken Chinese drops the last unit: 86块5 is 86.50.
_SPOKEN = re.compile(
    r"(?:(?P<yuan>\d+)[元圆圓块塊])?(?:(?P<jiao>\d)[角毛])?"
    r"(?:(?P<fen>\d)分|(?P<last>(?<=[元圆圓块塊角毛])\d))?",
    re.ASCII,
)
_CHINESE_UNITS = ("元", "圆", "圓", "块", "塊", "蚊")
_SPOKEN_CURRENCIES = ("CNY", "HKD", "TWD", "MOP")


def parse_amount(text: str, currency: str) -> int:
    """Minor units of `currency` (ISO 4217), at least 1: "86.50", "86,5", "¥1,234.50", "８６．５", "86元5角".

    Refuses with AmountInvalid: minus, zero, more decimals than the currency has, another currency's sign, all else.
    """
    plain = _without_symbol(fold(text).replace("。", "."), currency)
    spoken = _spoken(plain) if currency in _SPOKEN_CURRENCIES else None
    amount = _plain(plain, precision(currency)) if spoken is None else spoken
    if amount <= 0:
        raise AmountInvalid
    return amount


def within(amount: int, limit: int) -> int:
    """The amount itself; refuses with AmountTooLarge above `limit`. Both in minor units."""
    if amount > limit:
        raise AmountTooLarge(limit)
    return amount


@lru_cache(maxsize=512)  # asked for the same few amounts of the charter at each purchase
def to_minor(major: Decimal, currency: str) -> int:
    """Decimal("1.50") → 150 for CNY; ValueError if it has more decimals than the currency."""
    scaled = major.scaleb(precision(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError("too many decimals")
    return int(scaled)


def to_major(minor: int, currency: str) -> Decimal:
    """150 → Decimal("1.50") for CNY: what Babel formats."""
    return Decimal(minor).scaleb(-precision(currency))


@cache
def precision(currency: str) -> int:
    """Decimals of the currency's minor unit: 2 for CNY, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def _plain(text: str, decimals: int) -> int:
    match = _PLAIN.fullmatch(text) or _COMMA_DECIMAL.fullmatch(text)
    if not match:
        raise AmountInvalid
    whole, part = match["whole"].replace(",", ""), match["part"] or ""
    if len(part) > decimals or len(whole) > _MAX_DIGITS:
        raise AmountInvalid
    return int(whole + part.ljust(decimals, "0"))


def _spoken(text: str) -> int | None:
    match = _SPOKEN.fullmatch(text)
    if not match or not text or len(match["yuan"] or "") > _MAX_DIGITS:
        return None
    fen = int(match["fen"] or 0)
    last = int(match["last"] or 0) * (1 if match["jiao"] else 10)
    return int(match["yuan"] or 0) * 100 + int(match["jiao"] or 0) * 10 + fen + last


def _without_symbol(text: str, currency: str) -> str:
    for symbol in _symbols(currency):
        if text.upper().startswith(symbol):
            return text[len(symbol) :].strip()
        if text.upper().endswith(symbol):
            return text[: -len(symbol)].strip()
    return text


@cache
def _symbols(currency: str) -> tuple[str, ...]:
    """Longest first, so that HK$ is not read as a stray $ ."""
    known = {currency, *(get_currency_symbol(currency, locale) for locale in ("zh_Hans", "zh_Hant", "en"))}
    known |= set(_CHINESE_UNITS) if currency in _SPOKEN_CURRENCIES else set()
    known |= {"RMB", "人民币", "人民幣", "¥"} if currency == "CNY" else set()
    known |= {"$"} if currency in ("HKD", "TWD", "MOP") else set()
    return tuple(sorted({fold(symbol).upper() for symbol in known}, key=len, reverse=True))
