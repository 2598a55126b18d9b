"""Buttons with which managers write to many."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, paged, press, turning

_SIGNS = {
    "draft": "📝", "waiting": "⏳", "declined": "🚫", "approved": "🕒", "running": "📣", "paused": "⏸",
    "stopped": "⏹", "sent": "✅",
}  # fmt: skip


def campaign_list(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = (
        [press(f"{_SIGNS[one['state']]} {one['opening']}", f"campaign:{one['campaign_id']}")] for one in p["campaigns"]
    )
    return inline(*shown, turning(p, "campaignsat"), [press(_("➕ Write a message"), "campaignnew")])


def campaign_new_picture(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_before(_, p, "picture"), [press(_("Without a picture"), "d:campaign_new:picture:-")])


def campaign_new_hans(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return _text(_, p, "hans")


def campaign_new_hant(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return _text(_, p, "hant")


def campaign_new_en(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return _text(_, p, "en")


def campaign_new_audience(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    everyone = [press(_("All members"), "d:campaign_new:audience:all")] if p["everyone"] else []
    tiers = [press(tier["name"], f"d:campaign_new:audience:t:{tier['code']}") for tier in p["tiers"]]
    stores = ([press(f"🏬 {store['name']}", f"d:campaign_new:audience:s:{store['id']}")] for store in p["stores"])
    rows = [tiers[start : start + 3] for start in range(0, len(tiers), 3)]
    return inline(_before(_, p, "audience"), everyone, *rows, *paged(stores, p))


def campaign_new_start(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_before(_, p, "start"), [press(_("Now"), "d:campaign_new:start:-")])


def campaign_view(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_deeds(_, p), [press(_("◀ All messages"), "campaigns")])


def campaign_asked(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_answer(_, p))


def campaign_decided(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return inline(_deeds(_, p)) if p["state"] == "declined" else None


def _before(_: Gettext, p: Mapping[str, Any], step: str) -> Row:
    return [press(_("↩️ As before"), f"d:campaign_new:{step}:=")] if p["before"] else []


def _text(_: Gettext, p: Mapping[str, Any], step: str) -> Keyboard | None:
    none = [] if p["needed"] else [press(_("No text in this language"), f"d:campaign_new:{step}:-")]
    rows = [row for row in (_before(_, p, step), none) if row]
    return inline(*rows) if rows else None


def _deeds(_: Gettext, p: Mapping[str, Any]) -> Row:
    campaign_id, state = p["campaign_id"], p["state"]
    stop = press(_("⏹ Stop for good"), f"campaignstop:{campaign_id}")
    if state == "draft":
        discard = press(_("🗑 Discard"), f"campaignstop:{campaign_id}")
        return [discard, press(_("✅ Ask for agreement"), f"campaignask:{campaign_id}")]
    if state == "waiting":
        return [stop] if p["is_yours"] else _answer(_, p)
    if state in ("approved", "running"):
        return [press(_("⏸ Pause"), f"campaignpause:{campaign_id}"), stop]
    if state == "declined":
        return [press(_("✏️ Change it and ask again"), f"campaignedit:{campaign_id}")] if p["is_yours"] else []
    return [press(_("▶ Go on"), f"campaigngo:{campaign_id}"), stop] if state == "paused" else []


def _answer(_: Gettext, p: Mapping[str, Any]) -> Row:
    campaign_id = p["campaign_id"]
    return [press(_("❌ Decline"), f"campaignno:{campaign_id}"), press(_("✅ Agree"), f"campaignyes:{campaign_id}")]


KEYBOARDS = {
    "campaign_list": campaign_list,
    "campaign_new_picture": campaign_new_picture,
    "campaign_new_hans": campaign_new_hans,
    "campaign_new_hant": campaign_new_hant,
    "campaign_new_en": campaign_new_en,
    "campaign_new_audience": campaign_new_audience,
    "campaign_new_start": campaign_new_start,
    "campaign_view": campaign_view,
    "campaign_asked": campaign_asked,
    "campaign_decided": campaign_decided,
}
