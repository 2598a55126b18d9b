"""Festivals: one greeting for each, to each member, in each year."""

from __future__ import annotations

from typing import Any

from actions import charters, pushes
from db import greetings
from db.database import Tx
from loyalty import days
from loyalty.charter import Charter
from loyalty.festivals import Kept, kept_on_day
from loyalty.jobs import Page, Run
from loyalty.messages import Say

_PAGE = 500


def page(tx: Tx, run: Run) -> Page:
    """Greet all members on Telegram for the festivals of run.day, 500 at a time; late on the day is in time."""
    charter = charters.current(tx)
    kept = {festival.code: festival for festival in kept_on_day(charter, run.day)}
    code, _, last = run.cursor.partition(":")
    festival = kept.get(code) if code else next(iter(kept.values()), None)
    if festival is None:
        return Page("", 0, 0)
    found = greetings.list_members(tx, int(last or 0), _PAGE)
    say, expires_at = Say("greeting_festival", _told(charter, festival)), days.end_of_day(run.day, charter.zone)
    keys = {user_id: f"greeting:{member_id}:{festival.code}:{festival.year}" for member_id, user_id in found}
    reached = sum(pushes.push_to(tx, user_id, "greetings", say, key, expires_at) for user_id, key in keys.items())
    return Page(_next(list(kept), festival.code, found), len(found), reached)


def _next(codes: list[str], code: str, found: list[tuple[int, int]]) -> str:
    """The same festival's next members, or the next festival, or the end."""
    if len(found) == _PAGE:
        return f"{code}:{found[-1][0]}"
    later = codes[codes.index(code) + 1 :]
    return f"{later[0]}:0" if later else ""


def _told(charter: Charter, festival: Kept) -> dict[str, Any]:
    own = festival.own
    return {
        "festival": festival.code,
        "name": own.names if own else {},
        "words": own.words.model_dump() if own else {},
        "programme": charter.programme.names,
    }
