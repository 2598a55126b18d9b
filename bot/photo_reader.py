"""The process that opens strangers' photos: run as a script by `bot.scanning`, never imported.

It imports nothing of this project and gets no environment, so that a photo that breaks a decoder finds no secrets.
In comes what is wanted (one byte), a length (4 bytes, big-endian) and so many bytes of a photo. Out comes a length and
so many bytes: for "r", JSON, the texts of the codes found; for "s", the photo shrunk to a JPEG; or {"refused": reason}
for either. One empty frame out says that it is ready.
"""

import json
import resource
import signal
import struct
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import zxingcpp
from PIL import Image, ImageFile, ImageFilter, ImageOps

_FORMATS = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.EAN13]
)
_PICTURES = ("JPEG", "PNG", "WEBP")
_LARGEST_PIXELS = 40_000_000
# To shrink: a picture is held twice, at four bytes a pixel, while it is made smaller.
_LARGEST_SHRUNK = 12_000_000
_SHRINKING_MEMORY = 140 * 1024 * 1024
_SHRUNK_SIZE = (1280, 1280)
# Long side in pixels: most photos read best here, whatever the camera made.
_WORKING_SIZE = 1600
_SMALL_SIZE = 800
# A JPEG at least twice as large is decoded at half its size, in a quarter of the time.
_DRAFT_SIZE = (2500, 2500)
# Linear codes are found within some 8 degrees of upright; the reader itself also looks at quarter turns.
_ANGLES = (15, 30, 45, 60, 75)

Reading = list[str] | dict[str, str]


def serve(source: BinaryIO, sink: BinaryIO, seconds: float, memory: int) -> None:
    """Answers photos until `source` ends; `memory` bytes beyond what the process has now, `seconds` for each photo."""
    limit = _limit(memory)
    _send(sink, b"")
    while header := source.read(5):
        wanted, length = struct.unpack(">cI", header)
        photo = source.read(length)
        # The default answer to the alarm is death: it reaches native code too, and nobody outlives a lost parent.
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
        if wanted == b"s":
            answer = _shrink_or_refuse(photo, limit)
        else:
            answer = json.dumps(_read_or_refuse(photo, time.monotonic() + 0.7 * seconds)).encode()
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(sink, answer)


def _limit(memory: int) -> int:
    """The limit of the address space it sets."""
    limit = _in_use() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    return limit


def _in_use() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _send(sink: BinaryIO, body: bytes) -> None:
    sink.write(struct.pack(">I", len(body)) + body)
    sink.flush()


def _read_or_refuse(photo: bytes, deadline: float) -> Reading:
    try:
        return _read(photo, deadline)
    except MemoryError:
        return {"refused": "out_of_memory"}
    except Exception:  # noqa: BLE001 - whatever a decoder makes of a stranger's bytes, there is no code in them
        return []


def _shrink_or_refuse(photo: bytes, limit: int) -> bytes:
    """A picture to keep and show gets less memory than one that is only looked at."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    resource.setrlimit(resource.RLIMIT_AS, (min(limit, _in_use() + _SHRINKING_MEMORY), limit))
    try:
        return _shrink(photo)
    except MemoryError:
        return _refused("out_of_memory")
    except Exception:  # noqa: BLE001 - whatever a decoder makes of a stranger's bytes, it is no picture
        return _refused("no_picture")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        ImageFile.LOAD_TRUNCATED_IMAGES = True


def _shrink(photo: bytes) -> bytes:
    picture: Image.Image = Image.open(BytesIO(photo), formats=_PICTURES)
    if picture.width * picture.height > _LARGEST_PIXELS:
        return _refused("too_many_pixels")
    picture.draft("RGB", _SHRUNK_SIZE)
    if picture.width * picture.height > _LARGEST_SHRUNK:
        return _refused("too_many_pixels")
    if picture.mode not in ("RGB", "RGBA", "L"):
        picture = picture.convert("RGBA")
    picture.thumbnail(_SHRUNK_SIZE)
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    file = BytesIO()
    # Without the camera's notes: where a photo was taken is nobody's business.
    flat.save(file, "JPEG", quality=85)
    return file.getvalue()


def _refused(reason: str) -> bytes:
    return json.dumps({"refused": reason}).encode()


def _read(photo: bytes, deadline: float) -> Reading:
    picture = Image.open(BytesIO(photo), formats=_PICTURES)
    if picture.width * picture.height > _LARGEST_PIXELS:
        return {"refused": "too_many_pixels"}
    picture.draft("L", _DRAFT_SIZE)
    for attempt in _attempts(picture.convert("L")):
        if found := zxingcpp.read_barcodes(attempt, _FORMATS, text_mode=zxingcpp.TextMode.Plain):
            return list(dict.fromkeys(code.text for code in found))
        if time.monotonic() > deadline:
            break
    return []


def _attempts(grey: Image.Image) -> Iterator[Image.Image]:
    """The picture as it is, then made readable in other ways, the most often helpful first."""
    working = _at_most(grey, _WORKING_SIZE)
    clear = ImageOps.autocontrast(working, cutoff=1)
    yield working
    yield clear
    for grain in (2, 3):
        soft = ImageOps.autocontrast(working.filter(ImageFilter.GaussianBlur(grain)), cutoff=1)
        yield soft
        yield ImageOps.autocontrast(soft.filter(ImageFilter.UnsharpMask(5, 200, 0)), cutoff=1)
    if grey.size != working.size:
        yield grey
    for turned in (clear, soft):
        yield from (turned.rotate(angle, Image.Resampling.BILINEAR, expand=True, fillcolor=255) for angle in _ANGLES)
    yield clear.filter(ImageFilter.UnsharpMask(6, 400, 0))
    yield ImageOps.autocontrast(_at_most(grey, _SMALL_SIZE), cutoff=1)
    yield ImageOps.equalize(working)


def _at_most(grey: Image.Image, side: int) -> Image.Image:
    smaller = grey.copy()
    smaller.thumbnail((side, side), Image.Resampling.BOX)
    return smaller


if __name__ == "__main__":
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # the code is often in the part that did arrive
    Image.MAX_IMAGE_PIXELS = None  # counted above, where it is refused by name
    serve(sys.stdin.buffer, sys.stdout.buffer, float(sys.argv[1]), int(sys.argv[2]))
