"""The card's picture once fonts are loaded, and how long the event loop stands still for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable

from benchmarks.results import Effort, Figure, Outcome, within
from bot.pictures import Studio

_TICK = 0.001
_ALLOWED_SECONDS = 0.3


async def measure(effort: Effort) -> Outcome:
    first, warm = Figure("first picture", "s"), Figure("card picture, warm", "s")
    stall, idle = Figure("longest stall of the event loop", "ms"), Figure("the same without a picture", "ms")
    studio = Studio()
    try:
        began = time.perf_counter()
        await _drawn(studio, 0)
        first.samples.append(time.perf_counter() - began)
        for number in range(effort.runs):
            idle.samples.append(await _longest_stall(asyncio.sleep(_ALLOWED_SECONDS)))
            began = time.perf_counter()
            stall.samples.append(await _longest_stall(_drawn(studio, number + 1)))
            warm.samples.append(time.perf_counter() - began)
    finally:
        studio.close()
    return Outcome("card", __doc__ or "", [warm, first, stall, idle], [within(_ALLOWED_SECONDS, warm)])


async def _drawn(studio: Studio, number: int) -> None:
    face = {
        "programme": "老友会", "name": f"骨海黎 {number}", "tier": "金卡", "tier_colour": "#B8902E",
        "number": f"29{number:011d}", "link": f"https://t.me/bench_bot?start=m_{number:022d}", "locale": "zh_Hans",
        "hint": "结账时请出示", "brand_colour": "#B4532A",
    }  # fmt: skip
    await studio.draw("card", face)


async def _longest_stall(work: Awaitable[None]) -> float:
    """How late, in milliseconds, a loop that wants to run every millisecond was at worst while this went on."""
    working, longest = asyncio.ensure_future(work), 0.0
    while not working.done():
        before = time.perf_counter()
        await asyncio.sleep(_TICK)
        longest = max(longest, time.perf_counter() - before - _TICK)
    await working
    return longest * 1000
