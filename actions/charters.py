"""The charter in force, and publishing the next one."""

from __future__ import annotations

from db import audit, charters
from db.database import Tx
from loyalty.charter import Charter, load

# By digest: each message asks for the charter, whose text takes longer to fetch than the answer.
_known: dict[str, Charter] = {}
_MOST_KNOWN = 8


def current(tx: Tx) -> Charter:
    """The charter in force."""
    return current_version(tx)[1]


def current_version(tx: Tx) -> tuple[int, Charter]:
    """Its number and itself. LookupError if none was ever published: the programme publishes one at its first start."""
    found = charters.in_force(tx)
    if found is None:
        raise LookupError("no charter has been published")
    version, digest = found
    return version, _known.get(digest) or _learn(tx, version, digest)


def publish(tx: Tx, text: str, published_by: int) -> int:
    """Put a charter in force; its number. CharterError if it is not sound. The same rules again change nothing."""
    charter = load(text)
    tx.serialise("charter")
    latest = charters.latest(tx)
    if latest and latest.digest == charter.digest:
        return latest.version
    version = charters.add(tx, text, charter.digest, published_by)
    audit.add(tx, published_by, "charter_published", version=version)
    return version


def _learn(tx: Tx, version: int, digest: str) -> Charter:
    published = charters.get(tx, version)
    assert published is not None
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    charter = _known[digest] = load(published.text)
    return charter
