"""The charter in force, and publishing the next one."""

from __future__ import annotations

from functools import lru_cache

from db import audit, charters
from db.database import Tx
from loyalty.charter import Charter, load


@lru_cache(maxsize=8)
def _loaded(text: str) -> Charter:
    return load(text)


def current(tx: Tx) -> Charter:
    """The charter in force."""
    return current_version(tx)[1]


def current_version(tx: Tx) -> tuple[int, Charter]:
    """Its number and itself. LookupError if none was ever published: the programme publishes one at its first start."""
    version = charters.latest(tx)
    if version is None:
        raise LookupError("no charter has been published")
    return version.version, _loaded(version.text)


def publish(tx: Tx, text: str, published_by: int) -> int:
    """Put a charter in force; its number. CharterError if it is not sound. The same rules again change nothing."""
    charter = load(text)
    latest = charters.latest(tx)
    if latest and latest.digest == charter.digest:
        return latest.version
    version = charters.add(tx, text, charter.digest, published_by)
    audit.add(tx, published_by, "charter_published", version=version)
    return version
