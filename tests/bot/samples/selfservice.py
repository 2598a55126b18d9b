"""Sample parameters of the card, the settings, help and privacy."""

_TEXT = {"zh_Hans": "我们保存您的资料。", "zh_Hant": "我們保存您的資料。", "en": "We keep your data."}
_SETTINGS = {
    "language": "", "easy_mode": True, "quiet": "usual", "quiet_from": "21:00", "quiet_until": "09:00",
    "frequency": "weekly", "unwanted": ["tips", "surveys"], "manages": True,
}  # fmt: skip
_POLICY = {"text": _TEXT, "version": 2, "member": True, "accepted_version": 1, "accepted_at": 1_740_974_400_000}

_PROGRAMME = {"zh_Hans": "老友会", "zh_Hant": "老友會", "en": "Regulars"}

SAMPLES = {
    "card": {"number": "2900000012345", "large_print": False},
    "settings": _SETTINGS,
    "language": _SETTINGS,
    "language_chosen": {"member": True},
    "quiet_hours": _SETTINGS,
    "topics": _SETTINGS,
    "push_why": {"topic": "birthday"},
    "digest": {"said": ["🎂 Happy birthday!", "☕ Your coffee should be out."], "more": 1},
    "privacy": _POLICY,
    "rules": _POLICY,
    "help": {"programme": _PROGRAMME, "member": True, "role": "owner"},
}
