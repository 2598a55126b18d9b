"""The rhythm that all processes of one bot share: slots to send in, and the quiet that Telegram asked for."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx

# Nobody reserves so far ahead: a time beyond it comes from a clock that was set back since.
_HORIZON_US = 5_000_000
_REMEMBERED_MS = 30 * 86_400_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Slots to reserve; microseconds. slack: how late a slot may still be used. owed: slots used without asking."""

    slots: int
    interval: int
    slack: int
    owed: int = 0


def reserve(tx: Tx, wanted: Wanted) -> int:
    """Slots one after the other that are nobody else's; the first one's time (epoch microseconds)."""
    now = tx.now * 1000
    step = (wanted.slots + wanted.owed) * wanted.interval
    floor = now - wanted.slack
    free_at: int = tx.value(
        "INSERT INTO pace (id, free_at) VALUES (1, :floor + :step) "
        "ON CONFLICT (id) DO UPDATE SET free_at = :step + CASE WHEN pace.free_at < :floor OR pace.free_at > :horizon "
        "THEN :floor ELSE pace.free_at END RETURNING free_at",
        floor=floor, step=step, horizon=now + _HORIZON_US + step,
    )  # fmt: skip
    return free_at - wanted.slots * wanted.interval


def close(tx: Tx, milliseconds: int) -> None:
    """Telegram wants quiet for so long from now on."""
    tx.run("DELETE FROM flood_wait WHERE ends_at < :before", before=tx.now - _REMEMBERED_MS)
    tx.run("INSERT INTO flood_wait (began_at, ends_at) VALUES (:now, :ends)", now=tx.now, ends=tx.now + milliseconds)


def quiet_left(tx: Tx) -> int:
    """Milliseconds of quiet that are left; 0 if none. A clock set back makes none longer than Telegram said."""
    rows = tx.all("SELECT began_at, ends_at FROM flood_wait WHERE ends_at > :now", now=tx.now)
    return max((min(ends - tx.now, ends - began) for began, ends in rows), default=0)


def count_floods(tx: Tx, since: int) -> int:
    """How often Telegram asked for quiet since then (epoch ms)."""
    count: int = tx.value("SELECT COUNT(*) FROM flood_wait WHERE began_at >= :since", since=since)
    return count
