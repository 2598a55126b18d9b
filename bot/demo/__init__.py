"""`regulars demo`: a simulated Telegram, an invented chain and the unchanged bot, in one process on this machine."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot import logs, runtime, settings
from bot.demo import cast, opening, seed
from bot.demo.cast import Character
from bot.demo.folder import NAME, Folder
from bot.demo.opening import Stage
from bot.settings import Settings, SettingsError
from loyalty import days
from simulator import persistence
from simulator.clock import Clock
from simulator.server import serving
from simulator.wire import decode, encode
from simulator.world import World

_LIVE = ("BOT_TOKEN", "BOT_TOKEN_FILE", "BOT_API_URL", "BOT_API_URL_FILE")
_SAVE_EVERY = 10.0
_PORTS_TRIED = 50


async def run(port: int, keep: bool, environ: Mapping[str, str]) -> None:
    """Serve the demo until SIGTERM or Ctrl-C, at `port` or the next free one (0: any). keep: go on as it was left.

    Refuses, with SettingsError: live settings in environ, a demo that is running already, a folder it cannot use.
    """
    _refuse_live(environ)
    logs.configure("INFO")
    # The terminal is for the visitor: libraries keep their chatter to themselves.
    logging.getLogger().setLevel(logging.WARNING)
    folder = Folder(Path(NAME))
    with folder.held():
        world = await _world(folder, keep)
        stage = Stage(world, next(iter(world.bots.values())))
        async with serving(world, _free_port(port)) as url:
            await _perform(stage, folder, url)


def _refuse_live(environ: Mapping[str, str]) -> None:
    named = next((name for name in _LIVE if environ.get(name, "").strip()), "")
    if named:
        raise SettingsError(f"{named} is set, and the demo never uses it: unset it, or go live with `./dev run`.")


def _free_port(wanted: int) -> int:
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65_536)):
        try:
            with socket.create_server(("127.0.0.1", port)) as bound:
                return int(bound.getsockname()[1])
        except OSError:
            continue
    raise SettingsError(f"No port from {wanted} on is free; choose another with --port.")


async def _world(folder: Folder, keep: bool) -> World:
    """As it was left, or as it is at the beginning of each day."""
    world = World(Clock(seed.ZONE.key))
    if keep and folder.can_go_on:
        persistence.load(world, decode(folder.chats.read_bytes()))
        return world
    await folder.start_afresh(days.local_date(world.clock.now(), seed.ZONE), _progress)
    opening.people(world)
    return world


@contextmanager
def _progress() -> Iterator[seed.Progress]:
    """A bar on the terminal."""
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Two years of shopping", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


async def _perform(stage: Stage, folder: Folder, url: str) -> None:
    """The bot at work, and what was said before anybody looks."""
    world, stop = stage.world, asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with asyncio.TaskGroup() as group:
        bot = group.create_task(runtime.run(_settings(folder, url), world.clock.now, stop))
        host = group.create_task(_receive(stage, folder, url))
        await bot
        host.cancel()
    _save(world, folder)


async def _receive(stage: Stage, folder: Folder, url: str) -> None:
    await stage.listening()
    if not folder.chats.exists():
        await stage.play(days.local_date(stage.world.clock.now(), seed.ZONE))
    _save(stage.world, folder)
    Console().print(_greeting(url), highlight=False, soft_wrap=True)
    while True:
        await asyncio.sleep(_SAVE_EVERY)
        _save(stage.world, folder)


def _save(world: World, folder: Folder) -> None:
    draft = folder.chats.with_suffix(".draft")
    draft.write_bytes(encode(persistence.dump(world)))
    draft.replace(folder.chats)


def _settings(folder: Folder, url: str) -> Settings:
    """Nothing of the environment, nor of the working folder's .env."""
    chosen = {
        "BOT_TOKEN": opening.TOKEN,
        "BOT_API_URL": url,
        "DATABASE_URL": f"sqlite:///{folder.database}",
        "OWNERS": str(cast.OWNER.user_id),
        "CHARTER": str(folder.charter),
        "KEY_FILE": str(folder.key),
        "PACE": "0",  # nobody here counts messages
    }
    return settings.load(chosen, folder.path)


def _greeting(url: str) -> str:
    return f"""
  [bold]Regulars · 老友会[/bold]  three shops, their people and their bot: all invented, all on this machine

  [bold cyan]{url}/[/bold cyan]

  Members   {_named(cast.MEMBERS)}
  Not yet   {_named(cast.NEWCOMERS)}
  Clerks    {_named(person for person, _ in cast.CLERKS)}
  Manager   {_named([cast.ZHIXIA])}, of two shops
  Owner     {_named([cast.OWNER])}

  Try first
  1  Take {cast.ROBIN.full_name}'s phone, press Start and join: at most five answers.
  2  Take {cast.XIAOCHUAN.full_name}'s, a clerk: scan a member's card and type an amount, like 86.50.
  3  Take the member's again: there is the receipt; /points and /history explain every point.

  Ctrl-C stops it. Each start begins anew; with [bold]--keep[/bold] it goes on where you left it.
"""


def _named(people: Iterable[Character]) -> str:
    chips = {"zh-hans": "简", "zh-hant": "繁", "en": "EN"}
    return ", ".join(f"{one.full_name} {chips[one.language]}" for one in people)
