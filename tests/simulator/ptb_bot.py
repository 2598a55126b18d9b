"""A small bot in python-telegram-bot's own style."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    await update.message.reply_html(f"Hello <b>{context.args}</b>", reply_markup=markup, do_quote=True)


async def press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Going", show_alert=True)
    await update.callback_query.edit_message_text("Gone")


async def photo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    file = await update.message.photo[-1].get_file()
    data = bytes(await file.download_as_bytearray())
    await update.message.reply_photo(data, caption=f"{len(data)} bytes")
    await update.message.reply_document(io.BytesIO(b"a,b"), filename="a.csv")


async def other(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    try:
        await context.bot.send_message(123, "to nobody")
    except BadRequest as error:
        await update.message.reply_text(error.message)


@asynccontextmanager
async def polling(url: str, token: str) -> AsyncIterator[None]:
    """The bot at work."""
    app = Application.builder().token(token).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(press))
    app.add_handler(MessageHandler(filters.PHOTO, photo))
    app.add_handler(MessageHandler(filters.TEXT, other))
    async with app:
        assert app.updater is not None
        await app.bot.set_my_commands([("points", "Your points")])
        await app.start()
        await app.updater.start_polling(timeout=1)
        yield
        await app.updater.stop()
        await app.stop()
