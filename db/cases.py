"""Cases: who has them, what they wait for, and the thread of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db import members
from db.database import Tx
from loyalty.cases import ARROWS, Deed, Kind, Side, State
from loyalty.vault import Undecipherable

_PURPOSE = "case_line"
_NEWEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Case:
    """All instants are epoch ms UTC, 0 where there is none; resolve_due is NEVER while the clock stands still."""

    id: int
    kind: Kind
    category: str
    severity: str
    member_id: int  # 0: nobody in particular
    store_id: int  # 0: no store
    purchase_id: int
    reservation_id: int
    opened_by: int
    opened_at: int
    source: str
    state: State
    holder: int
    answered_at: int
    answer_ms: int
    answer_late: int
    answer_due: int
    resolve_due: int
    resolve_late: int
    left_ms: int
    paused_at: int
    paused_ms: int
    warned: int
    escalated: int
    resolved_at: int
    reminded_at: int
    ended_at: int
    reopened: int
    merged_into: int
    score_asked_at: int
    score: int  # 0: not told
    rates: int  # the case whose low score this one is about; 0: none


@dataclass(frozen=True, slots=True)
class NewCase:
    kind: Kind
    category: str
    severity: str
    member_id: int
    store_id: int
    purchase_id: int
    reservation_id: int
    opened_by: int
    source: str
    answer_due: int
    resolve_due: int
    key: str  # unique for ever
    rates: int = 0  # the case whose low score this one is about


@dataclass(frozen=True, slots=True)
class NewLine:
    """The member is shown 'member' and 'staff' only. source '': it came from no message; album: Telegram's number of
    the pictures it came with, '' for none."""

    side: Side
    author: int
    words: str
    file_kind: str = ""  # photo, voice, …
    file_id: str = ""
    source: str = ""
    album: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a thread; words and file_id are '' once the member is erased."""

    id: int
    side: Side
    author: int
    words: str
    file_kind: str
    file_id: str
    at: int


_COLUMNS = ", ".join(Case.__dataclass_fields__)
_OPEN = "state IN ('new', 'taken', 'waiting')"


def add(tx: Tx, new: NewCase) -> int | None:
    """The new case's id; None if the key was used before."""
    case_id: int | None = tx.value(
        "INSERT INTO service_case (kind, category, severity, member_id, store_id, purchase_id, reservation_id, "
        "opened_by, opened_at, source, answer_due, resolve_due, rates, key) VALUES (:kind, :category, :severity, "
        ":member_id, :store_id, :purchase_id, :reservation_id, :opened_by, :now, :source, :answer_due, :resolve_due, "
        ":rates, :key) "
        "ON CONFLICT (key) DO NOTHING RETURNING id",
        kind=new.kind, category=new.category, severity=new.severity, member_id=new.member_id, store_id=new.store_id,
        purchase_id=new.purchase_id, reservation_id=new.reservation_id, opened_by=new.opened_by, now=tx.now,
        source=new.source, answer_due=new.answer_due, resolve_due=new.resolve_due, rates=new.rates,
        key=new.key,
    )  # fmt: skip
    return case_id


def get(tx: Tx, case_id: int) -> Case | None:
    return _case(tx.one(f"SELECT {_COLUMNS} FROM service_case WHERE id = :id", id=case_id))


def get_by_key(tx: Tx, key: str) -> Case | None:
    return _case(tx.one(f"SELECT {_COLUMNS} FROM service_case WHERE key = :key", key=key))


def lock(tx: Tx, case_id: int) -> None:
    """From here on, no other transaction changes this case."""
    tx.serialise(f"case:{case_id}")


def list_of_member(tx: Tx, member_id: int, before: int, limit: int) -> list[Case]:
    """Newest first, with ids below `before` (0: from the newest)."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM service_case WHERE member_id = :member_id AND member_id <> 0 AND id < :before "
        "ORDER BY id DESC LIMIT :limit",
        member_id=member_id, before=before or _NEWEST, limit=limit,
    )  # fmt: skip
    return [Case(*row) for row in rows]


def list_open(tx: Tx, store_ids: list[int] | None, after: tuple[int, int], limit: int) -> list[Case]:
    """Open cases of these stores (None: of all), the most pressing first, beyond (resolve_due, id).

    One query per store, so that each is a walk along the index however many cases there are.
    """
    return sorted(
        (case for found in _open_by_store(tx, store_ids, after, limit) for case in found),
        key=lambda case: (case.resolve_due, case.id),
    )[:limit]


def _open_by_store(tx: Tx, store_ids: list[int] | None, after: tuple[int, int], limit: int) -> list[list[Case]]:
    if store_ids is None:
        store_ids = [0, *(row[0] for row in tx.all("SELECT id FROM store ORDER BY id"))]
    found = []
    for store_id in store_ids:
        rows = tx.all(
            f"SELECT {_COLUMNS} FROM service_case WHERE store_id = :store_id AND {_OPEN} "
            "AND (resolve_due > :due OR (resolve_due = :due AND id > :id)) ORDER BY resolve_due, id LIMIT :limit",
            store_id=store_id, due=after[0], id=after[1], limit=limit,
        )  # fmt: skip
        found.append([Case(*row) for row in rows])
    return found


def list_held(tx: Tx, holder: int) -> list[Case]:
    """Open cases this person has."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM service_case WHERE holder = :holder AND state IN ('taken', 'waiting') ORDER BY id",
        holder=holder,
    )
    return [Case(*row) for row in rows]


def list_going_on(tx: Tx, member_id: int) -> list[Case]:
    """The member's cases that have not ended, oldest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM service_case WHERE member_id = :member_id AND member_id <> 0 AND ended_at = 0 "
        "ORDER BY id",
        member_id=member_id,
    )  # fmt: skip
    return [Case(*row) for row in rows]


def move(tx: Tx, case: Case, deed: Deed, holder: int) -> Case | None:
    """Along an arrow, with this holder from then on; the case as it is then, None if it is elsewhere by now."""
    after = ARROWS[deed].get(case.state)
    if after is None:
        return None
    ends = after in ("confirmed", "unanswered", "closed", "merged")
    row = tx.one(
        "UPDATE service_case SET state = :after, holder = :holder, "
        "resolved_at = CASE WHEN :after = 'resolved' THEN :now WHEN :deed = 'reopen' THEN 0 ELSE resolved_at END, "
        "ended_at = CASE WHEN :ends = 1 THEN :now ELSE 0 END, "
        "reminded_at = CASE WHEN :deed = 'reopen' THEN 0 ELSE reminded_at END, "
        "reopened = reopened + CASE WHEN :deed = 'reopen' THEN 1 ELSE 0 END "
        f"WHERE id = :id AND state = :before AND holder = :held RETURNING {_COLUMNS}",
        id=case.id, before=case.state, held=case.holder, after=after, holder=holder, deed=deed, ends=int(ends),
        now=tx.now,
    )  # fmt: skip
    return _case(row)


def mark_score_asked(tx: Tx, case: Case) -> bool:
    """Note that the member is asked how it was dealt with; False if they were, or if nobody in particular is there."""
    return 1 == tx.run(
        "UPDATE service_case SET score_asked_at = :now WHERE id = :id AND score_asked_at = 0 AND member_id <> 0",
        id=case.id, now=tx.now,
    )  # fmt: skip


def change(tx: Tx, case_id: int, **columns: int | str) -> None:
    """Set some of the case's columns."""
    assert columns.keys() <= _CHANGEABLE
    setting = ", ".join(f"{name} = :{name}" for name in columns)
    tx.run(f"UPDATE service_case SET {setting} WHERE id = :case_id", case_id=case_id, **columns)


_CHANGEABLE = {
    "category", "severity", "store_id", "purchase_id", "reservation_id", "answered_at", "answer_ms", "answer_late",
    "answer_due", "resolve_due", "resolve_ms", "resolve_late", "left_ms", "paused_at", "paused_ms", "warned",
    "escalated", "reminded_at", "score",
}  # fmt: skip


def add_line(tx: Tx, case: Case, new: NewLine) -> int | None:
    """The line's id; None if the message it comes from is in a thread already."""
    line_id: int | None = tx.value(
        "INSERT INTO case_line (case_id, member_id, side, author, words_sealed, file_kind, file_id_sealed, at, source, "
        "album) VALUES (:case_id, :member_id, :side, :author, :words, :file_kind, :file_id, :now, "
        "CAST(:source AS TEXT), :album) "
        "ON CONFLICT (source) DO NOTHING RETURNING id",
        case_id=case.id, member_id=case.member_id, side=new.side, author=new.author, now=tx.now,
        words=_seal(tx, case.member_id, "words", new.words), file_kind=new.file_kind,
        file_id=_seal(tx, case.member_id, "file_id", new.file_id), source=new.source or None,
        album=new.album,
    )  # fmt: skip
    return line_id


def list_lines(tx: Tx, case: Case, limit: int = 1_000) -> list[Line]:
    """The last that was said, oldest first: what came in by merging stands where it was said."""
    rows = tx.all(
        "SELECT id, member_id, side, author, words_sealed, file_kind, file_id_sealed, at FROM case_line "
        "WHERE case_id = :case_id ORDER BY at DESC, id DESC LIMIT :limit",
        case_id=case.id, limit=limit,
    )  # fmt: skip
    return [_line(tx, row) for row in reversed(rows)]


def copy_lines(tx: Tx, case_id: int, into_id: int) -> None:
    """What was said and noted in a case, to the end of another one's thread of the same member, as of then."""
    tx.run(
        "INSERT INTO case_line (case_id, member_id, side, author, words_sealed, file_kind, file_id_sealed, at) "
        "SELECT :into, member_id, side, author, words_sealed, file_kind, file_id_sealed, at FROM case_line "
        "WHERE case_id = :case_id AND side <> 'event' ORDER BY id",
        case_id=case_id, into=into_id,
    )  # fmt: skip


def redirect(tx: Tx, case_id: int, into_id: int) -> None:
    """The case goes on in another one, and so does what was merged into it before."""
    tx.run(
        "UPDATE service_case SET merged_into = :into WHERE id = :case_id OR (merged_into = :case_id "
        "AND merged_into <> 0)",
        case_id=case_id, into=into_id,
    )  # fmt: skip


def list_merged(tx: Tx, case_id: int) -> list[int]:
    """Ids of the cases that go on in this one."""
    rows = tx.all("SELECT id FROM service_case WHERE merged_into = :id AND merged_into <> 0 ORDER BY id", id=case_id)
    return [row[0] for row in rows]


def give_to(tx: Tx, case: Case, member_id: int) -> None:
    """It is this member's, and so is its thread, sealed under their key. The purchase it was about was not theirs."""
    for line in list_lines(tx, case, _NEWEST):
        tx.run(
            "UPDATE case_line SET member_id = :member_id, words_sealed = :words, file_id_sealed = :file_id "
            "WHERE id = :id",
            id=line.id, member_id=member_id, words=_seal(tx, member_id, "words", line.words),
            file_id=_seal(tx, member_id, "file_id", line.file_id),
        )  # fmt: skip
    tx.run(
        "UPDATE service_case SET member_id = :member_id, purchase_id = 0 WHERE id = :id",
        id=case.id, member_id=member_id,
    )  # fmt: skip


def list_sellers(tx: Tx, case_id: int) -> set[int]:
    """Telegram ids of who recorded the purchases that this case, or one merged into it, is about."""
    rows = tx.all(
        "SELECT recorded_by FROM purchase WHERE id IN (SELECT purchase_id FROM service_case WHERE id = :id "
        "UNION ALL SELECT purchase_id FROM service_case WHERE merged_into = :id AND merged_into <> 0)",
        id=case_id,
    )  # fmt: skip
    return {row[0] for row in rows}


def list_disputed(tx: Tx, case_id: int) -> list[int]:
    """Purchases that the member, here or in a case merged into this, says are not theirs."""
    rows = tx.all(
        "SELECT purchase_id FROM service_case WHERE id = :id AND source = 'receipt' UNION "
        "SELECT purchase_id FROM service_case WHERE merged_into = :id AND merged_into <> 0 AND source = 'receipt' "
        "ORDER BY purchase_id",
        id=case_id,
    )  # fmt: skip
    return [row[0] for row in rows]


def _line(tx: Tx, row: tuple[Any, ...]) -> Line:
    line_id, member_id, side, author, words, file_kind, file_id, at = row
    opened = [
        _open(tx, member_id, column, bytes(sealed)) for column, sealed in (("words", words), ("file_id", file_id))
    ]
    return Line(line_id, side, author, opened[0], file_kind, opened[1], at)


def _seal(tx: Tx, member_id: int, column: str, text: str) -> bytes:
    if not text:
        return b""
    if member_id:
        return _seal_of(tx, member_id, column, text)
    return tx.vault.seal_system(_PURPOSE, column, text.encode())


def _seal_of(tx: Tx, member_id: int, column: str, text: str) -> bytes:
    """Nothing for the erased: there is no key any more, and nothing said about them is kept."""
    try:
        return members.vault_of(tx, member_id).seal("case_line", column, text)
    except LookupError:
        return b""


def _open(tx: Tx, member_id: int, column: str, sealed: bytes) -> str:
    """'' for what nobody can open any more: the member was erased."""
    if not sealed:
        return ""
    try:
        if member_id:
            return members.vault_of(tx, member_id).open("case_line", column, sealed)
        return tx.vault.open_system(_PURPOSE, column, sealed).decode()
    except (LookupError, Undecipherable):
        return ""


def _case(row: tuple[Any, ...] | None) -> Case | None:
    return Case(*row) if row else None
