"""What a picture shows, in the receiver's language: the fields of its face, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import report_faces
from bot.words import N_, Words

_HINTS = {
    "card": N_("Show this card when you pay"),
    "poster": N_("Scan to become a member"),
    "code": N_("Show this code at the counter"),
}


def face(kind: str, words: Words, locale: str, username: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The drawing's params with their words in this language. Names by locale (`{"zh_Hans": …}`) become one name,
    `start` becomes the link that opens this bot with it. A stored picture is the same to all."""
    if "picture_id" in params:
        return dict(params)
    if kind == "report_service":
        return report_faces.service(words.language(locale), locale, params)
    shown = {name: _local(value, locale) for name, value in params.items() if name != "start"}
    shown["locale"] = locale
    if kind in _HINTS:
        shown["hint"] = words.language(locale).gettext(_HINTS[kind])
    if "start" in params:
        shown["link"] = f"https://t.me/{username}?start={params['start']}"
    return shown


def _local(value: Any, locale: str) -> Any:
    return value[locale] if isinstance(value, Mapping) else value
