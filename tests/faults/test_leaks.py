"""After a tour of everything at DEBUG level: no personal data in logs, groups or raw bytes; no call gone wrong."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PostgresServer
from tests.faults.chain import chain
from tests.faults.touring import Evidence, canaries, tour
from tests.simulator.shapes import bot_api, faults_of, needs_bot_api

_PATIENCE = 240


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """One tour for all that is looked at afterwards."""
    folder = tmp_path_factory.mktemp("tour")
    if request.param == "sqlite":
        yield asyncio.run(_tour(folder, f"sqlite:///{folder / 'chain.db'}"))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database(template="template0")
    yield asyncio.run(_tour(folder, url))
    server.drop_database(url)


async def _tour(folder: Path, url: str) -> Evidence:
    async with asyncio.timeout(_PATIENCE), chain(folder, url, pairs=2) as made:
        return await tour(made)


def test_the_log_holds_nobodys_data(seen: Evidence) -> None:
    assert "event=update_failed" in seen.log
    assert [(canary, _around(seen.log, canary)) for canary in canaries(seen) if canary in seen.log] == []


def _around(text: str, canary: str) -> str:
    place = text.index(canary)
    return text[max(0, place - 200) : place + 200]


def test_groups_are_told_nothing(seen: Evidence) -> None:
    assert len(set(seen.group)) <= 1
    assert [canary for canary in canaries(seen) for text in seen.group if canary in text] == []


def test_what_lies_in_the_database_cannot_be_read(seen: Evidence) -> None:
    assert seen.stored
    found = [
        (canary, where)
        for canary in canaries(seen)
        for where, stored in seen.stored.items()
        if canary.encode() in stored or canary.encode("utf-16-le") in stored
    ]
    assert found == []


def test_every_press_was_answered_exactly_once(seen: Evidence) -> None:
    asked = Counter(
        call["params"]["callback_query_id"] for call in seen.calls if call["method"] == "answerCallbackQuery"
    )
    assert asked == Counter(press.query_id for press in seen.presses)


def test_telegram_refused_no_call(seen: Evidence) -> None:
    """But where it was told to, and where the thing to edit has no text."""
    expected = ("message is not modified", "there is no text in the message to edit", "terminated by other getUpdates")
    refused = [call for call in seen.calls if call["status"] not in (200, None) and "fault" not in call]
    assert [call for call in refused if not any(text in call["error"] for text in expected)] == []
    assert [call for call in seen.calls if "ignored" in call] == []


@needs_bot_api
def test_every_call_is_shaped_as_documented(seen: Evidence) -> None:
    documented = bot_api()
    assert [fault for call in seen.calls for fault in _faults(documented, call)] == []


def _faults(documented: Mapping[str, Any], call: Mapping[str, Any]) -> list[str]:
    fields = {field["name"]: field for field in documented["methods"][call["method"]].get("fields", [])}
    params = call["params"]
    wrong = [
        f"{call['method']}: {name} is missing" for name, one in fields.items() if one["required"] and name not in params
    ]
    wrong += [f"{call['method']}: {name} is unknown" for name in params if name not in fields]
    for name in params.keys() & fields.keys():
        types = fields[name]["types"]
        if "InputFile" in types or (name == "offset" and params[name] == 0):
            continue
        value = _decoded(params[name], types, multipart="<file" in str(params))
        wrong += faults_of(documented, value, types, f"{call['method']}.{name}")
    return wrong


def _decoded(value: Any, types: list[str], multipart: bool) -> Any:
    """In a form everything is text."""
    return json.loads(value) if multipart and "String" not in types else value


def test_the_tour_went_far(seen: Evidence) -> None:
    assert len(seen.verbs) > 30
    assert len({call["method"] for call in seen.calls}) >= 9
