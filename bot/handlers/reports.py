"""`/report`: how the house is doing, as a picture with numbers, by store and time."""

from __future__ import annotations

from dataclasses import replace

from actions import reports_service
from bot.context import Ctx
from bot.presses import argument, id_at
from bot.routing import Route
from loyalty.roles import Role

_FIRST = "this_week"


async def show(ctx: Ctx) -> None:
    await _tell(ctx, choosing=False)


async def stores(ctx: Ctx) -> None:
    await _tell(ctx, choosing=True)


async def spreadsheet(ctx: Ctx) -> None:
    await ctx.act(reports_service.export, argument(ctx.given), id_at(ctx.given, 1))


async def complainers(ctx: Ctx) -> None:
    told = await ctx.ask(reports_service.complainers, ctx.given.sender_id, id_at(ctx.given))
    await ctx.act(reports_service.note_complainers, told, say="report_complainers")


async def _tell(ctx: Ctx, choosing: bool) -> None:
    """Counted on a snapshot: a year's report must not keep the counters waiting that write."""
    period = argument(ctx.given) or _FIRST
    said = await ctx.ask(reports_service.page, ctx.given.sender_id, period, id_at(ctx.given, 1), choosing=choosing)
    await ctx.say(replace(said, params={**said.params, "page": id_at(ctx.given, 2)}), in_place=True)


ROUTES = (
    Route(
        show,
        command="report",
        words=("报表", "報表", "报告", "報告", "report", "reports"),
        verbs=("report",),
        role=Role.MANAGER,
    ),
    Route(stores, verbs=("reportstores",), role=Role.MANAGER, within_dialogue=True),
    Route(spreadsheet, verbs=("reportfile",), role=Role.MANAGER, within_dialogue=True),
    Route(complainers, verbs=("reportagain",), role=Role.MANAGER, within_dialogue=True),
)
