"""Bots under test as processes of their own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.telegram import TOKEN

ROOT = Path(__file__).parent.parent
_SECRET = "bench-secret"  # noqa: S105 - of a webhook on loopback


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


def regulars_environment(folder: Path, database_url: str = "") -> dict[str, str]:
    """Settings of our bot in an empty folder."""
    return {
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'bench.db'}",
        "CHARTER": str(folder / "charter.toml"),
        "KEY_FILE": str(folder / "bench.key"),
        "LOG_LEVEL": "WARNING",
    }


def webhook_environment(port: int) -> dict[str, str]:
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
    environment = {**os.environ, "BOT_TOKEN": TOKEN, "BOT_API_URL": url, **(extra or {})}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *args, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    try:
        await asyncio.wait_for(_ready(process), 60)
        yield Running(process, time.perf_counter() - began)
    finally:
        await _stop(process)


async def _ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        if b"event=ready" in line or b" ready " in line:
            return
    raise RuntimeError("the bot under test ended before it was ready")


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.communicate(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()
