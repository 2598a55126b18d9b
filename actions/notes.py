"""What staff note about a member, and the member's right to see it, put it right and have it deleted."""

from __future__ import annotations

from dataclasses import dataclass

from actions import customers, looks, purchases, staff
from actions.members import require_member
from db import audit, members, notes, staff as posts, stores
from db.database import Tx
from db.notes import NewNote, Note
from db.people import Person
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Attachment, Say
from loyalty.notes import FIELDS, Field
from loyalty.paging import Page, cut
from loyalty.roles import Role, may

NEW, CORRECT = "note", "note_correct"
_SHOWN = 12
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Noted:
    """A note that was just taken down, to be filed under what it is about."""

    note_id: int
    member_id: int
    name: str
    field: Field
    words: str


@dataclass(frozen=True, slots=True)
class ListedNote:
    note_id: int
    field: Field
    words: str
    file_kind: str  # '' for words alone
    at: int  # epoch ms UTC
    store: str  # '' for none in particular
    by: str  # the colleague's name; '' to the member, and for who has left
    corrected: bool  # by the member
    removable: bool  # by the reader


@dataclass(frozen=True, slots=True)
class Notes:
    """One page of what is noted about one member, newest first. name '' to the member."""

    member_id: int
    name: str
    notes: list[ListedNote]
    page: int  # from 0
    pages: int


def note(tx: Tx, person: Person, member_id: int, field: Field, words: str, file: Attachment | None = None) -> Noted:
    """words as `loyalty.notes.read` gives them; file: what came with them. Refuses NotAllowed and MemberNotFound."""
    staff.require(tx, person.user_id, Role.CLERK)
    member, place = customers.require(tx, member_id), purchases.place_of(tx, person)
    kind, file_id = (file.kind, file.file_id) if file else ("", "")
    note_id = notes.add(tx, NewNote(member.id, field, words, place, person.user_id, kind, file_id))
    audit.add(tx, person.user_id, "member_noted", store_id=place, member_id=member.id, field=field)
    return Noted(note_id, member.id, members.name_of(tx, member.id), field, words)


def file(tx: Tx, person: Person, note_id: int, field: str) -> Noted:
    """Say what one's own note is about; the look is recorded. Refuses NotAllowed, AnswerUnclear and StaleButton."""
    staff.require(tx, person.user_id, Role.CLERK)
    known = next((one for one in FIELDS if one == field), None)
    if known is None:
        raise AnswerUnclear
    kept = notes.get(tx, note_id)
    if kept is None or kept.corrected_at or not _may_remove(tx, person, kept):
        raise StaleButton
    notes.file(tx, kept.id, known)
    _look(tx, person, kept.member_id)
    return Noted(kept.id, kept.member_id, members.name_of(tx, kept.member_id), known, kept.words)


def list_of(tx: Tx, person: Person, member_id: int, page: int = 0) -> Notes:
    """As staff see them; the look is recorded. Refuses NotAllowed and MemberNotFound."""
    staff.require(tx, person.user_id, Role.CLERK)
    member = customers.require(tx, member_id)
    _look(tx, person, member.id)
    names, shown = _names(tx), _page(tx, member.id, page)
    listed = [_listed(tx, kept, names, removable=_may_remove(tx, person, kept)) for kept in shown.rows]
    return Notes(member.id, members.name_of(tx, member.id), listed, shown.page, shown.pages)


def show(tx: Tx, person: Person, note_id: int) -> Say:
    """The file that came with it; the look is recorded.

    Refuses NotAllowed, MemberNotFound, and StaleButton if there is none.
    """
    staff.require(tx, person.user_id, Role.CLERK)
    kept = notes.get(tx, note_id)
    if kept is None:
        raise StaleButton
    customers.require(tx, kept.member_id)
    _look(tx, person, kept.member_id)
    return _file(kept)


def remove(tx: Tx, person: Person, note_id: int) -> Notes:
    """One's own note, or any for managers. Refuses NotAllowed, and StaleButton if it is gone or another's."""
    staff.require(tx, person.user_id, Role.CLERK)
    kept = notes.get(tx, note_id)
    if kept is None or not _may_remove(tx, person, kept) or not notes.delete(tx, kept.id):
        raise StaleButton
    return list_of(tx, person, kept.member_id)


def list_own(tx: Tx, person: Person, page: int = 0) -> Notes:
    """What is noted about the sender, without colleagues' names. Refuses NotAMember."""
    member = require_member(tx, person)
    shown = _page(tx, member.id, page)
    listed = [_listed(tx, kept, {}, removable=True) for kept in shown.rows]
    return Notes(member.id, "", listed, shown.page, shown.pages)


def own(tx: Tx, person: Person, note_id: int) -> ListedNote:
    """One of them. Refuses NotAMember and StaleButton."""
    return _listed(tx, _own(tx, person, note_id), {}, removable=True)


def show_own(tx: Tx, person: Person, note_id: int) -> Say:
    """The file that came with it. Refuses as `own`."""
    return _file(_own(tx, person, note_id))


def correct(tx: Tx, person: Person, note_id: int, words: str) -> Notes:
    """In the member's own words. Refuses as `own`."""
    notes.correct(tx, _own(tx, person, note_id), words)
    return list_own(tx, person)


def delete_own(tx: Tx, person: Person, note_id: int) -> Notes:
    """Refuses as `own`."""
    notes.delete(tx, _own(tx, person, note_id).id)
    return list_own(tx, person)


def _look(tx: Tx, person: Person, member_id: int) -> None:
    looks.note(tx, person, "notes_read", member_id, purchases.place_of(tx, person))


def _own(tx: Tx, person: Person, note_id: int) -> Note:
    member, kept = require_member(tx, person), notes.get(tx, note_id)
    if kept is None or kept.member_id != member.id:
        raise StaleButton
    return kept


def _file(kept: Note) -> Say:
    if not kept.file_kind:
        raise StaleButton
    told = {"file_kind": kept.file_kind, "words": kept.words}
    return Say("note_file", told, attachment=Attachment(kept.file_kind, kept.file_id))


def _may_remove(tx: Tx, person: Person, kept: Note) -> bool:
    return kept.noted_by == person.user_id or may(staff.strongest_role(tx, person.user_id), Role.MANAGER)


def _page(tx: Tx, member_id: int, page: int) -> Page[Note]:
    return cut(notes.list_of(tx, member_id, _ALL), page, _SHOWN)


def _names(tx: Tx) -> dict[int, str]:
    return {post.user_id: post.name for post in posts.list_all(tx)}


def _listed(tx: Tx, kept: Note, names: dict[int, str], *, removable: bool) -> ListedNote:
    return ListedNote(
        note_id=kept.id, field=kept.field, words=kept.words, file_kind=kept.file_kind,
        at=kept.corrected_at or kept.noted_at, store=stores.name_of(tx, kept.store_id),
        by=names.get(kept.noted_by, ""), corrected=bool(kept.corrected_at), removable=removable,
    )  # fmt: skip
