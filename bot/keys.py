"""The key file: the master keys under which members' data keys are sealed. It never lies in the database.

One key a line, `version:base64`, the highest version being the current one; lines starting with # are for people.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.settings import SettingsError
from loyalty.vault import KEY_BYTES

_HEADER = """\
# Regulars: the master keys of this installation. Without this file nobody's name or phone can ever be read again,
# and whoever has it together with the database can read them all. Keep a copy apart from the database's backups.
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """Keys of 32 bytes by version (1 …), and the version that seals what is new."""

    keys: Mapping[int, bytes]
    current: int


def open_keys(path: Path, *, may_create: bool, random: Callable[[int], bytes]) -> MasterKeys:
    """The keys in `path`; on the first start, a new file (mode 0600) with a key from `random`.

    Pass `may_create=False` when the database already holds data: a new key could not read it. Raises `SettingsError`
    for a file that is missing then, readable by others than its owner, or damaged.
    """
    if not path.exists():
        if not may_create:
            raise SettingsError(
                f"The database holds data, but its key file {path} is missing: put the file back from your copy, "
                "or set KEY_FILE to where it is."
            )
        _create(path, random(KEY_BYTES))
    return _read(path)


def _create(path: Path, key: bytes) -> None:
    text = f"{_HEADER}1:{base64.b64encode(key).decode('ascii')}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        created = _write_once(path, text)
    except OSError as error:
        raise SettingsError(
            f"The key file {path} cannot be written ({error.strerror}); set KEY_FILE to a place this user may write to."
        ) from None
    if created:
        log.warning("BACK_UP_THE_KEY_FILE", path=str(path), why="without it nobody's data can be read again")


def _write_once(path: Path, text: str) -> bool:
    """Make the file appear at once and complete, whatever dies; of two first starts at once, one wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        Path(draft).unlink()
    _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    """A file's name is only on disk for certain when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> MasterKeys:
    try:
        with path.open(encoding="ascii") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"The key file {path} cannot be read; set KEY_FILE to the right file.") from None
    if mode & 0o077:
        raise SettingsError(f"The key file {path} can be read by other users of this machine: run `chmod 600 {path}`.")
    keys = dict(_parsed(line, path) for line in lines if line.strip() and not line.startswith("#"))
    if not keys:
        raise SettingsError(f"The key file {path} holds no key; put it back from your copy.")
    return MasterKeys(keys, current=max(keys))


def _parsed(line: str, path: Path) -> tuple[int, bytes]:
    version, _, text = line.strip().partition(":")
    try:
        key = base64.b64decode(text, validate=True)
        if len(key) == KEY_BYTES and int(version) > 0:
            return int(version), key
    except (binascii.Error, ValueError):
        pass
    raise SettingsError(f"The key file {path} is damaged; put it back from your copy.")
