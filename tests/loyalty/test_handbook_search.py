"""Finding a place in the handbook with a queue waiting."""

from __future__ import annotations

import pytest

from loyalty.handbook import read, shipped
from loyalty.handbook_search import find, plain

BOOKS = {locale: read(shipped(locale)) for locale in ("en", "zh_Hans", "zh_Hant")}


def found(locale: str, words: str) -> list[str]:
    return [BOOKS[locale].chapters[hit.chapter].title for hit in find(BOOKS[locale], words)]


@pytest.mark.parametrize(
    ("locale", "words", "title"),
    [
        ("en", "refund without receipt", "Returns and refunds"),
        ("en", "REFUNDS", "Returns and refunds"),
        ("en", "reciept", "Returns and refunds"),
        ("en", "ｓｈｏｕｔｉｎｇ customer", "Difficult moments"),
        ("en", "nut allergy", "Allergies"),
        ("zh_Hans", "没有小票", "退货与退款"),
        ("zh_Hans", "沒有小票", "退货与退款"),
        ("zh_Hans", "过敏", "过敏"),
        ("zh_Hans", "兌換碼", "礼品与兑换码"),
        ("zh_Hant", "客訴", "處理客訴"),
        ("zh_Hant", "积分过期", "積分問題"),
        ("zh_Hant", "吵", "棘手的時刻"),
    ],
)
def test_the_chapter_meant_comes_first(locale: str, words: str, title: str) -> None:
    assert found(locale, words)[0] == title


def test_the_line_that_says_it_is_shown_without_marks() -> None:
    (hit,) = find(BOOKS["en"], "refund without receipt")[:1]
    assert hit.line.startswith("Refund without receipt: no trouble with members.")


@pytest.mark.parametrize("words", ["", "?", "Ann", "Wang Fang", "13800138000", "quantum chromodynamics"])
def test_what_the_handbook_says_nothing_about_is_not_found(words: str) -> None:
    assert found("en", words) == []


@pytest.mark.parametrize("words", ["王芳", "張小明", "李雷", "陳大文"])
@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_names_are_no_words_of_the_handbook(locale: str, words: str) -> None:
    assert found(locale, words) == []


def test_three_chapters_at_most() -> None:
    assert len(found("en", "points")) == 3


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("- **Bold** and `code`", "Bold and code"),
        ("12. item", "item"),
        ("> said", "said"),
        ("[shop](https://example.org) now", "shop now"),
        ("| a | b |", "a b"),
    ],
)
def test_a_line_is_shown_as_one_reads_it(line: str, shown: str) -> None:
    assert plain(line) == shown
