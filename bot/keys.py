"""The key file: the master keys under which members' data keys are sealed. It never lies in the database.

One key a line, `version:base64` or `version:base64:begins`; the highest version that has begun (epoch ms UTC) seals.
A new key is known to every process before it begins, so that none meets what it cannot open. Lines starting with # are
for people.
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

# Later than any key begins.
_EVER = 1 << 62

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """Keys of 32 bytes by version (1 …), and the version that seals what is new."""

    keys: Mapping[int, bytes]
    current: int


def open_keys(path: Path, *, may_create: bool, random: Callable[[int], bytes], now: int = _EVER) -> MasterKeys:
    """The keys in `path`; on the first start, a new file (mode 0600) with a key from `random`. now: epoch ms UTC.

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
    return _read(path, now)


def read_keys(path: Path, now: int) -> MasterKeys:
    """The keys in `path`, as they stand now (epoch ms UTC). Raises `SettingsError` as `open_keys` does."""
    return _read(path, now)


def add_key(path: Path, key: bytes, begins_at: int) -> int:
    """Add a key that seals from `begins_at` (epoch ms UTC); its version. The old ones stay: they open what they sealed.

    Raises `SettingsError` as `open_keys` does.
    """
    version = max(_read(path, _EVER).keys) + 1
    line = f"{version}:{base64.b64encode(key).decode('ascii')}:{begins_at}\n"
    try:
        _replace(path, path.read_text(encoding="ascii").rstrip("\n") + "\n" + line)
    except OSError as error:
        raise SettingsError(f"The key file {path} cannot be written ({error.strerror}).") from None
    return version


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
    draft = _draft(path, text)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return True


def _replace(path: Path, text: str) -> None:
    """The file is the old one or the new one, whatever dies."""
    _draft(path, text).replace(path)
    _sync_folder(path.parent)


def _draft(path: Path, text: str) -> Path:
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mode 0600
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)


def _sync_folder(folder: Path) -> None:
    """A file's name is only on disk for certain when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path, now: int) -> MasterKeys:
    try:
        with path.open(encoding="ascii") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"The key file {path} cannot be read; set KEY_FILE to the right file.") from None
    if mode & 0o077:
        raise SettingsError(f"The key file {path} can be read by other users of this machine: run `chmod 600 {path}`.")
    told = [_parsed(line, path) for line in lines if line.strip() and not line.startswith("#")]
    begun = [version for version, _, begins_at in told if begins_at <= now]
    if not begun:
        raise SettingsError(f"The key file {path} holds no key; put it back from your copy.")
    return MasterKeys({version: key for version, key, _ in told}, current=max(begun))


def _parsed(line: str, path: Path) -> tuple[int, bytes, int]:
    """Version, key, and since when it seals."""
    version, _, rest = line.strip().partition(":")
    text, _, begins_at = rest.partition(":")
    try:
        key = base64.b64decode(text, validate=True)
        if len(key) == KEY_BYTES and int(version) > 0:
            return int(version), key, int(begins_at or 0)
    except (binascii.Error, ValueError):
        pass
    raise SettingsError(f"The key file {path} is damaged; put it back from your copy.")
