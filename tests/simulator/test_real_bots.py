"""Unchanged bots written for python-telegram-bot and aiogram run on the simulator."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable

import aiogram
import pytest
import telegram
import telegram.ext
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from simulator.people import Bot, Person
from simulator.server import serving
from simulator.world import World
from tests.simulator.pictures import picture

Script = Callable[[Person], str]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110  # the bot has no event of ours to wait for
            await asyncio.sleep(0.01)


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    async with serving(world) as address:
        yield address


@pytest.fixture
async def ptb(url: str, bot: Bot) -> AsyncIterator[None]:
    """A small bot in python-telegram-bot's own style, polling."""

    async def start(update: telegram.Update, context: telegram.ext.ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        button = telegram.InlineKeyboardButton("Go", callback_data="go")
        markup = telegram.InlineKeyboardMarkup([[button]])
        await update.message.reply_html(f"Hello <b>{context.args}</b>", reply_markup=markup, do_quote=True)

    async def press(update: telegram.Update, context: telegram.ext.ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("Going", show_alert=True)
        await update.callback_query.edit_message_text("Gone")

    async def photo(update: telegram.Update, context: telegram.ext.ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        file = await update.message.photo[-1].get_file()
        data = await file.download_as_bytearray()
        await update.message.reply_photo(bytes(data), caption=f"{len(data)} bytes")
        await update.message.reply_document(io.BytesIO(b"a,b"), filename="a.csv")

    async def other(update: telegram.Update, context: telegram.ext.ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        try:
            await context.bot.send_message(123, "to nobody")
        except telegram.error.BadRequest as error:
            await update.message.reply_text(error.message)

    builder = telegram.ext.Application.builder().token(bot.token)
    app = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    app.add_handler(telegram.ext.CommandHandler("start", start))
    app.add_handler(telegram.ext.CallbackQueryHandler(press))
    app.add_handler(telegram.ext.MessageHandler(telegram.ext.filters.PHOTO, photo))
    app.add_handler(telegram.ext.MessageHandler(telegram.ext.filters.TEXT, other))
    async with app:
        assert app.updater is not None
        await app.bot.set_my_commands([("points", "Your points")])
        await app.start()
        await app.updater.start_polling(timeout=1)
        yield
        await app.updater.stop()
        await app.stop()


@pytest.fixture
async def gram(url: str, bot: Bot) -> AsyncIterator[None]:
    """The same bot in aiogram's style."""
    router = aiogram.Dispatcher()
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    client = aiogram.Bot(bot.token, session=session)

    @router.message(aiogram.filters.CommandStart(deep_link=True))
    async def start(message: aiogram.types.Message, command: aiogram.filters.CommandObject) -> None:
        button = aiogram.types.InlineKeyboardButton(text="Go", callback_data="go")
        markup = aiogram.types.InlineKeyboardMarkup(inline_keyboard=[[button]])
        await message.reply(f"Hello <b>{[command.args]}</b>", parse_mode="HTML", reply_markup=markup)

    @router.callback_query()
    async def press(query: aiogram.types.CallbackQuery) -> None:
        await query.answer("Going", show_alert=True)
        assert isinstance(query.message, aiogram.types.Message)
        await query.message.edit_text("Gone")

    @router.message(aiogram.F.photo)
    async def photo(message: aiogram.types.Message) -> None:
        assert message.photo is not None
        data = await client.download(message.photo[-1])
        assert data is not None
        body = data.read()
        await message.answer_photo(aiogram.types.BufferedInputFile(body, "b.jpg"), caption=f"{len(body)} bytes")
        await message.answer_document(aiogram.types.BufferedInputFile(b"a,b", "a.csv"))

    @router.message()
    async def other(message: aiogram.types.Message) -> None:
        try:
            await client.send_message(123, "to nobody")
        except aiogram.exceptions.TelegramBadRequest as error:
            await message.answer(error.message.removeprefix("Bad Request: ").capitalize())

    await client.set_my_commands([aiogram.types.BotCommand(command="points", description="Your points")])
    polling = asyncio.create_task(router.start_polling(client, handle_signals=False, polling_timeout=1))
    yield
    await router.stop_polling()
    await polling


@pytest.fixture(params=["ptb", "gram"])
def running(request: pytest.FixtureRequest) -> str:
    request.getfixturevalue(request.param)
    name: str = request.param
    return name


async def test_a_start_is_answered_and_its_button_works(running: str, world: World, bot: Bot, ann: Person) -> None:
    ann.open(bot, "s_1")
    await until(lambda: world.messages(bot, ann)[-1].buttons)
    reply = world.messages(bot, ann)[-1]
    assert (reply.text, reply.entities[0]["type"]) == ("Hello ['s_1']", "bold")
    assert reply.reply_to is not None
    press = ann.press(bot, reply.id, "Go")
    await until(lambda: reply.text == "Gone")
    assert press.answer is not None
    assert (press.answer.text, press.answer.show_alert) == ("Going", True)


async def test_a_photo_goes_both_ways(running: str, world: World, bot: Bot, ann: Person) -> None:
    sent = ann.send_photo(bot, picture(640, 480))
    await until(lambda: world.messages(bot, ann)[-1].document)
    photo, document = world.messages(bot, ann)[-2:]
    assert sent.media is not None
    assert photo.caption == f"{sent.media.file.size} bytes"
    assert document.document is not None
    assert (document.document.file.name, document.document.file.data) == ("a.csv", b"a,b")


async def test_a_refusal_reaches_the_bot_as_its_own_exception(
    running: str, world: World, bot: Bot, ann: Person
) -> None:
    ann.send(bot, "anything")
    await until(lambda: world.messages(bot, ann)[-1].sender is bot)
    assert world.messages(bot, ann)[-1].text == "Chat not found"


async def test_the_menu_is_set(running: str, bot: Bot) -> None:
    assert bot.menus.shown_to(1, "en", None) == [{"command": "points", "description": "Your points"}]
