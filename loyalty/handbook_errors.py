"""Refusals of the service handbook and its quizzes."""

from typing import Any

from loyalty.refusal import Refusal


class HandbookUnreadable(Refusal):
    """What is wrong with a handbook somebody sent: `line` (from 1) and `what` each, the first ones; `more` besides."""

    faults: list[dict[str, Any]]
    more: int


class HandbookFileRefused(Refusal):
    """The file is no handbook at all. `reason`: kind, too_large, not_text or empty; `most`: bytes."""

    reason: str
    most: int


class NoQuestions(Refusal):
    """The handbook in force has no questions in it."""
