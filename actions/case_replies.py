"""Messages that belong to a case by what they reply to, by their album, or because they correct one that does."""

from __future__ import annotations

from dataclasses import replace

from actions import case_desk, case_people, cases, feedback
from actions.case_views import Desk
from actions.feedback import CaseView, Said
from db import case_messages, dialogues
from db.database import Tx
from db.people import Person

_ASKING = (case_desk.SAY, feedback.MORE)
_ALBUM = 10  # pictures at most, by Telegram
_CORRECTED = "✏️ "


def replied(tx: Tx, user_id: int, message_id: int) -> int:
    """The case of the message that was replied to; 0 for none, and for a question that stands about that case."""
    case_id = case_messages.case_of(tx, user_id, message_id)
    place = dialogues.get(tx, user_id, user_id) if case_id else None
    asked = place is not None and place.name in _ASKING and place.answers.get("case") == case_id
    return 0 if asked else case_id


def in_album(tx: Tx, user_id: int, message_id: int) -> int:
    """The case of an earlier picture of the same album; 0 for none."""
    sources = [f"{user_id}:{message_id - back}" for back in range(1, _ALBUM)]
    return case_messages.case_with(tx, user_id, sources)[0]


def corrected(tx: Tx, user_id: int, message_id: int) -> int:
    """The case in whose thread the message stands; 0 for none."""
    return case_messages.case_with(tx, user_id, [f"{user_id}:{message_id}"])[0]


def take(tx: Tx, person: Person, case_id: int, said: Said) -> CaseView | Desk:
    """The member's word, or staff's answer; a note where there is no member to answer.

    Refuses as `feedback.add` and `case_desk.say`.
    """
    case = cases.current(tx, case_id)
    if case_people.member(tx, case) == person.user_id:
        return feedback.add(tx, person, case.id, said)
    return case_desk.say(tx, person, case.id, "answer" if case.member_id else "note", said)


def correct(tx: Tx, person: Person, message_id: int, said: Said) -> CaseView | Desk:
    """What was said stays; what it says now is told, too. Refuses as `take`."""
    case_id, side = case_messages.case_with(tx, person.user_id, [f"{person.user_id}:{message_id}"])
    told = replace(said, words=_CORRECTED + said.words)
    if side == "note":
        return case_desk.say(tx, person, cases.current(tx, case_id).id, "note", told)
    return take(tx, person, case_id, told)
