"""One process has a database's file open: SQLite before 3.51.3 can corrupt a WAL that two connections write and
checkpoint (https://sqlite.org/wal.html#walresetbug), so a lock file refuses the second."""

from __future__ import annotations

import fcntl
from pathlib import Path

from db.database import DatabaseInUse, DatabaseReadOnly


class LockFile:
    """Held as long as this process has the database open; the kernel lets go of it even after a kill."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.with_name(path.name + ".lock").open("ab")
        except OSError as error:
            raise DatabaseReadOnly(f"cannot write beside {path}: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise DatabaseInUse(f"{path} is open in another process: stop the bot first") from error

    def close(self) -> None:
        self._file.close()
