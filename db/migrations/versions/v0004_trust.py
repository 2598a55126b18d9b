"""The audit's chain, erasure and retention: see trust.sql."""

from pathlib import Path

from db.migrations import ddl

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    ddl.run(Path(__file__).with_name("trust.sql").read_text(encoding="utf-8"))
