"""What somebody types, sends or presses that is no command: an answer, a clerk's quick entry, or not understood."""

from __future__ import annotations

from dataclasses import replace

from actions import (
    catalogue as gifts,
    desk as counter,
    feedback as cases,
    handbook as books,
    purchases,
    staff,
    staff_groups,
    verifying as codes,
)
from actions.purchases import Recorded
from bot import attachments, menus, plain_words
from bot.context import Ctx
from bot.dialogues import Answer, Dialogues
from bot.handlers import case_replies, catalogue, desk, feedback, handbook, refunds, verifying
from bot.routing import Route
from bot.updates import Input
from db import dialogues as places, digests, members, people
from db.database import Tx
from db.dialogues import Place
from db.people import Person
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say, params_of


async def heard(ctx: Ctx) -> None:
    if (ctx.given.reply_to or ctx.given.kind in attachments.KINDS) and await case_replies.take(ctx):
        return
    meant = await _meant(ctx)
    if meant:
        ctx.attempt.route = meant
        await meant.handler(ctx)
    else:
        await ctx.act(_hear, ctx.services.dialogues, ctx.given, desk.purchase_key(ctx))
        menus.follow(ctx)


async def pressed(ctx: Ctx) -> None:
    await ctx.act(_press, ctx.services.dialogues, ctx.given)
    menus.follow(ctx)


async def thanked(ctx: Ctx) -> None:
    await ctx.say("thanks")


async def _meant(ctx: Ctx) -> Route | None:
    """The route that a free text asks for, if it does and nothing else waits for it; or one word, after all."""
    if ctx.given.reply_to and ctx.given.kind == "text":
        route = ctx.services.router.find(replace(ctx.given, reply_to=0))
        if route.handler is not heard:
            return route
    word, whole = plain_words.meant(ctx.given.text) if ctx.given.kind == "text" else ("", False)
    if not word or await ctx.ask(_is_spoken_for, ctx.given, whole):
        return None
    return ctx.services.router.find(replace(ctx.given, text=word))


async def turned(ctx: Ctx) -> None:
    await ctx.act(_turn, ctx.services.dialogues, ctx.given)


async def unknown_press(_ctx: Ctx) -> None:
    """A button of a version that is gone, or made up."""
    raise StaleButton


async def sent_something(ctx: Ctx) -> None:
    """Staff's pictures are photos of cards or codes, unless a dialogue wants another, Markdown files of who manages the
    chain a handbook; voice, stickers and the like are kindly told what works."""
    picture, sender = desk.picture_of(ctx.given), ctx.given.sender_id
    if await case_replies.take(ctx):
        return
    file = handbook.file_of(ctx.given)
    if file and await ctx.ask(books.wants_file, sender, handbook.is_markdown(file)):
        await handbook.take_file(ctx)
    elif picture and await ctx.ask(gifts.wants_picture, sender):
        await catalogue.take_picture(ctx, picture)
    elif picture and await ctx.ask(codes.wants_picture, sender):
        await verifying.scan(ctx, picture)
    elif picture and await ctx.ask(counter.reads_cards_for, sender):
        await desk.scan(ctx, picture)
    else:
        await heard(ctx)


async def edited(ctx: Ctx) -> None:
    """What was said stays said: an edit changes nothing, and says so only where it might have meant something. In a
    case, both stand."""
    if not await case_replies.correct(ctx):
        await ctx.act(purchases.find_edited, desk.purchase_key(ctx), say=_unread)


def _unread(standing: Recorded | None) -> Say:
    return Say("edit_of_purchase", params_of(standing)) if standing else Say("edit_not_read")


async def cancel(ctx: Ctx) -> None:
    await ctx.act(_cancelled, ctx.given.chat_id)


async def in_group(ctx: Ctx) -> None:
    """Nothing personal is said in groups: commands get a hint where to go, talk is none of the bot's business."""
    asked = ctx.given.kind == "command" and ctx.given.addressee.lower() in ("", ctx.services.bot_username.lower())
    hint = Say("only_in_private", {"username": ctx.services.bot_username})
    await ctx.say(hint if asked else None)


async def membership(ctx: Ctx) -> None:
    """Blocked or let in again: reachability is all that is kept; of staff groups, whether cases can be shown there."""
    if ctx.given.private:
        await ctx.act(_note_reach, not ctx.given.silences)
    elif ctx.given.silences:
        await ctx.act(_lose_group, ctx.given.chat_id)


def _cancelled(tx: Tx, person: Person, chat_id: int) -> Say:
    places.leave(tx, chat_id, person.user_id)
    return Say("cancelled", {"member": members.get_by_user(tx, person.user_id) is not None})


def _hear(tx: Tx, person: Person, dialogues: Dialogues, given: Input, key: str) -> list[Say]:
    """An answer to the question that stands, else an entry at the counter. A member open there is no question."""
    says = None
    if not counter.has_open(tx, person):
        says = _answered(tx, person, dialogues, given)
    if says is None and given.kind == "text" and verifying.is_code(tx, person, given.text):
        return [verifying.hand_over(tx, person, given.text)]
    if says is None and (followed := feedback.follow(tx, person, given)):
        return [followed]
    if says is None and given.kind == "text":
        says = desk.answer(tx, person, dialogues, given, given.text, key)
    return _puzzled(tx, person, dialogues, given) if says is None else says


def _answered(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say] | None:
    """None if no question stands, or one that was but offered."""
    try:
        return dialogues.hear(tx, person, Answer(given.kind, given.text, given))
    except AnswerUnclear:
        if _is_offered(places.get(tx, given.chat_id, person.user_id)):
            return None
        raise


def _is_offered(place: Place | None) -> bool:
    return feedback.is_offered(place) or refunds.is_offered(place)


def _is_spoken_for(tx: Tx, given: Input, whole: bool) -> bool:
    """An answer to a question, or at the counter: there, half a sentence is rather somebody's name."""
    place = places.get(tx, given.chat_id, given.sender_id)
    if place is not None and not _is_offered(place):
        return True
    if feedback.says_solved(given) and cases.asked_lately(tx, given.sender_id):
        return True
    return not whole and staff.strongest_role(tx, given.sender_id) is not None


def _puzzled(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """What a member sends may be for people to read: it is kept, and offered to be."""
    works_here = staff.strongest_role(tx, person.user_id) is not None
    member = members.get_by_user(tx, person.user_id) is not None
    if member and not works_here and (last := feedback.last_word(tx, person, given)):
        return [last]
    if member and not works_here and (said := feedback.worth_reading(given)):
        return feedback.offer(tx, person, dialogues, given, said)
    if given.kind == "photo":
        return [Say("member_photo_declined")]
    return [Say("not_understood", {"kind": given.kind, "member": member, "works_here": works_here})]


def _press(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    return dialogues.press(tx, person, given)


def _turn(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> Say:
    return dialogues.turn(tx, person, given)


def _lose_group(tx: Tx, _person: Person, chat_id: int) -> None:
    staff_groups.lose(tx, chat_id)


def _note_reach(tx: Tx, person: Person, reachable: bool) -> Say | None:
    """Who comes back is told if something did not reach them."""
    if not reachable:
        people.mark_unreachable(tx, person.user_id)
        return None
    count, bodies = digests.take_missed(tx, person.user_id)
    return Say("missed_meanwhile", {"count": count, "bodies": bodies}) if count else None


_ATTACHMENTS = (
    "contact", "photo", "document", "voice", "audio", "video", "video_note", "sticker", "animation", "location",
)  # fmt: skip
ROUTES = (
    Route(
        cancel,
        command="cancel",
        words=("取消", "退出", "算了", "cancel", "stop", "quit", "exit"),
        verbs=("cancel",),
        within_dialogue=True,
    ),
    Route(
        thanked,
        words=("thanks", "thank you", "thx", "谢谢", "謝謝", "谢谢您", "謝謝您", "多谢", "多謝", "感谢", "感謝"),
        within_dialogue=True,
    ),
    Route(heard, kinds=("text",), within_dialogue=True),
    Route(pressed, verbs=("d",), within_dialogue=True),
    Route(turned, verbs=("turn",), within_dialogue=True),
    Route(unknown_press, kinds=("press",), within_dialogue=True),
    Route(
        sent_something,
        kinds=_ATTACHMENTS,
        within_dialogue=True,
    ),
    Route(edited, kinds=("edited",), within_dialogue=True),
    Route(membership, kinds=("member",), within_dialogue=True, in_groups=True),
)
FALLBACK = Route(heard, within_dialogue=True)
IN_GROUP = Route(in_group, within_dialogue=True, in_groups=True)
