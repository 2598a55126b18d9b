"""Whom something is about, in more than one dialogue: a member, one of several who may be meant, or nobody."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions import purchases
from actions.counter_lines import CounterLine
from bot.dialogues import Answer, Answers, Step, Turn
from bot.handlers.purchases import candidates, pick as pick_member, who as find

_NOBODY = "0"


def known(line: CounterLine) -> Answers:
    """What a line tells of it, to begin a dialogue with."""
    if not line.member_ids:
        return {}
    return {"who": line.member_ids, **({"pick": line.member_ids[0]} if line.is_sure else {"unsure": True})}


def steps() -> tuple[Step, Step]:
    """Their templates and buttons: `<dialogue>_who`, `<dialogue>_pick`."""
    return Step("who", _who, _kept), Step("pick", _pick, _pickable, needed=_is_unsure)


def member(turn: Turn) -> int:
    """Who it is, once `steps` are answered; 0 for nobody in particular."""
    found = turn.answers["who"]
    member_id: int = turn.answers.get("pick", found[0] if found else 0)
    return member_id


def named(turn: Turn) -> dict[str, Any]:
    """The member, to be told with the next question; None for nobody."""
    about = member(turn)
    found = purchases.list_candidates(turn.tx, turn.person, [about]) if about else []
    return {"member": asdict(found[0]) if found else None}


def words(turn: Turn) -> str:
    """What is said by the line: all of it, where it names nobody."""
    said: str = turn.answers["words"]["words"]
    return said if member(turn) else turn.answers.get("whole", said)


def _kept(turn: Turn) -> dict[str, Any]:
    return {"words": turn.answers.get("whole", "")}


def _pickable(turn: Turn) -> dict[str, Any]:
    return {**candidates(turn), **_kept(turn)}


def _who(turn: Turn, answer: Answer) -> list[int]:
    return [] if answer.kind == "press" and answer.value == _NOBODY else find(turn, answer)


def _pick(turn: Turn, answer: Answer) -> int:
    return 0 if answer.value == _NOBODY else pick_member(turn, answer)


def _is_unsure(turn: Turn) -> bool:
    found = turn.answers["who"]
    return len(found) > 1 or (bool(found) and "unsure" in turn.answers)
