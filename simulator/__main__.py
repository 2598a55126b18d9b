"""`python -m simulator`: the simulator as a process of its own, on this machine only."""

import argparse
import ipaddress
import socket
import sys
from collections.abc import Callable
from io import FileIO
from pathlib import Path

import uvicorn

from simulator.clock import Clock
from simulator.seeds import plant
from simulator.server import configured, listening
from simulator.wire import Json, decode, encode
from simulator.world import World


class Server(uvicorn.Server):
    """Says on standard output when it takes requests, and on which port."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        port = sockets[0].getsockname()[1] if sockets else self.config.port
        sys.stdout.write(f"event=ready port={port}\n")
        sys.stdout.flush()


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    options = _options()
    world = World(Clock(options.zone))
    if options.seed is not None:
        plant(world, decode(options.seed.read_bytes()))
    if options.log is not None:
        world.on_call = _log_writer(options.log.open("ab", buffering=0))
    Server(configured(world)).run(sockets=[listening(options.host, options.port)])
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description="A strict local Telegram.")
    parser.add_argument("--port", type=int, default=8081, help="0 chooses a free one")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--seed", type=Path, help="JSON with bots, people and groups")
    parser.add_argument("--zone", default="", help="the time zone of the page, like Asia/Shanghai; else the browser's")
    parser.add_argument("--log", type=Path, help="append each finished call as a line of JSON")
    options = parser.parse_args()
    if not ipaddress.ip_address(options.host).is_loopback:
        parser.error("--host must be a loopback address: the simulator serves this machine only")
    return options


def _log_writer(file: FileIO) -> Callable[[Json], None]:
    def write(entry: Json) -> None:
        file.write(encode(entry) + b"\n")

    return write


if __name__ == "__main__":
    sys.exit(main())
