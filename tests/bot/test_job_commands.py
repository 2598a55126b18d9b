"""`regulars job list` and `regulars job run`, as an operator has them; once as a process, else within this one."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import job_commands, runtime
from bot.settings import Settings, SettingsError
from db import audit
from loyalty.charter import DEFAULT_CHARTER
from tests.bot.people import TOKEN, settings_for
from tests.chores import gifts, given, prepare

ROOT = Path(__file__).parents[2]
NOW = 1_740_974_400_000  # 2025-03-03 12:00 in Xi'an
HOLDER = 1
JOB = gifts()


def now() -> int:
    return NOW


@pytest.fixture
async def settings(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Four members; of the bot's own jobs there is the backup."""
    shutil.copy(sqlite_template, tmp_path / "town.db")
    (tmp_path / "charter.toml").write_text(DEFAULT_CHARTER, encoding="utf-8")
    _key_file(tmp_path / "town.key")
    settings = settings_for(tmp_path, "http://127.0.0.1:1")
    db, _ = await runtime.open_data(settings, now)
    await db.write(prepare, 4)
    await db.close()
    table = {JOB.name: JOB, "backup": job_commands.all_jobs()["backup"]}
    monkeypatch.setattr(job_commands, "all_jobs", lambda: table)
    return settings


def _key_file(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_text("1:dGVzdC1vbmx5LW1hc3Rlci1rZXktb2YtMzItYnl0ZXM=\n")


async def lasting(settings: Settings) -> tuple[int, str]:
    """How many were given, and the newest deed in the audit."""
    db, _ = await runtime.open_data(settings, now)
    try:
        deeds = await db.read(audit.list_latest, 1)
        return (await given(db)).total(), deeds[0].action if deeds else ""
    finally:
        await db.close()


async def test_a_job_is_worked_to_its_end(settings: Settings) -> None:
    assert await job_commands.run_job(settings, now, HOLDER, JOB.name, None) == (True, "gifts: done, 4 of 4 reached.")
    assert await lasting(settings) == (4, "job_started")


async def test_another_day_is_another_run(settings: Settings) -> None:
    await job_commands.run_job(settings, now, HOLDER, JOB.name, None)
    done, _ = await job_commands.run_job(settings, now, HOLDER, JOB.name, dt.date(2025, 3, 1))
    assert done
    assert (await lasting(settings))[0] == 8


async def test_the_same_minute_again_is_the_same_run(settings: Settings) -> None:
    await job_commands.run_job(settings, now, HOLDER, JOB.name, None)
    await job_commands.run_job(settings, now, HOLDER, JOB.name, None)
    assert (await lasting(settings))[0] == 4


async def test_a_day_to_come_is_not_worked_on_but_tried_out(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="not come yet"):
        await job_commands.run_job(settings, now, HOLDER, JOB.name, dt.date(2025, 3, 4))
    said: list[str] = []
    await job_commands.rehearse_job(settings, now, JOB.name, dt.date(2025, 3, 4), said.append)
    assert said[0] == "M…\t💛 With pleasure!"
    assert said[-1] == "gifts: 4 of 4 would be reached. Nothing was changed, nothing was sent."
    assert (await lasting(settings))[0] == 0


async def test_what_is_no_matter_of_pages_has_no_dry_run(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="no dry run"):
        await job_commands.rehearse_job(settings, now, "backup", None, print)
    done, said = await job_commands.run_job(settings, now, HOLDER, "backup", None)
    assert (done, said) == (True, "backup: done.")


async def test_a_failure_is_said(settings: Settings) -> None:
    assert settings.key_file.parent.joinpath("backups").write_text("no folder")
    done, said = await job_commands.run_job(settings, now, HOLDER, "backup", None)
    assert not done
    assert said.startswith("backup: not done, the bot will try again (")


async def test_the_list_tells_the_last_run_and_the_next(settings: Settings) -> None:
    await job_commands.run_job(settings, now, HOLDER, JOB.name, None)
    rows = {row[0]: row[1:] for row in await job_commands.list_jobs(settings, now)}
    assert rows[JOB.name] == ("done 2025-03-03T12:00, 4 of 4", "2025-03-04T09:00", "")
    assert rows["backup"][0] == "never"


def test_a_job_that_is_not_there_is_one_sentence(tmp_path: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "town.db")
    _key_file(tmp_path / "town.key")
    environ = {
        "BOT_TOKEN": TOKEN, "DATABASE_URL": f"sqlite:///{tmp_path / 'town.db'}",
        "CHARTER": str(tmp_path / "charter.toml"), "KEY_FILE": str(tmp_path / "town.key"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "job", "run", "nothing"],
        cwd=tmp_path, env=os.environ | environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1].startswith("There is no job of that name; there are ")
