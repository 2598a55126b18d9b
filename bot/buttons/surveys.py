"""Buttons of the question how it was."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press
from loyalty.surveys import SCORES

_FACES = ("😞", "🙁", "😐", "🙂", "😀")


def survey(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    """One row, worst first; the number stands beside the face for whom small faces all look the same."""
    scores = zip(SCORES, _FACES, strict=True)
    return inline([press(f"{score} {face}", f"rate:{p['survey_id']}:{score}") for score, face in scores])


def survey_words(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("That's all"), "d:survey:words:-")])


def survey_low(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("👤 Open the member's page"), f"desk:{p['member_id']}")])


KEYBOARDS = {
    "survey": survey,
    "survey_words": survey_words,
    "survey_low": survey_low,
}
