"""python-telegram-bot's requests over aiohttp, with errors that say whether a message may have gone out.

Telegram has no idempotency key for sending. So every failure is one of two kinds: `NotSent` (no connection came about,
send it again) or `MaybeSent` (the request was on its way: timeout, reset, broken answer, 5xx). Answers below 500 are
raised by python-telegram-bot itself: `RetryAfter`, `Forbidden`, `BadRequest` … none of which has sent anything.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson
from telegram._utils.defaultvalue import DefaultValue  # BaseRequest.DEFAULT_NONE and its type have no public name
from telegram._utils.types import ODVInput
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

# Failures before the first byte of the request was written.
_BEFORE_SENDING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_JSON = {"Content-Type": "application/json"}

Seconds = float | None


class NotSent(NetworkError):
    """Telegram surely never got the request."""

    __slots__ = ()


class MaybeSent(NetworkError):
    """Telegram may have got the request and may have acted on it."""

    __slots__ = ()


class ConnectTimedOut(NotSent, TimedOut):
    """No connection within the connect timeout, or none free in the pool."""

    __slots__ = ()


class AnswerTimedOut(MaybeSent, TimedOut):
    """Connected, but no (complete) answer in time."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds, None for no limit. `upload` takes the place of `write` when there are files."""

    connect: Seconds = 5.0
    pool: Seconds = 5.0
    write: Seconds = 5.0
    read: Seconds = 10.0
    upload: Seconds = 60.0


class AiohttpRequest(BaseRequest):
    """One connection pool to the Bot API. Use one for sending and another for getUpdates.

    Connections are kept alive; no proxy and no redirect is followed, and cookies are not kept.
    """

    __slots__ = ("_pool_size", "_session", "_timeouts")

    def __init__(self, pool_size: int = 256, timeouts: Timeouts | None = None) -> None:
        self._pool_size = pool_size
        self._timeouts = timeouts or Timeouts()
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> Seconds:
        """Seconds an answer may take unless the call says otherwise."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the pool; harmless when it is open."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._pool_size, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the pool; harmless when it is closed."""
        if self._session is not None:
            await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Telegram's answer as a dict. `MaybeSent` if it is not JSON: a proxy's page, or cut off."""
        try:
            answer: dict[str, Any] = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise MaybeSent("The answer is not JSON") from None
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of one request, of any status below 500. Raises `NotSent` or `MaybeSent` otherwise."""
        usual = self._timeouts
        usual_write = usual.upload if request_data and request_data.contains_files else usual.write
        timeout = _client_timeout(
            connect=_chosen(connect_timeout, usual.connect),
            pool=_chosen(pool_timeout, usual.pool),
            write=_chosen(write_timeout, usual_write),
            read=_chosen(read_timeout, usual.read),
            whole=method == "POST",
        )
        status, payload = await self._exchange(method, url, request_data, timeout)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise MaybeSent(f"Telegram answered {status}")
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            # To python-telegram-bot a mere NetworkError, which would be tried again and again.
            raise BadRequest("The file is too large")
        return status, payload

    async def _exchange(
        self, method: str, url: str, data: RequestData | None, timeout: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None or self._session.closed:
            raise NotSent("The transport is not open")
        body, headers = _body(data)
        try:
            async with self._session.request(
                method, URL(url, encoded=True), data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except _BEFORE_SENDING as error:
            raise _not_sent(error) from error
        except TimeoutError as error:
            raise AnswerTimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise MaybeSent(type(error).__name__) from error


def _not_sent(error: Exception) -> NotSent:
    if isinstance(error, TimeoutError):
        return ConnectTimedOut()
    # An InvalidURL's text is the URL, and with it the token.
    text = "" if isinstance(error, aiohttp.InvalidURL) else f": {error}"
    return NotSent(f"{type(error).__name__}{text}")


def _chosen(given: ODVInput[float], usual: Seconds) -> Seconds:
    return usual if isinstance(given, DefaultValue) else given


def _client_timeout(
    *, connect: Seconds, pool: Seconds, write: Seconds, read: Seconds, whole: bool
) -> aiohttp.ClientTimeout:
    """aiohttp counts waiting for the pool into `connect` and has no limit for writing, so `total` stands in for it.

    A download (not `whole`) may take as long as bytes keep coming.
    """
    opening = None if connect is None or pool is None else connect + pool
    total = None if opening is None or write is None or read is None else opening + write + read
    return aiohttp.ClientTimeout(total=total if whole else None, connect=opening, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str] | None]:
    if data is None:
        return None, None
    try:
        return (_form(data), None) if data.contains_files else (orjson.dumps(data.parameters), _JSON)
    except (TypeError, ValueError) as error:
        # Lone surrogates in a text, control characters in a file name: never to be sent, so no network failure.
        raise BadRequest("The request cannot be encoded") from error


def _form(data: RequestData) -> aiohttp.FormData:
    # Telegram takes file names literally, so they must not be percent-encoded.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mimetype) in data.multipart_data.items():
        # aiohttp writes a file in chunks, but bytes in one piece, and warns of it.
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=mimetype)
    return form
