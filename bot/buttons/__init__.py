"""Which buttons go with which template: the keyboard has the template's name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

from bot.buttons.kinds import Button, Keyboard, KeyboardMaker
from bot.words import Words
from loyalty.charter import LOCALES

_LOCALES = frozenset(LOCALES)


def keyboard(template: str, words: Words, locale: str, params: Mapping[str, Any]) -> Keyboard | None:
    """The buttons that go with a template; None if it has none. Names by locale become one name.

    Those that answer a dialogue's question carry which one, `d:<dialogue>.<question>:…`.
    """
    make = _keyboards().get(template)
    made = make(words.language(locale).gettext, _local(dict(params), locale)) if make else None
    if made and (question := params.get("question")):
        for button in chain.from_iterable(made.get("inline_keyboard", ())):
            _stamp(button, question)
    return made


def presses(words: Words, template: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and callback data of each button under a template, in every language."""
    for locale in LOCALES:
        made = keyboard(template, words, locale, params) or {}
        for button in chain.from_iterable(made.get("inline_keyboard", ())):
            if "callback_data" in button:
                yield button["text"], button["callback_data"]


def _stamp(button: Button, question: str) -> None:
    verb, _, rest = button.get("callback_data", "").partition(":")
    if verb == "d":
        dialogue, _, rest = rest.partition(":")
        button["callback_data"] = f"d:{dialogue}.{question}:{rest}"


def _local(value: Any, locale: str) -> Any:
    if isinstance(value, dict):
        if value.keys() == _LOCALES:
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
