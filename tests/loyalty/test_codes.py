from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.codes import grouped, new_code, new_token, normalise
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


@given(st.text())
def test_any_text_is_a_code_or_refused(text: str) -> None:
    with suppress(CodeInvalid):
        assert len(normalise(text)) == 8


def test_a_token_fits_into_a_link() -> None:
    assert new_token(b"\xff" * 16) == "_" * 21 + "w"
