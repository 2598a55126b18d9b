"""Phone numbers in strict E.164, through Google's numbering plans."""

import re
from dataclasses import dataclass

import phonenumbers

from loyalty.digits import fold
from loyalty.errors import PhoneInvalid

# phonenumbers would dig a number out of any sentence and read letters as keys: only digits and their punctuation pass.
_SHAPE = re.compile(r"\+?[\d\s().\-]{4,30}", re.ASCII)
_HIDDEN = 4
_MAINLAND = 86


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that exists in the plans: `e164` with plus, `tail` its last four digits, `masked` fit for showing."""

    e164: str
    tail: str
    masked: str


def parse(text: str, region: str) -> Phone:
    """A typed number; without a plus it is a number of `region` (ISO 3166 code). Refuses with PhoneInvalid."""
    folded = fold(text)
    if not _SHAPE.fullmatch(folded):
        raise PhoneInvalid
    return _phone(folded, region)


def parse_contact(text: str) -> Phone:
    """The number of a Telegram contact: always international, often sent without the plus."""
    return parse("+" + fold(text).removeprefix("+"), "ZZ")


def mask(e164: str) -> str:
    """`+8613800138000` → `138****8000`, `+12025550123` → `+1 20****0123`: at least four digits hidden, four shown.

    All but mainland China's, known by their eleven digits, carry their country code: 20****0123 is nobody's number.
    """
    number = phonenumbers.parse(e164)
    digits = str(number.national_number)
    head = min(3, max(0, len(digits) - 2 * _HIDDEN))
    abroad = "" if number.country_code == _MAINLAND else f"+{number.country_code} "
    return abroad + digits[:head] + "*" * _HIDDEN + digits[-4:]


def _phone(text: str, region: str) -> Phone:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise PhoneInvalid from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneInvalid
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(e164, e164[-4:], mask(e164))
