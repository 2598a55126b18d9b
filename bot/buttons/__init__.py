"""Which buttons go with which template: the keyboard has the template's name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

from bot.buttons.kinds import Keyboard, KeyboardMaker
from bot.words import Words
from loyalty.charter import LOCALES


def keyboard(template: str, words: Words, locale: str, params: Mapping[str, Any]) -> Keyboard | None:
    """The buttons that go with a template; None if it has none. Names by locale become one name."""
    make = _keyboards().get(template)
    return make(words.language(locale).gettext, _local(params, locale)) if make else None


def presses(words: Words, template: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and callback data of each button under a template, in every language."""
    for locale in LOCALES:
        made = keyboard(template, words, locale, params) or {}
        for button in chain.from_iterable(made.get("inline_keyboard", ())):
            if "callback_data" in button:
                yield button["text"], button["callback_data"]


def _local(value: Any, locale: str) -> Any:
    if isinstance(value, Mapping):
        if value.keys() == set(LOCALES):
            return value[locale]
        return {name: _local(part, locale) for name, part in value.items()}
    return [_local(part, locale) for part in value] if isinstance(value, list) else value


@cache
def _keyboards() -> dict[str, KeyboardMaker]:
    found: dict[str, KeyboardMaker] = {}
    for module in pkgutil.iter_modules(__path__):
        made: dict[str, KeyboardMaker] = getattr(importlib.import_module(f"{__name__}.{module.name}"), "KEYBOARDS", {})
        if twice := found.keys() & made.keys():
            raise ValueError(f"two keyboards for {sorted(twice)}")
        found |= made
    return found
