"""Faults on demand: what Telegram or the network may do to a call."""

import asyncio
from dataclasses import asdict, dataclass
from random import Random

from simulator.errors import ApiError, ConnectionDropped, bad_request, forbidden, too_many_requests
from simulator.wire import Json

KINDS = ("too_many_requests", "forbidden", "chat_not_found", "server_error", "hang", "answer_lost", "slow")
# How long a hang holds the line when no delay is given; longer than any client waits.
HANG_MS = 3_600_000


@dataclass(slots=True)
class Fault:
    """One rule: which calls it hits, how often (`times` 0: until cleared) and what happens to them."""

    kind: str
    method: str = "*"
    chat: int | None = None
    times: int = 1
    retry_after: int = 5
    probability: float = 1.0
    delay_ms: int = 0
    hits: int = 0

    def matches(self, method: str, chat: int | None) -> bool:
        if self.times and self.hits >= self.times:
            return False
        named = method != "getupdates" if self.method == "*" else self.method.lower() == method
        return named and (self.chat is None or self.chat == chat)

    def wire(self) -> Json:
        return asdict(self)


class Faults:
    """The rules in force, oldest first. `*` means every method but getUpdates."""

    def __init__(self, random: Random) -> None:
        self.rules: list[Fault] = []
        self._random = random

    def add(self, kind: str, **options: object) -> Fault:
        """Add a rule; refuses an unknown kind (ValueError) or option (TypeError)."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {kind}")
        self.rules.append(Fault(kind, **options))  # type: ignore[arg-type]  # the dataclass names them
        return self.rules[-1]

    def clear(self) -> None:
        self.rules.clear()

    def strike(self, method: str, chat: int | None) -> Fault | None:
        """The rule that hits this call, counted; None when it goes through."""
        for fault in self.rules:
            if fault.matches(method, chat) and self._random.random() < fault.probability:
                fault.hits += 1
                return fault
        return None


async def before(fault: Fault) -> None:
    """What happens instead of the call, or before it: raises unless the call shall still be made."""
    delay_ms = fault.delay_ms or (HANG_MS if fault.kind == "hang" else 0)
    if delay_ms:
        await asyncio.sleep(delay_ms / 1000)
    if fault.kind == "hang":
        raise ConnectionDropped("the server hung up")
    if fault.kind not in ("answer_lost", "slow"):
        raise refusal(fault)


def refusal(fault: Fault) -> ApiError:
    if fault.kind == "too_many_requests":
        return too_many_requests(fault.retry_after)
    if fault.kind == "forbidden":
        return forbidden("bot was blocked by the user")
    if fault.kind == "chat_not_found":
        return bad_request("chat not found")
    return ApiError(500, "Internal Server Error")
