"""Buttons of what is given for cases with the chain's apologies."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press


def compensation_asked(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    number = p["compensation_id"]
    return inline(
        [press(_("❌ Decline"), f"compno:{number}"), press(_("✅ Agree"), f"compyes:{number}")],
        [press(_("📋 Open it"), f"case:{p['case_id']}")],
    )


def compensation_decided(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📋 Open it"), f"case:{p['case_id']}")])


def compensation_notice(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return inline([press(_("🎟 Show the code"), f"coupon:{p['coupon_id']}")]) if p["coupon_id"] else None


KEYBOARDS = {
    "compensation_asked": compensation_asked,
    "compensation_decided": compensation_decided,
    "compensation_notice": compensation_notice,
}
