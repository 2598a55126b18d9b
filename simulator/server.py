"""The simulator on a loopback port, inside a running event loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn

from simulator.app import create_app
from simulator.world import World


def configured(world: World) -> uvicorn.Config:
    """How the simulator is served: quietly, and without waiting for long polls at the end."""
    # No configuration of logging: it would take the place of that of a bot in the same process.
    return uvicorn.Config(
        create_app(world),
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=1,
        # With uvicorn's five seconds, bots that pause find connections closed under the next call, and some lose it.
        timeout_keep_alive=75,
        lifespan="off",
        proxy_headers=False,
    )


def listening(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A bound socket; port 0 chooses a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.create_server((host, port), family=family)
    bound.setblocking(False)  # noqa: FBT003  # the standard library's own signature
    # What is accepted inherits it; else the end of an answer waits, up to 40 ms, for its beginning to be acknowledged.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


@contextlib.asynccontextmanager
async def serving(world: World, port: int = 0) -> AsyncIterator[str]:
    """Serve the world while the block runs; gives the URL to use in place of https://api.telegram.org."""
    server = _Quiet(configured(world))
    with contextlib.closing(listening(port=port)) as bound:
        running = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            await server.ready.wait()
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            for bot in world.bots.values():
                bot.updates.hang_up()
            server.should_exit = server.force_exit = True
            await running


class _Quiet(uvicorn.Server):
    """Leaves signals to whoever started the loop, and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
