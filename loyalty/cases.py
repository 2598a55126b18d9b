"""Cases and the arrows between their states; docs/cases.md draws them."""

from __future__ import annotations

from typing import Literal

State = Literal["new", "taken", "waiting", "resolved", "confirmed", "unanswered", "merged"]
Deed = Literal["take", "assign", "give_back", "ask", "heard", "resolve", "confirm", "lapse", "reopen", "merge", "leave"]
Kind = Literal["complaint", "suggestion", "praise"]
Side = Literal["member", "staff", "logged", "note", "event"]

KINDS: tuple[Kind, ...] = ("complaint", "suggestion", "praise")
OPEN: tuple[State, ...] = ("new", "taken", "waiting")
LONGEST = 4_096  # characters of one message: Telegram's own limit
MOST_AT_ONCE = 3_500  # of them that fit into one message of ours, with what stands above

ARROWS: dict[Deed, dict[State, State]] = {
    "take": {"new": "taken"},
    "assign": {"new": "taken", "taken": "taken", "waiting": "waiting"},
    "give_back": {"taken": "new", "waiting": "new"},
    "ask": {"taken": "waiting"},
    "heard": {"waiting": "taken"},
    "resolve": {"taken": "resolved", "waiting": "resolved"},
    "confirm": {"resolved": "confirmed"},
    "lapse": {"resolved": "unanswered"},
    "reopen": {"resolved": "taken", "unanswered": "taken"},
    "merge": {"new": "merged", "taken": "merged", "waiting": "merged"},
    "leave": {"new": "unanswered", "taken": "unanswered", "waiting": "unanswered", "resolved": "unanswered"},
}


def after(state: State, deed: Deed) -> State | None:
    """The state a deed leads to; None if there is no such arrow."""
    return ARROWS[deed].get(state)
