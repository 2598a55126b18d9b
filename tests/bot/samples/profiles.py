"""Sample parameters of the profile."""

SOLAR = {"month": 2, "day": 29, "year": None, "lunar": False, "leap_month": False}

SAMPLES = {
    "profile_shown": {
        "changed": True,
        "number": "2900000000018",
        "name": "王小明",
        "phone": "138****8000",
        "whole_phone": False,
        "birthday": SOLAR,
        "birthday_from": "2026-05-17",
        "home_store": "西门店",
        "joined_at": 1_740_974_400_000,
        "fields": {"gender": "female", "email": "ming@example.com", "allergies": "Peanuts", "contact": "telegram"},
    },
    "profile_name": {"field": "name", "held": "王小明"},
    "profile_phone": {"field": "phone", "held": "138****8000"},
    "profile_phone_changed": {},
    "profile_birthday": {"field": "birthday", "held": SOLAR},
    "profile_lunar_birthday": {"field": "birthday", "held": SOLAR},
    "profile_birthday_which": {"readings": [SOLAR, {**SOLAR, "month": 5, "day": 6}]},
    "profile_gender": {"field": "gender", "held": "female"},
    "profile_contact": {"field": "contact", "held": ""},
    "profile_store": {"stores": [{"id": 1, "name": "西门店"}], "held": "西门店"},
    "profile_text": {"field": "email", "held": "ming@example.com"},
    "refused_birthday_locked": {"until": 1_772_510_400_000},
    "refused_email_invalid": {},
    "refused_text_invalid": {"limit": 200},
}
