"""The demo's own folder: its database, copied from a seed that is made once a day, and what people have said."""

from __future__ import annotations

import base64
import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.demo import seed
from bot.demo.seed import Progress
from bot.settings import SettingsError

NAME = "demo-data"
_CHANGED_BY_SQLITE = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path

    @property
    def database(self) -> Path:
        return self.path / "regulars.db"

    @property
    def key(self) -> Path:
        return self.path / "regulars.key"

    @property
    def charter(self) -> Path:
        return self.path / "charter.toml"

    @property
    def chats(self) -> Path:
        return self.path / "chats.json"

    @property
    def can_go_on(self) -> bool:
        """Whether an earlier demo left something to go on with."""
        return all(path.exists() for path in (self.database, self.key, self.chats))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else starts afresh under a running demo. Refuses with SettingsError."""
        try:
            self.path.mkdir(exist_ok=True)
            lock = (self.path / "demo.lock").open("ab")
        except OSError as error:
            raise SettingsError(
                f"The demo cannot write here ({error.strerror}); start it in a folder of yours."
            ) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise SettingsError(f"A demo is running in {NAME} already; open its page, or stop it first.") from None
            yield

    async def start_afresh(self, today: date, progress: Callable[[], AbstractContextManager[Progress]]) -> None:
        """Put the chain back to the beginning of `today`; `progress` is asked for only if that has to be made first."""
        for path in (*self._of(self.database), self.chats):
            path.unlink(missing_ok=True)
        source = self.path / f"seed-{seed.fingerprint(today)}.db"
        if not source.exists():
            with progress() as report:
                await self._sow(source, today, report)
        shutil.copyfile(source, self.database)
        self.charter.write_text(seed.charter_text(today), encoding="utf-8")
        self.key.touch(mode=0o600)
        self.key.write_text(f"1:{base64.b64encode(seed.KEY).decode()}\n", encoding="ascii")

    async def _sow(self, source: Path, today: date, progress: Progress) -> None:
        for old in self.path.glob("seed-*"):
            old.unlink()
        growing = self.path / "seed-growing.db"
        await seed.sow(growing, today, progress)
        growing.rename(source)
        growing.with_name(growing.name + ".lock").unlink()

    def _of(self, database: Path) -> list[Path]:
        return [database.with_name(database.name + ending) for ending in _CHANGED_BY_SQLITE]
