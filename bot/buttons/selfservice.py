"""Buttons of the card, the settings and the rules."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.joining import main_keyboard
from bot.buttons.kinds import Button, Gettext, Keyboard, inline, press


def card(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    larger = [] if p["large_print"] else [press(_("Larger"), "cardlarge")]
    return inline([press(_("⭐ Points"), "points"), *larger])


def settings(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    easy = press(_("Turn easy mode off"), "easy:off") if p["easy_mode"] else press(_("Turn easy mode on"), "easy:on")
    return inline(
        [press("🌐 语言 · 語言 · Language", "languages")],
        [easy, press(_("Quiet hours"), "quiethours")],
        [press(_("🔔 What I get, and how often"), "topics:here")],
    )


def language(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press("简体中文", "lang:zh_Hans"), press("繁體中文", "lang:zh_Hant"), press("English", "lang:en")],
        [press(_("As in Telegram"), "lang:auto")],
    )


def language_chosen(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    if p["member"]:
        return main_keyboard(_, p)
    return inline([press(_("Join"), "join"), press(_("What I can do here"), "help")])


def quiet_hours(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    def choice(label: str, name: str) -> Button:
        return press(f"✓ {label}" if p["quiet"] == name else label, f"quiet:{name}")

    return inline(
        [choice(_("The usual hours"), "usual")],
        [choice("20:00–10:00", "early"), choice("23:00–08:00", "late")],
        [choice(_("No quiet hours"), "none")],
    )


def topics(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    def topic(label: str, name: str) -> Button:
        wanted = name not in p["unwanted"]
        return press(f"{'✅' if wanted else '⬜'} {label}", f"topic:{name}:{'off' if wanted else 'on'}")

    def often(label: str, name: str) -> Button:
        return press(f"🔘 {label}" if p["frequency"] == name else label, f"often:{name}")

    return inline(
        [topic(_("Points"), "points"), topic(_("Coupons"), "coupons")],
        [topic(_("Tier"), "tier"), topic(_("Birthday"), "birthday")],
        [topic(_("Greetings"), "greetings"), topic(_("Tips"), "tips")],
        [topic(_("Offers"), "offers"), topic(_("Short questions"), "surveys")],
        [topic(_("Monday's report"), "reports")] if p["manages"] else [],
        [often(_("Each message"), "each"), often(_("Once a week"), "weekly")],
        [often(_("Only my own matters"), "own"), often(_("Nothing"), "none")],
        [press(_("« Settings"), "settings")],
    )


def push_why(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🔔 What I get"), "topics")])


def rules(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Privacy"), "privacy")])


KEYBOARDS = {
    "card": card,
    "settings": settings,
    "language": language,
    "language_chosen": language_chosen,
    "quiet_hours": quiet_hours,
    "topics": topics,
    "push_why": push_why,
    "rules": rules,
}
