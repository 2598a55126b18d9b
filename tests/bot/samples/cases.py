"""Sample parameters of cases."""

_NAME = {"zh_Hans": "普通", "zh_Hant": "普通", "en": "Normal <b>"}
_AT = 1_740_974_400_000
_TOLD = {
    "case_id": 17, "kind": "complaint", "store": "西门店 <i>", "severity": _NAME, "answer_due": _AT,
    "words": "汤是凉的 <b>", "file_kind": "photo", "disputed": True, "low": None,
}  # fmt: skip
_LOW = {"about": "case", "score": 2, "most": 5, "rates": 12}
_LINES = [
    {"side": "member", "by": "", "words": "汤是凉的 <b>", "file_kind": "photo", "at": _AT},
    {"side": "staff", "by": "小李 <i>", "words": "对不起", "file_kind": "", "at": _AT},
    {"side": "note", "by": "小李 <i>", "words": "第二次了", "file_kind": "", "at": _AT},
]
_VIEW = {
    "case_id": 17, "kind": "complaint", "state": "resolved", "store": "西门店 <i>", "opened_at": _AT, "answer_due": 0,
    "score": 0, "lines": _LINES[:2], "earlier": 3, "is_open": False, "logged": False,
    "more": True,
}  # fmt: skip
_RELATED = {
    "case_id": 12, "kind": "praise", "state": "taken", "opened_at": _AT, "store": "西门店 <i>", "mergeable": True,
    "same_purchase": True,
}  # fmt: skip
_DESK = {
    "case_id": 17, "kind": "complaint", "state": "taken", "severity": _NAME, "category": _NAME, "store": "西门店 <i>",
    "member_id": 3, "member": "陈伟 <b>", "opened_at": _AT, "answer_due": _AT, "resolve_due": _AT, "late": True,
    "holder": "小李 <i>", "yours": True, "may_hand_on": True, "held": False,
    "disputed": True, "may_resolve": False, "refundable": 4, "reopened": 1, "merged_into": 0, "score": 2,
    "about": [{"at": _AT, "store": "西门店 <i>", "amount": 8650, "what": ["牛奶 <b>", _NAME], "is_guessed": True}],
    "compensations": [
        {"points": 50, "coupon": {}, "state": "given", "by": "小李 <i>", "decided_by": ""},
        {"points": 0, "coupon": _NAME, "state": "waiting", "by": "小李 <i>", "decided_by": ""},
    ],
    "related": [_RELATED], "lines": _LINES, "earlier": 3, "more": True, "sent": True,
}  # fmt: skip
_OUTCOME = {
    "compensation_id": 5, "case_id": 17, "store": "西门店 <i>", "member": "陈伟 <b>", "points": 200, "coupon": {},
    "state": "given", "by": "小李 <i>", "decided_by": "老王 <i>",
    "before": {"points": 50, "coupons": 1, "points_today": 50, "coupons_today": 1}, "is_seller": False,
}  # fmt: skip
_CHOICES = {"severities": [{"code": "normal", "name": _NAME}], "categories": [{"code": "goods", "name": _NAME}] * 3}
_QUEUED = {
    "case_id": 17, "kind": "praise", "severity": _NAME, "store": "西门店 <i>", "state": "new", "answer_due": _AT,
    "resolve_due": _AT, "late": True, "yours": False, "holder": "小李 <i>",
}  # fmt: skip
_MAYBE = {"member_id": 3, "name": "陈伟 <b>", "phone": "138****0000"}
_SPEECH = {"case_id": 17, "store": "西门店 <i>", "words": "对不起 <b>"}
_PRESSING = {
    "case_id": 17, "kind": "complaint", "store": "西门店 <i>", "due": _AT, "late": False, "answer": True,
    "holder": "小李 <i>",
}  # fmt: skip

SAMPLES = {
    "feedback_kind": {"offered": "voice", "kept": True},
    "feedback_store": {"kept": True, "stores": [{"id": 1, "name": "西门店 <i>"}]},
    "feedback_words": {"kind": "complaint"},
    "feedback_taken": _TOLD,
    "case_more_words": {"case_id": 17, "unsolved": True},
    "case_state": {"state": "closed", "kind": "praise"},
    "case_kind": {"kind": "suggestion"},
    "case_kind_told": {"kind": "complaint"},
    "case_file": {"file_kind": "voice"},
    "case_list": {
        "cases": [{"case_id": 17, "kind": "praise", "state": "new", "opened_at": _AT, "store": "西门店 <i>"}],
        "older": 9,
    },
    "case_lines": {"lines": _LINES[:2], "you": "You", "us": "We"},
    "case_view": _VIEW,
    "case_added": _VIEW,
    "case_opened": _TOLD | {"words": "", "file_kind": "", "low": _LOW},
    "case_heard": _SPEECH | {"file_kind": "voice"},
    "case_confirmed": {"case_id": 17, "store": ""},
    "case_reopened": {"case_id": 17, "store": "", "yours": False},
    "case_rate": _VIEW | {"state": "confirmed"},
    "case_answer": _SPEECH | {"asks": True},
    "case_resolved": _SPEECH | {"points": 50, "coupon": {}, "coupon_id": 0},
    "case_queue": {"cases": [_QUEUED], "next": "5:17"},
    "case_desk": _DESK,
    "case_due": {"answer_at": "", "solution_at": "3/3 12:00"},
    "case_takers": {
        "case_id": 17, "colleagues": [{"post_id": 1, "name": ""}, {"post_id": 2, "name": "小王 <b>"}],
        "stores": [{"id": 2, "name": "东门店 <i>"}], "page": 1, "pages": 3,
    },
    "case_merge": {"case_id": 17, "cases": [_RELATED]},
    "case_left": {"case_id": 17},
    "case_merged": {"case_id": 17, "into": 12, "store": "西门店 <i>"},
    "case_resolved_by": {"case_id": 17, "by": "小李 <i>"},
    "case_joined": {"case_id": 17, "into": 12, "store": "西门店 <i>", "by": "小李 <i>"},
    "case_assigned": {
        "case_id": 17, "by": "小李 <i>", "holder": "小王 <b>", "store": "西门店 <i>", "waits": True, "yours": True,
    },
    "case_classes": {"case_id": 17, "severity": "normal", "category": "goods", **_CHOICES},
    "case_transferred": {"case_id": 17, "store": "东门店 <i>", "by": "小李"},
    "case_warned": _PRESSING,
    "case_late": _PRESSING | {"late": True, "answer": False},
    "case_attachment": {"case_id": 17, "file_kind": "voice"},
    "case_words": {"case_id": 17, "words": "汤是凉的 <b>"},
    "case_nothing_more": {"case_id": 17},
    "case_reminder": {"case_id": 17, "store": "西门店 <i>", "closes_at": _AT},
    "cases_freed": {"name": "小李 <i>", "cases": [17, 18], "store": "西门店 <i>"},
    "case_say_words": {"case_id": 17, "way": "resolve", "nobody": True, "answers": [{"code": "sorry", "name": _NAME}]},
    "case_say_compensation": {
        "left": 50, "coupons": [{"code": "apology", "name": _NAME, "alone": False}], "is_seller": False,
        "manages": False, "most": 500,
    },
    "case_say_sure": {"case_id": 17, "points": 100_000},
    "compensation_asked": _OUTCOME | {"state": "waiting", "decided_by": ""},
    "compensation_settled": _OUTCOME,
    "compensation_decided": _OUTCOME | {"state": "declined"},
    "compensation_gift": {"points": 0, "coupon": _NAME},
    "compensation_notice": {"case_id": 17, "points": 0, "coupon": _NAME, "coupon_id": 9},
    "complaint_who": {"words": "冰柜太冷 <b>"},
    "complaint_pick": {"candidates": [_MAYBE], "words": ""},
    "complaint_kind": {"member": _MAYBE},
    "complaint_category": _CHOICES,
    "complaint_visit": {"visits": [{"at": _AT, "store": "西门店 <i>", "amount": 8650, "purchase_id": 4}]},
    "complaint_handed": {"case_id": 17, "store": "东门店 <i>"},
    "complaint_words": {},
    "case_moved": {"case_id": 17, "by": "小李 <i>"},
    "refused_case_answered": {"case_id": 17},
    "refused_whose_unclear": {"case_id": 17},
    "refused_case_elsewhere": {},
    "refused_case_held": {"case_id": 17, "holder": "小李 <i>"},
    "refused_case_not_found": {},
    "refused_case_settled": {"case_id": 17, "state": "resolved"},
    "refused_group_elsewhere": {"store": "西门店 <i>"},
    "refused_own_case": {},
    "refused_compensation_too_high": {"limit": 50},
    "refused_compensation_waits": {},
    "refused_own_sale": {},
    "refused_disputed_sale": {},
    "case_disputed": {},
    "case_praise": _SPEECH,
    "case_thanked": {"case_id": 17},
}  # fmt: skip
