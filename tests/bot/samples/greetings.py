"""Sample parameters of birthdays, festivals, first weeks, and of what is written to those who stay away."""

from typing import Any

NOON = 1_740_974_400_000
COUPON = {"zh_Hans": "生日 20 元券 <b>", "zh_Hant": "生日 20 元券 <b>", "en": "Birthday: 20 off <b>"}
CLUB = {"zh_Hans": "老友会", "zh_Hant": "老友會", "en": "Regulars"}
MULTIPLIER = {"factor": "2", "begins": "2025-03-01", "ends": "2025-03-31"}
BIRTHDAY: dict[str, Any] = {
    "name": "王小芳 <i>", "day": "2025-03-10", "ahead": 7, "late": False,
    "present": {"name": COUPON, "until": NOON, "minimum": 2000}, "multipliers": [MULTIPLIER],
}  # fmt: skip
MUG = {"zh_Hans": "马克杯", "zh_Hant": "馬克杯", "en": "Mug"}
MILK = {"zh_Hans": "鲜牛奶 950ml", "zh_Hant": "鲜牛奶 950ml", "en": "鲜牛奶 950ml"}

SAMPLES: dict[str, dict[str, Any]] = {
    "birthday_parts": BIRTHDAY,
    "birthday_greeting": BIRTHDAY,
    "birthday_soon": BIRTHDAY,
    "greeting_festival": {"festival": "spring_festival", "name": {}, "words": {}, "programme": CLUB},
    "welcome_card": {"name": "王小芳 <i>", "points": 1, "per": 100, "balance": 120, "present": BIRTHDAY["present"]},
    "welcome_gifts": {
        "gifts": [{"name": MUG, "points": 100, "lacking": 0}, {"name": MUG, "points": 600, "lacking": 480}],
        "balance": 120,
    },
    "welcome_settings": {},
    "winback_missed": {
        "name": "王小芳 <i>", "last_at": NOON, "balance": 320, "present": {"name": COUPON, "until": NOON, "minimum": 0},
    },
    "replenish_due": {
        "goods": [{"name": MILK, "every_days": 12, "last_on": "2025-02-19"}] * 3,
    },
}  # fmt: skip
