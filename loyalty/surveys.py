"""Who is asked how it was, and what may be answered."""

from __future__ import annotations

from typing import Literal
from zlib import crc32

from loyalty.charter_surveys import Surveys
from loyalty.pushes import Wishes

About = Literal["visit", "gift"]
Answered = Literal["visit", "gift", "case", "recommend"]  # what a score can be for
SCORES = (1, 2, 3, 4, 5)
LONGEST = 1_000  # characters of what a member adds


def is_sampled(rules: Surveys, about: About, subject_id: int) -> bool:
    """Whether this purchase or reservation belongs to the share that is asked about; always the same answer."""
    percent = rules.visits_percent if about == "visit" else rules.gifts_percent
    return crc32(f"{about}:{subject_id}".encode()) % 100 < percent


def takes_questions(wishes: Wishes) -> bool:
    """Whether somebody with these wishes about surveys may be asked; the weekly digest has no buttons to answer by."""
    return wishes.active and wishes.wanted and wishes.frequency == "each"
