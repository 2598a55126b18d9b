"""Sample parameters of joining."""

PROGRAMME = {"zh_Hans": "老友会", "zh_Hant": "老友會", "en": "Regulars"}
LUNAR = {"month": 8, "day": 15, "year": 1990, "lunar": True, "leap_month": False}
TEXT = {"zh_Hans": "\n我们保存您的姓名。\n", "zh_Hant": "\n我們保存您的姓名。\n", "en": "\nWe keep your name.\n"}

SAMPLES = {
    "birthday": {"birthday": LUNAR},
    "welcome": {"programme": PROGRAMME, "works_here": True, "start": "s_xidan"},
    "welcome_back": {"name": "王小明", "invited": True},
    "join_greeted": {},
    "join_consent": {"programme": PROGRAMME},
    "join_terms_privacy": {"text": TEXT, "version": 3},
    "join_terms_charter": {"text": TEXT, "version": 3},
    "join_phone": {},
    "join_name": {"telegram_name": "Ann Li"},
    "join_name_noted": {"answer": "王小明"},
    "join_birthday": {},
    "join_lunar_birthday": {},
    "join_birthday_which": {"readings": [LUNAR, {**LUNAR, "lunar": False}]},
    "join_store": {"stores": [{"id": 1, "name": "西门店"}, {"id": 2, "name": "南湖店"}], "birthday": LUNAR},
    "joined": {
        "name": "王小明",
        "number": "2900000000018",
        "programme": PROGRAMME,
        "birthday": LUNAR,
        "was_known": True,
        "invited": True,
    },
    "refused_phone_not_own": {},
    "refused_phone_taken": {},
    "refused_phone_invalid": {},
    "refused_name_invalid": {"reason": "too_long"},
    "refused_birthday_invalid": {"reason": "unreadable"},
    "refused_consent_needed": {},
    "refused_join_condition_unmet": {"condition": "spent", "required": 50_000, "have": 12_050, "days": 30},
    "refused_self_referral": {},
    "refused_referral_ring": {},
    "refused_referral_unknown": {},
    "refused_already_a_member": {},
    "refused_not_a_member": {"joining": True},
}
