"""What a review decides, for all charters and all ways of shopping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from loyalty import days
from loyalty.charter import DEFAULT_CHARTER, Charter, load
from loyalty.tiers import Decision, Held, Holding, review
from tests.loyalty.charters import bare, base

_TIERS = "".join(
    f"""
[[tiers]]
code = "{code}"
name = {{ zh_Hans = "级", zh_Hant = "級", en = "Tier" }}
threshold = {threshold}
keep = {keep}
colour = "#FFD700"
"""
    for code, threshold, keep in (("platinum", 3000, 2500), ("diamond", 6000, 5000))
)
FIRST = date(2024, 2, 29)
CODES = ("classic", "gold", "platinum", "diamond")


def charter(**rules: object) -> Charter:
    written = [f"{name} = {value if isinstance(value, int) else repr(value)}" for name, value in rules.items()]
    return bare(base(), _TIERS, "[tier_review]", *written)


YEARLY = charter()
KEPT = Holding(date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28))


def instant(charter: Charter, day: date) -> int:
    return days.start_of_day(day, charter.zone)


def held(
    tier: str = "platinum", holding: Holding | None = KEPT, announced: bool = False, can_be_told: bool = True
) -> Held:
    return Held(tier, instant(YEARLY, FIRST), holding, announced, can_be_told)


def reviewed(charter: Charter, tier: Held, spent: int, day: date) -> Decision:
    return review(charter, tier, spent, spent, day)


def test_the_first_look_fixes_the_period_and_decides_nothing() -> None:
    made = reviewed(YEARLY, held(holding=None), 0, date(2024, 6, 1))
    assert (made.verdict, made.holding, made.review_on) == ("begin", KEPT, date(2025, 1, 29))


def test_what_is_missing_is_announced_in_time() -> None:
    assert reviewed(YEARLY, held(), 0, date(2025, 1, 28)).verdict == "wait"
    assert reviewed(YEARLY, held(), 0, date(2025, 1, 29)).verdict == "announce"


def test_nothing_is_announced_to_those_who_have_done_enough() -> None:
    assert reviewed(YEARLY, held(), 250_000, date(2025, 1, 29)).verdict == "wait"


def test_the_last_day_still_belongs_to_the_member() -> None:
    assert reviewed(YEARLY, held(announced=True), 0, date(2025, 2, 28)).verdict == "wait"
    assert reviewed(YEARLY, held(announced=True), 0, date(2025, 3, 1)).verdict == "lower"


def test_what_keeps_may_be_less_than_what_reached() -> None:
    made = reviewed(YEARLY, held(announced=True), 250_000, date(2025, 3, 1))
    assert (made.verdict, made.tier, made.holding.begins) == ("keep", "platinum", date(2025, 2, 28))


def test_who_was_not_told_is_told_first_and_has_all_the_days() -> None:
    made = reviewed(YEARLY, held(), 0, date(2025, 3, 10))
    assert (made.verdict, made.holding.keep_until) == ("announce", date(2025, 4, 9))


def test_who_cannot_be_told_is_reviewed_in_time() -> None:
    assert reviewed(YEARLY, held(can_be_told=False), 0, date(2025, 3, 1)).verdict == "lower"


def test_in_the_grace_what_is_missing_can_be_made_up() -> None:
    graceful = charter(grace_months=3)
    waiting = reviewed(graceful, held(holding=None), 0, date(2024, 6, 1)).holding
    assert waiting.keep_until == date(2025, 5, 28)
    told = held(holding=waiting, announced=True)
    assert reviewed(graceful, told, 0, date(2025, 5, 28)).verdict == "wait"
    assert reviewed(graceful, told, 250_000, date(2025, 4, 1)).verdict == "keep"


@pytest.mark.parametrize(("downgrade", "spent", "tier"), [
    ("one_step", 0, "platinum"),
    ("reassessed", 0, "classic"),
    ("reassessed", 250_000, "platinum"),
    ("reassessed", 249_999, "gold"),
])  # fmt: skip
def test_one_falls_as_far_as_the_charter_says(downgrade: str, spent: int, tier: str) -> None:
    made = reviewed(charter(downgrade=downgrade), held("diamond", announced=True), spent, date(2025, 3, 1))
    assert (made.verdict, made.tier) == ("lower", tier)


def test_the_review_lifts_where_the_charter_says_so() -> None:
    lifting = charter(upgrade="at_review")
    assert reviewed(lifting, held("classic"), 300_000, date(2025, 3, 1)).tier == "platinum"
    assert reviewed(YEARLY, held("classic"), 300_000, date(2025, 3, 1)).tier == "classic"


def test_what_came_in_the_grace_does_not_lift() -> None:
    lifting = charter(upgrade="at_review", grace_months=3)
    assert review(lifting, held("platinum"), 100_000, 600_000, date(2025, 3, 1)).verdict == "keep"


def test_years_end_for_everybody_with_december() -> None:
    by_years = charter(period="calendar_year")
    begun = reviewed(by_years, held(holding=None), 0, date(2024, 6, 1))
    assert (begun.holding.ends, begun.review_on) == (date(2024, 12, 31), date(2024, 12, 1))


def test_a_tier_that_the_charter_dropped_counts_as_the_lowest() -> None:
    assert reviewed(YEARLY, held("emerald", announced=True), 0, date(2025, 3, 1)).verdict == "keep"


def test_a_charter_must_not_ask_more_for_keeping_than_for_reaching() -> None:
    with pytest.raises(Exception, match=r"tiers\.gold\.keep"):
        load(_amended("threshold = 8000", "threshold = 8000\nkeep = 9000"))


def _amended(old: str, new: str) -> str:
    return DEFAULT_CHARTER.replace(old, new, 1)


# Whole lives


@dataclass(frozen=True, slots=True)
class Life:
    """A member who spends on some days, and is looked at on some of the days when a look is due."""

    charter: Charter
    spending: dict[int, int]  # minor units by day since FIRST
    absent: frozenset[int]  # days on which no job ran
    can_be_told: bool


RULES = st.fixed_dictionaries({
    "period": st.sampled_from(["rolling", "calendar_year"]),
    "period_months": st.sampled_from([1, 3, 12]),
    "upgrade": st.sampled_from(["at_once", "at_review"]),
    "downgrade": st.sampled_from(["one_step", "reassessed"]),
    "grace_months": st.sampled_from([0, 1, 6]),
    "announce_days": st.sampled_from([1, 30, 90]),
})  # fmt: skip
LAST = 900
LIVES = st.builds(
    Life,
    st.builds(lambda rules: charter(**rules), RULES),
    st.dictionaries(st.integers(0, LAST), st.sampled_from([40_000, 150_000, 400_000]), max_size=14),
    st.frozensets(st.integers(0, LAST), max_size=200),
    st.booleans(),
)


@dataclass(frozen=True, slots=True)
class Looked:
    day: date
    before: Held
    kept: int
    made: Decision


def lived(life: Life) -> Iterator[Looked]:
    """From diamond on, day by day; only reviews move."""
    now = Held("diamond", instant(life.charter, FIRST), None, announced=False, can_be_told=life.can_be_told)
    look_on = FIRST
    for number in range(LAST):
        day = FIRST + timedelta(days=number)
        if day < look_on or number in life.absent:
            continue
        period = now.holding
        kept = _spent(life, period, day, period.begins) if period else 0
        qualifying = _spent(life, period, period.ends, period.begins) if period else 0
        made = review(life.charter, now, qualifying, kept, day)
        yield Looked(day, now, kept, made)
        now, look_on = Held(made.tier, made.since, made.holding, made.announced, life.can_be_told), made.review_on


def _spent(life: Life, period: Holding, until: date, begins: date) -> int:
    first, last = begins.isoformat()[:7], until.isoformat()[:7]
    spent = ((FIRST + timedelta(days=number), amount) for number, amount in life.spending.items())
    return sum(amount for day, amount in spent if first <= day.isoformat()[:7] <= last)


def place(tier: str) -> int:
    return CODES.index(tier)


@given(LIVES)
@settings(max_examples=60, deadline=None)
def test_nobody_falls_two_steps_where_one_is_the_rule(life: Life) -> None:
    if life.charter.tier_review.downgrade == "one_step":
        assert all(place(one.before.tier) - place(one.made.tier) <= 1 for one in lived(life))


@given(LIVES)
@settings(max_examples=60, deadline=None)
def test_nobody_falls_within_the_period_or_its_grace(life: Life) -> None:
    for one in lived(life):
        if place(one.made.tier) < place(one.before.tier):
            assert one.before.holding is not None
            assert one.day > one.before.holding.keep_until >= one.before.holding.ends


@given(LIVES)
@settings(max_examples=60, deadline=None)
def test_nobody_falls_who_did_enough_or_could_have_been_told_and_was_not(life: Life) -> None:
    for one in lived(life):
        if one.made.verdict == "lower":
            assert one.kept < life.charter.keeping(life.charter.tier(one.before.tier))
            assert one.before.announced or not life.can_be_told


@given(LIVES)
@settings(max_examples=60, deadline=None)
def test_who_is_told_has_the_days_that_were_promised(life: Life) -> None:
    announce = timedelta(days=life.charter.tier_review.announce_days)
    told: date | None = None
    for one in lived(life):
        if one.made.verdict == "announce":
            told = one.day
            assert one.made.holding.keep_until - one.day >= announce
        if one.made.verdict == "lower" and told:
            assert one.day > told + announce or not life.can_be_told


@given(LIVES)
@settings(max_examples=60, deadline=None)
def test_the_next_look_always_lies_ahead(life: Life) -> None:
    assert all(one.made.review_on > one.day for one in lived(life))


@given(LIVES, st.integers(0, LAST))
@settings(max_examples=60, deadline=None)
def test_spending_less_never_leads_to_more_at_a_review(life: Life, number: int) -> None:
    one = next((one for one in lived(life) if (one.day - FIRST).days >= number), None)
    if one is not None and one.before.holding is not None:
        fewer = review(life.charter, one.before, one.kept // 2, one.kept // 2, one.day)
        assert place(fewer.tier) <= place(one.made.tier)
