import pytest
from hypothesis import given, strategies as st

from loyalty.digits import fold, is_number


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("１３８－００", "138-00"),
        ("　８６．５　", "86.5"),
        ("Ａｂ，；：", "Ab,;:"),
        ("￥5", "¥5"),
        ("٣٤", "34"),
        ("\u202a138\u202c", "138"),
        ("12\u201434", "12-34"),
        ("1\u00a0000", "1 000"),
    ],
)
def test_what_phones_type_is_folded(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_number_is_ascii_digits_only() -> None:
    assert [is_number(text) for text in ("12", "", "1a", "１２", "²")] == [True, False, False, False, False]
