"""Sample parameters of what is said about tiers."""

from tests.bot.samples.points import _GOLD, _LATER, _NEXT, _SILVER

_BRINGS = [
    {"kind": "points", "name": {"zh_Hans": "银卡加成", "zh_Hant": "銀卡加成", "en": "Silver bonus"}, "note": "1.2"},
    {"kind": "prices", "name": {"zh_Hans": "会员价", "zh_Hant": "會員價", "en": "Member prices"}, "note": "2.5"},
    {"kind": "birthday", "name": {"zh_Hans": "生日蛋糕", "zh_Hant": "生日蛋糕", "en": "Birthday cake"}, "note": ""},
    {"kind": "words", "name": {"zh_Hans": "免费停车", "zh_Hant": "免費停車", "en": "Free parking"}, "note": ""},
]

SAMPLES = {
    "tier_reached": {"tier": _SILVER, "coupon": _GOLD, "brings": _BRINGS},
    "tier_benefits": {"brings": _BRINGS},
    "tier_warning": {"tier": _GOLD, "below": _SILVER, "needed": 123_450, "metric": "spend", "keep_until": _LATER},
    "tier_kept": {"tier": _GOLD, "keep_until": _LATER},
    "tier_lowered": {
        **_NEXT, "tier": _SILVER, "before": _GOLD, "needed_to_keep": 0, "keep_until": _LATER, "available": 1234,
        "brings": _BRINGS,
    },
}  # fmt: skip
