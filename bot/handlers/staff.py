"""Who works here: the list, one-time invitations, and removal."""

from __future__ import annotations

from actions import staff
from actions.staff import Invited
from bot import menus
from bot.context import Ctx
from bot.handlers.joining import telegram_name
from bot.presses import argument, id_at
from bot.routing import Route
from db.database import Tx
from db.people import Person
from loyalty import cards
from loyalty.cards import StartLink
from loyalty.errors import StaleButton
from loyalty.messages import Say
from loyalty.roles import Role


async def roster(ctx: Ctx) -> None:
    await ctx.act(staff.roster, id_at(ctx.given), say="staff_roster", in_place=True)


async def look_at(ctx: Ctx) -> None:
    await ctx.act(staff.look_at, id_at(ctx.given), say="staff_member", in_place=True)


async def confirm_removal(ctx: Ctx) -> None:
    await ctx.act(staff.look_at, id_at(ctx.given), say="staff_remove_confirm", in_place=True)


async def remove(ctx: Ctx) -> None:
    post_id = id_at(ctx.given)
    whose = await ctx.ask(staff.holder_of, post_id)
    await ctx.act(staff.remove, post_id, say="staff_removed", in_place=True)
    menus.refresh(ctx, whose)


async def offer(ctx: Ctx) -> None:
    await ctx.act(staff.openings, argument(ctx.given), id_at(ctx.given, 1), say="staff_invite", in_place=True)


async def invite(ctx: Ctx) -> None:
    username = ctx.services.bot_username

    def invited(made: Invited) -> Say:
        start = cards.start_payload(StartLink("staff", made.token))
        told = {"role": made.role, "store": made.store, "hours": made.hours}
        return Say("staff_invited", told | {"link": f"https://t.me/{username}?start={start}"})

    await ctx.act(_invite, argument(ctx.given), id_at(ctx.given, 1), say=invited)


async def accept(ctx: Ctx) -> None:
    given = ctx.given
    token, name = cards.parse_start(given.args).value, telegram_name(given) or f"ID {given.sender_id}"
    await ctx.act(staff.accept, token, name, say="staff_welcome")
    menus.refresh(ctx, given.sender_id)


def _invite(tx: Tx, person: Person, role: str, store_id: int) -> Invited:
    if role not in list(Role):
        raise StaleButton
    return staff.invite(tx, person, Role(role), store_id)


ROUTES = (
    Route(
        roster,
        command="staff",
        words=("staff", "colleagues", "店员", "店員", "员工", "員工", "同事"),
        verbs=("staff",),
        role=Role.MANAGER,
    ),
    Route(look_at, verbs=("colleague",), role=Role.MANAGER),
    Route(confirm_removal, verbs=("remove",), role=Role.MANAGER),
    Route(remove, verbs=("removed",), role=Role.MANAGER),
    Route(offer, verbs=("invite",), role=Role.MANAGER),
    Route(invite, verbs=("invitation",), role=Role.MANAGER),
    Route(accept, links=("staff",), within_dialogue=True),
)
