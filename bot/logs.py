"""Logs as one line per event on standard output, without personal data or secrets.

Everything logged, by us or by a library, goes through `redact`: bot tokens, secrets in links and addresses, phone
numbers and e-mail addresses, also inside exception messages and tracebacks. A pattern cannot recognise a person's
name, so libraries, which like to log whole payloads, are never let below INFO; our own code does not log names; and
what an exception says is left out unless it is of a kind that speaks of code only, and then reduced to ASCII.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

OURS = ("bot", "actions", "db", "loyalty", "simulator")

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:bot)?\d{1,20}(?::|%3A)[A-Za-z0-9_-]{30,}"), "[token]"),
    # Card and invitation links. Identifiers such as staff_invitation have neither capitals nor digits.
    (re.compile(r"\b(m|staff)_(?=[A-Za-z_-]{0,40}[A-Z0-9])[A-Za-z0-9_-]{10,}"), r"\1_[token]"),
    (re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"), "[credentials]"),
    (re.compile(r"[\w.+-]+(?:@|%40)\w[\w-]*(?:\.[\w-]+)+"), "[email]"),
    # Any long number in a text is taken for a phone number: written in one piece, in groups, or after a plus.
    (re.compile(r"(?:\+|%2B|＋)\d[\d ().-]{5,20}\d"), "[number]"),
    (re.compile(r"\(?\b0?\d{2,4}\)?(?:[ -]\d{3,4}){2,3}\b"), "[number]"),
    (re.compile(r"\d{7,}"), "[number]"),
    # PostgreSQL repeats the row that hurt a constraint.
    (re.compile(r"DETAIL: .*"), "DETAIL: [row]"),
)


# Exceptions that name code, columns or files, never what somebody wrote.
_ABOUT_CODE = {
    "AttributeError", "DatabaseTrouble", "ImportError", "NameError", "OperationalError", "OSError", "ProgrammingError",
    "RuntimeError", "SettingsError", "TypeError", "UndefinedError",
}  # fmt: skip
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


def redact(text: str) -> str:
    """The text with tokens, phone numbers, e-mail addresses and other secrets replaced by what they were."""
    for pattern, label in _PATTERNS:
        text = pattern.sub(label, text)
    return text


def blame(error: Exception) -> str:
    """The error's class and the beginning of its text: what Telegram quotes further on may be somebody's words."""
    told = re.split(r"[\"'`“‘«]", str(error), maxsplit=1)[0]
    return f"{type(error).__name__}: {_FOREIGN.sub('[text]', told)}".rstrip(": ")


def configure(level: str = "INFO", style: Literal["text", "json"] = "text", stream: TextIO | None = None) -> None:
    """Send all logging to `stream` (standard output), as `event=… key=value` lines or as JSON.

    `level` is ours; libraries log from INFO, or from `level` if that is higher. Uncaught exceptions are logged too.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_formatter(shared, style))
    _take_over(handler, logging.getLevelNamesMapping()[level])


def _formatter(shared: list[Processor], style: Literal["text", "json"]) -> logging.Formatter:
    render: list[Processor] = [structlog.processors.JSONRenderer(ensure_ascii=False)] if style == "json" else [_as_text]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            _show_exception,
            _redact_event,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *render,
        ],
    )


def _take_over(handler: logging.Handler, level: int) -> None:
    """Make `handler` the only way out of the process, for loggers, warnings and uncaught exceptions alike."""
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    # Python's own report of a faulty logging call prints its arguments unredacted.
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    crashed = structlog.get_logger("bot").critical
    sys.excepthook = lambda kind, error, trace: crashed("crashed", exc_info=(kind, error, trace))
    threading.excepthook = lambda args: crashed("crashed", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
    sys.unraisablehook = lambda args: crashed("crashed", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def _show_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    told = event.pop("exc_info", None)
    if isinstance(told, tuple):
        told = told[1]
    error = sys.exc_info()[1] if told is True else told
    if isinstance(error, BaseException):
        event["exception"] = "".join(_traceback(error)).rstrip()
    return event


def _traceback(error: BaseException, shown: frozenset[int] = frozenset()) -> Iterator[str]:
    """As Python shows it, but for what most exceptions say: a name in somebody's own letters has no pattern.

    Causes can go in a circle: each is shown once.
    """
    shown |= {id(error)}
    if error.__cause__ and id(error.__cause__) not in shown:
        yield from _traceback(error.__cause__, shown)
        yield "\nThe above exception was the direct cause of the following exception:\n\n"
    elif error.__context__ and not error.__suppress_context__ and id(error.__context__) not in shown:
        yield from _traceback(error.__context__, shown)
        yield "\nDuring handling of the above exception, another exception occurred:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    about_code = not _ABOUT_CODE.isdisjoint(kind.__name__ for kind in type(error).__mro__)
    yield f"{type(error).__qualname__}: {error if about_code else '[text]'}\n"
    for inner in getattr(error, "exceptions", ()):
        yield from _traceback(inner, shown)


def _redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    clean = {key: _clean(value) for key, value in event.items()}
    if "exception" in clean:
        clean["exception"] = _FOREIGN.sub("[text]", clean["exception"])
    return clean


def _clean(value: Any) -> Any:
    """Numbers stay (ids, times, amounts); everything else is text, or a structure of texts."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(str(key)): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    return redact(repr(value))


_logfmt: Callable[[WrappedLogger, str, EventDict], str] = structlog.processors.LogfmtRenderer(
    key_order=["timestamp", "level", "event"], drop_missing=True
)


def _as_text(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """One line of key=value; a traceback follows below it, for people to read."""
    below = [event.pop(key) for key in ("exception", "stack") if key in event]
    return "\n".join([_logfmt(logger, method, event), *below])
