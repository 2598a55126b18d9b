"""`/here` in a group of staff: new cases are shown there, masked, and taken from there."""

from __future__ import annotations

from dataclasses import asdict, replace

from actions import case_desk, staff_groups
from actions.staff_groups import Choices, Settled
from bot.context import Ctx, refused
from bot.presses import id_at
from bot.routing import Route
from db.database import Tx
from db.people import Person
from db.staff_groups import Group
from loyalty.errors import Refusal
from loyalty.messages import Post, Say


async def here(ctx: Ctx) -> None:
    given = ctx.given
    if given.private:
        await ctx.say("group_how")
    elif given.addressee.lower() not in ("", ctx.services.bot_username.lower()):
        await ctx.say(None)
    else:
        body = given.body or {}
        topic = body.get("message_thread_id", 0) if body.get("is_topic_message") else 0
        group = Group(given.chat_id, 0, topic, str(body.get("chat", {}).get("title", "")).replace("\0", ""))
        await ctx.act(_settle, group, given.args.strip())


async def take(ctx: Ctx) -> None:
    await ctx.act(_take, id_at(ctx.given))


async def open_case(ctx: Ctx) -> None:
    await ctx.act(_open, id_at(ctx.given))


def _settle(tx: Tx, person: Person, group: Group, code: str) -> Say:
    """Whatever comes of it is said in the topic where it was asked."""
    try:
        with tx.savepoint():
            said = _said(staff_groups.settle(tx, person, group, code))
    except Refusal as refusal:
        said = refused(refusal)
    return replace(said, post=Post(group.topic_id))


def _said(found: Settled | Choices) -> Say:
    return Say("group_set" if isinstance(found, Settled) else "group_which", asdict(found))


def _take(tx: Tx, person: Person, case_id: int) -> Say:
    """What comes of it is said to who pressed, in private: the group sees its message change."""
    try:
        with tx.savepoint():
            return Say("case_desk", asdict(case_desk.take(tx, person, case_id)), to=person.user_id)
    except Refusal as refusal:
        return _privately(person, refusal)


def _open(tx: Tx, person: Person, case_id: int) -> Say:
    try:
        return Say("case_desk", asdict(case_desk.look(tx, person, case_id)), to=person.user_id)
    except Refusal as refusal:
        return _privately(person, refusal)


def _privately(person: Person, refusal: Refusal) -> Say:
    said = refused(refusal)
    return Say(said.template, said.params, to=person.user_id)


ROUTES = (
    Route(here, command="here", in_groups=True, within_dialogue=True),
    Route(take, verbs=("grouptake",), in_groups=True, within_dialogue=True),
    Route(open_case, verbs=("groupopen",), in_groups=True, within_dialogue=True),
)
