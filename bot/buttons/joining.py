"""Buttons on the way in, and the keyboard that members have at hand."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import (
    Gettext,
    Keyboard,
    KeyboardMaker,
    Row,
    contact_button,
    inline,
    paged,
    press,
    remove,
    reply_keyboard,
)


def main_keyboard(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    """In place of the letters; each label is a word that the routes know."""
    return reply_keyboard([_("My card"), _("Points"), _("Gifts")], [_("Profile"), _("Settings")])


def welcome(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("Join"), f"join:{p['start']}" if p["start"] else "join")],
        [press("🌐 简体中文 · 繁體中文 · English", "languages")],
    )


def join_consent(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("I agree"), "d:join:consent:yes")],
        [press(_("Privacy policy"), "terms:privacy"), press(_("Programme rules"), "terms:charter")],
        [press(_("No, thanks"), "d:join:consent:no")],
    )


def join_terms_privacy(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _terms(_, press(_("Programme rules"), "terms:charter"))


def join_terms_charter(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _terms(_, press(_("Privacy policy"), "terms:privacy"))


def _terms(_: Gettext, other: dict[str, Any]) -> Keyboard:
    return inline([press(_("I agree"), "d:join:consent:yes")], [other, press(_("Back"), "terms")])


def share_phone(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return reply_keyboard([contact_button(_("📱 Share my phone number"))], once=True)


def join_name(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    """The name from Telegram is sent as if it were typed."""
    return reply_keyboard([p["telegram_name"]], once=True) if p["telegram_name"] else remove()


def join_birthday(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("It is in the lunar calendar"), "d:join:birthday:lunar")],
        [press(_("Skip"), "d:join:birthday:skip")],
    )


def join_lunar_birthday(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Skip"), "d:join:lunar_birthday:skip")])


def join_birthday_which(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*birthday_readings(_, "join", p["readings"]))


def birthday_readings(_: Gettext, dialogue: str, readings: list[dict[str, Any]]) -> list[Row]:
    """A button for each day that a typed birthday may mean, by what tells them apart."""
    calendars = len({day["lunar"] for day in readings}) > 1

    def label(day: dict[str, Any]) -> str:
        if calendars:
            return _("Lunar calendar") if day["lunar"] else _("Solar calendar")
        return _("Month %(month)s, day %(day)s", month=day["month"], day=day["day"])

    return [[press(label(day), f"d:{dialogue}:birthday_which:{place}")] for place, day in enumerate(readings)]


def join_store(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    stores = [[press(store["name"], f"d:join:store:{store['id']}")] for store in p["stores"]]
    return inline(*paged(stores, p), [press(_("No particular one"), "d:join:store:skip")])


def join_offer(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Go on joining") if p["joining"] else _("Join"), "join")])


def no_keyboard(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return remove()


def afterwards(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    """A question's keyboard goes away with the question."""
    return main_keyboard(_, p) if p["member"] else remove()


def help_keyboard(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    """Whoever looks for help may never have had it at hand."""
    return main_keyboard(_, p) if p["member"] else None


KEYBOARDS: dict[str, KeyboardMaker] = {
    "cancelled": afterwards,
    "not_understood": afterwards,
    "help": help_keyboard,
    "dialogue_left": afterwards,
    "dialogue_lapsed": afterwards,
    "dialogue_outdated": afterwards,
    "welcome": welcome,
    "welcome_back": main_keyboard,
    "join_consent": join_consent,
    "join_terms_privacy": join_terms_privacy,
    "join_terms_charter": join_terms_charter,
    "join_phone": share_phone,
    "join_name": join_name,
    "join_name_noted": no_keyboard,
    "join_birthday": join_birthday,
    "join_lunar_birthday": join_lunar_birthday,
    "join_birthday_which": join_birthday_which,
    "join_store": join_store,
    "joined": main_keyboard,
    "refused_phone_not_own": share_phone,
    "refused_already_a_member": main_keyboard,
    "refused_not_a_member": join_offer,
}
