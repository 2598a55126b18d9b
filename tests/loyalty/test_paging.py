"""Long lists in pages."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from loyalty.paging import cut


@given(rows=st.lists(st.integers()), size=st.integers(1, 7))
def test_the_pages_together_are_the_list(rows: list[int], size: int) -> None:
    pages = cut(rows, 0, size).pages
    assert [row for page in range(pages) for row in cut(rows, page, size).rows] == rows


@pytest.mark.parametrize(("asked", "shown"), [(-1, 0), (0, 0), (2, 2), (3, 2), (10**12, 2)])
def test_a_page_that_is_not_there_is_the_nearest(asked: int, shown: int) -> None:
    found = cut(range(41), asked)
    assert (found.page, found.pages) == (shown, 3)


def test_of_nothing_there_is_one_page() -> None:
    assert (cut([], 0).rows, cut([], 0).pages) == ([], 1)
