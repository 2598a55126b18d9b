"""What the pictures of managers' reports show, in the reader's words; `bot/pictures/reports.py` draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel import dates

from bot.words import N_, Language

PERIODS = {
    "this_week": N_("This week"), "last_week": N_("Last week"), "this_month": N_("This month"),
    "last_month": N_("Last month"), "quarter": N_("3 months"), "year": N_("12 months"),
}  # fmt: skip
# How a column's label is written, as CLDR skeletons name it.
_SKELETONS = {"this_week": "E", "last_week": "E", "quarter": "Md", "year": "MMM"}
_MOST_STORES = 6
_MOST_REASONS = 6
_STARS = 5
_NOTHING = "–"


def service(language: Language, locale: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `ReportFace` for the chapter “Service”, of what `actions.reports_service` tells."""
    _ = language.gettext
    tiles = [
        (_("Opened"), language.number(told["opened"]), False),
        (_("Solved"), language.number(told["solutions"]["count"]), False),
        (_("Open now"), language.number(told["open"]), False),
        (_("Late now"), language.number(told["late"]), told["late"] > 0),
    ]
    lower = [_reasons(language, told), _scores(language, told)]
    by_store = [[_stores(language, told)]] if len(told["by_store"]) > 1 else []
    return {
        "title": f"{_('Service')} · {told['store'] or language.local(language.charter.programme.names)}",
        "subtitle": f"{_(PERIODS[told['period']])} · {language.date(told['begins'])} – {language.date(told['ends'])}",
        "facts": _facts(language, told),
        "note": _("Times are working hours, without those a case waited for the member."),
        "colour": told["colour"], "locale": locale, "tiles": tiles,
        "panels": [[_columns(language, locale, told)], [_times(language, told)], lower, *by_store],
    }  # fmt: skip


def _facts(language: Language, told: Mapping[str, Any]) -> list[str]:
    """What was given with apologies, and whether members would recommend us; what there is none of is left out."""
    _, number, facts = language.gettext, language.number, list[str]()
    if told["compensated"]:
        points, coupons, cases = language.points(told["points"]), number(told["coupons"]), number(told["compensated"])
        given = _(
            "Compensation: %(points)s, coupons %(coupons)s, for %(cases)s cases",
            points=points,
            coupons=coupons,
            cases=cases,
        )
        facts.append(given)
    if told["recommending"]:
        nps, answers = language.signed(round(told["nps"])), number(told["recommending"])
        facts.append(_("Would recommend us: NPS %(nps)s (%(answers)s answers)", nps=nps, answers=answers))
    return facts


def _columns(language: Language, locale: str, told: Mapping[str, Any]) -> dict[str, Any]:
    _, columns = language.gettext, told["columns"]
    anything = any(column["opened"] or column["solved"] for column in columns)
    return {
        "kind": "columns", "title": _("Opened and solved"), "names": [_("Opened"), _("Solved")],
        "empty": "" if anything else _("Nothing in this time"),
        "labels": [_label(locale, told["period"], column["begins"]) for column in columns],
        "values": [[column["opened"] for column in columns], [column["solved"] for column in columns]],
    }  # fmt: skip


def _label(locale: str, period: str, begins: str) -> str:
    day = date.fromisoformat(begins)
    skeleton = _SKELETONS.get(period)
    return str(dates.format_skeleton(skeleton, day, locale=locale)) if skeleton else str(day.day)


def _times(language: Language, told: Mapping[str, Any]) -> dict[str, Any]:
    _ = language.gettext
    headings = ["", _("Half within"), _("90%% within"), _("In time"), _("Count")]
    rows = [(_("First answer"), told["answers"]), (_("Solution"), told["solutions"])]
    return {
        "kind": "table", "title": _("How long it took"), "headings": headings,
        "rows": [[name, *_time_cells(language, times)] for name, times in rows], "alarms": [[], []],
    }  # fmt: skip


def _time_cells(language: Language, times: Mapping[str, Any]) -> list[str]:
    if not times["count"]:
        return [_NOTHING, _NOTHING, _NOTHING, "0"]
    return [
        language.duration(times["median"]), language.duration(times["most"]), percent(language, times["in_time"]),
        language.number(times["count"]),
    ]  # fmt: skip


def _reasons(language: Language, told: Mapping[str, Any]) -> dict[str, Any]:
    """The last bar stands for the rest."""
    _ = language.gettext
    found = [(language.local(reason["name"]), reason["times"]) for reason in told["reasons"] if reason["times"]]
    if len(found) > _MOST_REASONS:
        rest = sum(times for _name, times in found[_MOST_REASONS - 1 :])
        found = [*found[: _MOST_REASONS - 1], (_("All others"), rest)]
    bars = [(name, times, language.number(times)) for name, times in found]
    empty = "" if bars else _("No complaints")
    return {"kind": "bars", "title": _("Reasons for complaints"), "bars": bars, "empty": empty}


def _scores(language: Language, told: Mapping[str, Any]) -> dict[str, Any]:
    _ = language.gettext
    if not told["answered"]:
        return {"kind": "bars", "title": _("How content members are"), "bars": [], "empty": _("No answers yet")}
    title = _("How content members are: %(score)s of 5", score=tenths(told["score"]))
    scores = reversed(list(enumerate(told["scores"], start=1)))
    bars = [("★" * score + "☆" * (_STARS - score), times, language.number(times)) for score, times in scores]
    return {"kind": "bars", "title": title, "bars": bars}


def _stores(language: Language, told: Mapping[str, Any]) -> dict[str, Any]:
    """Those with most to look at first; the others as one line."""
    _ = language.gettext
    ranked = sorted(told["by_store"], key=lambda of: (-of["late"], -of["open"], -of["opened"]))
    if len(ranked) > _MOST_STORES:
        rest = ranked[_MOST_STORES - 1 :]
        ranked = [*ranked[: _MOST_STORES - 1], _together(rest, language)]
    headings = ["", _("Opened"), _("Solved"), _("Open"), _("Late"), _("Score")]
    return {
        "kind": "table", "title": _("Stores"), "headings": headings,
        "rows": [_store_cells(language, of) for of in ranked], "alarms": [[4] if of["late"] else [] for of in ranked],
    }  # fmt: skip


def _together(rest: Sequence[Mapping[str, Any]], language: Language) -> dict[str, Any]:
    answered = sum(of["answered"] for of in rest)
    given = sum(of["score"] * of["answered"] for of in rest if of["answered"])
    name = language.ngettext("%(num)s other", "%(num)s others", len(rest))
    numbers = {column: sum(of[column] for of in rest) for column in ("opened", "solved", "open", "late")}
    return {"store": name, **numbers, "answered": answered, "score": given / answered if answered else None}


def _store_cells(language: Language, of: Mapping[str, Any]) -> list[str]:
    name = of["store"] or language.gettext("No store")
    numbers = [language.number(of[column]) for column in ("opened", "solved", "open", "late")]
    score = tenths(of["score"]) if of["answered"] else _NOTHING
    return [name, *numbers, score]


def tenths(value: float) -> str:
    """4.333 → 4.3, 3 → 3.0"""
    return f"{value:.1f}"


def percent(language: Language, share: float) -> str:
    """0.9433 → 94%"""
    return language.percent(round(Decimal(share), 2))
