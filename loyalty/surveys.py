"""Who is asked how it was, and what may be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from loyalty.charter_surveys import Surveys
from loyalty.pushes import Wishes

About = Literal["visit", "gift"]
Answered = Literal["visit", "gift", "case", "recommend"]  # what a score can be for
SCORES = (1, 2, 3, 4, 5)
LONGEST = 1_000  # characters of what a member adds


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, and what it is for."""

    about: Answered
    score: int
    most: int
    rates: int = 0  # the case it is for, if it is for one


def scored(about: Answered, score: int, case_id: int = 0) -> Scored:
    """Of ten for a recommendation, else of five."""
    return Scored(about, score, 10 if about == "recommend" else 5, case_id)


def is_sampled(rules: Surveys, about: About, subject_id: int) -> bool:
    """Whether this purchase or reservation belongs to the share that is asked about; always the same answer."""
    percent = rules.visits_percent if about == "visit" else rules.gifts_percent
    return crc32(f"{about}:{subject_id}".encode()) % 100 < percent


def takes_questions(wishes: Wishes) -> bool:
    """Whether somebody with these wishes about surveys may be asked; the weekly digest has no buttons to answer by."""
    return wishes.active and wishes.wanted and wishes.frequency == "each"
