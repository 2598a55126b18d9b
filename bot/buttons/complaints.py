"""Buttons of logging what was heard at the counter."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press
from bot.buttons.purchases import candidates


def complaint_who(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Nobody in particular"), "d:complaint:who:0")])


def complaint_pick(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*candidates(p, "complaint:pick"), [press(_("Nobody in particular"), "d:complaint:pick:0")])


def complaint_kind(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(f"😟 {_('Complaint')}", "d:complaint:kind:complaint")],
        [press(_("💡 Suggestion"), "d:complaint:kind:suggestion"), press(_("👍 Praise"), "d:complaint:kind:praise")],
    )


def complaint_category(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = [press(one["name"], f"d:complaint:category:{one['code']}") for one in p["categories"]]
    return inline(*(shown[row : row + 2] for row in range(0, len(shown), 2)))


def complaint_visit(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    numbers = [
        press(str(place), f"d:complaint:visit:{visit['purchase_id']}") for place, visit in enumerate(p["visits"], 1)
    ]
    return inline(numbers, [press(_("None of them"), "d:complaint:visit:0")])


KEYBOARDS = {
    "complaint_who": complaint_who,
    "complaint_pick": complaint_pick,
    "complaint_kind": complaint_kind,
    "complaint_category": complaint_category,
    "complaint_visit": complaint_visit,
}
