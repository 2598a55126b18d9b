"""Puts the bot together and runs it: the one place that decides what everything is made of."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes

from actions import charters, staff
from bot import collector, keys, menus, routes, scheduling
from bot.api import Api
from bot.context import Ctx
from bot.courier import Courier
from bot.delivery import Delivery
from bot.intake import Intake
from bot.logs import blame, redact
from bot.pace import Board, Pace
from bot.pictures import Studio
from bot.polling import ALLOWED_UPDATES, Poller
from bot.routing import add_entrance
from bot.scanning import Scanner
from bot.services import Services
from bot.settings import DataSettings, Settings, SettingsError
from bot.transport import AiohttpRequest
from bot.words import Words
from bot.worker import Worker
from db import inbox, jobs, keys as master_keys, outbox
from db.database import Database, DatabaseTrouble, Tx, holds_data, open_database
from loyalty.charter import DEFAULT_CHARTER, Charter
from loyalty.vault import Vault

if TYPE_CHECKING:
    # Starlette and uvicorn are loaded only where HTTP is served: a bot that polls starts sooner and is smaller.
    from bot.webhook import Health

log = structlog.get_logger()
_REMOVED = "was removed as owner in chat: take them out of OWNERS; another owner can invite them again"

Clock = Callable[[], int]
App = Application[Any, Any, Any, Any, Any, Any]

# Well within the lease of an update.
_LOOK_FOR_STRAYS_EVERY = inbox.LEASE_MS / 4_000
_TRY_MENUS_AGAIN_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Machinery:
    """A bot that has been put together and not started."""

    settings: Settings
    db: Database
    application: App
    api: Api
    polls: AiohttpRequest
    courier: Courier
    worker: Worker
    intake: Intake
    studio: Studio
    scanner: Scanner
    words: Words

    @property
    def bot(self) -> Bot:
        bot: Bot = self.application.bot
        return bot

    @property
    def owns_database(self) -> bool:
        """SQLite serves one process; on PostgreSQL others may be at work."""
        return self.settings.owns_database


async def open_data(settings: DataSettings, clock: Clock) -> tuple[Database, Charter]:
    """The database, migrated, with a charter in force and the owners of the settings appointed."""
    url = settings.database_url.get_secret_value()
    first_start = not holds_data(url)
    master = keys.open_keys(settings.key_file, may_create=first_start, random=secrets.token_bytes, now=clock())
    vault = Vault(master.keys, master.current, secrets.token_bytes)
    text = read_charter(settings.charter, may_create=first_start)
    db = await open_database(url, vault=vault, clock=clock, random=secrets.token_bytes)
    try:
        return db, await db.write(_found, text, settings.owners)
    except BaseException:
        await db.close()
        raise


def read_charter(path: Path, may_create: bool) -> str:
    """The charter file's text; on the first start a commented one is written."""
    try:
        if may_create and not path.exists():
            path.write_text(DEFAULT_CHARTER, encoding="utf-8")
            log.info("charter_written", path=str(path), hint="to change the rules: edit it, regulars charter publish")
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"The charter {path} cannot be read; set CHARTER to a readable text file.") from None


def _found(tx: Tx, text: str, owners: tuple[int, ...]) -> Charter:
    """What a database needs before it serves. The file counts only once: later versions are published on purpose."""
    if not master_keys.fits(tx):
        raise SettingsError("The key file is not the one of this database: set KEY_FILE or DATABASE_URL to the other.")
    tx.serialise("charter")
    try:
        charters.current(tx)
    except LookupError:
        charters.publish(tx, text or DEFAULT_CHARTER, published_by=0)
    for user_id in staff.appoint_owners(tx, owners, "Owner"):
        log.warning("owner_not_appointed", user_id=user_id, hint=_REMOVED)
    return charters.current(tx)


@contextlib.asynccontextmanager
async def assembled(settings: Settings, clock: Clock) -> AsyncIterator[Machinery]:
    """Everything, connected; closed in order afterwards."""
    db, charter = await open_data(settings, clock)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(db.close)
        # Polls have a connection of their own: with hundreds of messages on their way they would wait for one.
        polls = AiohttpRequest(pool_size=1)
        application = _application(settings, polls)
        await _reach_telegram(application)
        stack.push_async_callback(application.shutdown)
        studio, scanner, words = Studio(), Scanner(), Words(charter, clock)
        stack.callback(studio.close)
        stack.push_async_callback(scanner.close)
        api = Api(application.bot)
        delivery = Delivery(api, db, words, studio, paid=settings.paid_broadcasts)
        courier = Courier(db, delivery, secrets.randbits(62) + 1, clock, _share_pace(settings, db, api, clock))
        router, dialogues = routes.make_router(), routes.make_dialogues(words)
        username = application.bot.username
        services = Services(db, words, courier, scanner, router, dialogues, username, api)
        application.bot_data["services"] = services
        add_entrance(application, router)
        worker = Worker(application, db, router, courier, application.bot.id)
        intake = Intake(db, worker, application.bot.id)
        yield Machinery(settings, db, application, api, polls, courier, worker, intake, studio, scanner, words)


def _share_pace(settings: Settings, db: Database, api: Api, clock: Clock) -> Pace:
    """With the other processes, where there may be some."""
    alone = settings.owns_database
    api.gate.board = Board(db, watched=not alone)
    return Pace(settings.pace, clock, shared=None if alone else db)


def _application(settings: Settings, polls: AiohttpRequest) -> App:
    """PTB's application: it routes, our own intake and courier carry."""
    return (
        Application.builder()
        .token(settings.bot_token.get_secret_value())
        .base_url(f"{settings.bot_api_url}/bot")
        .base_file_url(f"{settings.bot_api_url}/file/bot")
        .request(AiohttpRequest())
        .get_updates_request(polls)
        .context_types(ContextTypes(context=Ctx))
        .updater(None)
        .build()
    )


async def _reach_telegram(application: App) -> None:
    """Until Telegram answers who we are. A wrong token ends the start at once."""
    pause = 1.0
    while True:
        try:
            await application.initialize()
            return
        except InvalidToken:
            raise SettingsError(
                "Telegram does not know this BOT_TOKEN; set it to the one @BotFather gave out."
            ) from None
        except BadRequest as refusal:
            raise SettingsError(f"Telegram refuses this bot: {redact(refusal.message)}") from None
        except (NetworkError, RetryAfter) as error:
            log.warning("telegram_unreachable", error=type(error).__name__, retry_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30)


async def run(settings: Settings, clock: Clock, stop: asyncio.Event) -> None:
    """Serve until stop is set; a start that still waits for Telegram is broken off."""
    ready = asyncio.Event()
    serving = asyncio.create_task(_serve_until(stop, ready, settings, clock))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.is_set():
            serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    except BaseExceptionGroup as group:
        raise _expected(group) or group from None
    finally:
        stopping.cancel()
        serving.cancel()
    log.info("stopped")


def _expected(group: BaseExceptionGroup[BaseException]) -> Exception | None:
    """What the command line says in one sentence, if that is all that went wrong."""
    said, others = group.split((SettingsError, DatabaseTrouble))
    error: BaseException | None = None if others else said
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else None


async def _serve_until(stop: asyncio.Event, ready: asyncio.Event, settings: Settings, clock: Clock) -> None:
    # The works are prepared outside of their group: what prevents them is to be raised as it is.
    async with assembled(settings, clock) as machinery, _group_of(await works(machinery)) as tasks:
        scheduled = await scheduling.start(settings, machinery.db, machinery.words, machinery.courier.holder)
        collector.spare()
        collector.take_turns()
        ready.set()
        log.info("ready", bot=machinery.bot.username, mode=settings.bot_mode)
        await _welcome_first_owner(machinery)
        await stop.wait()
        await asyncio.gather(scheduled.close(), wind_down(machinery, tasks))


@contextlib.asynccontextmanager
async def _group_of(works: list[Coroutine[Any, Any, None]]) -> AsyncIterator[list[asyncio.Task[None]]]:
    async with asyncio.TaskGroup() as group:
        yield [group.create_task(work) for work in works]


async def _welcome_first_owner(machinery: Machinery) -> None:
    """Without OWNERS, the terminal of a new installation shows a link that makes whoever opens it the owner."""
    token = await machinery.db.write(staff.invite_first_owner)
    if token:
        link = f"https://t.me/{machinery.bot.username}?start=staff_{token}"
        print(f"Nobody owns this programme yet. Open this link in Telegram to become its owner:\n  {link}", flush=True)  # noqa: T201 - the log hides such links


async def works(machinery: Machinery) -> list[Coroutine[Any, Any, None]]:
    """All that goes on at the same time while the bot serves; Telegram has been told which way updates shall come."""
    posted = machinery.settings.bot_mode == "webhook"
    # Polling, nobody gets a port who did not ask for one.
    listener = _listen(machinery) if posted or "http_port" in machinery.settings.model_fields_set else None
    try:
        await (_register_webhook(machinery) if posted else _insist(machinery.api, "deleteWebhook", {}))
    except BaseException:
        if listener:
            listener.close()
        raise
    served = [_serve(machinery, listener, posted)] if listener else []
    polled = [] if posted else [_poller(machinery).run()]
    return [machinery.courier.run(), _recover(machinery), _renew(machinery), _set_up_chat(machinery), *served, *polled]


def _poller(machinery: Machinery) -> Poller:
    return Poller(Api(machinery.bot, request=machinery.polls), machinery.intake, machinery.worker, machinery.courier)


def _listen(machinery: Machinery) -> socket.socket:
    """Before Telegram is told of it, and before anybody is told that the bot is ready."""
    from bot.webhook import listen

    try:
        return listen(machinery.settings.http_host, machinery.settings.http_port)
    except OSError:
        raise SettingsError(
            "Nothing can listen at HTTP_HOST and HTTP_PORT; set them to an address of this machine that is free."
        ) from None


async def _register_webhook(machinery: Machinery) -> None:
    from bot.webhook import PATH

    settings = machinery.settings
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    fields = {
        "url": f"{settings.webhook_url}{PATH}",
        "secret_token": secret,
        "allowed_updates": ALLOWED_UPDATES,
        "max_connections": 100,
    }
    await _insist(machinery.api, "setWebhook", fields)


async def _insist(api: Api, method: str, fields: Mapping[str, Any]) -> None:
    """Again and again until Telegram takes it, or says that it never will."""
    while True:
        try:
            await api.call(method, fields)
            return
        except BadRequest as refusal:  # to python-telegram-bot a NetworkError, too
            raise SettingsError(f"Telegram refuses {method}: {redact(refusal.message)}") from None
        except (NetworkError, RetryAfter) as error:
            log.warning("telegram_unreachable", error=type(error).__name__)
            await asyncio.sleep(1)


async def _serve(machinery: Machinery, listener: socket.socket, posted: bool) -> None:
    """/healthz, and the webhook if that is how updates come."""
    from bot.webhook import Webhook, make_app, make_server

    secret = machinery.settings.webhook_secret
    webhook = Webhook(machinery.intake, machinery.courier, secret.get_secret_value()) if posted and secret else None
    server = make_server(make_app(_health(machinery), webhook))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        # Cancelled, it would go on listening: it is asked to answer what has come and to close its door.
        server.should_exit = True
        await serving
        # Asked so soon that it had not begun to listen, it leaves that to others.
        listener.close()


def _health(machinery: Machinery) -> Health:
    async def health() -> dict[str, Any]:
        try:
            waiting, oldest = await machinery.db.read(outbox.count_waiting)
        except DatabaseTrouble as trouble:
            return {"ok": False, "trouble": type(trouble).__name__}
        return {"ok": True, "updates": machinery.worker.backlog, "messages": waiting, "oldest_message": oldest}

    return health


async def _recover(machinery: Machinery) -> None:
    """What a crash left, at once where the database is this process's own, and what is left as time goes by."""
    owns = machinery.owns_database
    while True:
        try:
            if owns:
                await machinery.db.write(_take_all_back, machinery.courier.holder)
                owns = False
            found = await machinery.worker.recover()
            if found:
                log.info("recovered", updates=found)
        except DatabaseTrouble as trouble:
            log.warning("recovery_waits", trouble=type(trouble).__name__)
        except Exception as error:
            # One row, or one mistake, must not end the bot at every start.
            log.error("recovery_failed", exc_info=error)
        await asyncio.sleep(_LOOK_FOR_STRAYS_EVERY)


async def _renew(machinery: Machinery) -> None:
    """By itself: a recovery may take longer than a lease."""
    while True:
        await asyncio.sleep(_LOOK_FOR_STRAYS_EVERY)
        with contextlib.suppress(DatabaseTrouble):
            await machinery.worker.renew()


def _take_all_back(tx: Tx, holder: int) -> None:
    inbox.expire_all(tx, holder)
    outbox.expire_all(tx, holder)
    jobs.expire_all(tx, holder)


async def _set_up_chat(machinery: Machinery) -> None:
    """Command menus and descriptions: a courtesy that must never hold up the start."""
    while True:
        try:
            await menus.publish(machinery.api, machinery.words)
            return
        except TelegramError as error:
            log.warning("menus_not_set", error=blame(error))
        await asyncio.sleep(_TRY_MENUS_AGAIN_AFTER)


async def wind_down(machinery: Machinery, tasks: list[asyncio.Task[None]]) -> None:
    """Take nothing new in, finish what is in hand; the rest is stored and goes on at the next start.

    At worst the server takes one second, the worker two, the courier one and the database, closed later, a half.
    """
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await machinery.worker.close()
    await machinery.courier.close()
