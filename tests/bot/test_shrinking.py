"""Pictures of gifts: made small, upright and anonymous, and nothing worse comes of strange ones (2 s, 200 MB)."""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from bot.scanning import PhotoRefused, Reason, Scanner

MEBIBYTE = 1024 * 1024
SECONDS = 2.0
MEMORY = 200 * MEBIBYTE
RED = (200, 30, 30)


@pytest_asyncio.fixture
async def scanner() -> AsyncIterator[Scanner]:
    scanner = Scanner()
    await scanner.read(b"")  # a warm worker, as at work
    yield scanner
    await scanner.close()


def encoded(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


async def shrunk(scanner: Scanner, sent: bytes) -> Image.Image:
    return Image.open(BytesIO(await scanner.shrink(sent)))


async def refusal(scanner: Scanner, sent: bytes) -> Reason:
    with pytest.raises(PhotoRefused) as refused:
        await scanner.shrink(sent)
    return refused.value.reason


def peak_memory(scanner: Scanner) -> int:
    status = Path(f"/proc/{scanner.worker_pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def bomb(width: int, height: int) -> bytes:
    """A small PNG of one colour with so many pixels."""
    return encoded(Image.new("P", (width, height)), compress_level=9)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_large_picture_becomes_a_small_jpeg(scanner: Scanner, kind: str) -> None:
    small = await shrunk(scanner, encoded(Image.new("RGB", (3000, 2000), RED), kind))
    assert (small.format, small.size) == ("JPEG", (1280, 853))
    assert all(abs(ours - theirs) < 12 for ours, theirs in zip(small.getpixel((600, 400)), RED, strict=True))


async def test_a_small_picture_keeps_its_size(scanner: Scanner) -> None:
    assert (await shrunk(scanner, encoded(Image.new("L", (300, 200), 90)))).size == (300, 200)


async def test_what_is_transparent_becomes_white(scanner: Scanner) -> None:
    small = await shrunk(scanner, encoded(Image.new("RGBA", (100, 100), (0, 0, 0, 0))))
    assert small.getpixel((50, 50)) == (255, 255, 255)


async def test_a_picture_taken_sideways_stands_upright_and_forgets_where_it_was_taken(scanner: Scanner) -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # a quarter turn
    notes[0x8825] = {1: "N", 2: (34.0, 15.0, 0.0)}
    small = await shrunk(scanner, encoded(Image.new("RGB", (400, 200), RED), "JPEG", exif=notes))
    assert small.size == (200, 400)
    assert dict(small.getexif()) == {}


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        encoded(Image.new("RGB", (50, 50)), "GIF"),
        encoded(Image.new("RGB", (50, 50)), "BMP"),
        encoded(Image.new("RGB", (50, 50)), "TIFF"),
        encoded(Image.effect_noise((500, 500), 90), "JPEG")[:9_000],
        random.Random(1).randbytes(20 * MEBIBYTE),
    ],
    ids=["nothing", "text", "svg", "pdf", "gif", "bmp", "tiff", "cut off", "20 MB of noise"],
)
async def test_what_is_no_picture_we_take_is_refused(scanner: Scanner, sent: bytes) -> None:
    begun = time.monotonic()
    assert await refusal(scanner, sent) == Reason.NO_PICTURE
    assert time.monotonic() - begun < SECONDS
    assert peak_memory(scanner) < MEMORY


async def test_more_than_twenty_megabytes_are_refused(scanner: Scanner) -> None:
    assert await refusal(scanner, bytes(20 * MEBIBYTE + 1)) == Reason.TOO_LARGE


@pytest.mark.parametrize("size", [(30_000, 30_000), (3_600, 3_600), (12_000_001, 1)])
async def test_a_decompression_bomb_is_refused_in_time_and_memory(scanner: Scanner, size: tuple[int, int]) -> None:
    sent, begun = bomb(*size), time.monotonic()
    assert await refusal(scanner, sent) == Reason.TOO_MANY_PIXELS
    assert time.monotonic() - begun < SECONDS
    assert peak_memory(scanner) < MEMORY


async def test_a_picture_that_swells_inside_a_chunk_is_refused(scanner: Scanner) -> None:
    """A PNG whose text chunk inflates to a gigabyte."""
    whole = encoded(Image.new("RGB", (10, 10)))
    text = b"a\0\0" + zlib.compress(bytes(200 * MEBIBYTE), 9)
    chunk = len(text).to_bytes(4, "big") + b"zTXt" + text + zlib.crc32(b"zTXt" + text).to_bytes(4, "big")
    begun = time.monotonic()
    try:
        await scanner.shrink(whole[:33] + chunk + whole[33:])
    except PhotoRefused:
        pass
    assert time.monotonic() - begun < SECONDS
    assert scanner.worker_pid is None or peak_memory(scanner) < MEMORY


async def test_the_largest_picture_we_take_fits_into_time_and_memory(scanner: Scanner) -> None:
    sent = encoded(Image.linear_gradient("L").resize((3460, 3460)).convert("RGBA"), compress_level=1)
    begun = time.monotonic()
    assert (await shrunk(scanner, sent)).size == (1280, 1280)
    assert time.monotonic() - begun < SECONDS
    assert peak_memory(scanner) < MEMORY


async def test_a_refused_picture_does_not_spoil_the_next(scanner: Scanner) -> None:
    await refusal(scanner, bomb(30_000, 30_000))
    await refusal(scanner, b"hello")
    assert (await shrunk(scanner, encoded(Image.new("RGB", (50, 50))))).size == (50, 50)
