import pytest
from pypinyin import Style, pinyin

from loyalty.variants import _FOLDING, simplified


@pytest.mark.parametrize(
    ("traditional", "simple"), [("陳偉", "陈伟"), ("歐陽劍", "欧阳剑"), ("臺灣", "台湾"), ("Ann", "Ann")]
)
def test_traditional_characters_become_simplified(traditional: str, simple: str) -> None:
    assert simplified(traditional) == simple


def test_both_forms_of_every_character_are_read_alike() -> None:
    """A slip in the table would join two different characters: they would hardly share a reading."""

    def readings(char: str) -> set[str]:
        return set(pinyin(char, style=Style.NORMAL, heteronym=True)[0])

    assert [chr(code) for code, simple in _FOLDING.items() if not readings(chr(code)) & readings(simple)] == []


def test_a_simplified_form_is_not_changed_again() -> None:
    assert [simple for simple in _FOLDING.values() if simplified(simple) != simple] == []
