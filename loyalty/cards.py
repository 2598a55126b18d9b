"""Card numbers, and the payload of `?start=` links.

Card numbers are EAN-13 in GS1's range for restricted circulation (prefixes 20–29, GS1 General Specifications §2.1.11):
every till scanner reads and checks them, and no product on sale carries one.
"""

import re
from dataclasses import dataclass
from typing import Literal

from loyalty.digits import is_number

StartKind = Literal["store", "referral", "card", "gift", "staff", "none"]

_LENGTH = 13
_PREFIXES: dict[StartKind, str] = {"store": "s_", "referral": "r_", "card": "m_", "gift": "g_", "staff": "staff_"}
# Telegram's limit for start parameters: 64 characters of this alphabet.
_PAYLOAD = re.compile(r"(?P<prefix>staff_|[srmg]_)(?P<value>[A-Za-z0-9_-]+)")
_MAX_PAYLOAD = 64


@dataclass(frozen=True, slots=True)
class StartLink:
    """What a deep link asks for; `value` is a store's, referral's or gift's code, or a token; '' for `none`."""

    kind: StartKind
    value: str


def new_number(sequence: int, prefix: str = "29") -> str:
    """The 13-digit card number for the `sequence`-th card (0 … 10^10 - 1 with a two-digit prefix 20–29)."""
    body = prefix + str(sequence).zfill(_LENGTH - 1 - len(prefix))
    if not (is_number(body) and len(body) == _LENGTH - 1 and body.startswith("2")):
        raise ValueError(f"no card number for sequence {sequence} with prefix {prefix}")
    return body + _check_digit(body)


def is_valid(number: str) -> bool:
    """Thirteen digits in the card range with the right EAN-13 check digit."""
    return looks_like_card(number) and number[-1] == _check_digit(number[:-1])


def looks_like_card(number: str) -> bool:
    """Thirteen digits in the card range, mistyped or not."""
    return len(number) == _LENGTH and is_number(number) and number.startswith("2")


def parse_start(payload: str) -> StartLink:
    """Reads the parameter of `/start`; whatever is malformed or unknown is of kind `none`."""
    match = _PAYLOAD.fullmatch(payload)
    if not match or len(payload) > _MAX_PAYLOAD:
        return StartLink("none", "")
    kind = next(kind for kind, prefix in _PREFIXES.items() if prefix == match["prefix"])
    return StartLink(kind, match["value"])


def start_payload(link: StartLink) -> str:
    """The parameter of `?start=` for a link; ValueError if it would not survive `parse_start`."""
    payload = _PREFIXES[link.kind] + link.value
    if parse_start(payload) != link:
        raise ValueError("not a start payload")
    return payload


def _check_digit(body: str) -> str:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return str(-weighted % 10)
