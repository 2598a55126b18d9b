from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from loyalty.codes import grouped, is_plainly_code, new_code, new_token, normalise
from loyalty.errors import CodeInvalid


@given(st.binary(min_size=5, max_size=5))
def test_a_code_survives_being_typed(random_bytes: bytes) -> None:
    code = new_code(random_bytes)
    assert normalise(f" {grouped(code).lower()} ") == code


@given(st.binary(min_size=5, max_size=5), st.binary(min_size=5, max_size=5))
def test_other_bytes_give_another_code(one: bytes, other: bytes) -> None:
    assert (new_code(one) == new_code(other)) == (one == other)


def test_lookalikes_are_read_as_what_was_issued() -> None:
    assert normalise("oO1l-iI23") == "00111123"


def test_too_few_random_bytes_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="5 random bytes"):
        new_code(b"1234")


@pytest.mark.parametrize(
    "link", ["g_7K2M9QXA", "https://t.me/some_bot?start=g_7K2M9QXA", "HTTPS://T.ME/b?start=g_7k2m9qxa"]
)
def test_the_link_says_the_code(link: str) -> None:
    assert normalise(link) == "7K2M9QXA"
    assert is_plainly_code(link)


@pytest.mark.parametrize("text", ["7K2M-9QXA", "７Ｋ２Ｍ９ＱＸＡ", "7k2m9qxa", "ABCD-EFGH"])
def test_what_is_plainly_a_code_needs_no_question(text: str) -> None:
    assert is_plainly_code(text)


@pytest.mark.parametrize(
    "text", ["wang 1234", "Anne-Mary", "13800138000", "1234-5678", "li 80.00", "7K2M 9QXA", "王芳 80"]
)
def test_names_phones_and_amounts_are_not_taken_for_codes(text: str) -> None:
    assert not is_plainly_code(text)


@given(st.text())
def test_any_text_is_a_code_or_refused(text: str) -> None:
    with suppress(CodeInvalid):
        assert len(normalise(text)) == 8


def test_a_token_fits_into_a_link() -> None:
    assert new_token(b"\xff" * 16) == "_" * 21 + "w"
