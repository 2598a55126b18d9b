"""What a note typed on one line is about."""

import pytest

from loyalty.errors import TextInvalid
from loyalty.notes import read_line


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ("likes oat milk", "likes", "oat milk"),
        ("尺码：M", "sizes", "M"),
        ("asked for oat milk", "other", "asked for oat milk"),
        ("likes", "other", "likes"),
    ],
)
def test_the_first_word_may_say_what_a_note_is_about(typed: str, field: str, words: str) -> None:
    assert read_line(typed) == (field, words)


@pytest.mark.parametrize(
    "typed",
    [
        "坚果过敏",
        "对虾过敏",
        "對牛奶過敏",
        "忌口香菜",
        "不能吃辣",
        "Is allergic to nuts",
        "has a nut allergy",
        "尺码 M，羊毛过敏",
    ],
)
def test_an_allergy_is_one_wherever_it_stands_in_the_line(typed: str) -> None:
    assert read_line(typed) == ("allergies", typed)


@pytest.mark.parametrize("typed", ["allergic to nuts", "Allergy to nuts", "allergies: nuts", "ALLERGIES TO nuts"])
def test_what_somebody_is_allergic_to_stands_alone(typed: str) -> None:
    assert read_line(typed) == ("allergies", "nuts")


def test_a_word_with_allergy_inside_is_none() -> None:
    assert read_line("hypoallergenic soap only")[0] == "other"


def test_a_field_without_words_is_no_note() -> None:
    with pytest.raises(TextInvalid):
        read_line(" ")
