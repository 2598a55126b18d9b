"""`regulars demo` as a process of its own, and a browser's hands on its page."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.demo.seed import ZONE

ROOT = Path(__file__).parent.parent
BOT = 900000001
# Long enough for two years of shopping on a busy machine.
PATIENCE = 120.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


class Demo:
    """A running demo in `folder`."""

    def __init__(self, folder: Path, *options: str, **environ: str) -> None:
        self.process = start(folder, *options, **environ)
        self.printed: list[str] = []
        self.complained = ""
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = self._until(_ADDRESS)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _until(self, pattern: re.Pattern[str]) -> str:
        while True:
            self.printed.append(self._lines.get(timeout=PATIENCE))
            if not self.printed[-1]:
                self._hear()
                raise AssertionError("".join(["the demo ended:\n", *self.printed, self.complained]))
            if found := pattern.search(self.printed[-1]):
                return found[0]

    def ends(self) -> int:
        """Ask it to end; its exit code. Raises if that takes more than five seconds."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(5)
        finally:
            self.process.kill()
            self._hear()

    def _hear(self) -> None:
        """Read to the end what it said, and close the pipes."""
        assert self.process.stderr is not None
        with self.process:
            self._reader.join(5)
            self.complained = self.process.stderr.read()
            self.printed += list(self._lines.queue)

    def get(self, path: str, **query: Any) -> Any:
        return httpx.get(f"{self.url}{path}", params=query, trust_env=False).json()

    def act(self, person: int, **deed: Any) -> Any:
        body = {"as": person, "chat": BOT, **deed}
        return httpx.post(f"{self.url}sim/act", json=body, trust_env=False).json()

    def messages(self, person: int) -> list[dict[str, Any]]:
        """Their chat with the bot, oldest first."""
        found: list[dict[str, Any]] = self.get("sim/messages", **{"as": person, "chat": BOT, "limit": 200})["messages"]
        return found

    def begins_the_day(self) -> None:
        """Put the clock forward to a good hour for shopping, whatever hour it is."""
        wanted = self.now.replace(hour=10, minute=26)
        self.moves_to(wanted + timedelta(days=1 if wanted < self.now else 0))

    @property
    def now(self) -> datetime:
        """What its clock says, where the shops are."""
        return datetime.fromtimestamp(self.get("sim/state")["clock"]["now"] / 1000, ZONE)

    def moves_to(self, moment: datetime) -> None:
        """Set its clock."""
        httpx.post(f"{self.url}sim/clock", json={"set": int(moment.timestamp() * 1000)}, trust_env=False)

    def says(self, person: int, text: str) -> str:
        """Write to the bot; the text of its answer."""
        sent = self.act(person, do="send", text=text)["message_id"]
        return self.hears(person, sent)

    def hears(self, person: int, after: int, text: str = "") -> str:
        """The first that the bot says to them after that message, with this text in it."""
        for _ in range(500):
            told = [m for m in self.messages(person) if m["id"] > after and not m["mine"]]
            found = [words for m in told if text in (words := str(m["text"] or m["caption"]))]
            if found:
                return found[0]
            threading.Event().wait(0.02)
        raise AssertionError(f"{person} was not told {text or 'anything'}")


def start(folder: Path, *options: str, **environ: str) -> subprocess.Popen[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    command = [sys.executable, "-c", "from bot.cli import main; main()", "demo", *options]
    return subprocess.Popen(
        command, cwd=folder, env={**bare, "PYTHONPATH": str(ROOT), **environ},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[Demo]:
    """A demo on a free port, ended afterwards."""
    running = Demo(folder, "--port", "0", *options)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.ends()
