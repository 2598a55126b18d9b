"""The chain's arithmetic: every kind of tampering is found, and said to be what it is."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, strategies as st

from loyalty.audit import BEGINNING, Deed, Mark, Problem, against_witness, end, follow, link

Chain = list[tuple[Deed, str]]


def mac(data: bytes) -> bytes:
    return hmac.digest(b"a key nobody has", data, sha256)


def chain(length: int) -> Chain:
    made: Chain = []
    before = ""
    for place in range(1, length + 1):
        deed = Deed(place, 1000 + place, 11, "member_opened", 1, place, "{}")
        before = link(mac, before, deed)
        made.append((deed, before))
    return made


def problems(made: Chain, head: Mark) -> list[Problem]:
    reached, found = follow(mac, BEGINNING, made)
    return found + end(reached, head)


HEAD = Mark(9, chain(9)[-1][1])


def test_a_chain_as_it_was_written_has_no_problem() -> None:
    assert problems(chain(9), HEAD) == []


@pytest.mark.parametrize(
    "change", [{"at": 1}, {"actor": 12}, {"action": "x"}, {"store_id": 2}, {"member_id": 0}, {"detail": '{"a": 1}'}]
)
def test_a_changed_deed_is_found_and_it_alone(change: dict[str, Any]) -> None:
    made = chain(9)
    made[4] = (replace(made[4][0], **change), made[4][1])
    assert problems(made, HEAD) == [Problem("changed", 5)]


@given(st.text(), st.text(), st.integers(-1, 1 << 62))
def test_a_deed_is_covered_as_a_json_list(action: str, detail: str, actor: int) -> None:
    """What was chained before must stay provable, so the bytes never change."""
    deed = Deed(3, 1_740_974_400_000, actor, action, 1, 2, detail)
    told = ["ab", deed.place, deed.at, deed.actor, deed.action, deed.store_id, deed.member_id, deed.detail]
    assert link(mac, "ab", deed) == mac(json.dumps(told, ensure_ascii=False).encode()).hex()


def test_deeds_that_are_missing_are_counted() -> None:
    made = chain(9)
    assert problems(made[:3] + made[5:], HEAD) == [Problem("missing", 4, 2)]


def test_deeds_that_changed_places_are_found() -> None:
    made = chain(9)
    swapped = [(replace(made[5][0], place=5), made[5][1]), (replace(made[4][0], place=6), made[4][1])]
    assert {problem.kind for problem in problems(made[:4] + swapped + made[6:], HEAD)} == {"changed"}


def test_an_end_cut_off_is_found_by_the_head() -> None:
    assert problems(chain(7), HEAD) == [Problem("cut_off", 8, 2)]


def test_deeds_added_without_the_key_are_found() -> None:
    forged = (Deed(10, 1, 11, "points_given", 1, 1, "{}"), "00" * 32)
    assert problems([*chain(9), forged], Mark(10, "00" * 32)) == [Problem("changed", 10)]


def test_a_chain_cut_off_and_written_on_from_there_is_found_by_the_witness() -> None:
    """Whoever can take back the table and its head lets the program itself write on."""
    assert against_witness(HEAD, "another mac", Mark(12, "x")) == [Problem("rewound", 9)]
    assert against_witness(HEAD, None, Mark(12, "x")) == [Problem("rewound", 9)]


def test_a_chain_cut_off_with_its_head_is_found_by_the_witness() -> None:
    assert against_witness(HEAD, None, Mark(7, "x")) == [Problem("cut_off", 8, 2)]


def test_a_witness_who_knows_nothing_yet_has_nothing_against_it() -> None:
    assert against_witness(BEGINNING, None, HEAD) == []


@given(length=st.integers(0, 30), cuts=st.lists(st.integers(1, 30)))
def test_a_chain_can_be_followed_in_pages(length: int, cuts: list[int]) -> None:
    made, reached, found = chain(length), BEGINNING, list[Problem]()
    for cut in [*sorted(set(cuts)), length]:
        page = [one for one in made if reached.place < one[0].place <= cut]
        reached, more = follow(mac, reached, page)
        found += more
    assert (reached.place, found) == (length, [])
