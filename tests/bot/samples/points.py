"""Sample parameters of points, history and receipts."""

_SILVER = {"zh_Hans": "银卡", "zh_Hant": "銀卡", "en": "Silver"}
_GOLD = {"zh_Hans": "金卡", "zh_Hant": "金卡", "en": "Gold"}
_BASE = {"zh_Hans": "消费积分", "zh_Hant": "消費積分", "en": "Purchase points"}
_NOON = 1_740_974_400_000
_LATER = 1_804_003_199_999

_NEXT = {
    "next_tier": _GOLD, "needed_for_next": 120_000, "lifts_at": 0, "metric": "spend", "period": "rolling",
    "period_months": 12,
}  # fmt: skip
PARTS = [
    {"kind": "base", "name": _BASE, "rule": "base", "points": 8600, "note": "860000"},
    {"kind": "multiplier", "name": _SILVER, "rule": "silver", "points": 1720, "note": "1.2"},
    {"kind": "cap", "name": {}, "rule": "per_purchase", "points": -5320, "note": "5000"},
    {"kind": "cap", "name": {}, "rule": "per_day", "points": -10, "note": "10000"},
    {"kind": "cap", "name": {}, "rule": "per_month", "points": -10, "note": "50000"},
]
LINES = [
    {"item": "全脂牛奶 <1 升>" * 6, "category": _GOLD, "quantity": "0.75", "amount": 8600},
    *[{"item": "面包", "category": {}, "quantity": "1", "amount": 8600}] * 99,
]
RECORDED = {
    "purchase_id": 17, "member_id": 3, "member": "陈伟", "store": "西门店", "amount": 860_000, "points": 4980,
    "payment": {"zh_Hans": "微信支付", "zh_Hant": "微信支付", "en": "WeChat Pay"}, "lines": LINES,
    "parts": PARTS, "before": 120, "after": 5100, "repaid": 30, "pending_until": _NOON, "expires_at": _LATER,
    "lifted": _SILVER, "undo_minutes": 15,
    "saving": {
        "full": 863_500, "saved": 3_500, "parts": [{"name": _SILVER, "saving": 3_500, "coupon_id": 4, "gift": {}}],
    },
}  # fmt: skip
UNDONE = {
    "member": "陈伟", "store": "西门店", "amount": 8650, "at": _NOON, "points": 86, "before": 206, "after": 120,
    "owed": 30, "lowered": _SILVER, "coupons_back": [_SILVER], "coupons_gone": [_SILVER],
}  # fmt: skip

SAMPLES = {
    "points": {
        "available": 1234, "pending": 90, "pending_until": _NOON, "deficit": 30, "expiring": 200,
        "expiring_at": _LATER, "tier": _SILVER, "needed_to_keep": 50_000, "keep_until": _LATER, **_NEXT,
    },
    "points_next_tier": _NEXT,
    "receipt": {**RECORDED, **_NEXT, "at": _NOON, "tier": _SILVER, "needed_to_keep": 0, "keep_until": _LATER},
    "receipt_parts": RECORDED,
    "receipt_cap": {"part": PARTS[2]},
    "receipt_undone": UNDONE,
    "history": {
        "older": 12, "newer": 0,
        "entries": [
            {"at": _NOON, "kind": "reversal", "reason": "undo", "points": -86, "store": "西门店", "amount": 8650,
             "rules": [], "caps": [], "expires_at": 0, "undone": False, "name": {}, "refunded": 0,
             "cancelled": False},
            {"at": _NOON, "kind": "earn", "reason": "purchase", "points": 86, "store": "西门店", "amount": 8650,
             "rules": [_BASE], "caps": [], "expires_at": _LATER, "undone": True, "name": {}, "refunded": 0,
             "cancelled": False},
            {"at": _NOON, "kind": "earn", "reason": "purchase", "points": 103, "store": "西门店", "amount": 8650,
             "rules": [_BASE, _SILVER], "caps": PARTS[2:3],
             "expires_at": _LATER, "undone": False, "name": {}, "refunded": 0, "cancelled": False},
        ],
    },
    "history_file": {},
    "history_why": {"entry": {
        "kind": "claw_back", "reason": "refund", "points": -100, "amount": 33_330, "rules": [], "caps": [], "name": {},
        "refunded": 10_000, "cancelled": False,
    }},
    "points_usable": {"points": 90, "available": 1234},
    "points_expiring": {
        "points": 200, "expires_at": _LATER, "available": 1234,
        "gifts": [{"name": _GOLD, "points": 200, "cash": 990}, {"name": _SILVER, "points": 1200, "cash": 0}],
    },
    "points_statement": {
        "year": 2026, "earned": 12_345, "used": 2_000, "lapsed": 30, "visits": 48, "spent": 1_234_500, "saved": 8_850,
        "tier": _GOLD,
    },
    "refused_not_enough_points": {"required": 500, "available": 120},
}  # fmt: skip
