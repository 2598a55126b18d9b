"""Buttons of what is said about tiers."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press


def tier(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("⭐ Points"), "points")])


KEYBOARDS = {"tier_reached": tier, "tier_warning": tier, "tier_kept": tier, "tier_lowered": tier}
