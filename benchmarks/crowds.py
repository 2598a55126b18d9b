"""Very many members for the jobs to go through, put in as rows; only those who are called by name have one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from actions import charters, coupons
from benchmarks.shops import OWNER
from benchmarks.telegram import FIRST_USER
from db import members
from db.database import Database, Tx
from db.members import NewMember
from loyalty import days, phones
from loyalty.birthdays import Birthday
from loyalty.charter import DEFAULT_CHARTER, Charter

_YEAR = 365
_AT_ONCE = 20_000
_COUPON = """
[[coupons]]
code = "bench"
name = { zh_Hans = "券", zh_Hant = "券", en = "Coupon" }
kind = "amount"
off = 5
days = 3

[tier_review]"""
_NUMBERS = (
    "WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :count) "
    "INSERT INTO {table} ({columns}) SELECT {values} FROM number"
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """All on Telegram. Today one in 365 has a birthday; everybody has points that lapse in 30 days, a coupon that
    lapses in three, and a tier to be reviewed: four in five the lowest, of the others every other one has kept it."""

    count: int
    birthdays: int
    today: date


async def gather(db: Database, count: int) -> Crowd:
    """Into an empty database."""
    crowd = await db.write(_found, count)
    celebrating = [number for number in range(count) if number % _YEAR == 0]
    for begin in range(0, count, _AT_ONCE):
        await db.write(_add, crowd, begin, min(_AT_ONCE, count - begin))
    for begin in range(0, len(celebrating), _AT_ONCE):
        await db.write(_celebrate, crowd, celebrating[begin : begin + _AT_ONCE])
    await db.write(_settle)
    return crowd


def _found(tx: Tx, count: int) -> Crowd:
    charters.publish(tx, DEFAULT_CHARTER.replace("\n[tier_review]", _COUPON, 1), OWNER)
    charter = charters.current(tx)
    assert coupons.find(tx, charter, "bench")
    return Crowd(count, len(range(0, count, _YEAR)), days.local_date(tx.now, charter.zone))


def _add(tx: Tx, crowd: Crowd, begin: int, count: int) -> None:
    charter = charters.current(tx)
    for table, row in _rows(charter, crowd):
        sql = _NUMBERS.format(table=table, columns=", ".join(row), values=", ".join(map(str, row.values())))
        tx.run(sql, count=count, begin=begin, **_given(tx, charter, crowd, sql))


def _rows(charter: Charter, crowd: Crowd) -> Iterator[tuple[str, dict[str, str]]]:
    """Each table with its columns, as expressions of n."""
    who, silver = ":begin + n + 1", "(:begin + n) % 5 = 0"
    birthday = f"CASE WHEN (:begin + n) % {_YEAR} = 0 THEN 0 ELSE {{}} END"
    yield "member", {
        "id": who, "number": "'b' || (:begin + n)", "user_id": f"{FIRST_USER} + :begin + n",
        "tier": f"CASE WHEN {silver} THEN '{charter.tiers[1].code}' ELSE '{charter.tiers[0].code}' END",
        "source": "'online'", "home_store_id": "0", "invite_code": "'b' || (:begin + n)",
        "card_token": "CAST('b' || (:begin + n) AS BLOB)", "card_sealed": "x''", "name_sealed": "x''",
        "phone_sealed": "x''", "birth_year_sealed": "x''",
        "birthday_month": birthday.format(crowd.today.month % 12 + 1), "birthday_day": birthday.format("1 + n % 28"),
        "charter_version": "1", "joined_at": ":since",
    }  # fmt: skip
    yield "account", {
        "member_id": who, "balance": "200", "entries": "1", "tier_since": ":since", "period_from": ":period_from",
        "period_until": ":yesterday", "keep_until": ":yesterday", "announced": "1", "review_on": ":today",
    }  # fmt: skip
    kept = f"CASE WHEN {silver} AND (:begin + n) % 2 = 0 THEN :keeps ELSE 100 END"
    yield "account_month", {"member_id": who, "month": ":month", "spent": kept, "purchases": "1"}
    yield "entry", {
        "id": who, "member_id": who, "kind": "'earn'", "points": "200", "balance_after": "200", "reason": "'purchase'",
        "actor": "0", "occurred_at": ":since", "recorded_at": ":since", "key": "'b' || (:begin + n)", "content": "x''",
    }  # fmt: skip
    yield "lot", {
        "member_id": who, "entry_id": who, "points": "200", "remaining": "200", "active_at": ":since",
        "expires_at": ":lapse",
    }  # fmt: skip
    yield "account_expiry", {"member_id": who, "expires_at": ":lapse", "points": "200"}
    yield "coupon", {
        "definition_id": "1", "terms_id": "1", "member_id": who, "why": "'manual'", "usable_from": ":since",
        "usable_until": ":soon", "code_token": "CAST('b' || (:begin + n) AS BLOB)", "code_sealed": "x''",
        "key": "'b' || (:begin + n)", "granted_by": "0", "granted_at": ":since",
    }  # fmt: skip


def _given(tx: Tx, charter: Charter, crowd: Crowd, sql: str) -> dict[str, object]:
    """What the statement asks for."""
    today, zone = crowd.today, charter.zone
    given: dict[str, object] = {
        "since": tx.now - _YEAR * 86_400_000,
        "period_from": days.add_days(today, -_YEAR).isoformat(),
        "yesterday": days.add_days(today, -1).isoformat(),
        "today": today.isoformat(),
        "month": days.add_months(today, -2).isoformat()[:7],
        "keeps": charter.keeping(charter.tiers[1]),
        "lapse": days.end_of_day(days.add_days(today, 30), zone),
        "soon": days.end_of_day(days.add_days(today, 3), zone),
    }
    return {name: value for name, value in given.items() if f":{name}" in sql}


def _celebrate(tx: Tx, crowd: Crowd, numbers: list[int]) -> None:
    """Members with a name, and a birthday today."""
    for number in numbers:
        new = NewMember(
            name=f"Member {number}", phone=phones.parse(f"139{number:08}", "CN"), tier="classic", source="online",
            birthday=Birthday(crowd.today.month, min(crowd.today.day, 28), None), home_store_id=0, referrer_id=0,
            charter_version=1, card_prefix="29", joined_at=tx.now, user_id=2 * FIRST_USER + number,
        )  # fmt: skip
        members.add(tx, new)


def _settle(tx: Tx) -> None:
    """As a database is after some time."""
    tx.run("ANALYZE")
