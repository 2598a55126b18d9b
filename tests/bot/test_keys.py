from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.keys import open_keys
from bot.settings import SettingsError
from loyalty.vault import Vault

KEY = bytes(range(32))


def counted(n: int) -> bytes:
    return bytes(range(n))


def line(version: int, key: bytes = KEY) -> str:
    return f"{version}:{base64.b64encode(key).decode()}\n"


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_first_start_makes_a_key_file_only_its_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "regulars.key"
    keys = open_keys(path, may_create=True, random=counted)
    assert (dict(keys.keys), keys.current) == ({1: KEY}, 1)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["regulars.key"]


def test_the_first_start_says_loudly_to_back_it_up(tmp_path: Path, log: io.StringIO) -> None:
    open_keys(tmp_path / "k", may_create=True, random=counted)
    said = log.getvalue()
    assert "BACK_UP_THE_KEY_FILE" in said
    assert said.count("\n") == 1
    assert base64.b64encode(KEY).decode() not in said


def test_later_starts_read_the_same_key(tmp_path: Path) -> None:
    first = open_keys(tmp_path / "k", may_create=True, random=counted)
    assert open_keys(tmp_path / "k", may_create=False, random=lambda n: b"x" * n) == first


def test_the_keys_fit_the_vault(tmp_path: Path) -> None:
    keys = open_keys(tmp_path / "k", may_create=True, random=counted)
    assert Vault(keys.keys, keys.current, counted).new_data_key(1).version == 1


def test_no_key_is_made_for_a_database_that_holds_data(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"its key file .* is missing"):
        open_keys(tmp_path / "k", may_create=False, random=counted)
    assert list(tmp_path.iterdir()) == []


def test_the_highest_version_is_current(tmp_path: Path) -> None:
    path = written(tmp_path / "k", "# comment\n\n" + line(1) + line(3, KEY[::-1]) + line(2))
    keys = open_keys(path, may_create=True, random=counted)
    assert (sorted(keys.keys), keys.current, keys.keys[3]) == ([1, 2, 3], 3, KEY[::-1])


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_file_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SettingsError, match="chmod 600"):
        open_keys(written(tmp_path / "k", line(1), mode), may_create=True, random=counted)


@pytest.mark.parametrize("text", ["1:short\n", "one:" + line(1)[2:], line(0), "1\n", line(1, KEY[:16]), "", "# none\n"])
def test_a_damaged_key_file_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="put it back from your copy") as caught:
        open_keys(written(tmp_path / "k", text), may_create=True, random=counted)
    assert base64.b64encode(KEY).decode()[:20] not in str(caught.value)


def test_a_place_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="set KEY_FILE to a place"):
        open_keys(tmp_path / "file" / "k", may_create=True, random=counted)


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    def start(number: int) -> bytes:
        return open_keys(tmp_path / "k", may_create=True, random=lambda n: bytes([number]) * n).keys[1]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(1, 9)))) == 1
