"""Buttons of adjusting points by hand."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press


def adjustment_reason(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    numbers = [
        press(str(place), f"d:adjustment:reason:{reason['code']}") for place, reason in enumerate(p["reasons"], 1)
    ]
    return inline(*(numbers[row : row + 4] for row in range(0, len(numbers), 4)))


def adjustment_sure(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("Cancel"), "d:adjustment:sure:no"), press(_("✅ Yes, adjust"), "d:adjustment:sure:yes")],
    )


def adjustment_asked(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    adjustment_id = p["adjustment_id"]
    return inline(
        [press(_("❌ Decline"), f"adjustno:{adjustment_id}"), press(_("✅ Agree"), f"adjustyes:{adjustment_id}")]
    )


KEYBOARDS = {
    "adjustment_reason": adjustment_reason,
    "adjustment_sure": adjustment_sure,
    "adjustment_asked": adjustment_asked,
}
