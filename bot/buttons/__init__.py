"""Which buttons go with which template: the keyboard has the template's name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.buttons.kinds import Keyboard, KeyboardMaker
from bot.words import Words


def keyboard(template: str, words: Words, locale: str, params: Mapping[str, Any]) -> Keyboard | None:
    """The buttons that go with a template; None if it has none."""
    make = _keyboards().get(template)
    return make(words.language(locale).gettext, params) if make else None


@cache
def _keyboards() -> dict[str, KeyboardMaker]:
    found: dict[str, KeyboardMaker] = {}
    for module in pkgutil.iter_modules(__path__):
        made: dict[str, KeyboardMaker] = getattr(importlib.import_module(f"{__name__}.{module.name}"), "KEYBOARDS", {})
        if twice := found.keys() & made.keys():
            raise ValueError(f"two keyboards for {sorted(twice)}")
        found |= made
    return found
