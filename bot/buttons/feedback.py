"""Buttons under what members say, and under what becomes of it."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, paged, press

STATES = {
    "new": "🆕", "taken": "👤", "waiting": "💬", "resolved": "☑️", "confirmed": "✅", "unanswered": "✅", "closed": "✅",
    "merged": "🔗",
}  # fmt: skip


def feedback_kind(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    complaint = _("😟 Log it as a complaint") if p["offered"] else _("😟 Complaint")
    return inline(
        [press(complaint, "d:feedback:kind:complaint")],
        [press(_("💡 Suggestion"), "d:feedback:kind:suggestion"), press(_("👍 Praise"), "d:feedback:kind:praise")],
        [press(_("✖ Never mind"), "cancel")],
    )


def feedback_store(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = ([press(f"🏬 {store['name']}", f"d:feedback:store:{store['id']}")] for store in p["stores"])
    none, cancel = press(_("No store in particular"), "d:feedback:store:0"), press(_("✖ Never mind"), "cancel")
    return inline(*paged(shown, p), [none], [cancel])


def feedback_taken(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📋 My cases"), "cases")])


def case_list(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = (
        [press(f"{STATES[case['state']]} {case['case_id']} {case['store']}", f"mycase:{case['case_id']}")]
        for case in p["cases"]
    )
    older = [press(_("Older ›"), f"casesfrom:{p['older']}")] if p["older"] else []
    return inline(*shown, older, [press(_("➕ Tell us something"), "feedback")])


def case_view(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    case_id = p["case_id"]
    whole = [press(_("📎 Everything in full"), f"mycaseall:{case_id}")] if p["more"] else []
    if p["state"] == "resolved":
        return inline(
            whole,
            [press(_("✅ Yes, solved"), f"casesolved:{case_id}"), press(_("↩️ No, not yet"), f"casereopen:{case_id}")],
        )
    write = [press(_("✍️ Write"), f"casewrite:{case_id}")] if p["is_open"] else []
    again = [press(_("↩️ It is not solved"), f"casereopen:{case_id}")] if p["state"] == "unanswered" else []
    return inline(write, whole, again, [press(_("📋 My cases"), "cases")])


def case_answer(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("✍️ Answer"), f"casewrite:{p['case_id']}"), press(_("📋 All of it"), f"mycase:{p['case_id']}")]
    )


def case_resolved(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    case_id, coupon_id = p["case_id"], p.get("coupon_id")
    return inline(
        [press(_("🎟 Show the code"), f"coupon:{coupon_id}")] if coupon_id else [],
        [press(_("✅ Yes, solved"), f"casesolved:{case_id}"), press(_("↩️ No, not yet"), f"casereopen:{case_id}")],
    )


KEYBOARDS = {
    "feedback_kind": feedback_kind,
    "feedback_store": feedback_store,
    "feedback_taken": feedback_taken,
    "case_list": case_list,
    "case_view": case_view,
    "case_added": case_view,
    "case_answer": case_answer,
    "case_resolved": case_resolved,
    "case_reminder": case_resolved,
}
