"""Buttons under what the bot writes on birthdays, in a member's first weeks, and to those who stay away."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Button, Gettext, Keyboard, inline, press


def birthday_greeting(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return inline([_coupons(_)]) if p["present"] else None


def welcome_card(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("💳 My card"), "card"), press(_("⭐ Points"), "points")])


def welcome_gifts(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🎁 See all gifts"), "gifts")])


def welcome_settings(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("⚙️ Settings"), "settings")])


def winback_missed(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    present = [_coupons(_)] if p["present"] else []
    return inline([*present, press(_("🎁 Gifts"), "gifts")])


def _coupons(_: Gettext) -> Button:
    return press(_("🎟 My coupons"), "coupons")


KEYBOARDS = {
    "birthday_greeting": birthday_greeting,
    "birthday_soon": birthday_greeting,
    "welcome_card": welcome_card,
    "welcome_gifts": welcome_gifts,
    "welcome_settings": welcome_settings,
    "winback_missed": winback_missed,
}
