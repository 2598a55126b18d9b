"""A bare python-telegram-bot echo, as the library comes: `python -m benchmarks.bots.ptb_echo`.

With TRANSPORT=aiohttp, the same on this project's transport.
"""

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text(update.message.text or "")


async def ready(_application: Application) -> None:  # type: ignore[type-arg]
    print("event=ready", flush=True)


def main() -> None:
    url = os.environ["BOT_API_URL"]
    builder = (
        Application.builder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .concurrent_updates(256)
        .post_init(ready)
    )
    if os.environ.get("TRANSPORT") == "aiohttp":
        from bot.transport import AiohttpRequest

        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest(pool_size=2))
    else:
        builder = builder.connection_pool_size(256).pool_timeout(60)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(timeout=30)


if __name__ == "__main__":
    main()
