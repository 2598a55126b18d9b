"""Buttons of one's data: seen, taken away, erased."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press, remove


def privacy(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    if not p["member"]:
        return inline([press(_("Programme rules"), "rules")])
    return inline(
        [press(_("👀 Who looked at my data"), "looks")],
        [press(_("📝 What staff noted"), "mynotes"), press(_("📦 All my data"), "mydata")],
        [press(_("My details"), "profile"), press(_("Programme rules"), "rules")],
        [press(_("🗑️ Leave and be erased"), "leave")],
    )


def looks(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    newer = [press(_("‹ Newer"), f"looks:{p['newer']}")] if p["newer"] >= 0 else []
    older = [press(_("Older ›"), f"looks:{p['older']}")] if p["older"] >= 0 else []
    return inline([*newer, *older], [press(_("Privacy"), "privacy")])


def erasure_loss(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Keep my membership"), "d:erasure:loss:keep")], [press(_("Go on"), "d:erasure:loss:on")])


def erasure_confirm(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("Keep my membership"), "d:erasure:confirm:keep")],
        [press(_("Erase everything now"), "d:erasure:confirm:on")],
    )


def erasure_done(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return None if p["works_here"] else remove()


def retention_warning(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Stay"), "stay")], [press(_("Privacy"), "privacy")])


KEYBOARDS = {
    "privacy": privacy,
    "looks": looks,
    "erasure_loss": erasure_loss,
    "erasure_confirm": erasure_confirm,
    "erasure_done": erasure_done,
    "retention_warning": retention_warning,
}
