"""The charter's part on asking members how it was, and whether they would recommend us."""

from pydantic import Field

from loyalty.charter_base import Section


class Surveys(Section):
    """After a visit or a gift handed over, a share of members is asked, each at most once in `pause_days`.

    Scores are 1 to 5, also of closed cases; those up to `low` open a case. Each quarter `recommend_percent` of members
    are asked whether they would recommend us, 0 to 10; answers up to `recommend_low` open a case, -1: none does.
    """

    visits_percent: int = Field(default=20, ge=0, le=100)
    gifts_percent: int = Field(default=50, ge=0, le=100)
    after_hours: int = Field(default=2, ge=0, le=72)
    pause_days: int = Field(default=60, ge=1, le=3660)
    low: int = Field(default=2, ge=0, le=5)
    recommend_percent: int = Field(default=10, ge=0, le=100)
    recommend_low: int = Field(default=3, ge=-1, le=10)
