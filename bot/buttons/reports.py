"""Buttons of managers' reports."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Button, Gettext, Keyboard, Row, inline, paged, press
from bot.report_faces import PERIODS

_ALL = 0


def report_service(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    if p["choosing"]:
        return _stores(_, p)
    place = f"{p['period']}:{p['store_id']}"
    periods = [_period(_, p, period) for period in PERIODS]
    chosen = p["store"] or _("All stores")
    choose = [press(f"🏬 {chosen} ▾", f"reportstores:{place}")] if len(p["stores"]) > 1 else []
    fewer = [press(_("🔔 What I get"), "topics")] if p["weekly"] else []
    return inline(
        periods[:2],
        periods[2:4],
        periods[4:],
        choose,
        [press(_("📑 Spreadsheet"), f"reportfile:{place}")],
        [press(_("🔁 Who complained repeatedly"), f"reportagain:{p['store_id']}")],
        fewer,
    )


def report_complainers(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*([press(f"👤 {member['name']}", f"desk:{member['member_id']}")] for member in p["members"]))


def _stores(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    offered = [{"id": _ALL, "name": _("All stores")}, *p["stores"]]
    buttons: Row = [_store(store, p) for store in offered]
    rows = (buttons[place : place + 2] for place in range(0, len(buttons), 2))
    return inline(*paged(rows, p, f"reportstores:{p['period']}:{p['store_id']}"))


def _store(store: Mapping[str, Any], p: Mapping[str, Any]) -> Button:
    return press(_marked(store["name"], store["id"] == p["store_id"]), f"report:{p['period']}:{store['id']}")


def _period(_: Gettext, p: Mapping[str, Any], period: str) -> Button:
    return press(_marked(_(PERIODS[period]), period == p["period"]), f"report:{period}:{p['store_id']}")


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


KEYBOARDS = {"report_service": report_service, "report_complainers": report_complainers}
