"""Gifts: see gifts.sql."""

from pathlib import Path

from db.migrations import ddl

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    ddl.run(Path(__file__).with_name("gifts.sql").read_text(encoding="utf-8"))
