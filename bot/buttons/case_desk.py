"""Buttons of the service desk."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.feedback import STATES
from bot.buttons.kinds import Gettext, Keyboard, Row, inline, press, turning

_NUMBERS = 5  # of the queue, in a row


def case_queue(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = [press(_numbered(case), f"case:{case['case_id']}") for case in p["cases"]]
    further = [press(_("Further ›"), f"queuefrom:{p['next']}")] if p["next"] else []
    return inline(*(shown[place : place + _NUMBERS] for place in range(0, len(shown), _NUMBERS)), further)


def case_desk(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    case_id, state = p["case_id"], p["state"]
    whole = [press(_("📎 Everything in full"), f"caseall:{case_id}")] if p["more"] else []
    related = [press(_related(_, one), f"case:{one['case_id']}") for one in p["related"]]
    if state not in ("new", "taken", "waiting"):
        return inline(whole, *_pairs([*_goes_on(_, p), *related]), [press(_("◀ The queue"), "queue")])
    member = [press(_("👤 Member"), f"desk:{p['member_id']}")] if p["member_id"] else []
    queue = press(_("◀ The queue"), "queue")
    if p["held"]:
        return inline([_say(_("📝 Note"), case_id, "note")], whole, *_pairs(related), [*member, queue])
    back = [press(_("↩️ Give it back"), f"caseback:{case_id}")] if state != "new" and p["may_hand_on"] else []
    hand_on = [press(_("🏬 Hand on"), f"casestores:{case_id}")] if p["may_hand_on"] else []
    twice, once = _merging(_, p)
    return inline(
        twice,
        *(_praised(_, p) if p["kind"] == "praise" else _deeds(_, p)),
        whole,
        [*hand_on, press(_("🏷 Category"), f"caseclasses:{case_id}"), *back],
        *_pairs(related),
        [*once, *member, queue],
    )


def _deeds(_: Gettext, p: Mapping[str, Any]) -> list[Row]:
    case_id = p["case_id"]
    return [
        [press(_("✋ Take it"), f"casetake:{case_id}")] if p["state"] == "new" else [],
        [_say(_("💬 Answer"), case_id, "answer"), _say(_("❓ Ask"), case_id, "ask")] if p["member_id"] else [],
        [press(_("💸 Refund"), f"refund:{p['refundable']}")] if p["refundable"] else [],
        [
            *([_say(_("☑️ Resolve"), case_id, "resolve")] if p["may_resolve"] else []),
            _say(_("📝 Note"), case_id, "note"),
        ],
    ]


def _praised(_: Gettext, p: Mapping[str, Any]) -> list[Row]:
    """Nothing is to be solved, and nothing given: it is passed on."""
    case_id = p["case_id"]
    answer = [_say(_("💬 Answer"), case_id, "answer")] if p["member_id"] else []
    return [
        [press(_("👏 Pass it on and close"), f"casepraise:{case_id}")],
        [*answer, _say(_("📝 Note"), case_id, "note")],
    ]


def _merging(_: Gettext, p: Mapping[str, Any]) -> tuple[Row, Row]:
    """Two cases about one purchase come first; what may be the same thing stands aside."""
    possible = [one for one in p["related"] if one["mergeable"]]
    same = next((one["case_id"] for one in possible if one["same_purchase"]), 0)
    data = f"casemerge:{p['case_id']}"
    if same:
        return [press(_("🔗 Same purchase: case %(id)s", id=same), data)], []
    return [], [press(_("🔗 Merge"), data)] if possible else []


def _goes_on(_: Gettext, p: Mapping[str, Any]) -> Row:
    into = p["merged_into"]
    return [press(_("🔗 Goes on in case %(id)s", id=into), f"case:{into}")] if into else []


def _related(_: Gettext, one: Mapping[str, Any]) -> str:
    return f"{STATES[one['state']]} {one['case_id']} · {_kind(_, one['kind'])}"


def _kind(_: Gettext, kind: str) -> str:
    return {"complaint": _("Complaint"), "suggestion": _("Suggestion"), "praise": _("Praise")}[kind]


def _pairs(buttons: Row) -> list[Row]:
    return [buttons[place : place + 2] for place in range(0, len(buttons), 2)]


def case_opened(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _open(_, p)


def case_heard(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([_say(_("💬 Answer"), p["case_id"], "answer"), press(_("📋 Open it"), f"case:{p['case_id']}")])


def case_takers(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    case_id, myself = p["case_id"], _("Myself")
    found = p["colleagues"]
    colleagues = [press(f"👤 {one['name'] or myself}", f"casewho:{case_id}:{one['post_id']}") for one in found]
    others = [[press(f"🏬 {store['name']}", f"caseto:{case_id}:{store['id']}")] for store in p["stores"]]
    return inline(*_pairs(colleagues), *others, turning(p, f"casestores:{case_id}"), _back(_, p))


def case_merge(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        *([press(f"🔗 {_related(_, one)}", f"casejoin:{p['case_id']}:{one['case_id']}")] for one in p["cases"]),
        [press(_("◀ No, leave it"), f"casehere:{p['case_id']}")],
    )


def case_classes(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    case_id = p["case_id"]
    severities = [press(_marked(one, p["severity"]), f"caseis:{case_id}:s:{one['code']}") for one in p["severities"]]
    categories = [press(_marked(one, p["category"]), f"caseis:{case_id}:c:{one['code']}") for one in p["categories"]]
    return inline(severities[:8], *_pairs(categories), _back(_, p))


def _marked(one: Mapping[str, Any], chosen: str) -> str:
    return f"✓ {one['name']}" if one["code"] == chosen else str(one["name"])


def _back(_: Gettext, p: Mapping[str, Any]) -> Row:
    return [press(_("◀ Case %(id)s", id=p["case_id"]), f"casehere:{p['case_id']}")]


def case_say_words(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    shown = [[press(one["name"], f"d:case_say:words:{one['code']}")] for one in p["answers"][:20]]
    return inline(*shown) if shown else None


def case_say_compensation(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    """What a manager has to agree to is marked."""
    step = "d:case_say:compensation:"
    points = [press(f"+{points}{_waits(points <= p['left'])}", f"{step}{points}") for points in (20, 50, 100)]
    coupons = [press(f"🎟 {one['name']}{_waits(one['alone'])}", f"{step}c:{one['code']}") for one in p["coupons"]]
    return inline([press(_("No compensation"), f"{step}0")], points, *([coupon] for coupon in coupons))


def case_say_sure(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("✅ Yes, ask for it"), "d:case_say:sure:yes"), press(_("✏️ Another amount"), "d:case_say:sure:no")]
    )


def _waits(alone: bool) -> str:
    return "" if alone else " ⏳"


def cases_freed(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(f"📋 {case_id}", f"case:{case_id}") for case_id in p["cases"][:8]])


def _say(label: str, case_id: int, way: str) -> dict[str, Any]:
    return press(label, f"casesay:{case_id}:{way}")


def _open(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📋 Open it"), f"case:{p['case_id']}")])


def _joined(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📋 Open it"), f"case:{p['into']}")])


def _goes_on_member(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📋 All of it"), f"mycase:{p['into']}")])


def _numbered(case: Mapping[str, Any]) -> str:
    return f"{'🔴' if case['late'] else STATES[case['state']]} {case['case_id']}"


KEYBOARDS = {
    "case_queue": case_queue,
    "case_desk": case_desk,
    "case_opened": case_opened,
    "case_heard": case_heard,
    "case_reopened": case_heard,
    "case_confirmed": _open,
    "case_transferred": _open,
    "case_moved": _open,
    "case_warned": _open,
    "case_late": _open,
    "cases_freed": cases_freed,
    "case_takers": case_takers,
    "case_merge": case_merge,
    "case_assigned": _open,
    "case_joined": _joined,
    "case_merged": _goes_on_member,
    "case_classes": case_classes,
    "case_say_words": case_say_words,
    "case_say_compensation": case_say_compensation,
    "case_say_sure": case_say_sure,
}
