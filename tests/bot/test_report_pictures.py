"""The first picture of a report, on a machine where the bot may write into its own folder alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_DRAWN = """
from bot import cli
cli._settings()
from bot.pictures import reports
import matplotlib
print(matplotlib.get_cachedir())
"""


def _start(folder: Path) -> list[str]:
    """What is logged, and then where the chart's library keeps what it found."""
    environ = {name: value for name, value in os.environ.items() if name not in ("MPLCONFIGDIR", "XDG_CACHE_HOME")}
    own = {"HOME": "/proc", "BOT_TOKEN": f"1:{'a' * 35}", "OWNERS": "1", "KEY_FILE": str(folder / "regulars.key")}
    command = [sys.executable, "-c", _DRAWN]
    return subprocess.run(
        command, env={**environ, **own}, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_the_fonts_that_were_found_are_known_at_the_next_start(tmp_path: Path) -> None:
    folder = Path(_start(tmp_path)[-1])
    assert folder.is_relative_to(tmp_path)
    (found,) = folder.glob("fontlist-*.json")
    looked_at = found.stat().st_mtime_ns
    assert _start(tmp_path) == [str(folder)]
    assert found.stat().st_mtime_ns == looked_at


def test_nothing_is_amiss_where_there_is_no_home(tmp_path: Path) -> None:
    assert [line for line in _start(tmp_path) if "level=warning" in line] == []
