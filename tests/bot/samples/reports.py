"""Sample parameters of managers' reports."""

_GOODS = {"zh_Hans": "商品质量", "zh_Hant": "商品品質", "en": "Goods <b>"}
_TIER = {"zh_Hans": "金卡", "zh_Hant": "金卡", "en": "Gold"}

SERVICE = {
    "period": "last_week", "begins": "2025-02-24", "ends": "2025-03-02", "store_id": 1, "store": "西门店 <i>",
    "stores": [{"id": 1, "name": "西门店 <i>"}, {"id": 2, "name": "Nanhu"}], "anything": True, "opened": 1_283,
    "open": 45, "late": 7,
    "kinds": {"complaint": 1_100, "low_score": 100, "suggestion": 63, "praise": 20},
    "answers": {"count": 134, "median": 34, "most": 380, "in_time": 0.943},
    "solutions": {"count": 101, "median": 700, "most": 2_600, "in_time": 0.9},
    "reasons": [{"name": _GOODS, "times": 900}, {"name": _TIER, "times": 300}, {"name": _TIER, "times": 0}],
    "points": 350, "coupons": 2, "compensated": 5, "score": 4.2666, "scores": [5, 3, 20, 60, 127], "answered": 215,
    "asked": 600, "nps": -12.5, "recommending": 40, "choosing": False, "weekly": True,
}  # fmt: skip
SAMPLES = {
    "report_service": SERVICE,
    "report_period": {"period": "quarter"},
    "report_file": {"begins": "2025-02-24", "ends": "2025-03-02"},
    "report_complainers": {
        "store": "西门店 <i>",
        "members": [
            {"member_id": 9, "name": "Ann <b>", "tier": _TIER, "complaints": 3, "last_at": 1_740_974_400_000,
             "spent": 1_234_500},
        ],
    },
}  # fmt: skip
