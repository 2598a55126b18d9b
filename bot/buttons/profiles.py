"""Buttons of the profile: a field each, and how to answer for it."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.joining import birthday_readings, main_keyboard, share_phone
from bot.buttons.kinds import Gettext, Keyboard, Row, inline, paged, press


def profile_shown(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    fields = {
        "name": _("Name"), "phone": _("Phone"), "birthday": _("Birthday"), "gender": _("Gender"),
        "email": _("E-mail"), "address": _("Address"), "district": _("District"), "employer": _("Employer"),
        "job": _("Job"), "likes": _("Likes"), "sizes": _("Sizes"), "allergies": _("Allergies"),
        "contact": _("Contact by"), "store": _("Home store"),
    }  # fmt: skip
    buttons = [press(label, f"profileedit:{field}") for field, label in fields.items()]
    rows = [buttons[place : place + 3] for place in range(0, len(buttons), 3)]
    hide, reveal = press(_("Hide my number"), "profile"), press(_("Show my whole number"), "profilewhole")
    return inline(*rows, [hide if p["whole_phone"] else reveal], [press(_("📝 What staff noted"), "mynotes")])


def profile_name(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([_keep(_, "name")])


def profile_birthday(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    lunar = press(_("It is in the lunar calendar"), "d:profile:birthday:lunar")
    return inline([lunar], _clear(_, p, "birthday"), [_keep(_, "birthday")])


def profile_lunar_birthday(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([_keep(_, "lunar_birthday")])


def profile_birthday_which(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*birthday_readings(_, "profile", p["readings"]), [_keep(_, "birthday_which")])


def profile_gender(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    choices = {"female": _("Female"), "male": _("Male"), "other": _("Other")}
    return inline(_choices("gender", choices), _clear(_, p, "gender"), [_keep(_, "gender")])


def profile_contact(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    choices = {"telegram": _("Telegram"), "phone": _("By phone"), "email": _("By e-mail")}
    return inline(_choices("contact", choices), _clear(_, p, "contact"), [_keep(_, "contact")])


def profile_store(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    stores = [[press(store["name"], f"d:profile:store:{store['id']}")] for store in p["stores"]]
    return inline(*paged(stores, p), _clear(_, p, "store"), [_keep(_, "store")])


def profile_text(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_clear(_, p, "text"), [_keep(_, "text")])


def profile_return(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("My profile"), "profile")])


def _choices(step: str, choices: Mapping[str, str]) -> Row:
    return [press(label, f"d:profile:{step}:{choice}") for choice, label in choices.items()]


def _clear(_: Gettext, p: Mapping[str, Any], step: str) -> Row:
    return [press(_("Delete it"), f"d:profile:{step}:clear")] if p["held"] else []


def _keep(_: Gettext, step: str) -> dict[str, Any]:
    return press(_("Leave it as it is"), f"d:profile:{step}:keep")


KEYBOARDS = {
    "profile_shown": profile_shown,
    "profile_name": profile_name,
    "profile_phone": share_phone,
    "profile_phone_changed": main_keyboard,
    "profile_birthday": profile_birthday,
    "profile_lunar_birthday": profile_lunar_birthday,
    "profile_birthday_which": profile_birthday_which,
    "profile_gender": profile_gender,
    "profile_contact": profile_contact,
    "profile_store": profile_store,
    "profile_text": profile_text,
    "refused_birthday_locked": profile_return,
}
