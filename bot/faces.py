"""What a picture shows, in the receiver's language: the fields of its face, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.words import N_, Words

_HINTS = {"card": N_("Show this card when you pay"), "poster": N_("Scan to become a member")}


def face(kind: str, words: Words, locale: str, username: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The drawing's params with their words in this language. Names by locale (`{"zh_Hans": …}`) become one name,
    `start` becomes the link that opens this bot with it."""
    language = words.language(locale)
    shown = {name: _local(value, locale) for name, value in params.items() if name != "start"}
    hint = language.gettext(_HINTS[kind])
    return {**shown, "link": f"https://t.me/{username}?start={params['start']}", "locale": locale, "hint": hint}


def _local(value: Any, locale: str) -> Any:
    return value[locale] if isinstance(value, Mapping) else value
