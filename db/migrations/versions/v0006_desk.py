"""The service desk: cases and their threads: see the files."""

from pathlib import Path

from db.migrations import ddl

revision = "0006"
down_revision = "0005"

_PARTS = (
    "cases", "case_messages", "case_compensations", "rated_cases", "staff_groups", "notes", "care", "satisfaction",
    "training", "kept_words",
)  # fmt: skip


def upgrade() -> None:
    for part in _PARTS:
        ddl.run(Path(__file__).with_name(f"{part}.sql").read_text(encoding="utf-8"))
