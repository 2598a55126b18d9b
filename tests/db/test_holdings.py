"""Nothing about a member is left out of the export, or of the erasure, but by name and with a reason."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from db import holdings

# What the member is not given, and why.
NOT_TOLD = {
    "member": {
        "card_token": "a keyed hash of the card's token, which is given",
        "enrolled_by": "who of the staff it was",
    },
    "service_case": {
        "opened_by": "the member's own account, or who of the staff it was",
        "holder": "who of the staff has it",
        **dict.fromkeys(
            ("answer_due", "resolve_due", "left_ms", "paused_at", "paused_ms", "warned", "escalated", "reminded_at"),
            "the desk's own clockwork",
        ),
    },
    "case_line": {
        "author": "the member's own account, or who of the staff it was",
        "file_id_sealed": "Telegram's name for what the member sent",
        "source": "where in the chat it came from",
        "album": "which pictures were sent together, by Telegram's number",
    },
    "member_note": {"file_id_sealed": "Telegram's name for what staff sent with it"},
    "care_task": {"clerk": "who of the staff it was", "taken_on": "when a clerk was given it"},
    "member_key": "opens everything that is given",
    "member_lookup": "keyed hashes of name and phone, which are given",
    "member_phone": "a keyed hash of the phone, which is given",
    "account_expiry": "sums of the lots, which are given",
    "erasure": "only there once nothing else is",
    "refund_line": "the refund's detail tells the lines",
}
STAFF = {
    "actor",
    "recorded_by",
    "undone_by",
    "refunded_by",
    "asked_by",
    "decided_by",
    "resolved_by",
    "granted_by",
    "used_by",
    "noted_by",
}
MECHANICS = {"key", "content", "code_token", "place", "mac"}


def columns(path: Path) -> dict[str, set[str]]:
    """Of the tables that are about members."""
    with sqlite3.connect(path) as connection:
        found: dict[str, set[str]] = {}
        for table, column in connection.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        ):
            found.setdefault(table, set()).add(column)
    connection.close()
    return {table: names for table, names in found.items() if "member_id" in names or table == "member"}


def test_every_column_about_a_member_is_exported_or_left_out_for_a_reason(sqlite_template: Path) -> None:
    missing = {}
    for table, names in columns(sqlite_template).items():
        left_out = NOT_TOLD.get(table, {})
        if isinstance(left_out, str):
            continue
        told = set(holdings._HELD.get(table, "").split(", "))
        missing[table] = names - told - set(left_out) - STAFF - MECHANICS - {"member_id"}
    assert {table: names for table, names in missing.items() if names} == {}
