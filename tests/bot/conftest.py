"""A town for the tests that act as people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.bot.people import Town, open_town


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path) as town:
        yield town
