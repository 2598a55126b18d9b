"""Bots under test as processes of their own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.telegram import TOKEN

ROOT = Path(__file__).parent.parent
_SECRET = "bench-secret"
_READY_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that has said it is ready."""

    process: asyncio.subprocess.Process
    started_in: float  # seconds from exec to ready

    @property
    def memory(self) -> int:
        """Resident bytes of the process and its children."""
        parent = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in (parent, *parent.children(recursive=True)))


def webhook_environment() -> dict[str, str]:
    """Settings of a bot with a webhook on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "BOT_MODE": "webhook",
        "WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_SECRET": _SECRET,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(port),
    }


@contextlib.asynccontextmanager
async def running(module: str, url: str, *args: str, extra: Mapping[str, str] | None = None) -> AsyncIterator[Running]:
    """`python -m module args` until the block ends; killed if SIGTERM is not enough."""
    # As on any installation: compiled once, not at each start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**inherited, "BOT_TOKEN": TOKEN, "BOT_API_URL": url, **(extra or {})}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *args, cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        await asyncio.wait_for(_ready(process), _READY_WITHIN)
        started_in = time.perf_counter() - began
        reading = asyncio.create_task(_read_on(process))
        yield Running(process, started_in)
        reading.cancel()
    finally:
        await _stop(process)


async def _ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    said = []
    async for line in process.stdout:
        if b"event=ready" in line:
            return
        said.append(line.decode())
    raise RuntimeError(f"the bot under test ended before it was ready:\n{''.join(said)}")


async def _read_on(process: asyncio.subprocess.Process) -> None:
    """A full pipe would stop the bot; what goes wrong is shown."""
    assert process.stdout is not None
    async for line in process.stdout:
        if b"level=warning" in line or b"level=error" in line:
            sys.stderr.buffer.write(line)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()
