"""All that is held about a member, as a spreadsheet to read and as JSON for programs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from actions.privacy import Dossier
from bot import data_sheets
from bot.documents import Kind, Row, Sheet, add_history, add_table
from bot.words import N_, Language
from loyalty.birthdays import Birthday

_LABELS = {
    "number": N_("Card number"), "name": N_("Name"), "phone": N_("Phone"), "birthday": N_("Birthday"),
    "tier": N_("Tier"), "invite_code": N_("Invitation code"), "home_store": N_("Home store"),
    "joined_at": N_("Member since"), "gender": N_("Gender"), "email": N_("E-mail"), "address": N_("Address"),
    "district": N_("District"), "employer": N_("Employer"), "job": N_("Job"), "likes": N_("Likes"),
    "sizes": N_("Sizes"), "allergies": N_("Allergies"), "contact": N_("Contact by"), "source": N_("Joined"),
    "balance": N_("Points"), "deficit": N_("Points owed"), "tier_since": N_("Tier since"),
    "keep_until": N_("Tier kept until"), "told_at": N_("Birthday changed"),
    "counts_from": N_("Changed birthday counts from"), "warned_at": N_("Asked whether to stay"),
    "stayed_at": N_("Said to stay"), "user_id": N_("Telegram number"), "language": N_("Language"),
    "easy_mode": N_("Easy mode"), "quiet": N_("Quiet hours"),
}  # fmt: skip
_CHOICES = {
    "female": N_("Female"), "male": N_("Male"), "other": N_("Other"), "telegram": N_("Telegram"),
    "phone": N_("By phone"), "email": N_("By e-mail"),
}  # fmt: skip
_SOURCES = {
    "walk_in": N_("at a store"), "online": N_("on Telegram"), "counter": N_("at the counter"),
    "import": N_("taken over"),
}  # fmt: skip
_LANGUAGES = {"zh_Hans": "简体中文", "zh_Hant": "繁體中文", "en": "English"}


def data_workbook(language: Language, dossier: Dossier) -> bytes:
    """An .xlsx file: a sheet about the person, one of the points, and one of each other thing there is something of."""
    _ = language.gettext
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        add_table(workbook, language, Sheet(_("About me"), (_("What"), _("Held")), _about(language, dossier)))
        add_history(workbook, language, dossier.lines)
        for sheet in data_sheets.sheets(language, dossier):
            add_table(workbook, language, sheet)
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
    told: dict[str, tuple[Kind, Any]] = {
        "number": ("text", member["number"]),
        "name": ("text", member["name"]),
        "phone": ("text", member["phone"]),
        "birthday": ("text", _birthday(language, member)),
        "tier": ("text", language.local(language.charter.tier(member["tier"]).names)),
        "invite_code": ("text", member["invite_code"]),
        "home_store": ("text", dossier.stores.get(member["home_store_id"], "")),
        "joined_at": ("time", member["joined_at"]),
        "source": ("text", _source(language, member)),
    }
    told |= {row["field"]: ("text", _value(language, row)) for row in dossier.held["profile_field"]}
    for field, cell in (told | _standing(dossier) | _settings(language, dossier)).items():
        yield [("text", language.gettext(_LABELS.get(field, field))), cell]


def _standing(dossier: Dossier) -> dict[str, tuple[Kind, Any]]:
    """What the account holds, and what follows from having been away or having changed the birthday."""
    (account,) = dossier.held["account"]
    columns: tuple[tuple[str, str, Kind], ...] = (
        ("birthday_change", "told_at", "time"), ("birthday_wait", "counts_from", "text"),
        ("retention", "warned_at", "time"), ("retention", "stayed_at", "time"),
    )  # fmt: skip
    told: dict[str, tuple[Kind, Any]] = {
        "balance": ("points", account["balance"]),
        "deficit": ("points", account["deficit"]),
        "tier_since": ("time", account["tier_since"]),
        "keep_until": ("text", account["keep_until"]),
    }
    return told | {column: (kind, row[column]) for table, column, kind in columns for row in dossier.held[table]}


def _settings(language: Language, dossier: Dossier) -> dict[str, tuple[Kind, Any]]:
    """Of the Telegram account; {} for who has none here."""
    _, told = language.gettext, dict[str, tuple[Kind, Any]]()
    for person in dossier.held["person"]:
        told["user_id"] = "text", str(person["user_id"])
        told["language"] = "text", _LANGUAGES.get(person["language"]) or _("as in Telegram")
        told["easy_mode"] = "text", _("on – large card, short sentences") if person["easy_mode"] else _("off")
        told["quiet"] = "text", _quiet(person)
    return told


def _quiet(person: Mapping[str, Any]) -> str:
    begins, ends = person["quiet_from"], person["quiet_until"]
    return f"{begins} – {ends}" if begins != ends else ""


def _source(language: Language, member: Mapping[str, Any]) -> str:
    told: str = member["source"]
    return language.gettext(_SOURCES[told]) if told in _SOURCES else told


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


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _iso(value) if name.endswith("_at") and value else value for name, value in row.items()}


def _iso(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1000, dt.UTC).isoformat()
