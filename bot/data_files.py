"""All that is held about a member, as a spreadsheet to read and as JSON for programs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, Literal

from xlsxwriter import Workbook

from actions.privacy import Dossier
from bot.documents import Row, Sheet, add_history, add_table
from bot.words import N_, Language
from loyalty.birthdays import Birthday

_LABELS = {
    "number": N_("Card number"), "name": N_("Name"), "phone": N_("Phone"), "birthday": N_("Birthday"),
    "tier": N_("Tier"), "invite_code": N_("Invitation code"), "home_store": N_("Home store"),
    "joined_at": N_("Member since"), "gender": N_("Gender"), "email": N_("E-mail"), "address": N_("Address"),
    "district": N_("District"), "employer": N_("Employer"), "job": N_("Job"), "likes": N_("Likes"),
    "sizes": N_("Sizes"), "allergies": N_("Allergies"), "contact": N_("Contact by"),
}  # fmt: skip
_CHOICES = {
    "female": N_("Female"), "male": N_("Male"), "other": N_("Other"), "telegram": N_("Telegram"),
    "phone": N_("By phone"), "email": N_("By e-mail"),
}  # fmt: skip
_STATES = {
    "recorded": N_("recorded"), "undone": N_("undone"), "held": N_("reserved"), "captured": N_("handed over"),
    "cancelled": N_("cancelled"), "lapsed": N_("not collected in time"),
}  # fmt: skip
_COUPON_STATES = {
    "held": N_("not used yet"), "used": N_("used"), "lapsed": N_("lapsed"),
}  # fmt: skip
_CONSENTS = {
    "privacy": N_("Privacy policy"), "charter": N_("Programme rules"), "counter": N_("Agreed at the counter"),
}  # fmt: skip
_LOOKS = {
    "member_opened": N_("Page at the counter"), "member_revealed": N_("Whole phone number"),
    "member_listed": N_("Name, in a list or a search"), "purchases_read": N_("Purchases"), "points_read": N_("Points"),
    "notes_read": N_("Notes"), "case_read": N_("Feedback"), "record_read": N_("What staff did for the member"),
}  # fmt: skip
_ROLES = {"owner": N_("owner"), "manager": N_("manager"), "clerk": N_("clerk")}


def data_workbook(language: Language, dossier: Dossier) -> bytes:
    """An .xlsx file: a sheet about the person, one each for points, purchases, gifts, coupons, consents and looks."""
    _ = language.gettext
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        add_table(workbook, language, Sheet(_("About me"), (_("What"), _("Held")), _about(language, dossier)))
        add_history(workbook, language, dossier.lines)
        for sheet in (_purchases, _gifts, _coupons, _consents, _looks):
            add_table(workbook, language, sheet(language, dossier))
    return file.getvalue()


def data_json(language: Language, dossier: Dossier) -> bytes:
    """Every row, by table and column. Times are ISO 8601 in UTC, amounts minor units of `currency`."""
    told = {
        "programme": language.local(language.charter.programme.names),
        "currency": language.charter.currency,
        "made_at": _iso(dossier.made_at),
        "stores": dossier.stores,
        "gifts": dossier.gifts,
        "coupons": dossier.coupons,
        "held": {table: [_readable(row) for row in rows] for table, rows in dossier.held.items()},
        "looks": [{"at": _iso(look.at), "what": look.action, "store": look.store, "as": look.role}
                  for look in dossier.looks],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _about(language: Language, dossier: Dossier) -> Iterable[Row]:
    (member,) = dossier.held["member"]
    told: dict[str, tuple[Literal["text", "time"], Any]] = {
        "number": ("text", member["number"]),
        "name": ("text", member["name"]),
        "phone": ("text", member["phone"]),
        "birthday": ("text", _birthday(language, member)),
        "tier": ("text", language.local(language.charter.tier(member["tier"]).names)),
        "invite_code": ("text", member["invite_code"]),
        "home_store": ("text", dossier.stores.get(member["home_store_id"], "")),
        "joined_at": ("time", member["joined_at"]),
    }
    told |= {row["field"]: ("text", _value(language, row)) for row in dossier.held["profile_field"]}
    for field, cell in told.items():
        yield [("text", language.gettext(_LABELS.get(field, field))), cell]


def _value(language: Language, row: Mapping[str, Any]) -> str:
    told: str = row["value"]
    return language.gettext(_CHOICES[told]) if row["field"] in ("gender", "contact") else told


def _birthday(language: Language, member: Mapping[str, Any]) -> str:
    if not member["birthday_month"]:
        return ""
    year = int(member["birth_year"]) if member["birth_year"] else None
    born = Birthday(
        member["birthday_month"], member["birthday_day"], year, bool(member["birthday_lunar"]),
        bool(member["birthday_leap"]),
    )  # fmt: skip
    return language.plain("birthday", {"birthday": born})


def _purchases(language: Language, dossier: Dossier) -> Sheet:
    _ = language.gettext
    items: dict[int, list[str]] = {}
    for line in dossier.held["purchase_line"]:
        items.setdefault(line["purchase_id"], []).append(line["item"])
    rows: list[Row] = [
        [
            ("time", row["occurred_at"]),
            ("text", dossier.stores.get(row["store_id"], "")),
            ("money", row["amount"]),
            ("money", row["refunded"]),
            ("points", row["points"]),
            ("text", _(_STATES.get(row["status"], row["status"]))),
            ("text", ", ".join(items.get(row["id"], ()))),
        ]
        for row in dossier.held["purchase"]
    ]
    headings = (_("Date"), _("Store"), _("Amount"), _("Refunded"), _("Points"), _("State"), _("Goods"))
    return Sheet(_("Purchases"), headings, rows)


def _gifts(language: Language, dossier: Dossier) -> Sheet:
    _ = language.gettext
    rows: list[Row] = [
        [
            ("time", row["reserved_at"]),
            ("text", language.local(dossier.gifts[row["gift_id"]])),
            ("text", dossier.stores.get(row["store_id"], "")),
            ("points", row["points"]),
            ("text", _(_STATES.get(row["state"], row["state"]))),
        ]
        for row in dossier.held["gift_reservation"]
    ]
    return Sheet(_("Gifts"), (_("Date"), _("Gift"), _("Store"), _("Points"), _("State")), rows)


def _coupons(language: Language, dossier: Dossier) -> Sheet:
    _ = language.gettext
    rows: list[Row] = [
        [
            ("time", row["granted_at"]),
            ("text", language.local(dossier.coupons[row["terms_id"]])),
            ("time", row["usable_until"]),
            ("text", _(_COUPON_STATES[row["state"]])),
            ("text", dossier.stores.get(row["store_id"], "")),
            ("money", row["saving"]),
        ]
        for row in dossier.held["coupon"]
    ]
    return Sheet(_("Coupons"), (_("Date"), _("Coupon"), _("Until"), _("State"), _("Store"), _("Saved")), rows)


def _consents(language: Language, dossier: Dossier) -> Sheet:
    _ = language.gettext
    rows: list[Row] = [
        [("time", row["given_at"]), ("text", _(_CONSENTS.get(row["kind"], row["kind"]))), ("points", row["version"])]
        for row in dossier.held["consent"]
    ]
    return Sheet(_("Consents"), (_("Date"), _("What"), _("Version")), rows)


def _looks(language: Language, dossier: Dossier) -> Sheet:
    _ = language.gettext
    rows: list[Row] = [
        [
            ("time", look.at),
            ("text", _(_LOOKS.get(look.action, look.action))),
            ("text", look.store),
            ("text", _(_ROLES[look.role]) if look.role else ""),
        ]
        for look in dossier.looks
    ]
    return Sheet(_("Who looked at my data")[:31], (_("Date"), _("What"), _("Store"), _("As what")), rows)


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _iso(value) if name.endswith("_at") and value else value for name, value in row.items()}


def _iso(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1000, dt.UTC).isoformat()
