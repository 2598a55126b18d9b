"""Cases and the arrows between their states; docs/cases.md draws them."""

from __future__ import annotations

from typing import Literal

from loyalty.messages import Say

State = Literal["new", "taken", "waiting", "resolved", "confirmed", "unanswered", "closed", "merged"]
Deed = Literal[
    "take", "assign", "give_back", "ask", "heard", "resolve", "confirm", "lapse", "close", "reopen", "merge", "leave"
]
Kind = Literal["complaint", "suggestion", "praise"]
Side = Literal["member", "staff", "logged", "note", "event"]

KINDS: tuple[Kind, ...] = ("complaint", "suggestion", "praise")
OPEN: tuple[State, ...] = ("new", "taken", "waiting")
LONGEST = 4_096  # characters of one message: Telegram's own limit
MOST_AT_ONCE = 3_500  # of them that fit into one message of ours, with what stands above

# What staff read of the member's side of a case: who replies to it speaks to the member.
_HEARD = ("case_opened", "case_heard", "case_reopened", "case_desk", "case_words", "case_attachment")

ARROWS: dict[Deed, dict[State, State]] = {
    "take": {"new": "taken"},
    "assign": {"new": "taken", "taken": "taken", "waiting": "waiting"},
    "give_back": {"taken": "new", "waiting": "new"},
    "ask": {"taken": "waiting"},
    "heard": {"waiting": "taken"},
    "resolve": {"taken": "resolved", "waiting": "resolved"},
    "confirm": {"resolved": "confirmed"},
    "lapse": {"resolved": "unanswered"},
    "close": {"new": "closed", "taken": "closed", "resolved": "closed"},
    "reopen": {"resolved": "taken", "unanswered": "taken"},
    "merge": {"new": "merged", "taken": "merged", "waiting": "merged"},
    "leave": {"new": "unanswered", "taken": "unanswered", "waiting": "unanswered", "resolved": "unanswered"},
}


def is_late(state: State, answer_due: int, resolve_due: int, now: int) -> bool:
    """Whether what comes next in an open case was due by now (epoch ms UTC; 0: nothing is)."""
    return state in OPEN and 0 < (answer_due or resolve_due) <= now


def is_answered(say: Say) -> bool:
    """Whether staff's reply to it is meant for the member; to all else about a case it is a word among colleagues."""
    return say.template in _HEARD and say.params.get("side") not in ("note", "logged")
