"""Who is asked how it was, and what may be answered."""

from typing import Literal
from zlib import crc32

from loyalty.charter_surveys import Surveys

About = Literal["visit", "gift"]
SCORES = (1, 2, 3, 4, 5)
LONGEST = 1_000  # characters of what a member adds


def is_sampled(rules: Surveys, about: About, subject_id: int) -> bool:
    """Whether this purchase or reservation belongs to the share that is asked about; always the same answer."""
    percent = rules.visits_percent if about == "visit" else rules.gifts_percent
    return crc32(f"{about}:{subject_id}".encode()) % 100 < percent
