from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog

from bot import logs

TOKEN = "123456789:" + "Ab-1_" * 7
SECRETS = {
    "token": TOKEN,
    "token in an address": f"https://api.telegram.org/bot{TOKEN}/sendMessage",
    "quoted token": f"/bot{TOKEN.replace(':', '%3A')}/getMe",
    "card link": "https://t.me/regulars_bot?start=m_Zk3v9QpLx0aBcD",
    "invitation": "/start staff_9fK2mmQweRtYui-_",
    "mobile": "call 13912345678 now",
    "mobile after an escape": r'{"text":"hi\n13912345678"}',
    "international": "+8613912345678",
    "international in groups": "+86 139 1234 5678",
    "international in an address": "%2B8613912345678",
    "groups": "139 1234 5678",
    "landline": "029-8765-4321",
    "full-width": "１３９１２３４５６７８",
    "identity number": "610102199001011234",
    "e-mail": "Mail ann.lee+vip@shop.example.com please",
    "e-mail in an address": "?to=ann.lee%40shop.example.com",
    "database password": "postgresql://regulars:hunter2@db/regulars",
}
LEAKS = (
    TOKEN[-20:], "Zk3v9QpLx0aBcD", "9fK2mm", "13912345678", "1391234", "139 1234", "8765-", "４５６", "610102",
    "ann.lee", "shop.example.com", "hunter2",
)  # fmt: skip


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Logging as in a running bot, into a string; everything global is put back."""
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in logs.OURS}
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    stream = io.StringIO()
    logs.configure("DEBUG", "text", stream)
    yield stream
    root.handlers[:], root.level, logging.raiseExceptions = before
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("bot.test")
    return logger


def leaks(text: str) -> list[str]:
    return [leak for leak in LEAKS if leak in text]


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_does_not_survive(text: str) -> None:
    assert leaks(logs.redact(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "2025-11-21T19:39:00.123456Z",
        "2025-11-21 19:39",
        "listening on 127.0.0.1:38621",
        "template staff_invitation_created",
        "update 123456",
        "python-telegram-bot v22.8 (https://python-telegram-bot.org)",
        "/bot/handlers/start.py, line 120",
        "took 12.345 ms, 4096 bytes",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert logs.redact(text) == text


def test_ready_is_one_line_with_its_event(out: io.StringIO) -> None:
    log().info("ready", mode="polling", updates=0)
    line = out.getvalue()
    assert " level=info event=ready " in line
    assert line.endswith("\n")
    assert "mode=polling" in line
    assert line.count("\n") == 1


def test_json_has_one_object_a_line(out: io.StringIO) -> None:
    logs.configure("INFO", "json", out)
    log().info("joined", store="莲湖", phone="13912345678", user_id=5123456789)
    event = json.loads(out.getvalue())
    assert event["event"] == "joined"
    assert (event["store"], event["phone"], event["user_id"]) == ("莲湖", "[number]", 5123456789)


def test_structures_are_redacted_to_the_bottom(out: io.StringIO) -> None:
    log().info("update", payload={"contact": [{"phone": SECRETS["international"]}, (SECRETS["e-mail"],)]}, other=object)
    assert leaks(out.getvalue()) == []


@pytest.mark.parametrize("name", ["httpx", "aiohttp.access", "telegram.Bot", "apscheduler.scheduler", "uvicorn.error"])
def test_what_libraries_log_is_redacted_too(out: io.StringIO, name: str) -> None:
    for secret in SECRETS.values():
        logging.getLogger(name).warning("asked %s", secret)
    assert out.getvalue().count("event=") == len(SECRETS)
    assert leaks(out.getvalue()) == []


def test_libraries_do_not_log_their_payloads_at_debug(out: io.StringIO) -> None:
    logging.getLogger("telegram.Bot").debug("sendMessage {'text': 'Dear Ann Lee'}")
    assert out.getvalue() == ""


def test_our_own_debug_lines_are_logged(out: io.StringIO) -> None:
    log().debug("claimed", count=3)
    logging.getLogger("db.sqlite").debug("opened")
    assert out.getvalue().count("level=debug") == 2


def test_the_level_holds_for_everyone(out: io.StringIO) -> None:
    logs.configure("WARNING", "text", out)
    log().info("quiet")
    logging.getLogger("aiohttp").info("quiet")
    assert out.getvalue() == ""


def fail(message: str) -> None:
    local = "13912345678"
    raise ValueError(f"{message} {local}")


def test_a_traceback_shows_the_code_but_neither_values_nor_secrets(out: io.StringIO) -> None:
    try:
        fail(f"王小明 {SECRETS['e-mail']} {TOKEN}")
    except ValueError:
        log().exception("failed")
    said = out.getvalue()
    assert leaks(said) == []
    assert "王小明" not in said
    assert 'raise ValueError(f"{message} {local}")' in said


@pytest.mark.parametrize("error", [ValueError, KeyError, Exception])
def test_a_name_in_latin_letters_is_not_told_by_an_exception(out: io.StringIO, error: type[Exception]) -> None:
    words = "Canaria\n    Vogelsang"
    try:
        raise error(words)
    except error:
        log().exception("failed")
    assert f"{error.__name__}: [text]" in out.getvalue()
    assert [name for name in words.split() if name in out.getvalue()] == []


def test_an_exception_about_code_says_what_is_wrong(out: io.StringIO) -> None:
    try:
        fail()  # type: ignore[call-arg]
    except TypeError:
        log().exception("failed")
    assert "missing 1 required positional argument" in out.getvalue()


def test_the_cause_of_an_exception_is_redacted_too(out: io.StringIO) -> None:
    try:
        try:
            fail("inner")
        except ValueError as error:
            raise RuntimeError(SECRETS["database password"]) from error
    except RuntimeError:
        logging.getLogger("telegram").exception("failed")
    assert leaks(out.getvalue()) == []
    assert "direct cause" in out.getvalue()


def in_main() -> None:
    try:
        fail("main")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def in_a_thread() -> None:
    thread = threading.Thread(target=fail, args=("thread",))
    thread.start()
    thread.join()


@pytest.mark.parametrize("crash", [in_main, in_a_thread])
def test_an_uncaught_exception_is_logged_and_redacted(out: io.StringIO, crash: Callable[[], None]) -> None:
    crash()
    assert "event=crashed" in out.getvalue()
    assert leaks(out.getvalue()) == []


def test_warnings_are_logged(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("number 13912345678", UserWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "py.warnings" in out.getvalue()
    assert leaks(out.getvalue()) == []


def test_a_faulty_logging_call_leaks_nothing_to_stderr(out: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("telegram").warning("%d", SECRETS["mobile"])
    assert leaks(capsys.readouterr().err + out.getvalue()) == []


def test_what_is_bound_to_the_context_appears(out: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(update_id=77):
        log().info("handled")
    assert "update_id=77" in out.getvalue()


def test_errors_that_cause_each_other_are_shown_once(log: io.StringIO) -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    structlog.get_logger("bot").error("failed", exc_info=first)
    assert log.getvalue().count("Traceback") == 2
