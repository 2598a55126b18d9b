"""Sample parameters of care tasks."""

_RULE = {"zh_Hans": "金卡问候", "zh_Hant": "金卡問候", "en": "Greet a Gold member <b>"}
_LISTED = {"task_id": 4, "name": "王小芳 <i>", "rule": _RULE, "due_on": "2025-03-03", "tries": 1}
_TASK = {
    "task_id": 4, "member_id": 7, "rule": _RULE, "due_on": "2025-03-03", "tries": 2,
    "name": "王小芳 <i>", "tier": _RULE, "phone": "138****8000",
    "on_telegram": False, "contact": "phone", "visited_at": 1_740_974_400_000,
    "notes": ["燕麦奶 <b>"], "birthday": "2025-03-05", "case_id": 12, "category": _RULE,
}  # fmt: skip

SAMPLES = {
    "care_list": {"store": "西门店 <i>", "tasks": [_LISTED, _LISTED | {"rule": {}}], "waiting": 3, "per_clerk": 5},
    "care_task": _TASK,
    "care_words": {"outcome": "no_answer"},
}
