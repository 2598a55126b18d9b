"""Buttons of the service desk."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.feedback import STATES
from bot.buttons.kinds import MOST_STORES, Gettext, Keyboard, inline, press


def case_queue(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = ([press(_line(case), f"case:{case['case_id']}")] for case in p["cases"])
    further = [press(_("Further ›"), f"queuefrom:{p['next']}")] if p["next"] else []
    return inline(*shown, further)


def case_desk(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    case_id, state = p["case_id"], p["state"]
    whole = [press(_("📎 Everything in full"), f"caseall:{case_id}")] if p["more"] else []
    if state not in ("new", "taken", "waiting"):
        return inline(whole, [press(_("◀ The queue"), "queue")])
    take = [press(_("✋ Take it"), f"casetake:{case_id}")] if state == "new" else []
    back = [press(_("↩️ Give it back"), f"caseback:{case_id}")] if state != "new" and p["may_hand_on"] else []
    speak = [_say(_("💬 Answer"), case_id, "answer"), _say(_("❓ Ask"), case_id, "ask")]
    member = [press(_("👤 Member"), f"desk:{p['member_id']}")] if p["member_id"] else []
    hand_on = [press(_("🏬 Hand on"), f"casestores:{case_id}")] if p["may_hand_on"] else []
    return inline(
        take,
        speak if p["member_id"] else [],
        [_say(_("☑️ Resolve"), case_id, "resolve"), _say(_("📝 Note"), case_id, "note")],
        whole,
        [*hand_on, press(_("🏷 Class"), f"caseclasses:{case_id}"), *back],
        [*member, press(_("◀ The queue"), "queue")],
    )


def case_opened(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _open(_, p)


def case_heard(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([_say(_("💬 Answer"), p["case_id"], "answer"), press(_("📋 Open it"), f"case:{p['case_id']}")])


def case_stores(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = ([press(f"🏬 {store['name']}", f"caseto:{p['case_id']}:{store['id']}")] for store in p["stores"])
    return inline(*list(shown)[:MOST_STORES])


def case_classes(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    case_id = p["case_id"]
    severities = [press(one["name"], f"caseis:{case_id}:s:{one['code']}") for one in p["severities"]]
    categories = [press(one["name"], f"caseis:{case_id}:c:{one['code']}") for one in p["categories"]]
    return inline(severities[:8], *(categories[row : row + 2] for row in range(0, len(categories), 2)))


def case_say_words(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    if p["way"] == "note":
        return None
    return inline(*([press(one["name"], f"d:case_say:words:{one['code']}")] for one in p["answers"][:20]))


def case_say_points(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    offered = [points for points in (20, 50, 100) if not p["limit"] or points <= p["limit"]]
    return inline(
        [press(_("No points"), "d:case_say:points:0")],
        [press(f"+{points}", f"d:case_say:points:{points}") for points in offered],
    )


def complaint_who(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Nobody in particular"), "d:complaint:who:0")])


def complaint_kind(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("😟 Complaint"), "d:complaint:kind:complaint")],
        [press(_("💡 Suggestion"), "d:complaint:kind:suggestion"), press(_("👍 Praise"), "d:complaint:kind:praise")],
    )


def complaint_severity(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(one["name"], f"d:complaint:severity:{one['code']}") for one in p["severities"][:8]])


def cases_freed(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(f"📋 {case_id}", f"case:{case_id}") for case_id in p["cases"][:8]])


def _say(label: str, case_id: int, way: str) -> dict[str, Any]:
    return press(label, f"casesay:{case_id}:{way}")


def _open(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📋 Open it"), f"case:{p['case_id']}")])


def _line(case: Mapping[str, Any]) -> str:
    sign = "🔴" if case["late"] else STATES[case["state"]]
    return f"{sign} {case['case_id']} · {case['severity']} · {case['store']}"


KEYBOARDS = {
    "case_queue": case_queue,
    "case_desk": case_desk,
    "case_opened": case_opened,
    "case_heard": case_heard,
    "case_reopened": case_heard,
    "case_confirmed": _open,
    "case_transferred": _open,
    "case_warned": _open,
    "case_late": _open,
    "cases_freed": cases_freed,
    "case_stores": case_stores,
    "case_classes": case_classes,
    "case_say_words": case_say_words,
    "case_say_points": case_say_points,
    "complaint_who": complaint_who,
    "complaint_kind": complaint_kind,
    "complaint_severity": complaint_severity,
}
