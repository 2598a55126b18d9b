"""The same small bot in aiogram's style."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)


async def start(message: Message, command: CommandObject) -> None:
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]])
    await message.reply(f"Hello <b>{[command.args]}</b>", parse_mode="HTML", reply_markup=markup)


async def press(query: CallbackQuery) -> None:
    await query.answer("Going", show_alert=True)
    assert isinstance(query.message, Message)
    await query.message.edit_text("Gone")


async def photo(message: Message, bot: Bot) -> None:
    assert message.photo is not None
    data = await bot.download(message.photo[-1])
    assert data is not None
    body = data.read()
    await message.answer_photo(BufferedInputFile(body, "b.jpg"), caption=f"{len(body)} bytes")
    await message.answer_document(BufferedInputFile(b"a,b", "a.csv"))


async def other(message: Message, bot: Bot) -> None:
    try:
        await bot.send_message(123, "to nobody")
    except TelegramBadRequest as error:
        await message.answer(error.message.removeprefix("Bad Request: ").capitalize())


def routed() -> Router:
    router = Router()
    router.message.register(start, CommandStart(deep_link=True))
    router.message.register(photo, F.photo)
    router.message.register(other)
    router.callback_query.register(press)
    return router


@asynccontextmanager
async def polling(url: str, token: str) -> AsyncIterator[None]:
    """The bot at work."""
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    dispatcher = Dispatcher()
    dispatcher.include_router(routed())
    await bot.set_my_commands([BotCommand(command="points", description="Your points")])
    running = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, polling_timeout=1))
    yield
    await dispatcher.stop_polling()
    await running
