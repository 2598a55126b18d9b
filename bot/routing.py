"""The handler table's type, and how an update finds its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram.ext import Application, BaseHandler

from bot.context import refused
from bot.updates import Input
from loyalty import cards, digits
from loyalty.errors import Refusal
from loyalty.roles import Role

if TYPE_CHECKING:
    from bot.context import Ctx

Handler = Callable[["Ctx"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """One thing the bot does, and all the ways to ask for it.

    role is the least role that may; None is anybody. It decides menus and is checked again inside the action.
    """

    handler: Handler
    command: str = ""
    words: tuple[str, ...] = ()  # whole messages that mean the same, in any language
    verbs: tuple[str, ...] = ()  # first part of callback data
    links: tuple[str, ...] = ()  # kinds of ?start= links
    kinds: tuple[str, ...] = ()  # kinds of input: contact, photo, text, …
    role: Role | None = None
    in_groups: bool = False
    within_dialogue: bool = False  # leaves a dialogue under way as it is


class Router:
    """Finds the route of an input in constant time."""

    def __init__(self, routes: Iterable[Route], fallback: Route, groups: Route) -> None:
        self.routes = tuple(routes)
        self._fallback = fallback
        self._groups = groups
        self._found: dict[tuple[str, str], Route] = {}
        for route in self.routes:
            self._enter(route)

    def _enter(self, route: Route) -> None:
        keys = [("command", route.command)] if route.command else []
        keys += [("word", fold(word)) for word in route.words]
        keys += [("press", verb) for verb in route.verbs]
        keys += [("link", link) for link in route.links]
        keys += [(kind, "") for kind in route.kinds]
        for key in keys:
            if key in self._found:
                raise ValueError(f"two routes for {key}")
            self._found[key] = route

    def find(self, given: Input) -> Route:
        """The route for this input; in groups only those that say so, and a hint for the rest."""
        route = self._find(given) or self._fallback
        if given.private or route.in_groups:
            return route
        return self._groups

    def _find(self, given: Input) -> Route | None:
        if given.kind == "command" and given.command == "start":
            return self._found.get(("link", cards.parse_start(given.args).kind))
        if given.kind == "command":
            return self._found.get(("command", given.command))
        if given.kind == "press":
            return self._found.get(("press", given.data.partition(":")[0])) or self._found.get(("press", ""))
        if given.kind == "text":
            # A reply may belong to what it replies to, whatever the word.
            word = None if given.reply_to else self._found.get(("word", fold(given.text)))
            return word or self._found.get(("text", ""))
        return self._found.get((given.kind, ""))


def fold(word: str) -> str:
    """A typed word as the table knows it: half-width, lower case, without the marks people end with."""
    folded = digits.fold(word).strip().lower()
    # A bare question mark is a word of its own.
    return folded.strip("!！?？。.，, ") or folded


class Entrance(BaseHandler[Input, Any, None]):
    """The one PTB handler: whatever comes, the router's route handles it.

    It is given our Input, not PTB's Update: building that takes a fifth of an answer's time, and nobody looks at it.
    """

    def __init__(self, router: Router) -> None:
        super().__init__(_run)
        self.router = router

    def check_update(self, update: object) -> bool:  # noqa: ARG002 - PTB's signature
        return True


async def _run(_given: Input, ctx: Ctx) -> None:
    """A failure is kept for the worker, which counts it: PTB would log and forget it."""
    try:
        await _handle(ctx)
    except Exception as error:  # noqa: BLE001 - the worker decides what each error means
        ctx.attempt.error = error


async def _handle(ctx: Ctx) -> None:
    """What a handler refuses before it acts is said, as what its action refuses."""
    try:
        await ctx.route.handler(ctx)
    except Refusal as refusal:
        await ctx.say(refused(refusal))


def add_entrance(application: Application[Any, Any, Any, Any, Any, Any], router: Router) -> None:
    application.add_handler(Entrance(router))
