"""Buttons with which managers keep the catalogue."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, paged, press, turning

_MOST_LIMIT = 3


def gift_list(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = ([press(_listed(gift), f"giftview:{gift['gift_id']}")] for gift in p["gifts"])
    return inline(*shown, turning(p, "giftlistat"), [press(_("➕ A new gift"), "giftnew")])


def gift_life(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    gift_id = p["gift_id"]
    state = (
        press(_("🚫 Withdraw"), f"giftdrop:{gift_id}")
        if p["offered"]
        else press(_("♻️ Offer again"), f"giftback:{gift_id}")
    )
    pieces = [press(_("📦 Pieces"), f"giftput:{gift_id}")] if p["may_stock"] else []
    moving = [press(_("🔀 Move"), f"giftmove:{gift_id}")] if p["may_move"] else []
    return inline(
        pieces + moving,
        [press(_("✏️ Change"), f"giftfields:{gift_id}"), state] if p["may_change"] else [],
        [press(_("◀ All gifts"), "giftlist")],
    )


def gift_fields(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    def edit(label: str, field: str) -> dict[str, Any]:
        return press(label, f"giftedit:{p['gift_id']}:{field}")

    return inline(
        [edit(_("What it is called"), "names"), edit(_("Price"), "price"), edit(_("Picture"), "picture")],
        [edit(_("Tier"), "tier"), edit(_("Per member"), "per_member"), edit(_("Per month"), "per_month")],
        [edit(_("From"), "starts"), edit(_("Until"), "until"), edit(_("Collect from"), "collect_from")],
        [press(_("◀ Back"), f"giftlife:{p['gift_id']}")],
    )


def gift_new_picture(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Without a picture"), "d:gift_new:picture:-")])


def gift_new_tier(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _tiers(_, p, "gift_new:tier")


def gift_new_limit(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _limits(_, "gift_new:limit")


def gift_new_until(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Open end"), "d:gift_new:until:-")])


def gift_edit_picture(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Without a picture"), "d:gift_edit:picture:-")])


def gift_edit_value(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    field = p["field"]
    if field == "tier":
        return _tiers(_, p, "gift_edit:value")
    if field in ("per_member", "per_month"):
        return _limits(_, "gift_edit:value")
    label = {"starts": _("Now"), "until": _("Open end"), "collect_from": _("At once")}.get(field)
    return inline([press(label, "d:gift_edit:value:-")]) if label else None


def gift_restock_store(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _stores(p, "gift_restock:store")


def gift_move_from(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _stores(p, "gift_move:from")


def gift_move_to(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return _stores(p, "gift_move:to")


def _listed(gift: Mapping[str, Any]) -> str:
    return f"🎁 {gift['name']}" if gift["offered"] else f"🚫 {gift['name']}"


def _tiers(_: Gettext, p: Mapping[str, Any], step: str) -> Keyboard:
    offered = ([press(tier["name"], f"d:{step}:{tier['code']}")] for tier in p["tiers"])
    return inline([press(_("Everyone"), f"d:{step}:-")], *offered)


def _limits(_: Gettext, step: str) -> Keyboard:
    numbers: Row = [press(str(limit), f"d:{step}:{limit}") for limit in range(1, _MOST_LIMIT + 1)]
    return inline(numbers, [press(_("No limit"), f"d:{step}:0")])


def _stores(p: Mapping[str, Any], step: str) -> Keyboard:
    shown = ([press(f"🏬 {store['name']} ({store['free']})", f"d:{step}:{store['id']}")] for store in p["stores"])
    return inline(*paged(shown, p))


KEYBOARDS = {
    "gift_list": gift_list,
    "gift_life": gift_life,
    "gift_fields": gift_fields,
    "gift_new_picture": gift_new_picture,
    "gift_new_tier": gift_new_tier,
    "gift_new_limit": gift_new_limit,
    "gift_new_until": gift_new_until,
    "gift_edit_picture": gift_edit_picture,
    "gift_edit_value": gift_edit_value,
    "gift_restock_store": gift_restock_store,
    "gift_move_from": gift_move_from,
    "gift_move_to": gift_move_to,
}
