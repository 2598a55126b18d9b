"""Telegram's ids of pictures sent before, so that a picture is drawn and uploaded once."""

from __future__ import annotations

from db.database import Tx


def get(tx: Tx, key: str) -> str | None:
    """The file id kept for this digest of a drawing."""
    file_id: str | None = tx.value("SELECT file_id FROM picture_file WHERE key = :key", key=key)
    return file_id


def keep(tx: Tx, key: str, file_id: str) -> None:
    tx.run(
        "INSERT INTO picture_file (key, file_id, kept_at) VALUES (:key, :file_id, :now) "
        "ON CONFLICT (key) DO UPDATE SET file_id = excluded.file_id, kept_at = excluded.kept_at",
        key=key, file_id=file_id, now=tx.now,
    )  # fmt: skip
