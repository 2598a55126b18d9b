"""`python -m simulator` as a process of its own."""

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson
import pytest

from simulator.server import listening

SEED = {
    "bots": [{"token": "9:x", "username": "nine_bot", "name": "Nine"}],
    "people": [{"first_name": "Ann", "id": 11, "phone": "+85290000000"}],
    "groups": [{"title": "Staff", "members": [11, "nine_bot"], "forum": True}],
}


@contextlib.contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "simulator", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = process.stdout.readline().strip()
        assert ready.startswith("event=ready port=")
        try:
            yield process, f"http://127.0.0.1:{ready.rpartition('=')[2]}"
        finally:
            process.kill()


def test_an_answer_waits_for_no_acknowledgement_of_its_beginning() -> None:
    with listening() as door, socket.create_connection(door.getsockname()), door.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_it_serves_its_seed_logs_each_call_and_ends(tmp_path: Path) -> None:
    seed, log = tmp_path / "seed.json", tmp_path / "calls.jsonl"
    seed.write_bytes(orjson.dumps(SEED))
    with started("--seed", str(seed), "--log", str(log)) as (process, url):
        acted = httpx.post(f"{url}/sim/act", json={"as": 11, "chat": 9, "do": "start"}).json()
        sent = httpx.post(f"{url}/bot9:x/sendMessage", data={"chat_id": 11, "text": "hi"}).json()
        assert (acted["ok"], sent["ok"]) == (True, True)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
    [entry] = [orjson.loads(line) for line in log.read_bytes().splitlines()]
    assert (entry["method"], entry["status"], entry["params"]["text"]) == ("sendMessage", 200, "hi")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])
def test_it_serves_this_machine_only(host: str) -> None:
    command = [sys.executable, "-m", "simulator", "--host", host]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "loopback" in refused.stderr
