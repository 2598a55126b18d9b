"""Sample parameters of adjusting points by hand."""

_APOLOGY = {"zh_Hans": "致歉补偿", "zh_Hant": "致歉補償", "en": "With our apologies"}
_PROSPECT = {
    "member_id": 3, "member": "陈伟 <b>", "available": 120, "before": 120, "limit": 500,
    "reasons": [{"code": "goodwill", "name": _APOLOGY}, {"code": "correction", "name": _APOLOGY}],
}  # fmt: skip
_ADJUSTED = {
    "adjustment_id": 5, "member_id": 3, "member": "陈伟 <b>", "points": 1_000, "reason": _APOLOGY,
    "note": "煮坏了 <i>", "state": "entered", "before": 120, "after": 1_120, "asked_by": "小李", "decided_by": "老王",
}  # fmt: skip

SAMPLES = {
    "adjustment_points": _PROSPECT,
    "adjustment_reason": _PROSPECT | {"points": 600},
    "adjustment_note": {},
    "adjustment_sure": _PROSPECT | {"points": -50, "reason": _APOLOGY, "note": "重复记录", "after": 70},
    "adjustment_settled": _ADJUSTED,
    "adjustment_asked": _ADJUSTED | {"state": "waiting", "decided_by": ""},
    "adjustment_decided": _ADJUSTED,
    "adjustment_notice": {"points": -50, "reason": _APOLOGY, "after": 70},
    "books_wrong": {"members": 2},
    "refused_points_invalid": {"most": 1_000_000},
    "refused_own_points": {},
    "refused_asked_for_themselves": {},
    "refused_second_person_needed": {},
    "refused_nobody_to_agree": {},
}
