"""A broadcast as python-telegram-bot's own pages show it: `gather`, paced by its AIORateLimiter at 1,000 a second.

COUNT people get the same text.
"""

import asyncio
import os

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

FIRST_USER = 5_000_000
TEXT = "<b>It has been a while, Ann</b>\n\nYou last came by on 3 March. We would be glad to see you again." * 2
_AT_ONCE = 100
_PACE = 1_000


async def main() -> None:
    url = os.environ["BOT_API_URL"]
    request = HTTPXRequest(connection_pool_size=_AT_ONCE, pool_timeout=60)
    limiter = AIORateLimiter(overall_max_rate=_PACE, overall_time_period=1)
    async with ExtBot(os.environ["BOT_TOKEN"], base_url=f"{url}/bot", request=request, rate_limiter=limiter) as bot:
        people = range(FIRST_USER, FIRST_USER + int(os.environ["COUNT"]))
        print("event=ready", flush=True)
        await asyncio.gather(*(bot.send_message(person, TEXT, parse_mode="HTML") for person in people))
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main())
