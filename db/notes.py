"""What staff noted about members; the words are sealed under the member's key."""

from __future__ import annotations

from dataclasses import dataclass

from db import members
from db.database import Row, Tx
from loyalty.notes import Field
from loyalty.vault import MemberVault

_TABLE = "member_note"


@dataclass(frozen=True, slots=True)
class Note:
    """noted_by: Telegram id; corrected_at: when the member put it right, 0 if they did not. Epoch ms UTC."""

    id: int
    member_id: int
    field: Field
    words: str
    file_kind: str  # photo, voice, …; '' for words alone
    file_id: str
    store_id: int  # 0: none in particular
    noted_by: int
    noted_at: int
    corrected_at: int


@dataclass(frozen=True, slots=True)
class NewNote:
    member_id: int
    field: Field
    words: str
    store_id: int
    noted_by: int
    file_kind: str = ""
    file_id: str = ""


_COLUMNS = ", ".join(Note.__dataclass_fields__).replace("words", "words_sealed").replace("file_id", "file_id_sealed")


def add(tx: Tx, new: NewNote) -> int:
    """The new note's id."""
    note_id: int = tx.value(
        "INSERT INTO member_note (member_id, field, words_sealed, file_kind, file_id_sealed, store_id, noted_by, "
        "noted_at) VALUES (:member_id, :field, :words, :file_kind, :file_id, :store_id, :noted_by, :now) RETURNING id",
        member_id=new.member_id, field=new.field, words=_seal(tx, new.member_id, "words", new.words),
        file_kind=new.file_kind, file_id=_seal(tx, new.member_id, "file_id", new.file_id) if new.file_id else b"",
        store_id=new.store_id, noted_by=new.noted_by, now=tx.now,
    )  # fmt: skip
    return note_id


def get(tx: Tx, note_id: int) -> Note | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM member_note WHERE id = :id", id=note_id)
    return _opened(tx, [row])[0] if row else None


def list_of(tx: Tx, member_id: int, limit: int) -> list[Note]:
    """Newest first."""
    return _list(tx, member_id, "id DESC", limit)


def list_for_counter(tx: Tx, member_id: int, limit: int) -> list[Note]:
    """Allergies before all else, however old they are; then the newest."""
    return _list(tx, member_id, "CASE WHEN field = 'allergies' THEN 0 ELSE 1 END, id DESC", limit)


def file(tx: Tx, note_id: int, field: Field) -> None:
    """Under what it is about."""
    tx.run("UPDATE member_note SET field = :field WHERE id = :id", id=note_id, field=field)


def correct(tx: Tx, note: Note, words: str) -> None:
    """In the member's own words from now on."""
    tx.run(
        "UPDATE member_note SET words_sealed = :words, corrected_at = :now WHERE id = :id",
        id=note.id, words=_seal(tx, note.member_id, "words", words), now=tx.now,
    )  # fmt: skip


def delete(tx: Tx, note_id: int) -> bool:
    """False if it was gone already."""
    return 1 == tx.run("DELETE FROM member_note WHERE id = :id", id=note_id)


def _list(tx: Tx, member_id: int, order: str, limit: int) -> list[Note]:
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM member_note WHERE member_id = :member_id ORDER BY {order} LIMIT :limit",
        member_id=member_id, limit=limit,
    )  # fmt: skip
    return _opened(tx, rows)


def _seal(tx: Tx, member_id: int, column: str, text: str) -> bytes:
    return members.vault_of(tx, member_id).seal(_TABLE, column, text)


def _opened(tx: Tx, rows: list[Row]) -> list[Note]:
    if not rows:
        return []
    vault = members.vault_of(tx, rows[0][1])
    return [_note(vault, row) for row in rows]


def _note(vault: MemberVault, row: Row) -> Note:
    note_id, member_id, field, words, file_kind, file_id, *rest = row
    file = vault.open(_TABLE, "file_id", bytes(file_id)) if file_kind else ""
    return Note(note_id, member_id, field, vault.open(_TABLE, "words", bytes(words)), file_kind, file, *rest)
