"""A broadcast as python-telegram-bot's own pages show it: `gather` with a semaphore. COUNT people get the same text.

Its AIORateLimiter would keep a pace; it needs a package that is not among ours.
"""

import asyncio
import os

from telegram import Bot
from telegram.request import HTTPXRequest

FIRST_USER = 5_000_000
TEXT = "<b>It has been a while, Ann</b>\n\nYou last came by on 3 March. We would be glad to see you again." * 2
_AT_ONCE = 100


async def main() -> None:
    url = os.environ["BOT_API_URL"]
    request = HTTPXRequest(connection_pool_size=_AT_ONCE, pool_timeout=60)
    async with Bot(os.environ["BOT_TOKEN"], base_url=f"{url}/bot", request=request) as bot:
        room = asyncio.Semaphore(_AT_ONCE)

        async def send(number: int) -> None:
            async with room:
                await bot.send_message(FIRST_USER + number, TEXT, parse_mode="HTML")

        print("event=ready", flush=True)
        await asyncio.gather(*(send(number) for number in range(int(os.environ["COUNT"]))))
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main())
