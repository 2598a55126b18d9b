"""Pictures people send: fetched, and opened in the scanner's process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest

from bot.context import Ctx
from bot.scanning import PhotoRefused, ScannerBusy

R = TypeVar("R")


class PictureUnusable(Exception):
    """`reason` is that of loyalty.errors.PictureRefused."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def read_codes(ctx: Ctx, file_id: str) -> list[str]:
    """The texts of the codes in a picture. Raises PictureUnusable."""
    return await _opened(ctx, file_id, ctx.services.scanner.read)


async def shrink(ctx: Ctx, file_id: str) -> bytes:
    """A picture as a JPEG of at most 1280 pixels. Raises PictureUnusable."""
    return await _opened(ctx, file_id, ctx.services.scanner.shrink)


async def _opened(ctx: Ctx, file_id: str, look: Callable[[bytes], Awaitable[R]]) -> R:
    try:
        with ctx.services.scanner.place():
            return await look(await ctx.download(file_id))
    except PhotoRefused as refusal:
        raise PictureUnusable(refusal.reason.value) from None
    except BadRequest:
        # Telegram hands bots no file of more than 20 MB.
        raise PictureUnusable("too_large") from None
    except ScannerBusy:
        raise PictureUnusable("busy") from None
