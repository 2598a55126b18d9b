"""What is written on birthdays, at festivals and in between reads well for everybody, in each language (trial 10)."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from bot.words import Words
from loyalty.charter import DEFAULT_CHARTER, LOCALES, load
from loyalty.festivals import KNOWN
from simulator.entities import parse_html
from tests.bot.samples.greetings import CLUB, MULTIPLIER, NOON, SAMPLES

LIMIT = 1024  # what one reads at a glance; Telegram takes four times that
LONG = "名" * 40
TITLE = dict.fromkeys(LOCALES, "Big gift with a long name of forty signs")
PRESENTS: list[dict[str, Any]] = [{}, *({"name": TITLE, "until": NOON, "minimum": least} for least in (0, 5_000))]
CASES: list[tuple[str, dict[str, Any]]] = [
    *(
        (
            template,
            SAMPLES[template] | {"name": name, "present": present, "multipliers": times, "late": late, "ahead": n},
        )
        for template, name, present, times, late, n in product(
            ("birthday_greeting", "birthday_soon"),
            ("", LONG),
            PRESENTS,
            ([], [MULTIPLIER, MULTIPLIER | {"begins": ""}]),
            (False, True),
            (1, 30),
        )
    ),
    *(("greeting_festival", SAMPLES["greeting_festival"] | {"festival": code}) for code in KNOWN),
    ("greeting_festival", {"festival": "jubilee", "name": TITLE, "words": TITLE, "programme": CLUB}),
    *(
        ("welcome_card", {"name": name, "points": points, "per": 100, "balance": balance, "present": present})
        for name, points, balance, present in product(("", LONG), (0, 1, 3), (0, 1, 12_345), PRESENTS)
    ),
    *(
        ("welcome_gifts", {"gifts": [{"name": TITLE, "points": 600, "lacking": lacking}] * 3, "balance": balance})
        for lacking, balance in product((0, 480), (0, 120))
    ),
    ("welcome_settings", {}),
    *(
        ("winback_missed", {"name": name, "last_at": NOON, "balance": balance, "present": present})
        for name, balance, present in product(("", LONG), (0, 1), PRESENTS)
    ),
    *(
        ("replenish_due", {"goods": [{"name": TITLE, "every_days": 14, "last_on": "2025-02-19"}] * count})
        for count in (1, 3)
    ),
]


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(load(DEFAULT_CHARTER), clock=lambda: NOON)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_reads_well_for_everybody(words: Words, locale: str) -> None:
    shown = [(template, parse_html(words.render(template, locale, params)).text) for template, params in CASES]
    assert [case for case in shown if _is_clumsy(case[1])] == []


def _is_clumsy(text: str) -> bool:
    """Too long, shouting, or with a gap where something should stand."""
    holes = r"  |\n\n\n|%\(|\{|\}|None|undefined|^[,，!！]|[,，:：][!！。.]|\( *\)"
    return bool(re.search(holes, text)) or len(text) > LIMIT or text.count("!") + text.count("！") > 2


@pytest.mark.parametrize("code", KNOWN)
def test_every_festival_has_words_of_its_own(words: Words, code: str) -> None:
    params = SAMPLES["greeting_festival"]
    others = {words.render("greeting_festival", "en", params | {"festival": other}) for other in KNOWN if other != code}
    assert words.render("greeting_festival", "en", params | {"festival": code}) not in others
