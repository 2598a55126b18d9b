"""What people type where a button or a command would do: yes, no and skip, everyday requests, greetings, thanks.

Bounded on purpose: short messages, whole words or a few patterns, the same answer every time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.routing import fold


def _any_of(words: str) -> frozenset[str]:
    """The words between the strokes."""
    return frozenset(words.split("|"))


_NO = _any_of("no|nope|no thanks|不|不要|不用|不用了|不了|不同意|不愿意|不願意|否")
_NOTHING = _NO | _any_of("skip|none|pass|later|跳过|跳過|略过|略過|没有|沒有|无|無|不说|不說|不填|随便|隨便|都可以")
_YES = _any_of("yes|yep|ok|okay|sure|agree|i agree|好|好的|是|是的|可以|行|同意|我同意")
_LUNAR = _any_of("lunar|农历|農曆|阴历|陰曆|旧历|舊曆")
# By the values that buttons have throughout the dialogues. Nothing here confirms an erasure: its value is "on".
_ANSWERS = {"yes": _YES, "no": _NO, "skip": _NOTHING, "none": _NOTHING, "-": _NOTHING, "lunar": _LUNAR}

_EDGES = re.compile(r"^\W+|\W+$")


# Whole messages, by the word that the routes know for the same.
_WORDS = {
    "card": _any_of("卡|我的卡|出示会员卡|出示會員卡|show card|show my card"),
    "large card": _any_of("大字|大号|大號|大字卡|large print"),
    "points": _any_of("点数|點數|查点数|查點數|余额|餘額|分数|分數"),
    "history": _any_of("记录|記錄|纪录|紀錄|账单|帳單"),
    "settings": _any_of("字太小|关怀模式|關懷模式|简明模式|簡易模式|easy mode"),
}
# Parts of short messages; the first that fits counts. A card is asked for more often than it is only mentioned.
_PATTERNS = (
    ("my cases", re.compile(r"我的(投诉|投訴|客訴|反馈|反饋)|\bmy cases?\b")),
    ("my cases", re.compile(r"(投诉|投訴|客訴).*(怎么样|怎麼樣|进度|進度|结果|結果)")),
    ("complaint", re.compile(r"投诉|投訴|客诉|客訴|抱怨|\bcomplain")),
    ("history", re.compile(r"明细|明細|记录|記錄|纪录|紀錄|\bhistory\b")),
    ("large card", re.compile(r"大字|看不清|\blarge(r)? print\b|\bbigger\b")),
    ("gifts", re.compile(r"礼品|禮品|礼物|禮物|兑换|兌換|\bgifts?\b|\bredeem\b")),
    ("coupons", re.compile(r"优惠券|優惠券|优惠卷|折扣券|代金券|\bcoupons?\b|\bvouchers?\b")),
    ("points", re.compile(r"积分|積分|点数|點數|\bpoints?\b")),
    ("card", re.compile(r"会员卡|會員卡|会员码|會員碼|我的卡|\bcard\b")),
    ("join", re.compile(r"入会|入會|办卡|辦卡|办会员|辦會員|成为会员|成為會員|\bjoin\b|become a member")),
    ("profile", re.compile(r"我的资料|我的資料|生日|\bprofile\b|\bbirthday\b")),
    ("language", re.compile(r"语言|語言|\blanguage\b")),
    ("thanks", re.compile(r"谢谢|謝謝|感谢|感謝|\bthanks?\b")),
    ("hello", re.compile(r"^(你好|您好|hi|hello|hey|good (morning|afternoon|evening))\b")),
)
# Longer ones are letters, to be read by people.
_LONGEST = 40


def meant(text: str) -> tuple[str, bool]:
    """The word of the routes for what a text asks for, '' if it asks for nothing known; whether all of it says so."""
    said = _bare(text)
    whole = next((word for word, words in _WORDS.items() if said in words), "")
    if whole or len(said) > _LONGEST:
        return whole, bool(whole)
    return next((word for word, pattern in _PATTERNS if pattern.search(said)), ""), False


def chosen(text: str, offered: Iterable[tuple[str, str]]) -> str | None:
    """The value of the button that a typed text stands for, by its label or by a word for yes, no or skip; else None.

    offered: label and value of each button, in whatever languages.
    """
    said = _bare(text)
    by_label = {_bare(label): value for label, value in offered}
    if said in by_label:
        return by_label[said]
    values = set(by_label.values())
    return next((value for value, words in _ANSWERS.items() if value in values and said in words), None)


def _bare(text: str) -> str:
    """Without case, emoji and marks at either end."""
    folded = fold(text)
    return _EDGES.sub("", folded) or folded
