"""Sample parameters of staff groups."""

_NAME = {"zh_Hans": "普通", "zh_Hant": "普通", "en": "Normal <b>"}

SAMPLES = {
    "case_post": {
        "case_id": 17, "kind": "complaint", "state": "new", "severity": _NAME, "category": _NAME, "store": "西门店 <i>",
        "answer_due": 1_740_974_400_000, "resolve_due": 1_740_974_400_000, "late": True, "holder": "",
        "merged_into": 0,
    },
    "group_set": {"store": "西门店 <i>", "topic_id": 0},
    "group_which": {"stores": [{"code": "ximen", "name": "西门店 <i>"}]},
    "group_how": {},
    "group_lost": {"title": "西门 <b>", "store": "西门店 <i>"},
}  # fmt: skip
