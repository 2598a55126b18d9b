from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from io import BytesIO

import psutil
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from bot.pictures.cards import CardFace, draw_card
from bot.scanning import PhotoRefused, Reason, Scanner, ScannerBusy

LINK = "https://t.me/RegularsDemoBot?start=m_Zk3x9QpL2vT7aBcD4eFg"
NUMBER = "2900000012349"
TABLE = (72, 66, 60)
MEBIBYTE = 1024 * 1024
CARD = draw_card(CardFace("老友会", "骨海黎", "金卡", "#B8902E", NUMBER, LINK, "zh_Hans"))

Change = Callable[[Image.Image], Image.Image]


def jpeg(image: Image.Image, quality: int = 40) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def photo(*changes: Change) -> bytes:
    image = Image.open(BytesIO(CARD)).convert("RGB")
    for change in changes:
        image = change(image)
    return jpeg(image)


def turned(degrees: float) -> Change:
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE)


def from_the_side(image: Image.Image) -> Image.Image:
    # The far edge shrinks to half: x' = (a x + b y + c) / (g x + h y + 1), likewise y'.
    width, height = image.size
    tilt = (2.0, 0.5 * width / height, -0.5 * width, 0.0, 2.2, -0.2 * height, 0.0, 1.0 / height)
    return image.transform(image.size, Image.Transform.PERSPECTIVE, tilt, Image.Resampling.BICUBIC, fillcolor=TABLE)


def lit(share: float) -> Change:
    return lambda image: ImageEnhance.Brightness(image).enhance(share)


def blurred(radius: float) -> Change:
    return lambda image: image.filter(ImageFilter.GaussianBlur(radius))


def grainy(strength: int) -> Change:
    def change(image: Image.Image) -> Image.Image:
        grain = Image.frombytes("L", image.size, random.Random(7).randbytes(image.width * image.height))
        spread = grain.point(lambda value: 128 + (value - 128) * strength // 128).convert("RGB")
        return ImageChops.add(image, spread, scale=1, offset=-128)

    return change


def far_away(width: int) -> Change:
    def change(image: Image.Image) -> Image.Image:
        frame = Image.new("RGB", (3000, 4000), TABLE)
        frame.paste(image.resize((width, image.height * width // image.width), Image.Resampling.LANCZOS), (1400, 2300))
        return frame

    return change


def bars_only(image: Image.Image) -> Image.Image:
    return image.crop((40, 470, 1160, 720))


def shaded(image: Image.Image) -> Image.Image:
    shade = Image.linear_gradient("L").rotate(90).resize(image.size).point(lambda value: 30 + value * 225 // 255)
    return ImageChops.multiply(image, shade.convert("RGB"))


HARD = {
    "turned": photo(turned(25)),
    "upside down": photo(turned(190)),
    "from the side": photo(from_the_side),
    "dark": photo(lit(0.25)),
    "nearly black": photo(lit(0.05)),
    "blurred": photo(blurred(4)),
    "grainy": photo(grainy(120)),
    "far away": photo(far_away(500)),
    "half in shade": photo(shaded),
    "dark, turned and grainy": photo(turned(25), lit(0.3), grainy(15)),
    "all of it": photo(from_the_side, turned(15), blurred(1.5), lit(0.3), grainy(10)),
    "small": photo(lambda image: image.resize((400, 253), Image.Resampling.LANCZOS)),
    "only the bars": photo(bars_only),
    "only the bars, turned": photo(bars_only, turned(35)),
    "only the bars, dark and turned": photo(bars_only, turned(65), blurred(1), lit(0.3), grainy(10)),
}


@pytest.fixture
async def scanner() -> AsyncIterator[Scanner]:
    opened = Scanner(seconds=10.0)  # the machine under the tests may be busy
    yield opened
    await opened.close()


def wide_picture(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


async def refusal(scanner: Scanner, sent: bytes) -> Reason:
    with pytest.raises(PhotoRefused) as refused:
        await scanner.read(sent)
    return refused.value.reason


async def started(scanner: Scanner) -> int:
    await scanner.read(b"")
    assert scanner.worker_pid
    return scanner.worker_pid


async def test_the_picture_itself_gives_link_and_number(scanner: Scanner) -> None:
    assert set(await scanner.read(CARD)) == {LINK, NUMBER}


@pytest.mark.parametrize("how", HARD)
async def test_a_hard_photo_of_the_card_is_read(scanner: Scanner, how: str) -> None:
    assert set(await scanner.read(HARD[how])) & {LINK, NUMBER}


async def test_a_card_from_another_printer_is_read_by_its_ean13(scanner: Scanner) -> None:
    symbol = zxingcpp.create_barcode(NUMBER, zxingcpp.BarcodeFormat.EAN13).to_image(4)
    assert await scanner.read(jpeg(Image.fromarray(symbol))) == [NUMBER]


@pytest.mark.parametrize(
    "sent",
    [b"", b"just words in a file called card.jpg", b"%PDF-1.7", CARD[:40], jpeg(Image.new("RGB", (300, 200), TABLE))],
    ids=["nothing", "text", "pdf", "a header only", "a photo of a table"],
)
async def test_where_there_is_no_code_nothing_is_found(scanner: Scanner, sent: bytes) -> None:
    assert await scanner.read(sent) == []


async def test_twenty_megabytes_of_noise_are_no_picture(scanner: Scanner) -> None:
    assert await scanner.read(random.Random(1).randbytes(20 * MEBIBYTE)) == []


async def test_a_photo_cut_off_below_the_code_is_still_read(scanner: Scanner) -> None:
    whole = photo()
    assert LINK in await scanner.read(whole[: len(whole) * 3 // 4])


async def test_more_than_twenty_megabytes_are_refused_before_a_worker_starts(scanner: Scanner) -> None:
    assert await refusal(scanner, bytes(20 * MEBIBYTE + 1)) == Reason.TOO_LARGE
    assert scanner.worker_pid is None


async def test_a_decompression_bomb_is_refused_by_its_header(scanner: Scanner) -> None:
    assert await refusal(scanner, wide_picture(30_000, 30_000)) == Reason.TOO_MANY_PIXELS


async def test_a_photo_that_needs_more_memory_than_allowed_is_refused() -> None:
    scanner = Scanner(seconds=10.0, memory=24 * MEBIBYTE)
    reason = await refusal(scanner, wide_picture(7000, 5700))
    await scanner.close()
    assert reason == Reason.OUT_OF_MEMORY


async def test_a_refused_photo_does_not_spoil_the_next(scanner: Scanner) -> None:
    await refusal(scanner, wide_picture(30_000, 30_000))
    assert LINK in await scanner.read(CARD)


async def test_the_worker_may_take_half_a_gibibyte_beyond_its_base(scanner: Scanner) -> None:
    worker = psutil.Process(await started(scanner))
    soft, hard = worker.rlimit(psutil.RLIMIT_AS)
    assert soft == hard
    assert 0 < soft - worker.memory_info().vms <= 512 * MEBIBYTE


async def test_the_worker_has_no_environment_to_tell(scanner: Scanner) -> None:
    assert psutil.Process(await started(scanner)).environ() == {}


async def test_a_photo_that_takes_too_long_is_refused_and_its_worker_killed(scanner: Scanner) -> None:
    stuck = await started(scanner)
    scanner._seconds = 0.2
    psutil.Process(stuck).suspend()
    assert await refusal(scanner, CARD) == Reason.TOO_SLOW
    assert not psutil.pid_exists(stuck)


async def test_after_a_worker_was_killed_for_time_the_next_photo_is_read(scanner: Scanner) -> None:
    psutil.Process(await started(scanner)).suspend()
    scanner._seconds = 0.2
    await refusal(scanner, CARD)
    scanner._seconds = 10.0
    assert LINK in await scanner.read(CARD)


async def test_a_worker_killed_at_rest_is_replaced_unnoticed(scanner: Scanner) -> None:
    os.kill(await started(scanner), signal.SIGKILL)
    assert LINK in await scanner.read(CARD)


async def test_a_photo_whose_new_worker_dies_is_refused(scanner: Scanner) -> None:
    reading = asyncio.create_task(refusal(scanner, HARD["far away"]))
    while scanner.worker_pid is None:  # noqa: ASYNC110 - a process has no event to wait for
        await asyncio.sleep(0)
    os.kill(scanner.worker_pid, signal.SIGKILL)
    assert await reading == Reason.CRASHED


async def test_a_cancelled_photo_is_not_answered_to_the_next_asker(scanner: Scanner) -> None:
    psutil.Process(await started(scanner)).suspend()
    reading = asyncio.create_task(scanner.read(CARD))
    await asyncio.sleep(0.05)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert await scanner.read(b"no picture") == []


async def test_photos_at_once_are_each_answered_with_their_own_codes(scanner: Scanner) -> None:
    answers = await asyncio.gather(*(scanner.read(sent) for sent in (CARD, b"", HARD["only the bars"], b"", CARD)))
    assert [NUMBER in answer for answer in answers] == [True, False, True, False, True]


async def test_more_photos_than_may_wait_are_refused() -> None:
    scanner = Scanner(most_waiting=1)
    answers = await asyncio.gather(*(scanner.read(b"") for _ in range(3)), return_exceptions=True)
    await scanner.close()
    assert [type(answer) for answer in answers] == [list, list, ScannerBusy]


async def test_a_worker_without_photos_ends_to_free_its_memory() -> None:
    scanner = Scanner(idle_seconds=0.01)
    worker = psutil.Process(await started(scanner))
    async with asyncio.timeout(10):
        while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110 - another process ends
            await asyncio.sleep(0.01)
    assert scanner.worker_pid is None
    await scanner.close()


async def test_closing_ends_the_worker(scanner: Scanner) -> None:
    worker = await started(scanner)
    await scanner.close()
    assert not psutil.pid_exists(worker)


async def test_a_closed_scanner_reads_no_more(scanner: Scanner) -> None:
    await scanner.close()
    with pytest.raises(ScannerBusy):
        await scanner.read(CARD)
