"""Buttons that go with the bot's own troubles."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press


def update_dead(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Handle it again"), f"replay:{p['reference']}")])


KEYBOARDS = {"update_dead": update_dead}
