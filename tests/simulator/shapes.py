"""A machine-readable Bot API, where there is one beside the repository: what is required, and of which type."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

# Not part of the repository; tests that need it are skipped, visibly, where it is absent.
PATH = Path(__file__).parents[3] / "shared" / "telegram-bot-api-10.0.json"
needs_bot_api = pytest.mark.skipif(not PATH.exists(), reason="no machine-readable Bot API beside the repository")
PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
}


def bot_api() -> dict[str, Any]:
    loaded: dict[str, Any] = orjson.loads(PATH.read_bytes())
    return loaded


def faults_of(api: dict[str, Any], value: Any, kinds: list[str], where: str = "") -> list[str]:
    """What is wrong with a value that should be of one of those types; empty when nothing is."""
    found = [_faults(api, value, kind, where or kind) for kind in kinds]
    return min(found, key=len)


def _faults(api: dict[str, Any], value: Any, kind: str, where: str) -> list[str]:
    if match := re.fullmatch(r"Array of (.+)", kind):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no array"]
        return [fault for i, one in enumerate(value) for fault in _faults(api, one, match[1], f"{where}[{i}]")]
    if kind in PLAIN:
        good = isinstance(value, PLAIN[kind]) and (kind in ("Boolean", "True") or not isinstance(value, bool))
        return [] if good else [f"{where}: {value!r} is no {kind}"]
    return _object_faults(api, value, api["types"][kind], where)


def _object_faults(api: dict[str, Any], value: Any, definition: dict[str, Any], where: str) -> list[str]:
    if "subtypes" in definition:
        return faults_of(api, value, definition["subtypes"], where)
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no object"]
    fields = {field["name"]: field for field in definition.get("fields", [])}
    wrong = [f"{where}: {name} is missing" for name, one in fields.items() if one["required"] and name not in value]
    wrong += [f"{where}: {name} is unknown" for name in value if name not in fields]
    for name in value.keys() & fields.keys():
        wrong += faults_of(api, value[name], fields[name]["types"], f"{where}.{name}")
    return wrong
