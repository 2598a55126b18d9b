"""Sample parameters of coupons: the member's, the counter's and the managers'."""

from typing import Any

NOON = 1_740_974_400_000
NAME = {"zh_Hans": "满减券 <b>限量</b>", "zh_Hant": "滿減券 <b>限量</b>", "en": "Spend & save <b>now</b>"}
BAG = {"zh_Hans": "帆布袋 & 伞", "zh_Hant": "帆布袋 & 傘", "en": "Canvas bag & umbrella"}
GOLD = {"zh_Hans": "金卡", "zh_Hant": "金卡", "en": "Gold"}
DAIRY = {"zh_Hans": "乳品", "zh_Hant": "乳品", "en": "Dairy"}


def coupon(kind: str, **told: Any) -> dict[str, Any]:
    return {
        "name": NAME,
        "kind": kind,
        "off": 1000,
        "percent": 1550,
        "most": 5000,
        "steps": [{"spend": 20_000, "off": 3_000}, {"spend": 50_000, "off": 10_000}],
        "gift": BAG,
        "categories": [DAIRY, DAIRY],
        "stores": [f"西门第{number}店" for number in range(8)],
        "minimum": 5_000,
        "tier": GOLD,
        "alone": True,
        "with_member_prices": False,
        "coupon_id": 12_345_678,
        "from": NOON,
        "until": NOON,
        **told,
    }


PLAIN = coupon("amount", categories=[], stores=[], minimum=0, tier={}, alone=False, with_member_prices=True)
COUPONS = [
    PLAIN | {"from": 0},
    coupon("percent"),
    coupon("percent", most=0),
    coupon("steps"),
    coupon("gift"),
]
CHOICE: dict[str, Any] = {
    "coupon_id": 5,
    "name": NAME,
    "saving": 1_000,
    "gift": {},
    "until": NOON,
    "taken": True,
    "instead": [1, 2],
    "obstacle": "",
    "least": 5_000,
    "packed": "3d7r.3d7s.3d7t.3d7u.3d7v",
}
OBSTACLES = ("minimum", "store", "tier", "category", "budget", "nothing")
PARTS = [
    {"name": GOLD, "saving": 500, "coupon_id": 0, "gift": {}},
    {"name": NAME, "saving": 3_000, "coupon_id": 5, "gift": {}},
    {"name": NAME, "saving": 0, "coupon_id": 6, "gift": BAG},
]
KIND: dict[str, Any] = {
    "coupon": PLAIN,
    "definition_id": 7,
    "active": False,
    "in_charter": True,
    "begins": "2025-03-01",
    "ends": "2025-03-31",
    "days": 0,
    "granted": 1_200,
    "used": 300,
    "saved": 600_000,
    "per_member": 1,
    "in_total": 5_000,
    "left": 3_800,
    "budget": 1_000_000,
    "budget_left": 400_000,
    "may_change": True,
}
TIERS = [
    {"code": "silver", "name": {"zh_Hans": "银卡", "zh_Hant": "銀卡", "en": "Silver"}},
    {"code": "gold", "name": GOLD},
]
ASKED = {"field": "", "tiers": TIERS}

SAMPLES: dict[str, dict[str, Any]] = {
    "coupon_gives": {"coupon": COUPONS[3]},
    "coupon_conditions": {"coupon": COUPONS[1]},
    "coupon_when": {"coupon": PLAIN},
    "coupon_wallet": {
        "coupons": COUPONS,
        "page": 1,
        "pages": 3,
        "total": 12,
        "ended": True,
        "prices": [{"name": GOLD, "categories": [DAIRY, DAIRY], "percent": 550}],
        "tier": GOLD,
    },
    "coupon_ended": {
        "coupons": [
            {"name": NAME, "state": "used", "at": NOON, "store": "西门店", "saving": 3_000, "gift": {}},
            {"name": NAME, "state": "lapsed", "at": NOON, "store": "", "saving": 0, "gift": {}},
        ],
        "page": 1,
        "more": True,
    },
    "coupon_shown": {"coupon": COUPONS[1], "code": "7K2M-9QXA"},
    "coupon_granted": {"coupon": COUPONS[2]},
    "coupon_lapsing": {"coupons": COUPONS},
    "coupon_collected": {"name": NAME, "gift": BAG, "store": "西门店"},
    "coupon_good": {"coupon_id": 5, "member_id": 1, "member": "王 <芳>", "coupon": COUPONS[1]},
    "coupon_gift_given": {"name": NAME, "gift": BAG, "member": "王 <芳>", "store": "西门店"},
    "purchase_saving": {
        "full": 25_000,
        "due": 20_500,
        "saved": 4_500,
        "prices": PARTS[:1],
        "choices": [CHOICE, CHOICE | {"gift": BAG}, CHOICE | {"taken": False}]
        + [CHOICE | {"taken": False, "obstacle": obstacle} for obstacle in OBSTACLES],
        "taken": [5, 6],
        "packed": "3d7r.3d7s.3d7t.3d7u.3d7v",
        "buyer": {"member_id": 1, "name": "王 <芳>", "phone": "138****8000"},
    },
    "purchase_saving_why": {"choice": CHOICE | {"obstacle": "minimum"}},
    "receipt_savings": {"saving": {"full": 25_000, "saved": 3_500, "parts": PARTS}},
    "coupon_list": {
        "kinds": [
            {"definition_id": number, "name": NAME, "active": number % 2 == 0, "granted": 1_200, "used": 300}
            for number in range(20)
        ],
        "page": 1,
        "pages": 2,
    },
    "coupon_kind": KIND,
    "coupon_fields": {"definition_id": 7, "name": NAME},
    "coupon_ask_value": ASKED,
    "coupon_ask_name": ASKED,
    "coupon_ask_minimum": ASKED,
    "coupon_ask_until": ASKED,
    "coupon_ask_limits": ASKED,
    "coupon_new_value": ASKED,
    "coupon_new_name": ASKED,
    "coupon_new_minimum": ASKED,
    "coupon_new_until": ASKED,
    "coupon_new_limits": ASKED,
    "coupon_edit_value": ASKED | {"field": "where"},
    "coupon_give_who": {},
    "coupon_give_pick": {"candidates": [{"member_id": 1, "name": "王 <芳>", "phone": "138****8000"}] * 2},
    "coupon_given": {"name": NAME, "member": "王 <芳>", "definition_id": 7},
    "coupon_budget": {"name": NAME, "percent": 100, "saved": 990_000, "budget": 1_000_000, "used": 330},
    "refused_coupon_not_found": {},
    "refused_coupon_ended": {"state": "used", "at": NOON, "store": "西门店"},
    "refused_coupon_too_early": {"usable_from": NOON},
    "refused_coupon_elsewhere": {"stores": ["西门店", "南湖店"]},
    "refused_coupon_for_tier": {"tier": GOLD},
    "refused_coupon_not_for_goods": {"categories": [DAIRY]},
    "refused_coupon_minimum": {"least": 5_000, "missing": 1_350},
    "refused_coupon_saves_nothing": {},
    "refused_coupon_of_another": {},
    "refused_own_coupon": {},
    "refused_coupons_do_not_fit": {},
    "refused_coupon_budget_spent": {"name": NAME},
    "refused_coupon_not_granted": {"reason": "member"},
    "refused_coupon_text_unreadable": {"what": "value"},
    "refused_coupon_in_charter": {},
    "coupons_back": {"coupons_back": [NAME, BAG]},
    "coupons_gone": {"coupons_gone": [NAME]},
}
