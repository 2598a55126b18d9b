"""What a picture shows, in the receiver's language: the fields of its face, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.words import Words


def face(kind: str, words: Words, locale: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The drawing's params with their words in this language. Names by locale (`{"zh_Hans": …}`) become one."""
    shown = {name: _in_locale(value, locale) for name, value in params.items()}
    hint = words.gettext(locale, "Show this card when you pay")
    return {**shown, "locale": locale, "hint": hint}


def _in_locale(value: Any, locale: str) -> Any:
    return value[locale] if isinstance(value, Mapping) and locale in value else value
