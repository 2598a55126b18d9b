"""Buttons under what a group of staff sees."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press
from loyalty.cases import OPEN


def case_post(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    if p["merged_into"]:
        return inline([press(_("📋 Case %(id)s", id=p["merged_into"]), f"groupopen:{p['merged_into']}")])
    if p["state"] not in OPEN:
        return None
    take = [press(_("✋ Take it"), f"grouptake:{p['case_id']}")] if p["state"] == "new" else []
    return inline([*take, press(_("📋 Open it"), f"groupopen:{p['case_id']}")])


KEYBOARDS = {"case_post": case_post}
