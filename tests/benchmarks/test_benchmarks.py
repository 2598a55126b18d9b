"""Each bench runs, at a hundredth of its size; how fast things are is no matter of tests."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import broadcast, reports
from benchmarks.__main__ import BENCHES
from benchmarks.results import Effort, Figure, Outcome, at_least, at_most, at_most_more, within

ROOT = Path(__file__).parent.parent.parent
TINY = Effort(runs=1, share=0.01)


@pytest.mark.parametrize("name", BENCHES)
async def test_the_bench_measures_once_per_round(name: str) -> None:
    outcome = await importlib.import_module(f"benchmarks.{name}").measure(TINY)
    assert outcome.bench == name
    assert outcome.targets
    for figure in outcome.figures:
        assert min(figure.samples) > 0, figure.name
        assert len(figure.samples) == (1 if figure.name == "first picture" else TINY.runs), figure.name


def test_ten_times_the_broadcast_asks_no_more_of_the_bare_libraries() -> None:
    assert broadcast.counts(Effort(runs=1, share=10)) == (3_000, 30_000, 600)
    assert broadcast.counts(Effort(runs=1, share=0.5)) == (150, 1_500, 300)


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    ours, theirs = Figure("ours", "/s", [100, 10, 30]), Figure("theirs", "/s", [50, 5, 10])
    assert at_least(2, ours, theirs).measured == 2
    assert at_most(2, ours, theirs).measured == 2
    assert at_most_more(20, ours, theirs).measured == 20


def test_a_target_is_met_at_its_aim() -> None:
    figure = Figure("card", "s", [0.3, 0.1, 0.5])
    assert within(0.3, figure).is_met
    assert not within(0.29, figure).is_met
    assert at_least(1, figure, figure).is_met
    assert not at_least(1.1, figure, figure).is_met


def test_the_report_marks_what_is_met_and_what_is_not() -> None:
    fast, slow = Figure("fast", "/s", [1234.0]), Figure("slow", "/s", [2.5])
    outcome = Outcome("example", "An example.", [fast, slow], [at_least(2, fast, slow), at_least(2, slow, fast)])
    console = Console(record=True, width=120)
    reports.show([outcome], reports.machine(0.5), Effort(), console)
    shown = console.export_text()
    assert re.search(r"fast / slow .* 494 .* ✓", shown)
    assert re.search(r"slow / fast .* 0\.00203 .* ✗", shown)
    assert "Medians of 5." in shown


def test_json_has_every_sample_and_the_machine() -> None:
    figure = Figure("card", "s", [0.1, 0.3])
    told = json.loads(
        reports.as_json([Outcome("card", "", [figure], [within(0.3, figure)])], reports.machine(0.5), TINY)
    )
    assert told["benches"]["card"]["figures"][0]["samples"] == [0.1, 0.3]
    assert told["benches"]["card"]["targets"][0]["met"] is True
    assert told["machine"]["cores"] > 0


def test_the_page_about_benchmarks_names_them_all() -> None:
    page = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    assert [name for name in BENCHES if f"`{name}`" not in page] == []
