"""A town for the tests that act as people, and its log."""

from __future__ import annotations

import io
import logging
import secrets
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import logs
from bot.keys import open_keys
from tests.bot.counters import Counter, open_counter
from tests.bot.desks import Desk, open_desk
from tests.bot.people import Town, open_town


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """What is logged, as in a running bot; everything global is put back."""
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in logs.OURS}
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    stream = io.StringIO()
    logs.configure("DEBUG", "text", stream)
    logging.captureWarnings(capture=False)  # they are errors here
    yield stream
    root.handlers[:], root.level, logging.raiseExceptions = before
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest_asyncio.fixture
async def town(tmp_path: Path, log: io.StringIO, sqlite_template: Path) -> AsyncIterator[Town]:
    """On a database that is migrated already: that takes longer than most tests."""
    shutil.copy(sqlite_template, tmp_path / "town.db")
    open_keys(tmp_path / "town.key", may_create=True, random=secrets.token_bytes)
    async with open_town(tmp_path) as town:
        yield town


@pytest_asyncio.fixture
async def desk(town: Town) -> Desk:
    return await open_desk(town)


@pytest_asyncio.fixture
async def counter(town: Town) -> Counter:
    return await open_counter(town)
