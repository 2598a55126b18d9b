from __future__ import annotations

from dataclasses import asdict, dataclass

from loyalty.messages import params_of


@dataclass(frozen=True, slots=True)
class Visit:
    store: str
    amount: int


@dataclass(frozen=True, slots=True)
class Shown:
    name: dict[str, str]
    visits: list[Visit]
    usual: Visit | None
    easy: bool


def test_params_are_the_fields_of_a_dataclass_and_of_those_in_it() -> None:
    shown = Shown({"en": "Ann"}, [Visit("ximen", 8650)], Visit("dongmen", 100), easy=True)
    assert params_of(shown) == asdict(shown)


def test_changing_params_leaves_the_dataclass_as_it_was() -> None:
    shown = Shown({"en": "Ann"}, [], None, easy=False)
    params_of(shown)["name"]["en"] = "Bob"
    assert shown.name == {"en": "Ann"}
