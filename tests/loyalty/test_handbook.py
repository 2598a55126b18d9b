"""The handbook's Markdown: chapters, pages that fit a chat, questions, and refusals that name the line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from loyalty.charter import LOCALES
from loyalty.handbook import LONGEST_BLOCK, length, likely_locale, read, shipped
from loyalty.handbook_errors import HandbookUnreadable

QUIZ = "### Quiz\n? What?\n- no\n+ yes\n"
DOCS = Path(__file__).parents[2] / "docs" / "staff.md"


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(HandbookUnreadable) as refused:
        read(text)
    return [(fault["line"], fault["what"]) for fault in refused.value.faults]


# What comes with the bot


@pytest.mark.parametrize("locale", LOCALES)
def test_the_shipped_handbook_is_in_order(locale: str) -> None:
    book = read(shipped(locale))
    assert len(book.chapters) >= 8
    assert all(chapter.questions for chapter in book.chapters)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_shipped_handbook_is_in_its_language(locale: str) -> None:
    assert likely_locale(shipped(locale)) == locale


def test_the_three_shipped_handbooks_say_the_same_in_the_same_order() -> None:
    shapes = {
        tuple(
            tuple((len(question.answers), question.right) for question in chapter.questions)
            for chapter in book.chapters
        )
        for book in map(read, map(shipped, LOCALES))
    }
    assert len(shapes) == 1


def test_what_the_shipped_handbooks_say_to_type_is_the_same_in_each() -> None:
    commands = {tuple(sorted(re.findall(r"`(/\w+)", shipped(locale)))) for locale in LOCALES}
    assert len(commands) == 1


@pytest.mark.parametrize(
    ("locale", "promise"),
    [
        ("en", "offers nothing with that word **in its name**. That replaces no label."),
        ("zh_Hans", "不再推荐**名称里**带这个词的东西。但这代替不了成分表。"),
        ("zh_Hant", "不再推薦**名稱裡**有這個詞的東西。但這代替不了成分表。"),
    ],
)
def test_of_allergies_no_more_is_promised_than_names_can_tell(locale: str, promise: str) -> None:
    assert promise in shipped(locale)


@pytest.mark.parametrize(
    ("locale", "asked"),
    [("en", "delete it from the chat"), ("zh_Hans", "聊天里的那张请自己删掉"), ("zh_Hant", "聊天室裡的那張請自己刪掉")],
)
def test_the_photo_of_a_card_is_to_be_deleted_from_the_chat(locale: str, asked: str) -> None:
    assert asked in shipped(locale)


def test_the_example_in_the_docs_can_be_read() -> None:
    (example,) = re.findall(r"```markdown\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    book = read(example)
    assert [len(chapter.questions) for chapter in book.chapters] == [1, 0]
    assert book.chapters[0].questions[0].why


# Chapters


def test_headings_of_two_levels_begin_chapters_and_lower_ones_stay_inside() -> None:
    book = read("# A\ntext\n## B\n### inside\ntext\n")
    assert [chapter.title for chapter in book.chapters] == ["A", "B"]
    assert "### inside" in book.chapters[1].pages[0]


def test_a_first_heading_without_text_names_the_book() -> None:
    book = read("# The book\n\n## A\ntext\n")
    assert (book.title, [chapter.title for chapter in book.chapters]) == ("The book", ["A"])


def test_titles_are_shown_without_the_marks_of_emphasis() -> None:
    assert read("# *A* `b` **c**\ntext").chapters[0].title == "A b c"


def test_a_hash_within_code_begins_no_chapter() -> None:
    assert len(read("# A\n```\n# not this\n```\n").chapters) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "no_chapters")]),
        ("hello", [(1, "before_chapter")]),
        ("hello\n\n# A\ntext", [(1, "before_chapter")]),
        ("# A\ntext\n# B\n# C\ntext", [(3, "empty_chapter")]),
        ("# A\ntext\n# A\ntext", [(3, "title_twice")]),
        (f"# {'x' * 61}\ntext", [(1, "title_length")]),
        ("#\ntext", [(1, "title_length")]),
        (f"# {'x' * 61}\n\n## A\ntext", [(1, "title_length")]),
        ("# A\nSee [ours][1].\n\n[1]: https://example.org\n", [(4, "reference_link")]),
        ("# A\ntext\n\n# B\ntext[^1]\n\n[^1]: https://example.org\n", [(7, "reference_link")]),
        (f"# A\n\n{'x' * (LONGEST_BLOCK + 1)}", [(3, "block_too_long")]),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, found: list[tuple[int, str]]) -> None:
    assert [fault for fault in faults(text) if fault in found] == found


def test_more_faults_than_fit_a_message_are_counted() -> None:
    with pytest.raises(HandbookUnreadable) as refused:
        read("# A\ntext\n### Quiz\n" + "stray\n" * 14)
    assert (len(refused.value.faults), refused.value.more) == (10, 4)


# Pages


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c", "\x1d", "\x1e"])
def test_what_some_programs_end_lines_with_loses_no_text(sign: str) -> None:
    book = read(f"# A\none{sign}two\n\nlast of A\n\n# B\nfirst of B\n\n# C\nall of C\n")
    shown = [[page.replace(sign, " ") for page in chapter.pages] for chapter in book.chapters]
    assert shown == [["one two\n\nlast of A"], ["first of B"], ["all of C"]]


@pytest.mark.parametrize("sign", ["\u2028", "\x0b"])
def test_what_is_wrong_below_such_a_line_is_named_with_its_own(sign: str) -> None:
    assert faults(f"# A\none{sign}two\n### Quiz\n? What?\n- no\n- never\n") == [(4, "right_count")]


@given(st.text(alphabet="#-+>*|a \n\t\u2028\x0b\x0c\x85\u00a0", max_size=80))
def test_every_chapter_that_is_taken_can_be_opened(text: str) -> None:
    try:
        chapters = read(f"# Title\n\n{text}\n").chapters
    except HandbookUnreadable:
        chapters = ()
    assert all(chapter.pages for chapter in chapters)


@given(st.lists(st.integers(1, LONGEST_BLOCK - 10), min_size=1, max_size=12))
def test_pages_hold_every_block_once_and_fit_a_message(sizes: list[int]) -> None:
    blocks = [chr(0x4E00 + place) * size for place, size in enumerate(sizes)]
    pages = read("# A\n\n" + "\n\n".join(blocks)).chapters[0].pages
    assert [block for page in pages for block in page.split("\n\n")] == blocks
    assert all(length(page) <= 3_000 for page in pages)


def test_a_long_list_is_split_between_its_items_and_keeps_its_numbers() -> None:
    items = [f"{number}. {'x' * 500}" for number in range(1, 21)]
    pages = read("# A\n" + "\n".join(items)).chapters[0].pages
    assert len(pages) > 1
    assert pages[1].startswith("6. ")


def test_a_heading_is_not_left_alone_at_the_end_of_a_page() -> None:
    pages = read(f"# A\n\n{'x' * 1_999}\n\n{'y' * 900}\n\n### Inside\n\n{'z' * 900}").chapters[0].pages
    assert pages[1].startswith("### Inside")


# Questions


def test_a_question_has_its_answers_the_right_one_and_why() -> None:
    (question,) = read(f"# A\ntext\n{QUIZ}> be\n> cause\n").chapters[0].questions
    assert (question.asked, question.answers, question.right, question.why) == ("What?", ("no", "yes"), 1, "be cause")


@pytest.mark.parametrize("heading", ["### Quiz", "#### quiz", "### 测验", "### 測驗", "### ＱＵＩＺ"])
def test_the_heading_of_questions_in_three_languages(heading: str) -> None:
    assert read(f"# A\ntext\n{heading}\n？什么？\n－ 不\n＋ 是\n＞ 因为\n").chapters[0].questions[0].why == "因为"


def test_questions_are_no_part_of_what_is_read() -> None:
    chapter = read(f"# A\ntext\n{QUIZ}\n### After\nmore\n").chapters[0]
    assert "What?" not in "".join(chapter.pages)
    assert "more" in "".join(chapter.pages)


@pytest.mark.parametrize(
    ("lines", "what", "line"),
    [
        ("- no\n+ yes", "stray", 4),
        ("? What?\nhello\n- no\n+ yes", "stray", 5),
        ("? What?\n- no\n- never", "right_count", 4),
        ("? What?\n+ no\n+ yes", "right_count", 4),
        ("? What?\n+ yes", "answer_count", 4),
        ("? What?\n+ yes\n" + "- no\n" * 5, "answer_count", 4),
        ("?\n+ yes\n- no", "question_length", 4),
        (f"? {'x' * 301}\n+ yes\n- no", "question_length", 4),
        (f"? What?\n+ yes\n- {'x' * 151}", "answer_length", 4),
        (f"? What?\n+ yes\n- no\n> {'x' * 501}", "why_length", 4),
    ],
)
def test_a_question_that_is_not_in_order_is_refused(lines: str, what: str, line: int) -> None:
    assert (line, what) in faults(f"# A\ntext\n### Quiz\n{lines}\n")


def test_an_answer_left_empty_makes_no_chapter_of_the_line_before() -> None:
    assert faults("# A\ntext\n### Quiz\n? What?\n-\n+ yes\n- no\n") == [(5, "stray")]


@given(st.text(alphabet="#-+?>*`| \n[]()1.a测验Quiz_~=", max_size=200))
def test_whatever_is_sent_is_read_or_refused_with_lines(text: str) -> None:
    lines = [1]
    try:
        read(text)
    except HandbookUnreadable as refused:
        lines = [fault["line"] for fault in refused.faults]
    assert min(lines) >= 1
