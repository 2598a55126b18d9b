"""Charters for tests: the default one, with pieces of text replaced."""

from loyalty.charter import DEFAULT_CHARTER, Charter, load

DEFAULT = load(DEFAULT_CHARTER)

_BARE = """
[programme]
name = { zh_Hans = "会", zh_Hant = "會", en = "Club" }
time_zone = "Asia/Shanghai"
currency = "CNY"
default_locale = "zh_Hans"
phone_region = "CN"

[[tiers]]
code = "classic"
name = { zh_Hans = "普", zh_Hant = "普", en = "Classic" }
threshold = 0
colour = "#000000"

[[tiers]]
code = "gold"
name = { zh_Hans = "金", zh_Hant = "金", en = "Gold" }
threshold = 1000
colour = "#FFD700"

[texts.privacy]
zh_Hans = "私"
zh_Hant = "私"
en = "Privacy"

[texts.summary]
zh_Hans = "简"
zh_Hant = "簡"
en = "Summary"

[[categories]]
code = "fresh"
name = { zh_Hans = "生鲜", zh_Hant = "生鮮", en = "Fresh" }

[[categories]]
code = "beauty"
name = { zh_Hans = "美妆", zh_Hant = "美妝", en = "Beauty" }

[[payments]]
code = "cash"
name = { zh_Hans = "现金", zh_Hant = "現金", en = "Cash" }
"""
_NAME = 'name = { zh_Hans = "规则", zh_Hant = "規則", en = "Rule" }'


def bare(*pieces: str) -> Charter:
    """A charter with two tiers, two categories, one way of paying, and the given TOML pieces."""
    return load(_BARE + "\n".join(pieces))


def base(code: str = "base", **settings: object) -> str:
    """A base rule: 1 point per 1.00 unless `settings` (in TOML spelling) say otherwise."""
    return _table("earning.base", code, {"points": 1, "per": "1.00"} | settings)


def multiplier(code: str, factor: object, **settings: object) -> str:
    return _table("earning.multipliers", code, {"factor": factor} | settings)


def _table(path: str, code: str, settings: dict[str, object]) -> str:
    rows = [f"[[{path}]]", f'code = "{code}"', _NAME, *(f"{key} = {value}" for key, value in settings.items())]
    return "\n".join(rows) + "\n"
