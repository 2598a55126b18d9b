"""Buttons of the points, their history and the receipts."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, press


def points(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🧾 Where they came from"), "history")])


def history(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    newer = [press(_("‹ Newer"), f"hist:{p['newer']}")] if p["newer"] >= 0 else []
    older = [press(_("Older ›"), f"hist:{p['older']}")] if p["older"] >= 0 else []
    file = [press(_("Everything as a spreadsheet"), "histfile")] if p["entries"] else []
    return inline([*newer, *older], file)


def receipt(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_onwards(_), [press(_("🤔 Not my purchase"), f"dispute:{p['purchase_id']}")])


def receipt_undone(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_onwards(_))


def _onwards(_: Gettext) -> Row:
    return [press(_("⭐ Points"), "points"), press(_("🧾 History"), "history")]


def usable(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🎁 Gifts"), "gifts")])


def statement(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Everything as a spreadsheet"), "histfile")])


KEYBOARDS = {
    "points": points,
    "history": history,
    "receipt": receipt,
    "receipt_undone": receipt_undone,
    "points_usable": usable,
    "points_expiring": usable,
    "points_statement": statement,
}
