"""Buttons of signing up a customer at the counter."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press


def enrol_consent(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("✅ The customer agrees"), "d:enrol:consent:yes")],
        [press(_("Does not agree"), "d:enrol:consent:no")],
    )


def enrol_done(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("💰 Record a purchase"), f"amount:{p['member_id']}")])


def to_member(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("👤 Open the member's page"), f"desk:{p['member_id']}")])


KEYBOARDS = {
    "enrol_consent": enrol_consent,
    "enrol_done": enrol_done,
    "refused_already_enrolled": to_member,
    "own_credits_found": to_member,
}
