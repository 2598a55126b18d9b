"""The demo as a visitor starts it."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from bot.demo import cast
from tests.demos import Demo, demo, start


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One working folder, so that the two years are made once."""
    return tmp_path_factory.mktemp("visitor")


@pytest.fixture(scope="module")
def at_first_sight(folder: Path) -> dict[int, list[str]]:
    """What stands in everybody's chat at the first start of the day."""
    with demo(folder) as first:
        return _chats(first)


def _chats(running: Demo) -> dict[int, list[str]]:
    return {
        person.user_id: [str(message["text"] or message["caption"]) for message in running.messages(person.user_id)]
        for person in cast.EVERYBODY
    }


def test_it_prints_one_address_and_the_page_is_there(at_first_sight: object, folder: Path) -> None:
    with demo(folder) as running:
        page = httpx.get(running.url, trust_env=False)
        running.ends()
    assert page.status_code == 200
    assert "".join(running.printed).count("http://") == 1


def test_it_says_when_the_bot_takes_updates(at_first_sight: object, folder: Path) -> None:
    with demo(folder) as running:
        assert any("event=ready" in line for line in running.printed)


def test_it_ends_within_five_seconds_and_without_complaint(at_first_sight: object, folder: Path) -> None:
    with demo(folder) as running, httpx.stream("GET", f"{running.url}sim/events?as=1001", trust_env=False) as looking:
        next(looking.iter_bytes())
        assert running.ends() == 0
    assert "Traceback" not in running.complained
    assert "leaked" not in running.complained


def test_the_members_have_talked_with_the_bot_before_anybody_looks(at_first_sight: dict[int, list[str]]) -> None:
    talked = {person for person, texts in at_first_sight.items() if len(texts) >= 2}
    newcomers = {person.user_id for person in cast.NEWCOMERS}
    assert talked == set(at_first_sight) - newcomers


def test_each_start_of_a_day_is_the_same(at_first_sight: dict[int, list[str]], folder: Path) -> None:
    with demo(folder) as before:
        before.says(cast.ANN.user_id, "/help")
    with demo(folder) as again:
        assert _chats(again) == at_first_sight


def test_with_keep_the_chats_and_the_points_stay(at_first_sight: object, folder: Path) -> None:
    ann, clerk = cast.ANN, cast.XIAOCHUAN.user_id
    with demo(folder) as before:
        before.says(clerk, f"/purchase {ann.phone} 300")
        before.hears(ann.user_id, 0, "300.00")
        points = before.says(ann.user_id, "/points")
        said = _chats(before)
    with demo(folder, "--keep") as after:
        assert _chats(after) == said
        assert after.says(ann.user_id, "/points") == points


def test_with_keep_old_buttons_still_work(at_first_sight: object, folder: Path) -> None:
    lin = cast.LIN.user_id
    with demo(folder) as before:
        card = next(message for message in before.messages(lin) if message["photo"])
    with demo(folder, "--keep") as after:
        pressed = after.act(lin, do="press", message=card["id"], row=0, col=0)
        assert pressed["ok"]
        assert after.says(lin, "/help")
        assert after.messages(lin)[-3]["id"] > card["id"]


def test_keep_on_the_first_start_just_starts(
    tmp_path: Path, at_first_sight: dict[int, list[str]], folder: Path
) -> None:
    (tmp_path / "demo-data").mkdir()
    for seed in (folder / "demo-data").glob("seed-*.db"):
        (tmp_path / "demo-data" / seed.name).write_bytes(seed.read_bytes())
    with demo(tmp_path, "--keep") as running:
        assert _chats(running) == at_first_sight


def test_a_taken_port_leads_to_the_next_free_one(at_first_sight: object, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = Demo(folder, "--port", str(port))
        running.ends()
    assert int(running.url.rsplit(":", 1)[1].strip("/")) > port


@pytest.mark.parametrize("name", ["BOT_TOKEN", "BOT_TOKEN_FILE", "BOT_API_URL"])
def test_live_settings_are_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    refused = start(tmp_path, **{name: "anything"})
    _, said = refused.communicate(timeout=30)
    assert refused.returncode == 2
    assert said.strip() == f"{name} is set, and the demo never uses it: unset it, or go live with `./dev run`."
    assert list(tmp_path.iterdir()) == []


def test_a_token_in_the_folders_env_file_is_left_alone(at_first_sight: object, folder: Path) -> None:
    (folder / ".env").write_text("BOT_TOKEN=nonsense\nBOT_MODE=webhook\n")
    with demo(folder) as running:
        assert running.says(cast.ANN.user_id, "/points")
    (folder / ".env").unlink()


def test_a_second_demo_in_the_folder_is_refused(at_first_sight: object, folder: Path) -> None:
    with demo(folder):
        second = start(folder, "--port", "0")
        _, said = second.communicate(timeout=30)
    assert second.returncode == 2
    assert "running in demo-data already" in said
