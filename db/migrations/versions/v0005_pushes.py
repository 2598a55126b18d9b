"""Jobs, the courier's pace and members' choices, coupons, tier reviews, series, promotions: see the files."""

from pathlib import Path

from db.migrations import ddl

revision = "0005"
down_revision = "0004"

_PARTS = ("jobs", "courier", "coupons", "reviews", "series", "campaigns", "surveys", "proofs")


def upgrade() -> None:
    for part in _PARTS:
        ddl.run(Path(__file__).with_name(f"{part}.sql").read_text(encoding="utf-8"))
