"""Buttons of care tasks."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press, shortened


def care_list(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    shown = [
        press(f"{place} · {shortened(task['name'], 24)}", f"task:{task['task_id']}")
        for place, task in enumerate(p["tasks"], start=1)
    ]
    return inline(*([button] for button in shown)) if shown else None


def care_task(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    task_id, member_id = p["task_id"], p["member_id"]
    settle = f"tasksettle:{task_id}"
    case = [[press(_("📋 Case %(id)s", id=p["case_id"]), f"case:{p['case_id']}")]] if p["case_id"] else []
    return inline(
        *case,
        [press(_("✅ Done"), f"{settle}:done"), press(_("📵 No answer"), f"{settle}:no_answer")],
        [press(_("⏰ In %(days)s d", days=days), f"tasklater:{task_id}:{days}") for days in (1, 3, 7)],
        [press(_("📞 Whole phone"), f"reveal:{member_id}"), press(_("👤 Member"), f"desk:{member_id}")],
        [press(_("📝 Note"), f"note:{member_id}"), press(_("◀ My tasks"), "tasks")],
    )


def care_words(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Nothing to note"), "d:care:words:none")])


KEYBOARDS = {"care_list": care_list, "care_task": care_task, "care_words": care_words}
