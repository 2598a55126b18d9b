"""Opens photos people sent, to read codes or to shrink them, in a process of its own with limits on time and memory."""

import asyncio
import json
import struct
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import cast

_READER = Path(__file__).with_name("photo_reader.py")
_LARGEST_PHOTO = 20 * 1024 * 1024
# What a busy machine may need to start an interpreter; no part of a photo's own time.
_START_SECONDS = 15.0
_END_SECONDS = 2.0


class Reason(StrEnum):
    """Why a photo was refused."""

    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SLOW = "too_slow"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    NO_PICTURE = "no_picture"


class PhotoRefused(Exception):
    """The photo cannot be looked at; a smaller or plainer one may do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class ScannerBusy(Exception):
    """Too many photos are waiting, or the scanner is closed or does not start: try later, or type the number."""


class Scanner:
    """Reads QR, Code 128 and EAN-13 codes from photos, and shrinks pictures to keep; one photo at a time.

    The worker process starts with the first photo, ends after `idle_seconds` without one, and is replaced when it
    dies. It is killed when a photo takes longer than `seconds`; it gets `memory` bytes beyond what it has at rest.
    """

    def __init__(
        self,
        seconds: float = 2.0,
        memory: int = 512 * 1024 * 1024,
        most_waiting: int = 8,
        idle_seconds: float = 120.0,
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._most_waiting = most_waiting
        self._idle_seconds = idle_seconds
        self._places = 0
        self._asked = 0
        self._closed = False
        self._turn = asyncio.Lock()
        self._worker: _Worker | None = None
        self._idle: asyncio.TimerHandle | None = None

    @contextmanager
    def place(self) -> Iterator[None]:
        """Kept while a photo is fetched and looked at, so that no more are fetched than will be looked at.

        Refuses, as ScannerBusy, more at once than may wait.
        """
        if self._places > self._most_waiting:
            raise ScannerBusy
        self._places += 1
        try:
            yield
        finally:
            self._places -= 1

    async def read(self, photo: bytes) -> list[str]:
        """The texts of the codes found; none where there is no code or `photo` is no JPEG, PNG or WebP picture.

        Refuses, as PhotoRefused, more than 20 MiB or 40 million pixels and what breaks the limits; as ScannerBusy,
        more photos at once than may wait.
        """
        return _texts(await self._look(b"r", photo))

    async def shrink(self, photo: bytes) -> bytes:
        """A JPEG, PNG or WebP picture as an upright JPEG of at most 1280 pixels, without the camera's notes.

        Refuses as `read`, and what is no such picture, is cut off, or has more than 12 million pixels to decode.
        """
        return _jpeg(await self._look(b"s", photo))

    async def _look(self, wanted: bytes, photo: bytes) -> bytes:
        if len(photo) > _LARGEST_PHOTO:
            raise PhotoRefused(Reason.TOO_LARGE)
        if self._asked > self._most_waiting:
            raise ScannerBusy
        self._asked += 1
        try:
            async with self._turn:
                return await self._answer(wanted, photo)
        finally:
            self._asked -= 1

    async def close(self) -> None:
        """Ends the worker after the photo under way; photos still waiting are refused as ScannerBusy."""
        self._closed = True
        async with self._turn:
            self._stop_idling()
            if self._worker:
                await self._worker.end()
            self._worker = None

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker, while there is one."""
        return self._worker.pid if self._worker else None

    async def _answer(self, wanted: bytes, photo: bytes) -> bytes:
        if self._closed:
            raise ScannerBusy
        self._stop_idling()
        try:
            return await self._ask(wanted, photo)
        finally:
            self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._dismiss)

    async def _ask(self, wanted: bytes, photo: bytes) -> bytes:
        if self._worker:
            try:
                return await self._ask_worker(self._worker, wanted, photo)
            except _WorkerDied:
                pass  # at rest it may have died of anything; only a new one's death is this photo's doing
        self._worker = await _Worker.start(self._seconds, self._memory)
        try:
            return await self._ask_worker(self._worker, wanted, photo)
        except _WorkerDied:
            raise PhotoRefused(Reason.CRASHED) from None

    async def _ask_worker(self, worker: "_Worker", wanted: bytes, photo: bytes) -> bytes:
        try:
            async with _killed_on_failure(worker), asyncio.timeout(self._seconds):
                return await worker.exchange(wanted, photo)
        except TimeoutError:
            raise PhotoRefused(Reason.TOO_SLOW) from None
        finally:
            self._worker = worker if worker.alive else None

    def _stop_idling(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._idle = None

    def _dismiss(self) -> None:
        if self._worker:
            self._worker.dismiss()
        self._worker = None


class _WorkerDied(Exception):
    """The worker process ended before it answered."""


class _Worker:
    """One run of `photo_reader.py` and the frames to and from it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._photos = cast("asyncio.StreamWriter", process.stdin)
        self._answers = cast("asyncio.StreamReader", process.stdout)

    @classmethod
    async def start(cls, seconds: float, memory: int) -> "_Worker":
        command = (sys.executable, "-I", "-W", "ignore", str(_READER), str(seconds), str(memory))
        # No environment, so no secrets; a session of its own, so that Ctrl-C in a terminal is left to the bot.
        try:
            process = await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env={}, start_new_session=True)
            worker = cls(process)
            async with _killed_on_failure(worker), asyncio.timeout(_START_SECONDS):
                await worker._frame()
        except (OSError, TimeoutError, _WorkerDied) as failure:
            raise ScannerBusy from failure
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._photos.is_closing()

    async def exchange(self, wanted: bytes, photo: bytes) -> bytes:
        if not self.alive:
            raise _WorkerDied
        try:
            self._photos.writelines((struct.pack(">cI", wanted, len(photo)), photo))
            await self._photos.drain()
        except ConnectionError:
            raise _WorkerDied from None
        return await self._frame()

    def dismiss(self) -> None:
        """Lets the worker end by itself: without more input it does."""
        self._photos.close()

    async def end(self) -> None:
        self.dismiss()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def _frame(self) -> bytes:
        try:
            (length,) = struct.unpack(">I", await self._answers.readexactly(4))
            return await self._answers.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise _WorkerDied from None


@asynccontextmanager
async def _killed_on_failure(worker: _Worker) -> AsyncIterator[None]:
    """Ends the worker on any failure, cancellation too: its answer to this photo must not meet the next one."""
    try:
        yield
    except BaseException:
        await worker.kill()
        raise


def _jpeg(answer: bytes) -> bytes:
    if answer.startswith(b"{"):
        raise PhotoRefused(Reason(json.loads(answer)["refused"]))
    return answer


def _texts(answer: bytes) -> list[str]:
    reading = json.loads(answer)
    if isinstance(reading, dict):
        raise PhotoRefused(Reason(reading["refused"]))
    return [str(text) for text in reading]
