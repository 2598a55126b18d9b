"""Who keeps a birthday, what was given for it, and from when one counts that was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.database import Tx
from loyalty.birthdays import Birthday


@dataclass(frozen=True, slots=True)
class Celebrant:
    """A member whose birthday is kept; user_id 0: not on Telegram."""

    id: int
    tier: str  # code
    user_id: int


def list_told(tx: Tx, told: Birthday, on: date, after: int, limit: int) -> list[Celebrant]:
    """Active members who told this birthday and may keep it on that local day; ids above after, in order."""
    rows = tx.all(
        "SELECT m.id, m.tier, m.user_id FROM member m WHERE m.status = 'active' AND m.birthday_month <> 0 "
        "AND m.birthday_month = :month AND m.birthday_day = :day AND m.birthday_lunar = :lunar "
        "AND m.birthday_leap = :leap AND m.id > :after "
        "AND NOT EXISTS (SELECT 1 FROM birthday_wait w WHERE w.member_id = m.id AND w.counts_from > :day_kept) "
        "ORDER BY m.id LIMIT :limit",
        month=told.month, day=told.day, lunar=int(told.lunar), leap=int(told.leap_month), after=after,
        day_kept=on.isoformat(), limit=limit,
    )  # fmt: skip
    return [Celebrant(*row) for row in rows]


def give(tx: Tx, member_id: int, year: int, kept_on: date, greeted: bool) -> bool:
    """The member's one birthday of this year, of the birthday's own calendar; False if it was given.

    greeted: the member is greeted with it; otherwise that follows on the day.
    """
    return 1 == tx.run(
        "INSERT INTO birthday_given (member_id, year, kept_on, given_at, greeted_at) "
        "VALUES (:member_id, :year, :kept_on, :now, :greeted_at) ON CONFLICT (member_id, year) DO NOTHING",
        member_id=member_id, year=year, kept_on=kept_on.isoformat(), now=tx.now, greeted_at=tx.now if greeted else 0,
    )  # fmt: skip


def note_present(tx: Tx, member_id: int, year: int, coupon_id: int) -> None:
    tx.run(
        "UPDATE birthday_given SET coupon_id = :coupon_id WHERE member_id = :member_id AND year = :year",
        member_id=member_id, year=year, coupon_id=coupon_id,
    )  # fmt: skip


def present_of(tx: Tx, member_id: int, year: int) -> int:
    """The coupon that was given; 0 if none was."""
    coupon_id: int | None = tx.value(
        "SELECT coupon_id FROM birthday_given WHERE member_id = :member_id AND year = :year",
        member_id=member_id, year=year,
    )  # fmt: skip
    return coupon_id or 0


def mark_greeted(tx: Tx, member_id: int, year: int, kept_on: date) -> bool:
    """False if the member was greeted, or that year's birthday was given for another day."""
    return 1 == tx.run(
        "UPDATE birthday_given SET greeted_at = :now WHERE member_id = :member_id AND year = :year "
        "AND kept_on = :kept_on AND greeted_at = 0",
        member_id=member_id, year=year, kept_on=kept_on.isoformat(), now=tx.now,
    )  # fmt: skip


def wait(tx: Tx, member_id: int, counts_from: date) -> None:
    """Until then (a local day) the member's birthday brings nothing; in place of what was noted before."""
    tx.run(
        "INSERT INTO birthday_wait (member_id, counts_from) VALUES (:member_id, :counts_from) "
        "ON CONFLICT (member_id) DO UPDATE SET counts_from = excluded.counts_from",
        member_id=member_id, counts_from=counts_from.isoformat(),
    )  # fmt: skip


def counts_from(tx: Tx, member_id: int) -> date:
    """The local day from which the member's birthday counts; date.min: always."""
    found = tx.value("SELECT counts_from FROM birthday_wait WHERE member_id = :member_id", member_id=member_id)
    return date.fromisoformat(found) if found else date.min
