"""QR codes in pictures, read for browsers that cannot read them themselves."""

import asyncio
import io

import zxingcpp
from PIL import Image, UnidentifiedImageError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.wire import decode, encode
from simulator.world import World

# More than any phone's screen shows; a picture that claims more is not decoded.
MAX_PIXELS = 50_000_000


def scan(image_bytes: bytes) -> list[str]:
    """The texts of the QR codes in a picture; none for what is no picture, or one too large."""
    try:
        with Image.open(io.BytesIO(image_bytes)) as image:
            if image.width * image.height > MAX_PIXELS:
                return []
            codes = zxingcpp.read_barcodes(image.convert("L"), _formats())
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return []
    return [code.text for code in codes]


def _formats() -> zxingcpp.BarcodeFormats:
    """Made anew: one that is left when Python ends makes the library complain on the terminal."""
    return zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def scan_route(world: World) -> Route:
    """`POST /sim/scan` {url}: the codes in a photo of that world, as {links: [text]}."""

    async def answer(request: Request) -> Response:
        file_id = _file_id(await request.body())
        stored = world.files.find(file_id)
        if stored is None:
            return Response(encode({"ok": False, "error": "no such file"}), 404, media_type="application/json")
        links = await asyncio.to_thread(scan, stored.data)
        return Response(encode({"ok": True, "links": links}), media_type="application/json")

    return Route("/sim/scan", answer, methods=["POST"])


def _file_id(body: bytes) -> str:
    try:
        url = decode(body)["url"]
    except (ValueError, KeyError, TypeError):
        return ""
    return str(url).rpartition("/")[2]
