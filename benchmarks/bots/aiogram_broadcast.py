"""A broadcast with aiogram: `gather` with a semaphore. COUNT people get the same text."""

import asyncio
import os

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

FIRST_USER = 5_000_000
TEXT = "<b>It has been a while, Ann</b>\n\nYou last came by on 3 March. We would be glad to see you again." * 2
_AT_ONCE = 100


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BOT_API_URL"]), limit=_AT_ONCE)
    async with Bot(os.environ["BOT_TOKEN"], session=session) as bot:
        room = asyncio.Semaphore(_AT_ONCE)

        async def send(number: int) -> None:
            async with room:
                await bot.send_message(FIRST_USER + number, TEXT, parse_mode="HTML")

        print("event=ready", flush=True)
        await asyncio.gather(*(send(number) for number in range(int(os.environ["COUNT"]))))
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main())
