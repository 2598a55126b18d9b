"""Sample parameters of what staff read at the counter."""

AT = 1_740_900_000_000
GOLD = {"zh_Hans": "金卡", "zh_Hant": "金卡", "en": "Gold"}
STORE = {"id": 3, "name": "西门店"}
VISIT = {"at": AT, "store": "西门店", "amount": 8650, "points": 86, "refunded": 0}
RETURNED = VISIT | {"points": 0, "refunded": 8650}
PARTLY = VISIT | {"points": 43, "refunded": 4300}
HIT = {
    "member_id": 7,
    "name": "王小芳 <i>",
    "phone": "138****8000",
    "tier": GOLD,
    "home_store": "西门店",
    "joined_at": AT,
    "visited_at": AT,
}

SAMPLES = {
    "refused_no_store_yet": {},
    "desk_home": {
        "store": "西门店",
        "choices": [STORE, STORE],
        "page": 0,
        "pages": 1,
        "recorded": 12,
        "amount": 104_200,
        "role": "manager",
    },
    "desk_store": {
        "store": "",
        "choices": [STORE] * 20,
        "page": 1,
        "pages": 6,
        "recorded": 0,
        "amount": 0,
        "role": "clerk",
    },
    "desk_found": {"hits": [HIT | {"home_store": "", "visited_at": 0}, *[HIT] * 9]},
    "desk_amount": {"member_id": 7, "name": "王小芳"},
    "desk_lapsed": {"minutes": 30},
    "desk_doubt": {"name": "王小芳", "amount": 800_000, "digits": "8000"},
    "desk_photo_refused": {"reason": "too_large"},
    "desk_scanner_busy": {},
    "member_view": {
        "member_id": 7,
        "name": "王小芳 <i>",
        "number_tail": "2349",
        "tier": GOLD,
        "available": 1_250,
        "pending": 86,
        "deficit": 40,
        "phone": "138****8000",
        "adjustable": True,
        "home_store": "西门店",
        "joined_at": AT,
        "visits": [VISIT, RETURNED, PARTLY],
        "allergies": "花生",
        "likes": "手冲咖啡",
        "birthday": "2025-03-09",
        "birthday_in": 6,
        "glance": {
            "noted_allergies": "牛奶 <b>",
            "notes": ["燕麦奶 <b>", "M 码"],
            "more_notes": 2,
            "coupons": 2,
            "coupon": GOLD,
            "gifts": 1,
            "cases": 1,
            "favourites": [GOLD, GOLD, GOLD],
            "suggestion": {"why": "coupon", "names": GOLD},
        },
    },
    "member_suggestion": {"suggestion": {"why": "birthday", "names": {}}, "birthday_in": 3},
    "member_pending": {"coupons": 1, "coupon": GOLD, "gifts": 2, "cases": 0},
    "member_visits": {
        "member_id": 7,
        "name": "王小芳",
        "visits": [RETURNED, PARTLY, *[VISIT] * 6],
        "page": 1,
        "has_more": True,
    },
    "member_revealed": {"name": "王小芳", "phone": "+8613800138000"},
    "member_wanted": {},
    "member_card_of_another": {"member": True},
    "member_photo_declined": {},
    "refused_card_unreadable": {},
    "refused_card_number_invalid": {},
    "refused_query_unclear": {},
    "refused_member_not_found": {"query_kind": "phone", "offer": AT, "still_open": "王小芳 <i>"},
    "refused_several_members": {"count": 9},
    "refused_store_needed": {},
}
