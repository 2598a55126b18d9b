"""The button under how the bot is."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press


def health(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🔄 Look again"), "health"), press(_("What runs by itself"), "jobs")])


KEYBOARDS = {"health": health}
