"""Telegram's own reply to a message about a case, the rest of an album, and edits, go into that case."""

from __future__ import annotations

from dataclasses import asdict

from actions import case_replies
from actions.case_views import Desk
from actions.feedback import CaseView, Said
from bot import attachments
from bot.context import Ctx
from loyalty.messages import Say


async def take(ctx: Ctx) -> bool:
    """Whether the message belongs to a case, and has been taken there."""
    given, said = ctx.given, attachments.said(ctx.given)
    if said and await ctx.ask(case_replies.goes_with_answer, given.chat_id, said):
        await ctx.act(case_replies.gather, said)
        return True
    place = await ctx.ask(case_replies.place_of, given.chat_id, said, given.reply_to) if said else None
    if place:
        await ctx.act(case_replies.take, place, said, say=_said)
    return place is not None


async def correct(ctx: Ctx) -> bool:
    """Whether the message that was edited stands in a thread, and the thread says so now."""
    given = ctx.given
    if not given.private or not await ctx.ask(case_replies.corrected, given.sender_id, given.message_id):
        return False
    edited_at = (given.body or {}).get("edit_date", 0)
    words = given.args if given.command else given.text
    said = Said(words, "", "", f"{given.chat_id}:{given.message_id}:{edited_at}")
    await ctx.act(case_replies.correct, given.message_id, said, bool(given.command), say=_said)
    return True


def _said(found: CaseView | Desk) -> Say:
    return Say("case_desk" if isinstance(found, Desk) else "case_added", asdict(found))
