"""Buttons under notes about members."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, press, turning
from bot.buttons.purchases import candidates

_WIDTH = 3


def note_who(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Nobody in particular"), "d:note:who:0")])


def note_pick(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*candidates(p, "note:pick"), [press(_("Nobody in particular"), "d:note:pick:0")])


def note_field(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*_fields(_, "d:note:field:", ""))


def note_taken(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    """To file it, and to take it back."""
    rows = _fields(_, f"notefile:{p['note_id']}:", p["field"])
    member = [press(_("👤 Member"), f"desk:{p['member_id']}"), press(_("🗑 Remove it"), f"notedrop:{p['note_id']}")]
    return inline(*rows, member)


def member_notes(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    removable = [
        press(f"🗑 {place}", f"notedrop:{one['note_id']}")
        for place, one in enumerate(p["notes"], start=1)
        if one["removable"]
    ]
    rows = [
        buttons[place : place + 6]
        for buttons in (_files(p, "noteshow"), removable)
        for place in range(0, len(buttons), 6)
    ]
    return inline(
        *rows,
        turning(p, f"notesat:{p['member_id']}"),
        [press(_("📝 Note"), f"note:{p['member_id']}"), press(_("👤 Member"), f"desk:{p['member_id']}")],
    )


def notes_own(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    rows = [
        [press(f"✏️ {place}", f"mynote:{one['note_id']}"), press(f"🗑 {place}", f"mynotedrop:{one['note_id']}")]
        for place, one in enumerate(p["notes"], start=1)
    ]
    away = [press(_("My details"), "profile"), press(_("Privacy"), "privacy")]
    return inline(_files(p, "mynoteshow"), *rows, turning(p, "mynotes"), away)


def _files(p: Mapping[str, Any], verb: str) -> Row:
    return [
        press(f"📎 {place}", f"{verb}:{one['note_id']}")
        for place, one in enumerate(p["notes"], start=1)
        if one["file_kind"]
    ]


def _fields(_: Gettext, data: str, chosen: str) -> list[Row]:
    labels = {
        "likes": _("💛 Likes"), "sizes": _("📏 Sizes"), "colours": _("🎨 Colours"), "brands": _("🏷 Brands"),
        "allergies": _("⚠️ Allergies"), "wishes": _("💭 Wishes"), "other": _("📝 Something else"),
    }  # fmt: skip
    buttons = [press(label, f"{data}{field}") for field, label in labels.items() if field != chosen]
    return [buttons[place : place + _WIDTH] for place in range(0, len(buttons), _WIDTH)]


KEYBOARDS = {
    "note_who": note_who,
    "note_pick": note_pick,
    "note_field": note_field,
    "note_taken": note_taken,
    "member_notes": member_notes,
    "notes_own": notes_own,
}
