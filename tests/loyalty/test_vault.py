from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, strategies as st

from loyalty.vault import MemberVault, Undecipherable, Vault, WrappedKey

OLD, NEW = b"o" * 32, b"n" * 32


def random(seed: int = 1) -> Callable[[int], bytes]:
    return Random(seed).randbytes


@pytest.fixture
def vault() -> Vault:
    return Vault({1: OLD}, 1, random())


@pytest.fixture
def ann(vault: Vault) -> MemberVault:
    return vault.member(7, vault.new_data_key(7))


def test_what_is_sealed_opens(ann: MemberVault) -> None:
    assert ann.open("member", "name", ann.seal("member", "name", "陈伟")) == "陈伟"


def test_the_text_is_not_in_the_sealed_bytes(ann: MemberVault) -> None:
    assert b"13800138000" not in ann.seal("member", "phone", "13800138000")


def test_the_same_text_is_sealed_differently_each_time(ann: MemberVault) -> None:
    assert ann.seal("member", "name", "Ann") != ann.seal("member", "name", "Ann")


@pytest.mark.parametrize(
    ("table", "column"), [("member", "phone"), ("staff", "name"), ("membername", ""), ("", "membername")]
)
def test_a_field_moved_elsewhere_does_not_open(ann: MemberVault, table: str, column: str) -> None:
    with pytest.raises(Undecipherable):
        ann.open(table, column, ann.seal("member", "name", "Ann"))


def test_another_member_cannot_open_it(vault: Vault, ann: MemberVault) -> None:
    bob = vault.member(8, vault.new_data_key(8))
    with pytest.raises(Undecipherable):
        bob.open("member", "name", ann.seal("member", "name", "Ann"))


def test_a_data_key_moved_to_another_member_does_not_unwrap(vault: Vault) -> None:
    key = vault.new_data_key(7)
    with pytest.raises(Undecipherable):
        vault.member(8, key)


@given(place=st.integers(0, 37), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed(place: int, flip: int) -> None:
    vault = Vault({1: OLD}, 1, random())
    ann = vault.member(7, vault.new_data_key(7))
    sealed = bytearray(ann.seal("member", "name", "Ann Lee"))
    sealed[place] ^= flip
    with pytest.raises(Undecipherable):
        ann.open("member", "name", bytes(sealed))


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_as_undecipherable(sealed: bytes) -> None:
    vault = Vault({1: OLD}, 1, random())
    with pytest.raises(Undecipherable):
        vault.open_system("inbox", "1", sealed)


def test_a_row_is_sealed_for_its_purpose_and_key(vault: Vault) -> None:
    sealed = vault.seal_system("inbox", "1:5", b"{}")
    assert vault.open_system("inbox", "1:5", sealed) == b"{}"


@pytest.mark.parametrize(("purpose", "row"), [("outbox", "1:5"), ("inbox", "1:6")])
def test_a_row_moved_elsewhere_does_not_open(vault: Vault, purpose: str, row: str) -> None:
    with pytest.raises(Undecipherable):
        vault.open_system(purpose, row, vault.seal_system("inbox", "1:5", b"{}"))


def test_the_same_text_has_the_same_token(vault: Vault) -> None:
    assert vault.token("phone", "+86138") == Vault({1: OLD}, 1, random(2)).token("phone", "+86138")


def test_tokens_of_other_kinds_and_texts_differ(vault: Vault) -> None:
    tokens = {vault.token("name", "a"), vault.token("pinyin", "a"), vault.token("name", "b"), vault.token("", "namea")}
    assert len(tokens) == 4


def test_a_token_is_sixteen_bytes(vault: Vault) -> None:
    assert len(vault.token("tail", "8000")) == 16


def rotated() -> Vault:
    return Vault({1: OLD, 2: NEW}, 2, random(3))


def test_after_rotation_old_fields_still_open(vault: Vault) -> None:
    key = vault.new_data_key(7)
    sealed = vault.member(7, key).seal("member", "name", "Ann")
    assert rotated().member(7, key).open("member", "name", sealed) == "Ann"


def test_a_rewrapped_key_opens_without_the_old_master_key(vault: Vault) -> None:
    key = vault.new_data_key(7)
    sealed = vault.member(7, key).seal("member", "name", "Ann")
    rewrapped = rotated().rewrap(7, key)
    only_new = Vault({2: NEW}, 2, random())
    assert only_new.member(7, rewrapped).open("member", "name", sealed) == "Ann"


def test_a_rewrapped_key_has_the_current_version(vault: Vault) -> None:
    assert rotated().rewrap(7, vault.new_data_key(7)).version == 2


def test_a_key_of_an_unknown_version_is_undecipherable(vault: Vault) -> None:
    with pytest.raises(Undecipherable):
        vault.member(7, WrappedKey(rotated().new_data_key(7).sealed, 2))


def test_after_rotation_rows_sealed_before_still_open(vault: Vault) -> None:
    assert rotated().open_system("inbox", "1", vault.seal_system("inbox", "1", b"x")) == b"x"


def test_after_rotation_members_are_still_found(vault: Vault) -> None:
    assert rotated().token("phone", "+86138") == vault.token("phone", "+86138")


@pytest.mark.parametrize(("keys", "current"), [({1: OLD}, 2), ({1: b"short"}, 1), ({}, 1)])
def test_a_vault_without_proper_keys_is_a_mistake(keys: dict[int, bytes], current: int) -> None:
    with pytest.raises(ValueError, match="master key"):
        Vault(keys, current, random())


def test_a_forgotten_member_is_unlocked_anew(vault: Vault) -> None:
    key = vault.new_data_key(7)
    before = vault.member(7, key)
    vault.forget(7)
    assert vault.member(7, key) is not before
