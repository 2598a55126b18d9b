"""Holds, refunds and adjustments: see money.sql."""

from pathlib import Path

from db.migrations import ddl

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    ddl.run(Path(__file__).with_name("money.sql").read_text(encoding="utf-8"))
