"""The charter's published versions."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Version:
    version: int
    text: str
    digest: str
    published_by: int
    published_at: int  # epoch ms UTC


_COLUMNS = "version, text, digest, published_by, published_at"


def latest(tx: Tx) -> Version | None:
    """The version in force, with its text; None before the first start."""
    row = tx.one(f"SELECT {_COLUMNS} FROM charter_version ORDER BY version DESC LIMIT 1")
    return Version(*row) if row else None


def in_force(tx: Tx) -> tuple[int, str] | None:
    """Number and digest of the version in force; None before the first start."""
    row = tx.one("SELECT version, digest FROM charter_version ORDER BY version DESC LIMIT 1")
    return (row[0], row[1]) if row else None


def get(tx: Tx, version: int) -> Version | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM charter_version WHERE version = :version", version=version)
    return Version(*row) if row else None


def add(tx: Tx, text: str, digest: str, published_by: int) -> int:
    """Publish; the new version's number."""
    version: int = tx.value(
        "INSERT INTO charter_version (version, text, digest, published_by, published_at) "
        "SELECT COALESCE(MAX(version), 0) + 1, CAST(:text AS TEXT), CAST(:digest AS TEXT), :published_by, :now "
        "FROM charter_version RETURNING version",
        text=text, digest=digest, published_by=published_by, now=tx.now,
    )  # fmt: skip
    return version
