"""What a handler is given: the input, and one transaction to answer it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Concatenate

from telegram.ext import CallbackContext

from bot.updates import Input
from db import inbox, outbox, people, presses
from db.database import Tx
from db.outbox import Queued
from db.people import Person
from loyalty.errors import NotAllowed, NotAMember, Refusal
from loyalty.messages import Say, params_of

if TYPE_CHECKING:
    from bot.dialogues import Dialogues
    from bot.routing import Route
    from bot.services import Services

Saying = str | Say | Iterable[Say] | Callable[[Any], "str | Say | Iterable[Say] | None"] | None


class AlreadyDone(Exception):
    """Somebody, most likely this process before a crash or a sibling, has handled this update."""


class NotYourTurn(Exception):
    """An earlier update of the same sender is still in other hands."""


@dataclass(slots=True)
class Attempt:
    """One try at one update."""

    given: Input
    route: Route
    bot_id: int
    holder: int  # this process
    settled: bool = False
    error: Exception | None = None
    posted: list[Queued] = field(default_factory=list)


current_attempt: ContextVar[Attempt] = ContextVar("current_attempt")


class Ctx(CallbackContext[Any, Any, Any, Any]):
    """PTB's context, narrowed to what handlers here use: `given`, `act`, `services`."""

    @property
    def attempt(self) -> Attempt:
        return current_attempt.get()

    @property
    def given(self) -> Input:
        return self.attempt.given

    @property
    def route(self) -> Route:
        return self.attempt.route

    @property
    def services(self) -> Services:
        services: Services = self.application.bot_data["services"]
        return services

    @property
    def message_key(self) -> str:
        """Names the message that came, among all there ever will be."""
        return f"chat:{self.attempt.bot_id}:{self.given.chat_id}:{self.given.message_id}"

    @property
    def verb_args(self) -> list[str]:
        """The parts of the pressed button's data after its verb."""
        return self.given.data.split(":")[1:]

    async def act(
        self,
        action: Callable[Concatenate[Tx, Person, ...], Any],
        *args: object,
        say: Saying = None,
        in_place: bool = False,
        **kwargs: object,
    ) -> None:
        """Run the action, say what came of it and mark the update done, in one transaction; once per update.

        The action is given the transaction and the person who wrote. `say` is a template's name, whose parameters
        are the action's result, or a Say, several, or a function of the result that returns any of these; left out,
        the result itself is what is said. in_place edits the message whose button was pressed; a refusal is said
        below it.
        """
        attempt, services = self.attempt, self.services
        edit = attempt.given.message_id if in_place and attempt.given.kind == "press" else 0

        def call(tx: Tx, person: Person) -> object:
            return action(tx, person, *args, **kwargs)

        attempt.posted = await services.db.write(_settle, attempt, services.dialogues, call, say, edit)
        attempt.settled = True
        services.courier.send(attempt.posted)

    async def say(self, say: Saying, in_place: bool = False) -> None:
        """Answer without doing anything."""
        await self.act(_nothing, say=say, in_place=in_place)

    async def ask(self, query: Callable[..., Any], *args: object, **kwargs: object) -> Any:
        """Read without writing, before `act`; the query is given the transaction only."""
        return await self.services.db.read(query, *args, **kwargs)

    async def download(self, file_id: str) -> bytes:
        """A file somebody sent, at most 20 MB (Telegram's own limit for bots)."""
        return await self.services.api.download(file_id)


def _nothing(_tx: Tx, _person: Person) -> None:
    """Only to say something."""


def _settle(
    tx: Tx,
    attempt: Attempt,
    dialogues: Dialogues,
    call: Callable[[Tx, Person], object],
    saying: Saying,
    edit: int,
) -> list[Queued]:
    """The one transaction of an update (DESIGN §3): fence, effect, replies. What it returns is ours to send."""
    given = attempt.given
    if not inbox.finish(tx, attempt.bot_id, given.update_id):
        raise NotYourTurn if inbox.is_new(tx, attempt.bot_id, given.update_id) else AlreadyDone
    person = (people.meet if given.private else people.look_up)(tx, given.sender_id, given.language)
    place = (given.sender_id, given.chat_id, given.message_id)
    if given.kind == "press" and not presses.is_first(tx, *place, given.data):
        return []
    try:
        with tx.savepoint():
            left = [] if attempt.route.within_dialogue else dialogues.leave(tx, person, given.chat_id)
            says = _says(saying, call(tx, person))
    except Refusal as refusal:
        left, says = _refuse(tx, person, attempt, dialogues, refusal)
        edit = 0  # what was to be changed in place stands as it was, with its buttons
    return [*_post(tx, attempt, left, edit=0), *_post(tx, attempt, says, edit)]


def _refuse(
    tx: Tx, person: Person, attempt: Attempt, dialogues: Dialogues, refusal: Refusal
) -> tuple[list[Say], list[Say]]:
    """What is said of the dialogue that is left, and of the refusal.

    Who is on the way in stays there: what was asked for is not for them, not yet or not at all.
    """
    chat_id = attempt.given.chat_id
    if attempt.route.within_dialogue:
        return [], [refused(refusal)]
    if isinstance(refusal, NotAMember | NotAllowed) and dialogues.lasts(tx, person, chat_id):
        return [], [refused(NotAMember(joining=True) if isinstance(refusal, NotAMember) else refusal)]
    return dialogues.leave(tx, person, chat_id), [refused(refusal)]


def refused(refusal: Refusal) -> Say:
    """How a refusal is said: the template of its own name."""
    return Say(f"refused_{refusal.code}", refusal.params())


def _says(saying: Saying, result: Any) -> list[Say]:
    if saying is None:
        saying = result
    if callable(saying):
        saying = saying(result)
    if saying is None:
        return []
    if isinstance(saying, str):
        return [Say(saying, _params(result))]
    return [saying] if isinstance(saying, Say) else list(saying)


def _params(result: Any) -> dict[str, Any]:
    if result is None:
        return {}
    return params_of(result) if is_dataclass(result) else dict(result)


def _post(tx: Tx, attempt: Attempt, says: list[Say], edit: int) -> list[Queued]:
    addressed = [replace(say, to=say.to or attempt.given.chat_id, edit=say.edit or edit) for say in says]
    posted = [outbox.post_leased(tx, say, attempt.holder) for say in addressed]
    return [message for message in posted if message]
