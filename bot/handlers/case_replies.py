"""Telegram's own reply to a message about a case, the rest of an album, and edits, go into that case."""

from __future__ import annotations

from dataclasses import asdict

from actions import case_replies
from actions.case_views import Desk
from actions.feedback import CaseView, Said
from bot import attachments
from bot.context import Ctx
from bot.updates import Input
from db.database import Tx
from loyalty.messages import Say


async def take(ctx: Ctx) -> bool:
    """Whether the message belongs to a case, and has been taken there."""
    given, said = ctx.given, attachments.said(ctx.given)
    case_id = await ctx.ask(_case_of, given) if said else 0
    if case_id:
        await ctx.act(case_replies.take, case_id, said, say=_said)
    return bool(case_id)


async def correct(ctx: Ctx) -> bool:
    """Whether the message that was edited stands in a thread, and the thread says so now."""
    given = ctx.given
    if not given.private or not await ctx.ask(case_replies.corrected, given.sender_id, given.message_id):
        return False
    edited_at = (given.body or {}).get("edit_date", 0)
    said = Said(given.text, "", "", f"{given.chat_id}:{given.message_id}:{edited_at}")
    await ctx.act(case_replies.correct, given.message_id, said, say=_said)
    return True


def _case_of(tx: Tx, given: Input) -> int:
    if given.reply_to and (case_id := case_replies.replied(tx, given.chat_id, given.reply_to)):
        return case_id
    if (given.body or {}).get("media_group_id"):
        return case_replies.in_album(tx, given.chat_id, given.message_id)
    return 0


def _said(found: CaseView | Desk) -> Say:
    return Say("case_desk" if isinstance(found, Desk) else "case_added", asdict(found))
