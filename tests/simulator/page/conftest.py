"""The page in headless Chromium, against the real simulator and a small shop bot that is written here."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from simulator.app import create_app
from simulator.seeds import plant
from simulator.world import World
from tests import browsers

ANN, LIN, CHEN, WANG, MEI = 1001, 1002, 1003, 2001, 3001
BOT = 900
TOKEN = "900:for-tests-only"
SEED: dict[str, Any] = {
    "bots": [{"token": TOKEN, "username": "regulars_test_bot", "name": "Regulars", "reads_groups": True}],
    "people": [
        {"id": ANN, "first_name": "Ann", "language_code": "en", "phone": "+447700900123"},
        {"id": LIN, "first_name": "怡君", "last_name": "林", "language_code": "zh-TW", "phone": "+886912345678"},
        {"id": CHEN, "first_name": "雅琴", "last_name": "陈", "language_code": "zh-hans", "phone": "+8613800138000"},
        {"id": WANG, "first_name": "志强", "last_name": "王", "language_code": "zh-hans", "role_note": "clerk"},
        {"id": MEI, "first_name": "Mei", "last_name": "Tan", "language_code": "en", "role_note": "manager"},
    ],
    "groups": [{"title": "Staff room", "forum": True, "members": [MEI, WANG, "regulars_test_bot"]}],
}
CARD_LINK = "https://t.me/regulars_test_bot?start=m_token123"


def code_picture(text: str) -> bytes:
    """A PNG with a QR code of that text, as a member card carries one."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    symbol = Image.fromarray(code.to_image(8))  # type: ignore[arg-type]  # it has the buffer that Pillow reads
    card = Image.new("L", (symbol.width + 200, symbol.height + 80), "white")
    card.paste(symbol, (150, 40))
    out = io.BytesIO()
    card.save(out, "PNG")
    return out.getvalue()


@dataclass
class Stage:
    """The running simulator; `url` is where its page is."""

    port: int
    server: uvicorn.Server | None = None
    thread: threading.Thread | None = None
    world: World = field(default_factory=World)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        config = uvicorn.Config(
            create_app(self.world), port=self.port, log_level="error", lifespan="off", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        _until(lambda: bool(self.server and self.server.started))

    def down(self) -> None:
        assert self.server is not None
        assert self.thread is not None
        # Not waiting for the stream of events that each page keeps open.
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)

    def post(self, path: str, **body: Any) -> Any:
        return httpx.post(f"{self.url}{path}", json=body, trust_env=False).json()

    def call(self, method: str, **arguments: Any) -> Any:
        files = {name: arguments.pop(name) for name in list(arguments) if isinstance(arguments[name], bytes)}
        url = f"{self.url}/bot{TOKEN}/{method}"
        sent = {"data": arguments, "files": files} if files else {"json": arguments}
        return httpx.post(url, trust_env=False, timeout=10, **sent).json()["result"]  # type: ignore[arg-type]  # either form

    def says(self, chat: int, text: str, **more: Any) -> int:
        """The bot writes to a chat of its own accord; the message's id."""
        return int(self.call("sendMessage", chat_id=chat, text=text, **more)["message_id"])


def _until(true: Callable[[], bool]) -> None:
    waiter = threading.Event()
    for _ in range(500):
        if true():
            return
        waiter.wait(0.02)
    raise AssertionError("this never happened")


class ShopBot(threading.Thread):
    """Polls like any bot: greets, shows a card, asks for a number, counts presses, echoes the rest."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(daemon=True)
        self.stage = stage
        self.over = threading.Event()

    def run(self) -> None:
        offset = 0
        while not self.over.is_set():
            try:
                updates = self.stage.call("getUpdates", offset=offset, timeout=1)
                for update in updates:
                    offset = update["update_id"] + 1
                    self._handle(update)
            except (httpx.HTTPError, KeyError, ValueError):
                self.over.wait(0.1)

    def _handle(self, update: dict[str, Any]) -> None:
        if query := update.get("callback_query"):
            self._pressed(query)
        elif message := update.get("message"):
            self._heard(message, message["chat"]["id"])

    def _pressed(self, query: dict[str, Any]) -> None:
        chat, number = query["message"]["chat"]["id"], query["message"]["message_id"]
        if query["data"] == "alert":
            self.stage.call("answerCallbackQuery", callback_query_id=query["id"], text="Read me", show_alert=True)
        elif query["data"] == "count":
            self.stage.call("editMessageText", chat_id=chat, message_id=number, text="Pressed once")
            self.stage.call("answerCallbackQuery", callback_query_id=query["id"], text="Counted")

    def _heard(self, message: dict[str, Any], chat: int) -> None:
        text = message.get("text", "")
        if "contact" in message:
            self.stage.says(
                chat, f"Thank you, {message['contact']['phone_number']}", reply_markup={"remove_keyboard": True}
            )
        elif text == "/start":
            self.stage.says(chat, "Welcome", reply_markup={"inline_keyboard": BUTTONS})
        elif text == "/card":
            self.stage.call("sendPhoto", chat_id=chat, photo=code_picture(CARD_LINK), caption="Your card")
        elif text == "/join":
            keyboard = [[{"text": "Share my number", "request_contact": True}], ["Not now"]]
            self.stage.says(chat, "May I have your number?", reply_markup={"keyboard": keyboard})
        elif text and message["chat"]["type"] == "private":
            self.stage.says(chat, f"You said: {text}")


BUTTONS = [
    [{"text": "Count", "callback_data": "count"}, {"text": "Alert", "callback_data": "alert"}],
    [{"text": "Silent", "callback_data": "silent"}],
    [{"text": "Invite", "url": "https://t.me/regulars_test_bot?start=r_friend"}],
    [{"text": "Copy", "copy_text": {"text": "8800 1204"}}],
]


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A fresh simulator with its people, and nobody answering yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        stage = Stage(probe.getsockname()[1])
    plant(stage.world, SEED)
    stage.up()
    stage.call("setMyCommands", commands=[_command("card", "My card"), _command("points", "My points")])
    stage.call("setMyDescription", description="Points for every purchase")
    yield stage
    stage.down()


def _command(command: str, description: str) -> dict[str, str]:
    return {"command": command, "description": description}


@pytest.fixture
def shop(stage: Stage) -> Iterator[Stage]:
    """The simulator with the shop bot answering."""
    bot = ShopBot(stage)
    bot.start()
    yield stage
    bot.over.set()  # it ends by itself, when its poll does


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browsers.chromium() as browser:
        if browser is None:
            pytest.skip("no Chromium on this machine: the page cannot be looked at")
        yield browser


@dataclass
class Hands:
    """One person's phone in one browser window."""

    page: Page
    me: int

    def __getitem__(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def go(self, chat: int | None = BOT, me: int | None = None) -> None:
        self.me = me or self.me
        self.page.evaluate("hash => { location.hash = hash }", f"as={self.me}" + (f"&chat={chat}" if chat else ""))

    def start(self) -> None:
        self["start"].click()
        self.sees("Welcome")

    def write(self, text: str) -> None:
        self["composer"].fill(text)
        self["composer"].press("Enter")

    def sees(self, text: str) -> None:
        self["messages"].get_by_text(text, exact=True).last.wait_for()

    def last(self) -> Locator:
        return self["message"].last


@pytest.fixture
def phone(chromium: Browser, stage: Stage) -> Iterator[Callable[..., Hands]]:
    """`phone(person, chat=…, **context options)` opens a window; an error inside a page fails the test."""
    windows, troubles = [], []

    def take(me: int, chat: int | None = BOT, **options: Any) -> Hands:
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 960}, "locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        windows.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(f"{stage.url}/#as={me}" + (f"&chat={chat}" if chat else ""))
        return Hands(page, me)

    yield take
    for context in windows:
        context.close()
    assert troubles == []
