"""Sample parameters of messages to many."""

_TIER = {"zh_Hans": "金卡", "zh_Hant": "金卡", "en": "Gold"}
_TEXTS = {"zh_Hans": "{name}，周末满200减30 <b>", "zh_Hant": "", "en": "{name}, 30 off 200 this weekend"}
_FIRST = {"zh_Hans": "周末满200减30", "zh_Hant": "週末滿200減30", "en": "30 off 200 <i>"}
_VIEW = {
    "campaign_id": 3, "state": "running", "texts": _TEXTS, "tier": _TIER, "store": "", "starts_at": 1_740_974_400_000,
    "ends_at": 1_741_233_600_000, "members": 1_204, "willing": 980, "sent": 600, "queued": 370, "unwanted": 220,
    "undelivered": 9, "unknown": 1, "asked_by": "小李 <b>", "decided_by": "老王", "is_yours": True,
    "has_second": True,
}  # fmt: skip
_QUESTION = {"needed": False, "longest": 3_000, "before": "满200减30 <b>"}

SAMPLES = {
    "campaign": {"text": _FIRST},
    "campaign_preview": {"text": "陈伟，周末满200减30 <b>"},
    "campaign_list": {
        "campaigns": [{"campaign_id": 3, "opening": _FIRST, "state": "running", "starts_at": 1_740_974_400_000}],
        "page": 1, "pages": 3,
    },
    "campaign_new_picture": {"before": 7},
    "campaign_ask_text": _QUESTION | {"needed": True, "language": "简体中文"},
    "campaign_new_hans": _QUESTION | {"needed": True},
    "campaign_new_hant": _QUESTION,
    "campaign_new_en": _QUESTION,
    "campaign_new_audience": {
        "everyone": True, "tiers": [{"code": "gold", "name": _TIER}], "stores": [{"id": 1, "name": "西门店 <b>"}],
        "before": {"tier": "gold", "store_id": 0},
    },
    "campaign_new_start": {"before": 1_740_974_400_000},
    "campaign_facts": _VIEW,
    "campaign_counts": _VIEW,
    "campaign_view": _VIEW | {"state": "draft", "has_second": False},
    "campaign_asked": _VIEW | {"is_yours": False, "state": "waiting", "decided_by": ""},
    "campaign_decided": _VIEW | {"state": "declined"},
    "campaign_sent": _VIEW | {"state": "sent", "queued": 0},
    "refused_campaign_text_invalid": {"field": "nmae", "longest": 3_000},
    "refused_campaign_time_invalid": {},
    "refused_campaign_not_found": {},
    "refused_campaign_settled": {},
    "refused_nobody_to_review": {},
}  # fmt: skip
