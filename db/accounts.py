"""Members' running totals: what /points answers from, however long the history. Only the ledger changes balances."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Account:
    """Points of one member at tx.now; all instants are epoch ms UTC."""

    balance: int  # the sum of all entries
    deficit: int  # taken back after it was spent; the next earnings repay it
    tier_since: int  # 0: since joining
    live: int  # in lots that have not lapsed, pending ones included
    pending: int
    pending_until: int  # when the next of them become usable; 0 if none are pending
    frozen_at: int  # since when nothing is redeemed, for the books are in doubt; 0: they are not
    period_from: str  # ISO date from which on counts what keeps the tier; '' until a review has fixed the period
    period_until: str
    keep_until: str  # with grace

    @property
    def standing(self) -> int:
        """What the member owns, usable now or soon; negative if more is owed than held."""
        return self.live - self.deficit

    @property
    def available(self) -> int:
        """What can be redeemed now."""
        return max(0, self.live - self.pending - self.deficit)

    def lacks(self, points: int) -> int:
        """How many more must become usable before so many can be redeemed; what is owed is settled first."""
        return max(0, points - (self.live - self.pending - self.deficit))


@dataclass(frozen=True, slots=True)
class Expiry:
    expires_at: int
    points: int


@dataclass(frozen=True, slots=True)
class Month:
    month: str  # 'YYYY-MM' in the charter's zone
    spent: int  # minor units
    purchases: int
    earned: int


def lock(tx: Tx, member_id: int) -> None:
    """From here on, no other transaction changes this member's points. Taken before gifts and lots are (DESIGN §5)."""
    tx.serialise(f"account:{member_id}")


def get(tx: Tx, member_id: int) -> Account:
    """LookupError for a member without an account."""
    # What lives is all there is but what has lapsed and is not entered yet: a few rows, however many are to come.
    row = tx.one(
        "SELECT balance, deficit, tier_since, balance + deficit - "
        "(SELECT COALESCE(SUM(points), 0) FROM account_expiry WHERE member_id = :member_id AND expires_at < :now), "
        "pending, pending_until, frozen_at, period_from, period_until, keep_until FROM account, "
        "(SELECT COALESCE(SUM(remaining), 0) AS pending, COALESCE(MIN(active_at), 0) AS pending_until FROM lot "
        "WHERE member_id = :member_id AND remaining > 0 AND active_at > :now AND expires_at >= :now) AS later "
        "WHERE member_id = :member_id",
        member_id=member_id, now=tx.now,
    )  # fmt: skip
    if row is None:
        raise LookupError("the member has no account")
    return Account(*row)


def totals(tx: Tx, member_id: int) -> tuple[int, int]:
    """Balance and deficit. LookupError for a member without an account."""
    row = tx.one("SELECT balance, deficit FROM account WHERE member_id = :member_id", member_id=member_id)
    if row is None:
        raise LookupError("the member has no account")
    return row[0], row[1]


def count(tx: Tx) -> int:
    """How many there are, one for each member there ever was."""
    accounts: int = tx.value("SELECT COUNT(*) FROM account")
    return accounts


def count_entries(tx: Tx) -> int:
    """How many entries of points all of them have."""
    entries: int = tx.value("SELECT COALESCE(SUM(entries), 0) FROM account")
    return entries


def next_expiry(tx: Tx, member_id: int) -> Expiry | None:
    """What lapses next; expires_at may be NEVER."""
    row = tx.one(
        "SELECT expires_at, points FROM account_expiry "
        "WHERE member_id = :member_id AND expires_at >= :now AND points > 0 ORDER BY expires_at LIMIT 1",
        member_id=member_id, now=tx.now,
    )  # fmt: skip
    return Expiry(*row) if row else None


def list_lapsed(tx: Tx, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
    """When something lapsed that has not been entered yet (epoch ms), and whose it is: the longest ago first."""
    rows = tx.all(
        "SELECT expires_at, member_id FROM account_expiry WHERE expires_at < :now "
        "AND (expires_at, member_id) > (:expires_at, :member_id) ORDER BY expires_at, member_id LIMIT :limit",
        now=tx.now, expires_at=after[0], member_id=after[1], limit=limit,
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def list_months(tx: Tx, member_id: int, since: str) -> list[Month]:
    """Months with purchases, from the month `since` on, oldest first."""
    rows = tx.all(
        "SELECT month, spent, purchases, earned FROM account_month "
        "WHERE member_id = :member_id AND month >= :since ORDER BY month",
        member_id=member_id, since=since,
    )  # fmt: skip
    return [Month(*row) for row in rows]


def add_entry(tx: Tx, member_id: int, points: int, deficit: int) -> None:
    """One entry more; both are changes."""
    tx.put(
        "UPDATE account SET balance = balance + :points, deficit = deficit + :deficit, entries = entries + 1 "
        "WHERE member_id = :member_id",
        member_id=member_id, points=points, deficit=deficit,
    )  # fmt: skip


def add_expiring(tx: Tx, member_id: int, expires_at: int, points: int) -> None:
    """points is a change."""
    tx.put(
        "INSERT INTO account_expiry (member_id, expires_at, points) VALUES (:member_id, :expires_at, :points) "
        "ON CONFLICT (member_id, expires_at) DO UPDATE SET points = account_expiry.points + excluded.points",
        member_id=member_id, expires_at=expires_at, points=points,
    )  # fmt: skip


def forget_expiry(tx: Tx, member_id: int, expires_at: int) -> None:
    """If nothing lapses then any more."""
    tx.put(
        "DELETE FROM account_expiry WHERE member_id = :member_id AND expires_at = :expires_at AND points = 0",
        member_id=member_id, expires_at=expires_at,
    )  # fmt: skip


def freeze(tx: Tx, member_id: int) -> bool:
    """Nothing is redeemed from now on; False if so before."""
    return 1 == tx.run(
        "UPDATE account SET frozen_at = :now WHERE member_id = :member_id AND frozen_at = 0",
        member_id=member_id, now=tx.now,
    )  # fmt: skip


def list_frozen(tx: Tx, first: int, last: int) -> list[int]:
    """Members with ids from first to last whose redemptions are frozen."""
    rows = tx.all(
        "SELECT member_id FROM account WHERE member_id BETWEEN :first AND :last AND frozen_at <> 0",
        first=first, last=last,
    )  # fmt: skip
    return [row[0] for row in rows]


def thaw(tx: Tx, member_id: int) -> None:
    """The books are right again."""
    tx.run("UPDATE account SET frozen_at = 0 WHERE member_id = :member_id", member_id=member_id)


def add_to_month(tx: Tx, member_id: int, change: Month) -> None:
    """All but the month itself are changes."""
    tx.put(
        "INSERT INTO account_month (member_id, month, spent, purchases, earned) "
        "VALUES (:member_id, :month, :spent, :purchases, :earned) ON CONFLICT (member_id, month) DO UPDATE SET "
        "spent = account_month.spent + excluded.spent, purchases = account_month.purchases + excluded.purchases, "
        "earned = account_month.earned + excluded.earned",
        member_id=member_id, month=change.month, spent=change.spent, purchases=change.purchases, earned=change.earned,
    )  # fmt: skip


def set_tier_since(tx: Tx, member_id: int, since: int) -> None:
    """since: epoch ms UTC; 0 for the tier the member joined with. The next review fixes the period it is held for."""
    tx.run(
        "UPDATE account SET tier_since = :since, period_from = '', period_until = '', keep_until = '', announced = 0, "
        "review_on = '' WHERE member_id = :member_id",
        member_id=member_id, since=since,
    )  # fmt: skip
