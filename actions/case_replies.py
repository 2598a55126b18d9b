"""Messages that belong to a case by what they reply to, by their album, or because they correct one that does."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from actions import (
    case_access,
    case_desk,
    case_files,
    case_owners,
    case_people,
    case_views,
    cases,
    complaints,
    feedback,
)
from actions.case_owners import CORRECTED
from actions.case_views import Desk
from actions.feedback import ALBUM, CaseView, Said
from db import case_messages, cases as rows, dialogues, outbox
from db.database import Tx
from db.people import Person
from loyalty.cases import Side
from loyalty.messages import Say

_ASKING = (case_desk.SAY, feedback.MORE)
# Where further questions follow the one that a picture may answer.
_ASKED_ON = (case_desk.SAY, complaints.NEW, feedback.NEW)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message belongs. side: of the line that it goes with or follows; '' for the member's word, or the answer
    to it."""

    case_id: int
    side: Side | str = ""


def place_of(tx: Tx, user_id: int, said: Said, reply_to: int) -> Place | None:
    """By the album that began in a thread, else by the message that it replies to (0: none); None for nowhere."""
    case_id, side = case_messages.with_album(tx, user_id, said.album)
    if case_id:
        return Place(case_id, side)
    return _replied(tx, user_id, reply_to) if reply_to else None


def corrected(tx: Tx, user_id: int, message_id: int) -> int:
    """The case in whose thread the message stands; 0 for none."""
    return case_messages.with_source(tx, user_id, f"{user_id}:{message_id}")[0]


def goes_with_answer(tx: Tx, user_id: int, said: Said) -> bool:
    """Whether it is the rest of an album whose first picture answered a question, and others stand."""
    place = dialogues.get(tx, user_id, user_id) if said.album else None
    if place is None or place.name not in _ASKED_ON:
        return False
    kept = [*place.answers.values(), *place.answers.get("more", [])]
    return any(isinstance(told, dict) and told.get("album") == said.album for told in kept)


def gather(tx: Tx, person: Person, said: Said) -> None:
    """Keep it for the end of the questions; see `goes_with_answer`."""
    place = dialogues.get(tx, person.user_id, person.user_id)
    assert place is not None
    gathered = [*place.answers.get(ALBUM, []), asdict(said)]
    dialogues.keep(tx, person.user_id, person.user_id, place.answers | {ALBUM: gathered})


def take(tx: Tx, person: Person, place: Place, said: Said) -> CaseView | Desk:
    """The member's word, or staff's answer; a note where there is no member to answer, and in reply to what colleagues
    were told among themselves. The rest of an album is said as it began.

    Refuses as `feedback.add` and `case_desk.say`.
    """
    case = cases.current(tx, place.case_id)
    if case_people.member(tx, case) == person.user_id:
        return feedback.add(tx, person, case.id, said)
    if place.side:
        return _join(tx, person, Place(case.id, place.side), said)
    return case_desk.say(tx, person, case.id, "answer" if case.member_id else "note", said)


def correct(tx: Tx, person: Person, message_id: int, said: Said, by_command: bool) -> CaseView | Desk:
    """What was said stays; what it says now is told, too, on its own side. Refuses as `take`.

    by_command: the words are what followed one, which begins with whose it is, if staff logged it for a member.
    """
    case_id, side = case_messages.with_source(tx, person.user_id, f"{person.user_id}:{message_id}")
    if by_command and side == "logged" and cases.current(tx, case_id).member_id:
        return _correct_logged(tx, person, case_id, said)
    told = replace(said, words=CORRECTED + said.words)
    if side == "note":
        return case_desk.say(tx, person, cases.current(tx, case_id).id, "note", told)
    return take(tx, person, Place(case_id, side if side == "logged" else ""), told)


def _correct_logged(tx: Tx, person: Person, case_id: int, said: Said) -> Desk:
    """If it names another member now, it is theirs. Refuses as `case_owners.read` and `case_owners.move`."""
    case = cases.current(tx, case_id)
    corrected = case_owners.read(tx, person, case, said.words)
    if corrected.member_id != case.member_id:
        case = case_owners.move(tx, person, case.id, corrected.member_id)
    if not corrected.words:
        return case_views.desk(tx, person, case)
    return _join(tx, person, Place(case.id, "logged"), replace(said, words=CORRECTED + corrected.words))


def _replied(tx: Tx, user_id: int, message_id: int) -> Place | None:
    """None for a question that stands about that case: a reply to that is an answer to it."""
    case_id, to_member = case_messages.case_of(tx, user_id, message_id)
    place = dialogues.get(tx, user_id, user_id) if case_id else None
    asked = place is not None and place.name in _ASKING and place.answers.get("case") == case_id
    return None if asked or not case_id else Place(case_id, "" if to_member else "note")


def _join(tx: Tx, person: Person, place: Place, said: Said) -> Desk:
    """What goes with a line of theirs, whatever has become of the case since: no step of its own. Refuses as `look`."""
    case = case_access.require(tx, person, cases.lock_current(tx, place.case_id).id)
    added = rows.add_line(tx, case, said.line(place.side, person.user_id))
    member = case_people.member(tx, case)
    if added is not None and place.side == "staff" and member:
        if said.words:
            outbox.post(tx, Say("case_words", {"case_id": case.id, "words": said.words}, to=member, kind="notice"))
        case_files.send(tx, member, case.id, said.file_kind, said.file_id)
    return case_views.desk(tx, person, case)
