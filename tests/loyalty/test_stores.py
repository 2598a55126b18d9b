from __future__ import annotations

import pytest

from loyalty.errors import StoreCodeInvalid
from loyalty.stores import parse_code, suggest_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("西门店", "ximen"),
        ("南湖門市", "nanhu"),
        ("曲江大悦城店", "qujiangdayuecheng"),
        ("Main Street", "main-street"),
        ("Café Été", "cafe-ete"),
        ("店", "dian"),
        ("🌸", "store"),
    ],
)
def test_a_code_is_suggested_from_the_name(name: str, code: str) -> None:
    assert suggest_code(name, lambda _: False) == code


def test_a_suggested_code_is_free() -> None:
    assert suggest_code("西门店", {"ximen", "ximen-2"}.__contains__) == "ximen-3"


@pytest.mark.parametrize("name", ["长安区旗舰店·二", "A" * 40, "- -", "١٢٣", "Ⅷ号店"])
def test_a_suggested_code_is_a_code(name: str) -> None:
    code = suggest_code(name, lambda _: False)
    assert parse_code(code) == code


@pytest.mark.parametrize(("text", "code"), [("Ximen", "ximen"), ("ＸＩ２", "xi2"), ("West Gate_2", "west-gate-2")])
def test_a_typed_code_is_folded(text: str, code: str) -> None:
    assert parse_code(text) == code


@pytest.mark.parametrize("text", ["", "西门", "a" * 33, "-a", "a-", "a.b", "a/b"])
def test_an_unfit_code_is_refused(text: str) -> None:
    with pytest.raises(StoreCodeInvalid):
        parse_code(text)
