"""How a cell of the sheets of `bot/data_sheets.py` is read off what is held about a member."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from functools import cached_property
from typing import Any

from actions.privacy import Dossier
from bot.words import N_, Language
from loyalty import codes
from loyalty.lots import NEVER

Held = Mapping[str, Any]  # a row, by column

_SURVEYS = {"visit": N_("A visit"), "gift": N_("A gift collected")}


class View:
    """What is held about a member, and the language it is told in."""

    def __init__(self, language: Language, dossier: Dossier) -> None:
        self.language = language
        self.dossier = dossier

    def rows(self, table: str) -> Sequence[Held]:
        """Of `db/holdings.py`, or looks."""
        return [asdict(look) for look in self.dossier.looks] if table == "looks" else self.dossier.held[table]

    def word(self, labels: Mapping[str, str], code: str) -> str:
        """What people say for a code; '' for none."""
        return self.language.gettext(labels[code]) if code in labels else code

    @cached_property
    def purchases(self) -> Mapping[int, Held]:
        return {row["id"]: row for row in self.rows("purchase")}

    @cached_property
    def savings(self) -> Mapping[int, Held]:
        """By purchase."""
        return {row["purchase_id"]: row for row in self.rows("purchase_saving")}

    @cached_property
    def goods(self) -> Mapping[int, list[str]]:
        """Names, by purchase."""
        found: dict[int, list[str]] = {}
        for row in self.rows("purchase_line"):
            found.setdefault(row["purchase_id"], []).append(row["item"])
        return found

    @cached_property
    def cases(self) -> Mapping[int, Held]:
        return {row["id"]: row for row in self.rows("service_case")}

    @cached_property
    def coupons(self) -> Mapping[int, str]:
        """Names, by coupon."""
        names = self.dossier.coupons
        return {row["id"]: self.language.local(names[row["terms_id"]]) for row in self.rows("coupon")}


Read = Callable[[View, Held], Any]


def store(view: View, row: Held) -> str:
    return view.dossier.stores.get(row["store_id"], "")


def gift(view: View, row: Held) -> str:
    return view.language.local(view.dossier.gifts[row["gift_id"]])


def coupon(view: View, row: Held) -> str:
    return view.coupons.get(row["coupon_id"], "")


def category(view: View, row: Held) -> str:
    names = view.language.charter.category_names(row["category"])
    return view.language.local(names) if names else ""


def item(view: View, row: Held) -> str:
    return row["item"] or category(view, row)


def payment(view: View, row: Held) -> str:
    told: str = row["payment"]
    names = next((one.names for one in view.language.charter.payments if one.code == told), None)
    return view.language.local(names or told)


def quantity(_view: View, row: Held) -> str:
    return f"{Decimal(row['quantity']).scaleb(-3).normalize():f}"


def goods(view: View, row: Held) -> str:
    return ", ".join(item for item in view.goods.get(row["id"], ()) if item)


def saving(column: str) -> Read:
    return lambda view, row: view.savings[row["id"]][column] if row["id"] in view.savings else 0


def of_purchase(read: Read) -> Read:
    """Of the purchase that the row is about."""
    return lambda view, row: read(view, view.purchases[row["purchase_id"]])


def bought_at(_view: View, row: Held) -> int:
    at: int = row["occurred_at"]
    return at


def word(labels: Mapping[str, str], column: str) -> Read:
    return lambda view, row: view.word(labels, row[column])


def shown(template: str) -> Read:
    """As the member's chat shows it."""
    return lambda view, row: view.language.plain(template, row)


def number(column: str) -> Read:
    """Of a case, which nobody counts with."""
    return lambda _view, row: str(row[column])


def code(_view: View, row: Held) -> str:
    return codes.grouped(row["code"]) if row["code"] else ""


def coupon_of(view: View, row: Held) -> str:
    """Of the row itself."""
    return view.coupons[row["id"]]


def tier(column: str) -> Read:
    return lambda view, row: view.language.local(view.language.charter.tier(row[column]).names)


def until(_view: View, row: Held) -> int:
    """0: for ever."""
    at: int = row["expires_at"]
    return at if at < NEVER else 0


def file(view: View, row: Held) -> str:
    return view.language.plain("case_file", row) if row["file_kind"] else ""


def reason(view: View, row: Held) -> str:
    known = view.language.charter.adjustment_reason(row["reason"])
    return view.language.local(known.names) if known else row["reason"]


def said_by(view: View, row: Held) -> str:
    _ = view.language.gettext
    if row["side"] == "logged":
        return _("What you told us was taken down at the store.")
    if row["side"] == "member":
        return _("You")
    return store(view, view.cases[row["case_id"]]) or _("We")


def case_category(view: View, row: Held) -> str:
    return view.language.local(view.language.charter.service.category(row["category"]).names)


def about(view: View, row: Held) -> str:
    """Of a survey, or of the question whether they would recommend us."""
    _ = view.language.gettext
    return view.word(_SURVEYS, row["about"]) if "about" in row else _("Would recommend (0 to 10)")


def score(_view: View, row: Held) -> str:
    """'' for one that was not given: 0 is one only where people are asked whether they would recommend us."""
    given = row["score"] > 0 or ("quarter" in row and row["score"] == 0)
    return str(row["score"]) if given else ""


def rule(view: View, row: Held) -> str:
    rule = view.language.charter.care.rule(row["rule"])
    return view.language.local(rule.names) if rule else view.language.gettext("Greeting")
