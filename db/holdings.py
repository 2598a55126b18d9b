"""Everything the tables hold about one member, for the member to take away."""

from __future__ import annotations

import json
from typing import Any

from db import members
from db.database import Tx
from loyalty.vault import MemberVault

# Table by table, what the member is given. Sealed columns are opened, JSON is
# read. Who of the staff did something is the staff's own data. tests/db/test_holdings.py holds this against the
# schema: nothing else is left out but by name and with a reason.
_HELD = {
    "member": (
        "id, number, user_id, status, tier, source, home_store_id, referrer_id, invite_code, card_sealed, "
        "name_sealed, phone_sealed, birth_year_sealed, birthday_month, birthday_day, birthday_lunar, birthday_leap, "
        "charter_version, joined_at"
    ),
    "profile_field": "field, value_sealed, changed_at",
    "member_note": "id, field, words_sealed, file_kind, store_id, noted_at, corrected_at",
    "care_task": "id, rule, period, store_id, due_on, made_at, state, tries, settled_at",
    "consent": "id, kind, version, given_at",
    "birthday_change": "id, told_at",
    "birthday_given": "year, kept_on, coupon_id, given_at, greeted_at",
    "birthday_wait": "counts_from",
    "rhythm": "what, item, category, every_days, last_on, due_on, told_on",
    "retention": "warned_at, stayed_at",
    "account": (
        "balance, deficit, entries, tier_since, frozen_at, period_from, period_until, keep_until, announced, review_on"
    ),
    "account_month": "month, spent, purchases, earned",
    "tier_change": "id, tier_before, tier_after, since_before, purchase_id, review, changed_at",
    "purchase": (
        "id, store_id, amount, currency, payment, points, status, occurred_at, recorded_at, undone_at, refunded, "
        "points_back"
    ),
    "refund": "id, purchase_id, store_id, amount, points, detail, refunded_at, entry_id",
    "entry": (
        "id, kind, points, balance_after, reason, store_id, purchase_id, reverses, detail, occurred_at, recorded_at"
    ),
    "lot": "id, entry_id, points, remaining, lapsed, active_at, expires_at",
    "hold": "entry_id, points, state",
    "adjustment": "id, store_id, points, reason, note_sealed, state, asked_at, decided_at, entry_id",
    "gift_reservation": (
        "id, gift_id, store_id, points, cash, state, entry_id, code_sealed, reserved_at, collect_from, collect_by, "
        "resolved_at, told_at"
    ),
    "gift_waiting": (
        "id, gift_id, store_id, state, joined_at, offered_store_id, offered_at, told_at, decide_by, resolved_at"
    ),
    "coupon": (
        "id, definition_id, terms_id, why, state, usable_from, usable_until, code_sealed, granted_at, ended_at, "
        "store_id, purchase_id, saving, reminded_days"
    ),
    "purchase_saving": "purchase_id, full_amount, saved, detail",
    "service_case": (
        "id, kind, category, severity, store_id, purchase_id, reservation_id, opened_at, source, state, answered_at, "
        "answer_ms, answer_late, resolved_at, resolve_ms, resolve_late, ended_at, reopened, merged_into, "
        "score_asked_at, score, rates"
    ),
    "case_line": "id, case_id, side, words_sealed, file_kind, at",
    "case_compensation": "id, case_id, store_id, points, coupon, state, asked_at, settled_at, entry_id, coupon_id",
    "survey": "id, about, subject_id, store_id, asked_at, score, words_sealed, answered_at",
    "recommendation": "id, quarter, store_id, asked_at, score, words_sealed, answered_at",
    "audit": "id, at, action, store_id, detail",
}
_JSON = ("detail",)
_AMONG_STAFF = ("compensation_asked", "compensation_declined")


def list_held(tx: Tx, member_id: int) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that is about this member, by column; LookupError for the erased."""
    vault = members.vault_of(tx, member_id)
    held = {table: _rows(tx, vault, table, member_id) for table in _HELD}
    held["purchase_line"] = _lines(tx, member_id)
    # What colleagues write to each other is theirs, and so is what they have not agreed to give.
    held["case_line"] = [line for line in held["case_line"] if line["side"] != "note"]
    held["case_compensation"] = [one for one in held["case_compensation"] if one["state"] == "given"]
    held["audit"] = [one for one in held["audit"] if one["action"] not in _AMONG_STAFF]
    held["person"] = _settings(tx, held["member"][0]["user_id"])
    return held


def _rows(tx: Tx, vault: MemberVault, table: str, member_id: int) -> list[dict[str, Any]]:
    listed, key = _HELD[table], "id" if table == "member" else "member_id"
    columns = listed.split(", ")
    rows = tx.all(f"SELECT {listed} FROM {table} WHERE {key} = :member_id ORDER BY 1", member_id=member_id)
    return [_opened(vault, table, dict(zip(columns, row, strict=True))) for row in rows]


def _lines(tx: Tx, member_id: int) -> list[dict[str, Any]]:
    columns = ("purchase_id", "position", "item", "category", "quantity", "amount")
    rows = tx.all(
        "SELECT l.purchase_id, l.position, l.item, l.category, l.quantity, l.amount FROM purchase_line l "
        "JOIN purchase p ON p.id = l.purchase_id WHERE p.member_id = :member_id ORDER BY l.purchase_id, l.position",
        member_id=member_id,
    )
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _settings(tx: Tx, user_id: int) -> list[dict[str, Any]]:
    """How the member's Telegram account wants to be written to."""
    columns = ("user_id", "language", "telegram_language", "easy_mode", "quiet_from", "quiet_until", "met_at")
    row = tx.one(f"SELECT {', '.join(columns)} FROM person WHERE user_id = :user_id", user_id=user_id)
    return [dict(zip(columns, row, strict=True))] if row else []


def _opened(vault: MemberVault, table: str, row: dict[str, Any]) -> dict[str, Any]:
    for column in [name for name in row if name.endswith("_sealed")]:
        # A profile's values are bound to the field they fill in, others to their column.
        place = row["field"] if table == "profile_field" else column.removesuffix("_sealed")
        sealed = bytes(row.pop(column))
        row[column.removesuffix("_sealed")] = vault.open(table, place, sealed) if sealed else ""
    return row | {name: json.loads(row[name]) for name in _JSON if name in row}
