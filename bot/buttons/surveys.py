"""Buttons of the questions how it was, how a case was dealt with, and whether they would recommend us."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, press
from loyalty.recommendations import LIKELY
from loyalty.surveys import SCORES

_FACES = ("😞", "🙁", "😐", "🙂", "😀")
_HALF = 6  # of the eleven answers stand in the first row: more than eight are too narrow for a thumb


def survey(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_scores(f"rate:{p['survey_id']}"))


def case_rate(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([] if p["score"] else _scores(f"caserate:{p['case_id']}"))


def case_unanswered(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    again = press(_("↩️ It is not solved"), f"casereopen:{p['case_id']}")
    return inline(_scores(f"caserate:{p['case_id']}"), [again])


def recommend(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    buttons = [press(f"{likely}", f"recommend:{p['recommendation_id']}:{likely}") for likely in LIKELY]
    return inline(buttons[:_HALF], buttons[_HALF:])


def rating_words(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("That's all"), "d:rating:words:-")])


def rating_thanks(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📋 My cases"), "cases")] if p["case_id"] else [])


def _scores(data: str) -> Row:
    """Worst first; the number stands beside the face for whom small faces all look the same."""
    return [press(f"{score} {face}", f"{data}:{score}") for score, face in zip(SCORES, _FACES, strict=True)]


KEYBOARDS = {
    "survey": survey,
    "case_rate": case_rate,
    "case_unanswered": case_unanswered,
    "recommend": recommend,
    "rating_words": rating_words,
    "rating_thanks": rating_thanks,
}
