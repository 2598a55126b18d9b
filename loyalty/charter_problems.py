"""What is wrong with a charter, in one plain sentence per mistake, for the person who edits the file."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel.numbers import is_currency
from pydantic import AfterValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from loyalty import money
from loyalty.variants import comparable

if TYPE_CHECKING:
    from loyalty.charter import Charter
    from loyalty.charter_base import Choice, Named


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where in the file (`earning.base.coffee.per`, or `line 3`), and what to do about it."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


class CharterError(Exception):
    """The charter cannot be used; `problems` holds every mistake found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def syntax_problem(error: Exception, text: str) -> Problem:
    """A text that is not TOML at all."""
    found = re.search(r"line (\d+)", str(error))
    line = int(found[1]) if found else _line_left_open(text)
    where = f"line {line}"
    return Problem(where, "this cannot be read; check quotes, brackets and the = sign there and in the line above.")


def _line_left_open(text: str) -> int:
    """Where something begins that never ends: the line after the longest beginning of the text that can be read."""
    lines = text.splitlines()
    return 1 + next((count for count in range(len(lines) - 1, 0, -1) if _is_toml("\n".join(lines[:count]))), 0)


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def problems_of(error: ValidationError, data: dict[str, Any]) -> list[Problem]:
    """The mistakes pydantic found in the parsed file `data`."""
    return [Problem(_path(details["loc"], data), _sentence(details)) for details in error.errors(include_url=False)]


def contradictions(charter: Charter) -> list[Problem]:
    """Mistakes that show only between settings."""
    checks = (
        _repeated,
        _ambiguous,
        _unknown_codes,
        _tiers,
        _kept_tiers,
        _joining,
        _retention,
        _windows,
        _birthdays,
        _festivals,
        _series,
        _service,
        _care,
        _amounts,
    )
    return [problem for check in checks for problem in check(charter)]


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("plain", "is not a time zone; write one like Asia/Shanghai.") from None
    return value


def _currency(value: str) -> str:
    if not is_currency(value):
        raise PydanticCustomError("plain", "is not a currency; write its three letters, like CNY.")
    return value


def _region(value: str) -> str:
    if value not in phonenumbers.SUPPORTED_REGIONS:
        raise PydanticCustomError("plain", "is not a country or region; write its two letters, like CN.")
    return value


known_zone = AfterValidator(_zone)
known_currency = AfterValidator(_currency)
known_region = AfterValidator(_region)

_SENTENCES = {
    "missing": "is missing.",
    "literal_error": "must be one of {expected}.",
    "greater_than": "must be more than {gt}.",
    "greater_than_equal": "must be {ge} or more.",
    "less_than": "must be less than {lt}.",
    "less_than_equal": "must be {le} or less.",
    "string_type": "must be text in quotes.",
    "string_too_short": "must not be empty.",
    "too_short": "needs at least one entry.",
    "int_type": "must be a whole number.",
    "int_parsing": "must be a whole number.",
    "int_from_float": "must be a whole number.",
    "decimal_type": "must be a number like 86.50.",
    "decimal_parsing": "must be a number like 86.50.",
    "finite_number": "must be a number like 86.50.",
    "bool_type": "must be true or false.",
    "bool_parsing": "must be true or false.",
    "tuple_type": "must be a list in square brackets.",
    "model_type": "must be a section of its own.",
    "time_parsing": 'must be a time like "09:00".',
    "time_type": 'must be a time like "09:00".',
    "date_type": "must be a date like 2030-01-31.",
    "date_parsing": "must be a date like 2030-01-31.",
    "date_from_datetime_parsing": "must be a date like 2030-01-31.",
}
_PATTERNS = {
    "^#": "must be a colour like #B4532A.",
    "^[a-z0-9]": "must be 1 to 32 small letters, digits, hyphens or underscores.",
    "^2": "must be 2 to 5 digits, the first of them a 2.",
}


def _sentence(details: ErrorDetails) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "plain":
        return details["msg"]
    if kind == "extra_forbidden":
        return "is not a setting of the charter; check its spelling and its section."
    if kind == "string_pattern_mismatch":
        return next(text for start, text in _PATTERNS.items() if str(context["pattern"]).startswith(start))
    return _SENTENCES.get(kind, "cannot be used: {msg}.").format(msg=details["msg"], **context)


def _path(loc: tuple[int | str, ...], data: Any) -> str:
    """Entries of lists are named by their code where they have one, else by their place from 1."""
    names: list[str] = []
    for step in loc:
        data = _inner(data, step)
        place = isinstance(step, int)
        names.append(str(data["code"] if place and _has_code(data) else int(step) + 1 if place else step))
    return ".".join(names)


def _inner(data: Any, step: int | str) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None


def _has_code(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("code"), str)


def _repeated(charter: Charter) -> Iterator[Problem]:
    rules = (*charter.earning.base, *charter.earning.multipliers)
    lists: dict[str, Iterable[Named]] = {
        "tiers": charter.tiers,
        "payments": charter.payments,
        "categories": charter.categories,
        "earning": rules,
        "adjustments.reasons": charter.adjustments.reasons,
        "festivals": charter.festivals,
        "care.rules": charter.care.rules,
    }
    for path, entries in lists.items():
        counts = Counter(entry.code for entry in entries)
        for code in (code for code, count in counts.items() if count > 1):
            yield Problem(f"{path}.{code}", "is there twice; give one of them another code.")


def _unknown_codes(charter: Charter) -> Iterator[Problem]:
    for section, rules in (("base", charter.earning.base), ("multipliers", charter.earning.multipliers)):
        for rule in rules:
            path = f"earning.{section}.{rule.code}"
            yield from _unknown(f"{path}.categories", rule.categories, charter.categories)
            yield from _unknown(f"{path}.payments", rule.payments, charter.payments)
            yield from _unknown(f"{path}.tiers", getattr(rule, "tiers", ()), charter.tiers)


def _unknown(path: str, codes: Iterable[str], entries: Sequence[Named]) -> Iterator[Problem]:
    known = [entry.code for entry in entries]
    for code in codes:
        if code not in known:
            close = get_close_matches(code, known, n=1)
            hint = f"did you mean {close[0]}?" if close else "add it or remove it here."
            yield Problem(path, f"{code} is defined nowhere in the charter; {hint}")


def _ambiguous(charter: Charter) -> Iterator[Problem]:
    lists: dict[str, Iterable[Choice]] = {"payments": charter.payments, "categories": charter.categories}
    for path, choices in lists.items():
        meaning: dict[str, str] = {}
        for choice in choices:
            for word in choice.all_words:
                known = meaning.setdefault(comparable(word), choice.code)
                if known != choice.code:
                    sentence = f"{word} already means {known}; a word can mean one thing only."
                    yield Problem(f"{path}.{choice.code}.words", sentence)


def _tiers(charter: Charter) -> Iterator[Problem]:
    if charter.tiers[0].threshold != 0:
        yield Problem(f"tiers.{charter.tiers[0].code}.threshold", "must be 0: every member starts in the first tier.")
    for lower, higher in zip(charter.tiers, charter.tiers[1:], strict=False):
        if higher.threshold <= lower.threshold:
            yield Problem(f"tiers.{higher.code}.threshold", f"must be more than that of {lower.code} before it.")
    if charter.tier_review.metric == "points":
        for tier in charter.tiers:
            for name, amount in (("threshold", tier.threshold), ("keep", tier.keeping)):
                if amount != int(amount):
                    yield Problem(f"tiers.{tier.code}.{name}", "must be a whole number of points.")


def _kept_tiers(charter: Charter) -> Iterator[Problem]:
    for tier in charter.tiers:
        if tier.keeping > tier.threshold:
            yield Problem(f"tiers.{tier.code}.keep", "must not be more than its threshold: who reaches it has kept it.")
        yield from _unknown(f"tiers.{tier.code}.coupon", [tier.coupon] if tier.coupon else [], charter.coupons)
    for lower, higher in zip(charter.tiers, charter.tiers[1:], strict=False):
        if higher.keeping < lower.keeping:
            yield Problem(f"tiers.{higher.code}.keep", f"must not be less than what keeps {lower.code} before it.")


def _joining(charter: Charter) -> Iterator[Problem]:
    if charter.joining.condition in ("single_purchase", "spent") and not charter.joining.amount:
        yield Problem("joining.amount", "must be more than 0: it is what has to be spent to join.")


def _retention(charter: Charter) -> Iterator[Problem]:
    if charter.retention.erase_after_months <= charter.retention.warn_after_months:
        yield Problem("retention.erase_after_months", "must be more than warn_after_months: people are warned first.")


def _windows(charter: Charter) -> Iterator[Problem]:
    for rule in charter.earning.multipliers:
        if rule.ends < rule.begins:
            yield Problem(f"earning.multipliers.{rule.code}.ends", "must not be before begins.")


def _birthdays(charter: Charter) -> Iterator[Problem]:
    for rule in charter.earning.multipliers:
        if rule.birthday_month and (rule.birthday_before is not None or rule.birthday_after is not None):
            sentence = "choose either this or birthday_before and birthday_after."
            yield Problem(f"earning.multipliers.{rule.code}.birthday_month", sentence)
    for place, present in enumerate(charter.birthdays.presents, start=1):
        yield from _unknown(f"birthdays.presents.{place}.tiers", present.tiers, charter.tiers)
        yield from _unknown(f"birthdays.presents.{place}.coupon", [present.coupon], charter.coupons)


def _festivals(charter: Charter) -> Iterator[Problem]:
    for festival in charter.festivals:
        path = f"festivals.{festival.code}"
        if festival.code in charter.greetings.festivals:
            yield Problem(path, "is a well-known festival in greetings.festivals; give yours another code.")
        if festival.month is None and festival.day is None:
            if not festival.dates:
                yield Problem(path, "needs month and day, or dates.")
        elif not festival.exists:
            yield Problem(path, "there is no such day; check month and day.")


def _series(charter: Charter) -> Iterator[Problem]:
    yield from _unknown("welcome.coupon", filter(None, [charter.welcome.coupon]), charter.coupons)
    for place, step in enumerate(charter.winback, start=1):
        yield from _unknown(f"winback.{place}.coupon", [step.coupon] if step.coupon else [], charter.coupons)
    goods = charter.replenishment
    yield from _unknown("replenishment.categories", goods.categories, charter.categories)
    if goods.max_days < goods.min_days:
        yield Problem("replenishment.max_days", "must not be less than min_days.")


def _service(charter: Charter) -> Iterator[Problem]:
    if charter.service.close_days <= charter.service.remind_days:
        yield Problem("service.close_days", "must be more than remind_days: members are reminded first.")
    yield from _unknown("service.coupons", charter.service.coupons, charter.coupons)
    for code in charter.service.clerk_coupons:
        if code not in charter.service.coupons:
            yield Problem("service.clerk_coupons", f"{code} must be one of service.coupons.")


def _care(charter: Charter) -> Iterator[Problem]:
    for rule in charter.care.rules:
        yield from _unknown(f"care.rules.{rule.code}.tiers", rule.tiers, charter.tiers)
        if rule.kind == "quiet" and not rule.days:
            yield Problem(f"care.rules.{rule.code}.days", "must say after how many days without a purchase.")


def _amounts(charter: Charter) -> Iterator[Problem]:
    amounts = {"purchases.amount_limit": charter.purchases.amount_limit, "joining.amount": charter.joining.amount}
    amounts |= {f"earning.base.{rule.code}.per": rule.per for rule in charter.earning.base}
    if charter.tier_review.metric == "spend":
        amounts |= {f"tiers.{tier.code}.threshold": tier.threshold for tier in charter.tiers}
        amounts |= {f"tiers.{tier.code}.keep": tier.keeping for tier in charter.tiers if tier.keep is not None}
    for path, amount in amounts.items():
        try:
            money.to_minor(amount, charter.currency)
        except ValueError:
            yield Problem(path, f"has more decimals than {charter.currency} has.")
