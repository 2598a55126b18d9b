"""What the invented members said in the last months, what became of it, and how they found their visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from actions import cases
from actions.cases import Opening
from bot.demo import cast
from bot.demo.shoppers import instant
from db import cases as rows, recommendations, surveys
from db.cases import Case, NewLine
from db.database import Tx
from db.members import Member
from db.recommendations import Due
from loyalty import days
from loyalty.cases import Kind
from loyalty.recommendations import quarter_of

_DAYS = 100
_CASES = 66
# Nobody has been silent for longer than that: a younger case has not been closed for it.
_SILENT_DAYS = 5
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
# Of a hundred visits so many were asked about, and so many of these answered; of a hundred members, would you recommend
# us.
_ASKED, _ANSWERED, _RECOMMENDING = 20, 65, 30
_STARS, _STAR_WEIGHTS = (1, 2, 3, 4, 5), (1, 2, 6, 22, 34)
_LIKELY, _LIKELY_WEIGHTS = range(11), (1, 0, 1, 1, 1, 3, 4, 9, 12, 14, 16)


@dataclass(frozen=True, slots=True)
class _Remark:
    kind: Kind
    category: str
    severity: str
    words: str
    answer: str
    times: int  # how often such a thing is said


_REMARKS = (
    _Remark("complaint", "service", "normal", "排队等了很久，只开了一个收银台。", "对不起，周末我们会多开一个。", 6),
    _Remark("complaint", "service", "normal", "店员一直在聊天，叫了两声才过来。", "很抱歉，已和当班同事谈过。", 3),
    _Remark("complaint", "goods", "normal", "昨天买的牛奶今天就酸了。", "给您换一盒新的，带小票或会员卡都行。", 6),
    _Remark("complaint", "goods", "normal", "苹果底下的几个是坏的。", "不好意思，按重量给您退，以后我们会翻着挑。", 4),
    _Remark("complaint", "price", "normal", "貨架標的價錢和結帳時不一樣。", "多收的已退回，價籤也換好了。", 5),
    _Remark("complaint", "points", "normal", "My points for Saturday are missing.", "They are with you now, sorry.", 4),
    _Remark("complaint", "points", "urgent", "有一笔消费不是我的。", "查过了，是输错尾号，已经改正。", 2),
    _Remark("complaint", "store", "low", "门口的地砖很滑，下雨天差点摔倒。", "谢谢提醒，已铺防滑垫。", 3),
    _Remark("suggestion", "goods", "low", "能不能进一些无糖的酸奶？", "好主意，下周到货。", 4),
    _Remark(
        "suggestion", "store", "low", "A place to leave wet umbrellas would be nice.", "It stands by the door now.", 2
    ),
    _Remark("praise", "service", "low", "小川记得我妈妈爱喝什么，谢谢！", "谢谢您，我们转告他了。", 3),
)
_FRESH = (
    _Remark("suggestion", "goods", "low", "希望多一些小包装的蔬菜，一个人吃不完。", "好主意，我们问问供货商。", 1),
    _Remark("complaint", "goods", "low", "The strap of my canvas bag came off.", "Bring it in, we mend it.", 1),
)


def speak(
    tx: Tx, random: Random, members: Sequence[Member], stores: Mapping[str, int], today: date, zone: ZoneInfo
) -> None:
    """members: those whose phones nobody holds; stores: ids by code."""
    behind = {stores[code]: clerk.user_id for code, clerk in cast.BEHIND_THE_TILL.items()}
    end = tx.now
    for number in range(_CASES):
        ago = 3 + (_DAYS - 3) * (_CASES - number) // _CASES
        remark = random.choices(_REMARKS, [one.times for one in _REMARKS])[0]
        tx.now = instant(today - timedelta(days=ago), random.randrange(10, 19), random.randrange(60), zone)
        case = _open(tx, random.choice(members), remark, f"demo:{number}")
        case = _solve(tx, random, case, remark.answer, behind[case.store_id])
        if ago < _SILENT_DAYS + 3 or random.randrange(4) > 0:
            _thank(tx, random, case)
        else:
            _say_nothing(tx, case)
    for number, remark in enumerate(_FRESH):
        tx.now = instant(today - timedelta(days=1), 19, 10 + number, zone)
        case = _open(tx, random.choice(members), remark, f"demo:fresh:{number}")
        _answer(tx, case, remark.answer, behind[case.store_id])
    tx.now = end


def _open(tx: Tx, member: Member, remark: _Remark, key: str) -> Case:
    """Said in chat by who is on Telegram, at the counter by the others."""
    clerk = 0 if member.user_id else cast.XIAOCHUAN.user_id
    line = NewLine("staff", clerk, remark.words) if clerk else NewLine("member", member.user_id, remark.words)
    opening = Opening(
        kind=remark.kind, category=remark.category, severity=remark.severity, member_id=member.id,
        store_id=member.home_store_id, opened_by=clerk or member.user_id, source="staff" if clerk else "member",
        key=key, lines=[line],
    )  # fmt: skip
    return cases.begin(tx, opening)[0]


def _solve(tx: Tx, random: Random, case: Case, answer: str, clerk: int) -> Case:
    """Answered in an hour or two, seldom only the next day."""
    tx.now += random.choice((1, 1, 2, 2, 3, 26)) * _HOUR_MS // 2
    taken = _answer(tx, case, answer, clerk)
    tx.now += random.choice((0, 1, 2, 4, 20, 26)) * _HOUR_MS
    return cases.move(tx, taken, "resolve", clerk, clerk)


def _answer(tx: Tx, case: Case, answer: str, clerk: int) -> Case:
    taken = cases.move(tx, case, "take", clerk, clerk)
    rows.add_line(tx, taken, NewLine("staff", clerk, answer))
    cases.answered(tx, taken, tx.now)
    return taken


def _thank(tx: Tx, random: Random, case: Case) -> None:
    tx.now += random.randrange(1, 20) * _HOUR_MS
    confirmed = cases.move(tx, case, "confirm", case.opened_by, case.holder)
    rows.mark_score_asked(tx, confirmed)
    rows.change(tx, confirmed.id, score=random.choices(_STARS, _STAR_WEIGHTS)[0])


def _say_nothing(tx: Tx, case: Case) -> None:
    tx.now += _SILENT_DAYS * _DAY_MS
    cases.move(tx, case, "lapse", 0, case.holder)


def rate(tx: Tx, random: Random, members: Sequence[Member], today: date, zone: ZoneInfo) -> None:
    """How visits were found in the last months, and who would recommend the shops this quarter and last."""
    end, known = tx.now, {member.id for member in members}
    for visit in surveys.list_visits(tx, end - _DAYS * _DAY_MS, end, (0, 0), 100_000):
        if visit.member_id in known and random.randrange(100) < _ASKED:
            tx.now = visit.at + 2 * _HOUR_MS
            asked = surveys.add(tx, "visit", visit)
            if asked and random.randrange(100) < _ANSWERED:
                tx.now += _HOUR_MS
                surveys.score(tx, asked, random.choices(_STARS, _STAR_WEIGHTS)[0])
    for day in (days.add_months(today, -3), today):
        _recommend(tx, random, members, quarter_of(day), min(today, quarter_of(day) + timedelta(days=40)), zone)
    tx.now = end


def ask_early(tx: Tx, member: Member, today: date, zone: ZoneInfo) -> None:
    """Asked as this quarter began, so that what time brings them in the next days is not put off for a question."""
    end, quarter = tx.now, quarter_of(today)
    tx.now = min(end, instant(quarter, 11, 0, zone))
    recommendations.add(tx, Due(member.id, member.home_store_id), quarter)
    tx.now = end


def _recommend(tx: Tx, random: Random, members: Sequence[Member], quarter: date, latest: date, zone: ZoneInfo) -> None:
    for member in members:
        if member.user_id and random.randrange(100) < _RECOMMENDING:
            on = quarter + timedelta(days=random.randrange(max(1, (latest - quarter).days)))
            tx.now = instant(on, 11, 0, zone)
            asked = recommendations.add(tx, Due(member.id, member.home_store_id), quarter)
            if asked and random.randrange(100) < _ANSWERED:
                recommendations.score(tx, asked, random.choices(_LIKELY, _LIKELY_WEIGHTS)[0])
