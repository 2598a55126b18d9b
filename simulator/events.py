"""Server-sent events for one person's page."""

import asyncio
from collections.abc import AsyncIterator

from simulator.updates import Bell
from simulator.wire import Json, encode
from simulator.world import World

HEARTBEAT = 15.0


class _Subscriber:
    """Collects what one person sees; equal events that wait are told once."""

    def __init__(self, person_id: int) -> None:
        self.person_id = person_id
        self.waiting: dict[bytes, None] = {}
        self.bell = Bell()

    def hear(self, event: str, data: Json, viewers: set[int] | None) -> None:
        if viewers is None or self.person_id in viewers:
            self.waiting[b"event: " + event.encode() + b"\ndata: " + encode(data) + b"\n\n"] = None
            self.bell.ring()

    def take(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), {}
        return taken


async def event_stream(world: World, person_id: int) -> AsyncIterator[bytes]:
    """Events for that person until the client goes away."""
    subscriber = _Subscriber(person_id)
    world.watchers.append(subscriber.hear)
    try:
        yield b": connected\n\n"
        while True:
            if not subscriber.waiting:
                await subscriber.bell.wait(HEARTBEAT)
            yield subscriber.take() or b": still here\n\n"
            # A burst becomes one frame.
            await asyncio.sleep(0)
    finally:
        world.watchers.remove(subscriber.hear)
