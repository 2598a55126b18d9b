import json
from contextlib import contextmanager
from dataclasses import FrozenInstanceError

import pytest

from loyalty import errors
from loyalty.errors import AmountTooLarge, NotEnoughPoints, Refusal

SAMPLES: dict[object, object] = {
    int: 1,
    str: "x",
    bool: True,
    dict[str, str]: {"en": "x"},
    list[str]: ["x"],
    list[dict[str, str]]: [{"en": "x"}],
}


def every_refusal() -> list[Refusal]:
    exported = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refusal)]
    kinds = [kind for kind in exported if kind is not Refusal]
    return [kind(*(SAMPLES[hint] for hint in vars(kind).get("__annotations__", {}).values())) for kind in kinds]


def test_a_refusal_is_coded_after_its_name() -> None:
    assert NotEnoughPoints(5, 3).code == "not_enough_points"


def test_a_refusal_tells_its_fields() -> None:
    assert NotEnoughPoints(5, 3).params() == {"required": 5, "available": 3}


@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda refusal: refusal.code)
def test_every_refusal_fits_into_json(refusal: Refusal) -> None:
    assert json.loads(json.dumps(refusal.params())) == refusal.params()


def test_refusals_with_the_same_data_are_equal() -> None:
    assert AmountTooLarge(5) == AmountTooLarge(limit=5) != AmountTooLarge(6)


def test_a_refusal_keeps_its_data() -> None:
    refusal = AmountTooLarge(5)
    with pytest.raises(FrozenInstanceError):
        refusal.limit = 6  # type: ignore[misc]


def test_a_refusal_passes_through_a_context_manager() -> None:
    @contextmanager
    def block():  # type: ignore[no-untyped-def]
        yield

    with pytest.raises(AmountTooLarge), block():
        raise AmountTooLarge(5)


def test_the_data_is_told_where_a_refusal_is_logged() -> None:
    assert repr(AmountTooLarge(5)) == "AmountTooLarge(limit=5)"
