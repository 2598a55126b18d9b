"""Buttons of short quizzes: a letter for each answer, which stands in full in the message."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press, shortened

LETTERS = "ABCDE"


def quiz_question(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    said = f"quizsay:{p['quiz_id']}:{p['number'] - 1}"
    answers = [press(LETTERS[place], f"{said}:{place}") for place in range(len(p["answers"]))]
    return inline(answers, [press(_("Enough for now"), f"quizstop:{p['quiz_id']}")])


def quiz_result(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    again = [
        [press(f"📖 {shortened(one['title'], 36)}", f"hbhit:{one['chapter']}:0:{p['version']}")] for one in p["again"]
    ]
    return inline(*again, [press(_("🧠 Another quiz"), "quiz"), press(_("📊 My figures"), "score")])


def quiz_past(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    quiz = [press(_("🧠 Short quiz"), "quiz")] if p["has_quiz"] else []
    return inline(quiz, [press(_("📊 My figures"), "score")])


def refused_no_questions(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📖 Contents"), "handbook"), press(_("📊 My figures"), "score")])


KEYBOARDS = {
    "quiz_question": quiz_question,
    "quiz_result": quiz_result,
    "quiz_past": quiz_past,
    "refused_no_questions": refused_no_questions,
}
