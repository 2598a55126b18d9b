"""Sample parameters of refunds."""

_SILVER = {"zh_Hans": "银卡", "zh_Hant": "銀卡", "en": "Silver"}
_NOON = 1_740_974_400_000
_CANDIDATES = [{"member_id": 3, "name": "陈伟", "phone": "138****8000"}]
_REFUNDED = {
    "purchase_id": 17, "member_id": 3, "member": "陈伟 <b>", "store": "西门店", "at": _NOON, "total": 860_000,
    "amount": 1_300, "refunded_before": 0, "left": 858_700, "items": ["牛奶 & 面包"], "packed": "1", "before": 120,
    "after": -10, "taken": 130, "lapsed": 3, "owed": 10, "lowered": _SILVER,
    "coupons_back": [_SILVER], "coupons_gone": [_SILVER],
}  # fmt: skip
_LINES = [
    {"position": 1, "item": "牛奶", "amount": 1_300, "refunded": False},
    {"position": 2, "item": "面包", "amount": 900, "refunded": True},
    {"position": 3, "item": "Tea <x>", "amount": 1_000, "refunded": False},
]
_CHOICE = {
    "purchase_id": 17, "member": "陈伟", "store": "西门店", "at": _NOON, "amount": 3_200, "left": 2_300,
    "lines": _LINES, "chosen": [1], "chosen_amount": 1_300, "packed": ["0", "3", "5"], "packed_now": "1",
}  # fmt: skip

SAMPLES = {
    "refund_who": {},
    "refund_pick": {"candidates": _CANDIDATES},
    "refund_purchases": {
        "member_id": 3, "member": "陈伟", "amount": 4_500,
        "purchases": [
            {"purchase_id": 17, "at": _NOON, "store": "西门店", "amount": 8_650, "left": 8_650},
            {"purchase_id": 18, "at": _NOON, "store": "西门店", "amount": 8_650, "left": 650},
        ],
        "page": 1, "pages": 3,
    },
    "refund_choose": _CHOICE,
    "refund_other_amount": _CHOICE,
    "refund_points": _REFUNDED,
    "refund_preview": _REFUNDED,
    "refund_done": _REFUNDED,
    "refund_notice": _REFUNDED,
    "refused_partly_refunded": {},
    "refused_already_refunded": {},
    "refused_refund_too_large": {"left": 2_300},
    "refused_redemptions_frozen": {},
    "refused_hold_resolved": {"state": "captured"},
    "refused_already_reversed": {},
    "refused_not_reversible": {"kind": "expire"},
    "history_event": {
        "entry": {"at": _NOON, "kind": "claw_back", "reason": "refund", "points": -13, "store": "西门店",
                  "amount": 8_650, "rules": [], "expires_at": 0, "undone": False, "name": {}, "refunded": 1_300},
    },
}  # fmt: skip
