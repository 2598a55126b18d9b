"""The service handbook: read by chapters, searched from the counter, replaced by a Markdown file sent in chat."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from telegram.error import BadRequest

from actions import handbook
from actions.handbook import ChapterPage, Contents
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.markdown import shown
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from bot.words import locale_of
from db.database import Tx
from db.people import Person
from loyalty.handbook import LARGEST, LONGEST_SHOWN, MOST_FAULTS, Book, length, read
from loyalty.handbook_errors import HandbookFileRefused, HandbookUnreadable
from loyalty.messages import Document, Say
from loyalty.roles import Role

_ENDINGS = (".md", ".markdown", ".txt")
# What a Chinese phone or desktop may put before a text.
_BYTE_ORDER_MARK = "\ufeff"


async def contents(ctx: Ctx) -> None:
    await ctx.act(_contents, ctx.services.words.default_locale, say="handbook")


async def contents_again(ctx: Ctx) -> None:
    await ctx.act(_contents, ctx.services.words.default_locale, say="handbook", in_place=True)


async def turn(ctx: Ctx) -> None:
    await ctx.act(_turn, ctx.services.words.default_locale, ctx.given, say=_shown, in_place=True)


async def open_hit(ctx: Ctx) -> None:
    await ctx.act(_turn, ctx.services.words.default_locale, ctx.given, say=_shown)


async def editions(ctx: Ctx) -> None:
    await ctx.act(handbook.editions, say="handbook_editions", in_place=True)


async def download(ctx: Ctx) -> None:
    await ctx.act(_download, argument(ctx.given))


async def put_back(ctx: Ctx) -> None:
    await ctx.act(handbook.put_back, argument(ctx.given), say="handbook_changed", in_place=True)


async def begin(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given.chat_id)


async def use(ctx: Ctx) -> None:
    await ctx.act(handbook.use, id_at(ctx.given), argument(ctx.given, 1), say="handbook_changed", in_place=True)


async def drop(ctx: Ctx) -> None:
    await ctx.act(handbook.drop, id_at(ctx.given), say=Say("handbook_dropped"), in_place=True)


async def take_file(ctx: Ctx) -> None:
    """A file, sent when it was asked for or not: fetched and read before the transaction."""
    try:
        text = await _read_file(ctx)
    except HandbookFileRefused as refusal:
        await ctx.act(_refuse, refusal)
    else:
        await ctx.act(_take, ctx.services.dialogues, ctx.given, text)


def file_of(given: Input) -> dict[str, Any]:
    """What Telegram tells of the file somebody sent; {} if it was none."""
    body = given.body or {}
    return dict(body.get("document", {})) if given.kind == "document" else {}


def is_markdown(file: dict[str, Any]) -> bool:
    """By its name: what phones say about the kind of such files differs."""
    return str(file.get("file_name", "")).lower().endswith(_ENDINGS[:2])


async def _read_file(ctx: Ctx) -> str:
    """Raises HandbookFileRefused."""
    file = file_of(ctx.given)
    if not str(file.get("file_name", "")).lower().endswith(_ENDINGS):
        raise HandbookFileRefused("kind", LARGEST)
    if file.get("file_size", 0) > LARGEST:
        raise HandbookFileRefused("too_large", LARGEST)
    try:
        return _decoded(await ctx.download(str(file["file_id"])))
    except BadRequest:
        raise HandbookFileRefused("too_large", LARGEST) from None


def _decoded(data: bytes) -> str:
    """Raises HandbookFileRefused."""
    if len(data) > LARGEST:
        raise HandbookFileRefused("too_large", LARGEST)
    try:
        text = data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError:
        raise HandbookFileRefused("not_text", LARGEST) from None
    # PostgreSQL's text cannot hold NUL, and no text has any.
    if "\0" in text or not text.strip():
        raise HandbookFileRefused("not_text" if text.strip() else "empty", LARGEST)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse(_tx: Tx, _person: Person, refusal: HandbookFileRefused) -> None:
    raise refusal


def _take(tx: Tx, person: Person, dialogues: Dialogues, given: Input, text: str) -> list[Say] | None:
    if handbook.is_asked_for(tx, person.user_id):
        return dialogues.hear(tx, person, Answer("file", text, given))
    return [_preview(tx, person, text)]


def _preview(tx: Tx, person: Person, text: str) -> Say:
    preview = handbook.propose(tx, person, text)
    _check_pages(read(text))
    return Say("handbook_preview", asdict(preview))


def _check_pages(book: Book) -> None:
    """Refuses HandbookUnreadable for pages that no message holds, with the lines they begin in."""
    faults = [
        {"line": line, "what": "page_too_long"}
        for chapter in book.chapters
        for line, page in zip(chapter.lines, chapter.pages, strict=True)
        if length(shown(page)) > LONGEST_SHOWN
    ]
    if faults:
        raise HandbookUnreadable(faults[:MOST_FAULTS], max(0, len(faults) - MOST_FAULTS))


def _contents(tx: Tx, person: Person, default: str) -> Contents:
    return handbook.contents(tx, person, locale_of(person, default))


def _turn(tx: Tx, person: Person, default: str, given: Input) -> ChapterPage | Contents:
    place = (id_at(given), id_at(given, 1))
    return handbook.turn(tx, person, locale_of(person, default), place, argument(given, 2))


def _shown(found: ChapterPage | Contents) -> Say:
    return Say("handbook_page" if isinstance(found, ChapterPage) else "handbook", asdict(found))


def _download(tx: Tx, person: Person, locale: str) -> Say:
    handbook.require_replacer(tx, person)
    handbook.check_locale(locale)
    return Say("handbook_file", document=Document("handbook", {"locale": locale}, f"handbook.{locale}.md"))


def _begin(tx: Tx, person: Person, dialogues: Dialogues, chat_id: int) -> list[Say]:
    handbook.require_replacer(tx, person)
    return dialogues.begin(tx, person, chat_id, handbook.DIALOGUE)


def _text(_turn: Turn, answer: Answer) -> str:
    if answer.kind != "file":
        raise HandbookFileRefused("kind", LARGEST)
    return answer.value


def _finish(turn: Turn) -> Say:
    return _preview(turn.tx, turn.person, turn.answers["file"])


DIALOGUES = (Dialogue(handbook.DIALOGUE, (Step("file", _text),), _finish),)
ROUTES = (
    Route(
        contents,
        words=("handbook", "the handbook", "手册", "手冊", "服务手册", "服務手冊"),
        verbs=("handbook",),
        role=Role.CLERK,
    ),
    Route(contents_again, verbs=("hbcontents",), role=Role.CLERK, within_dialogue=True),
    Route(turn, verbs=("hbpage",), role=Role.CLERK, within_dialogue=True),
    Route(open_hit, verbs=("hbhit",), role=Role.CLERK, within_dialogue=True),
    Route(editions, verbs=("hbeditions",), role=Role.MANAGER),
    Route(download, verbs=("hbfile",), role=Role.MANAGER, within_dialogue=True),
    Route(put_back, verbs=("hbback",), role=Role.MANAGER),
    Route(begin, verbs=("hbnew",), role=Role.MANAGER),
    Route(use, verbs=("hbuse",), role=Role.MANAGER),
    Route(drop, verbs=("hbdrop",), role=Role.MANAGER),
)
