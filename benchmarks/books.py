"""Very many members with books that are right, written as rows: by the actions it would take hours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

# Of each member: kind, points, reason, which of their purchases, which of their entries it reverses.
_ENTRIES = (
    *[("earn", 10, "purchase", number, 0) for number in range(1, 11)],
    ("earn", 10, "gift", 0, 0), ("earn", 10, "gift", 0, 0),
    ("hold", -30, "gift", 0, 0), ("capture", 0, "gift", 0, 13),
    ("hold", -20, "gift", 0, 0), ("release", 20, "gift", 0, 15),
    ("hold", -10, "gift", 0, 0), ("expiry", -10, "expiry", 0, 0),
    ("clawback", -5, "refund", 6, 0), ("earn", 10, "gift", 0, 0),
)  # fmt: skip
ENTRIES = len(_ENTRIES)
# Which entry took how much from which lot.
_ALLOCATIONS = (
    (13, 1, -10), (13, 2, -10), (13, 3, -10), (15, 4, -10), (15, 5, -10), (16, 4, 10), (16, 5, 10), (17, 4, -10),
    (18, 5, -10), (19, 6, -5),
)  # fmt: skip
_HOLDS = ((13, "captured", 30), (15, "released", 20), (17, "held", 10))
# Lot, its entry, what remains, which of two expiries, what lapsed.
_LOTS = tuple(
    (lot, lot if lot < 13 else 20, {6: 5}.get(lot, 0 if lot < 6 else 10), int(lot > 9), 10 * (lot == 5))
    for lot in range(1, 14)
)

_PLANS = {
    "purchases": "number",
    "entries": "number, kind, points, after, reason, purchase, reverses",
    "lots": "number, entry, remaining, expiry, lapsed",
    "allocations": "entry, lot, points",
    "holds": "entry, state, points",
}
_FILL = Path(__file__).with_name("books.sql")


def fill(file: Path, members: int) -> None:
    """Into a migrated SQLite file without members, which nobody has open. The members' own rows, which no proof of the
    books looks at, are left out."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    for plan, rows in _plans().items():
        connection.execute(f"CREATE TEMP TABLE {plan} ({_PLANS[plan]})")
        connection.executemany(f"INSERT INTO {plan} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    connection.execute("CREATE TEMP TABLE m (id INTEGER PRIMARY KEY)")
    for statement in _FILL.read_text(encoding="utf-8").split(";\n"):
        connection.execute(statement, {"n": members, "entries": ENTRIES})
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _plans() -> dict[str, list[tuple[object, ...]]]:
    entries: list[tuple[object, ...]] = []
    balance = 0
    for number, (kind, points, reason, purchase, reverses) in enumerate(_ENTRIES, 1):
        balance += points
        entries.append((number, kind, points, balance, reason, purchase, reverses))
    return {
        "purchases": [(number,) for number in range(1, 11)],
        "entries": entries,
        "lots": list(_LOTS),
        "allocations": list(_ALLOCATIONS),
        "holds": list(_HOLDS),
    }
