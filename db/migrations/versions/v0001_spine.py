"""The spine: see spine.sql."""

from pathlib import Path

from db.migrations import ddl

revision = "0001"
down_revision = None


def upgrade() -> None:
    ddl.run(Path(__file__).with_name("spine.sql").read_text(encoding="utf-8"))
