"""Backups on disk: encrypted files of all records, and one of the keys that open them (see `db/dumps.py`).

They are age files (https://age-encryption.org) of compressed lines of JSON: `age -d -i regulars.backup.key FILE | zcat`
reads them without this program.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import gzip
import io
import os
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyrage  # type: ignore[import-untyped]
from pyrage import x25519

from bot.settings import DataSettings, SettingsError
from db import dumps
from db.database import holds_data
from db.dumps import DumpUnreadable, Heading, Part, Reading, Source

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_RECORDS = ".records.age"
KEYS = "regulars.keys.age"
_DRAFT = ".draft-"
_DRILL = ".drill-"

_IDENTITY_HEADER = """\
# Regulars: opens this installation's backups. Keep a copy apart from them, together with the key file.
# public key: {public}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where backups lie and for whom they are encrypted. identity: the file with our own secret key."""

    folder: Path
    identity: Path
    recipients: tuple[str, ...] = ()  # further public keys, age1…
    keep: int = 14

    @property
    def keys(self) -> Path:
        return self.folder / KEYS

    def list_records(self) -> list[Path]:
        """Oldest first."""
        return sorted(self.folder.glob(f"*{_RECORDS}"))


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of a backup. erased: who asks to be forgotten since then, still to be carried out again."""

    heading: Heading
    erased: list[dict[str, Any]]


class BackupBusy(Exception):
    """Another backup or drill is at work in this folder."""


def place_of(settings: DataSettings) -> Place:
    return Place(settings.backup_folder, settings.backup_identity, settings.backup_recipients, settings.backup_keep)


def make(place: Place, url: str, now: int) -> Path:
    """Write a new backup of the database at `url`, with the keys of today, and drop those beyond `keep`; its path.

    The database may be in use. Nothing under its final name is ever half written. Raises BackupBusy.
    """
    with _alone(place):
        stamp = _stamp(now)
        # Of one snapshot: what is on its way in the keys is about what stands in the records.
        with dumps.open_source(url) as source:
            records = _written(place, source, "records", stamp, now)
            keys = _written(place, source, "keys", stamp, now)
        keys.replace(place.keys)
        path = records.replace(place.folder / f"regulars-{stamp}{_RECORDS}")
        _sync(place.folder)
        for old in place.list_records()[: -place.keep]:
            old.unlink()
    return path


def rewrite_keys(place: Place, url: str, now: int) -> bool:
    """Bring the keys up to date, so that no backup can be read for who was erased since; False if there are none.

    Raises BackupBusy.
    """
    if not place.keys.exists():
        return False
    with _alone(place), dumps.open_source(url) as source:
        _written(place, source, "keys", "", now).replace(place.keys)
        _sync(place.folder)
    return True


def restore(place: Place, records: Path, keys: Path, url: str) -> Restored:
    """Fill the empty database at `url`. Raises SettingsError and DumpUnreadable, and leaves nothing behind then."""
    if holds_data(url):
        raise SettingsError("The database to restore into holds data; give the address of a new one.")
    identity = _identity(place.identity, may_create=False)
    with _lines(records, identity) as of_records, _lines(keys, identity) as of_keys:
        reading = Reading(of_records)
        with dumps.open_target(url, reading.heading.revision) as target:
            dumps.load_records(target, reading)
            erased = dumps.load_keys(target, Reading(of_keys), reading.heading.stamp)
    return Restored(reading.heading, erased)


@contextlib.contextmanager
def scratch(place: Place) -> Iterator[str]:
    """The address of a database that is thrown away afterwards. Raises BackupBusy."""
    with _alone(place), tempfile.TemporaryDirectory(dir=place.folder, prefix=_DRILL) as folder:
        yield f"sqlite:///{Path(folder).absolute() / 'drill.db'}"


def _written(place: Place, source: Source, part: Part, stamp: str, now: int) -> Path:
    """The part, complete and on disk, under a draft's name."""
    recipients = _recipients(place)
    descriptor, draft = tempfile.mkstemp(dir=place.folder, prefix=_DRAFT)  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        pyrage.encrypt_io(_compressed(source, part, stamp, now), file, recipients)
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)


def _compressed(source: Source, part: Part, stamp: str, now: int) -> IO[bytes]:
    def chunks() -> Iterator[bytes]:
        squeeze = zlib.compressobj(level=6, wbits=31)
        for line in dumps.write(source, part, stamp, now):
            yield squeeze.compress(line)
        yield squeeze.flush()

    return io.BufferedReader(_Stream(chunks()), 1 << 16)


class _Stream(io.RawIOBase):
    """What an iterator gives, as a file to read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        view = memoryview(buffer)
        taken = min(len(view), len(self._rest))
        view[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken


@contextlib.contextmanager
def _lines(path: Path, identity: x25519.Identity) -> Iterator[Iterator[bytes]]:
    """The lines of a part, decrypted into a nameless file first: nothing of it counts before its end was seen."""
    with tempfile.TemporaryFile() as plain:
        try:
            with path.open("rb") as file:
                pyrage.decrypt_io(file, plain, [identity])
        except FileNotFoundError:
            raise SettingsError(f"There is no file {path}.") from None
        except (pyrage.DecryptError, OSError):
            raise DumpUnreadable(f"{path.name} is damaged, or encrypted for another backup key") from None
        plain.seek(0)
        with gzip.open(plain) as lines:
            yield iter(lines)


def _recipients(place: Place) -> list[x25519.Recipient]:
    try:
        others = [x25519.Recipient.from_str(text) for text in place.recipients]
    except pyrage.RecipientError:
        raise SettingsError("BACKUP_RECIPIENTS must be public keys of age, like age1…, with commas.") from None
    return [_identity(place.identity, may_create=True).to_public(), *others]


def _identity(path: Path, may_create: bool) -> x25519.Identity:
    """Our own secret key; made at the first backup (mode 0600)."""
    if not path.exists() and may_create:
        fresh = x25519.Identity.generate()
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(f"{_IDENTITY_HEADER.format(public=fresh.to_public())}{fresh}\n", encoding="ascii")
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        lines = path.read_text(encoding="ascii").splitlines()
        (secret,) = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        identity = x25519.Identity.from_str(secret)
    except (OSError, ValueError, pyrage.IdentityError):
        raise SettingsError(f"The backup key {path} cannot be read; set BACKUP_KEY to the right file.") from None
    if mode & 0o077:
        raise SettingsError(
            f"The backup key {path} can be read by other users of this machine: run `chmod 600 {path}`."
        )
    return identity


@contextlib.contextmanager
def _alone(place: Place) -> Iterator[None]:
    """The only one at work in the folder; what a kill left half done is swept away."""
    place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (place.folder / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupBusy("another backup is being made or tried; wait for its end") from None
        _sweep(place)
        yield


def _sweep(place: Place) -> None:
    """What a kill left half done might hold keys of somebody who was erased later."""
    for left in place.folder.glob(f"{_DRAFT}*"):
        left.unlink()
    for left in place.folder.glob(f"{_DRILL}*"):
        shutil.rmtree(left, ignore_errors=True)


def _stamp(now: int) -> str:
    at = dt.datetime.fromtimestamp(now / 1000, dt.UTC)
    return f"{at:%Y%m%dT%H%M%S}.{now % 1000:03d}Z"


def _sync(folder: Path) -> None:
    """A file's name is only on disk for certain when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
