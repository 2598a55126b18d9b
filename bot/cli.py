"""The command line: `regulars run`, `regulars charter publish` and the rest."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot import logs
from bot.settings import DataSettings, Settings, SettingsError, database_address, load, load_data
from db.database import DatabaseInUse, DatabaseTrouble
from loyalty.charter import CharterError

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Regulars: the member-service bot."
)
charter_app = typer.Typer(no_args_is_help=True, help="The programme's rules.")
key_app = typer.Typer(no_args_is_help=True, help="The master keys.")
job_app = typer.Typer(no_args_is_help=True, help="What runs by itself.")
update_app = typer.Typer(no_args_is_help=True, help="Updates that were given up on.")
app.add_typer(charter_app, name="charter")
app.add_typer(key_app, name="key")
app.add_typer(job_app, name="job")
app.add_typer(update_app, name="update")


def now_ms() -> int:
    """Epoch milliseconds UTC."""
    return time.time_ns() // 1_000_000


def main() -> None:
    """Every expected failure is one sentence on standard error and exit code 2."""
    # What is written here is about people: for this user alone.
    os.umask(0o077)
    try:
        app()
    except (SettingsError, CharterError, DatabaseInUse) as error:
        _fail(str(error))
    except DatabaseTrouble as error:
        # In the engine's words, which may be about anything.
        _fail(logs.redact(str(error)) or type(error).__name__)


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


def _settings() -> Settings:
    settings = load(os.environ)
    logs.configure(settings.log_level, settings.log_format)
    # matplotlib reads this once, at the first picture; the home it would take else may be nobody's to write into.
    os.environ.setdefault("MPLCONFIGDIR", str(settings.charts_folder.absolute()))
    return settings


def _data_settings() -> DataSettings:
    settings = load_data(os.environ)
    logs.configure(settings.log_level, settings.log_format)
    return settings


def _run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """On uvloop where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work())
    return uvloop.run(work())


@app.command()
def run() -> None:
    """Serve members and staff until stopped (SIGTERM)."""
    from bot import runtime

    settings = _settings()

    async def serve() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await runtime.run(settings, now_ms, stop)

    _run(serve)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the chat page; 0 takes a free one.")] = 8000,
    keep: Annotated[bool, typer.Option("--keep", help="Go on where the last demo stopped.")] = False,
) -> None:
    """Everything on this machine, without a token: a simulated Telegram, the bot, and an invented chain."""
    from bot import demo as demonstration

    _run(lambda: demonstration.run(port, keep, os.environ))


@app.command()
def migrate() -> None:
    """Bring the database to this version's tables."""
    from db import migrate as migrations

    migrations.upgrade(_data_settings().database_url.get_secret_value())
    print("The database is up to date.")


@app.command()
def check(
    thorough: Annotated[
        bool, typer.Option(help="Each lot, hold, purchase and refund as well, as the bot itself does every night.")
    ] = False,
) -> None:
    """Prove that every member's points add up (entries, lots and balance), and that nobody changed the record of who
    did what.

    Exit code 1 if something is wrong; those members redeem nothing until it is put right.
    """
    from rich.progress import Progress

    from bot import operations

    with Progress(transient=True) as shown:

        def begin(ids: int) -> Callable[[int], None]:
            task = shown.add_task("Books", total=ids)
            return lambda done: shown.advance(task, done)

        found = _run(lambda: operations.check(_data_settings(), now_ms, begin, thorough))
    print(found.extent)
    for line in found.problems or ["Everything adds up."]:
        print(line)
    if found.problems:
        raise typer.Exit(1)


@app.command()
def backup(
    to: Annotated[Path | None, typer.Option(help="Folder to write to, instead of BACKUP_TO.")] = None,
) -> None:
    """Write an encrypted backup, whether the bot runs or not."""
    from bot import backups, operations

    try:
        print(operations.back_up(_data_settings(), now_ms, to))
    except backups.BackupBusy as error:
        _fail(str(error))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup, regulars-….records.age.")],
    to: Annotated[str, typer.Option(help="Address of a new database, sqlite:///… or postgresql://….")],
    keys: Annotated[Path | None, typer.Option(help="The newest regulars.keys.age; by default beside FILE.")] = None,
) -> None:
    """Bring a backup back into a new database, on either engine, without those who were erased since."""
    from bot import backups, operations, restoring
    from db.dumps import DumpUnreadable

    files, address = restoring.Files(file, keys or file.with_name(backups.KEYS)), database_address(to)
    try:
        lines = _run(lambda: operations.restore(_data_settings(), now_ms, secrets.token_bytes, files, address))
    except DumpUnreadable as error:
        _fail(str(error))
    for line in lines:
        print(line)


@key_app.command("rotate")
def key_rotate() -> None:
    """Add a master key to the key file. The bot takes it over by itself."""
    from bot import operations

    settings = _data_settings()
    version, begins = operations.rotate_key(settings, now_ms, secrets.token_bytes)
    print(f"Key {version} is in {settings.key_file} and takes over at {begins}, or at the next start after that.")
    print(
        "Until then, copy the file to your safe place and to every machine that runs the bot. Old keys must stay in it."
    )


@charter_app.command("show")
def charter_show() -> None:
    """Print the charter in force."""
    from bot import operations

    print(_run(lambda: operations.charter_in_force(_data_settings(), now_ms)))


@charter_app.command("check")
def charter_check() -> None:
    """Check the charter file; say what would change."""
    from bot import operations

    for line in _run(lambda: operations.check_charter(_data_settings(), now_ms)):
        print(line)


@charter_app.command("publish")
def charter_publish() -> None:
    """Put the charter file in force."""
    from bot import operations

    print(f"Version {_run(lambda: operations.publish_charter(_data_settings(), now_ms))} is in force.")


@job_app.command("list")
def job_list() -> None:
    """Show each job's last run, its next one, and what failed or was skipped in 30 days."""
    from rich.console import Console
    from rich.table import Table

    from bot import job_commands

    table = Table("Job", "Last run", "Next", "Troubles", box=None, pad_edge=False)
    for row in _run(lambda: job_commands.list_jobs(_data_settings(), now_ms)):
        table.add_row(*row)
    Console().print(table)


@job_app.command("run")
def job_run(
    name: str,
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Whose matters: a day.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show who would get what; change nothing.")] = False,
) -> None:
    """Work on a job here and now. What it gave before, it does not give again."""
    from bot import job_commands

    day = date.date() if date else None
    if dry_run:
        _run(lambda: job_commands.rehearse_job(_data_settings(), now_ms, name, day, print))
        return
    holder = secrets.randbits(62) + 1
    done, told = _run(lambda: job_commands.run_job(_data_settings(), now_ms, holder, name, day))
    print(told)
    if not done:
        raise typer.Exit(1)


@update_app.command("list")
def update_list() -> None:
    """List the updates that were given up on."""
    from bot import operations

    for line in _run(lambda: operations.dead_updates(_settings(), now_ms)):
        print(line)


@update_app.command("replay")
def update_replay(update_id: int) -> None:
    """Handle one of them again, at the next start or within seconds if the bot runs on PostgreSQL."""
    from bot import operations

    done = _run(lambda: operations.replay(_settings(), now_ms, update_id))
    print("It will be handled again." if done else "There is no such update among those given up on.")
