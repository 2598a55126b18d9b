"""Buttons with which managers keep the kinds of coupons."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press, shortened, turning


def coupon_list(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = ([press(_listed(kind), f"couponkind:{kind['definition_id']}")] for kind in p["kinds"])
    return inline(*shown, turning(p, "couponkindsat"), [press(_("➕ A new coupon"), "couponnew")])


def coupon_kind(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    kind = p["definition_id"]
    stop = press(_("🚫 Stop"), f"couponstop:{kind}") if p["active"] else press(_("♻️ Go on"), f"couponresume:{kind}")
    change = [] if p["in_charter"] else [press(_("✏️ Change"), f"couponfields:{kind}")]
    return inline(
        [press(_("🎟 Give to a member"), f"coupongive:{kind}")] if p["active"] else [],
        [*change, stop] if p["may_change"] else [],
        [press(_("◀ All coupons"), "couponkinds")],
    )


def coupon_fields(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    def edit(label: str, field: str) -> dict[str, Any]:
        return press(label, f"couponedit:{p['definition_id']}:{field}")

    return inline(
        [edit(_("What it is called"), "name"), edit(_("What it gives"), "value"), edit(_("Minimum"), "minimum")],
        [edit(_("Until"), "until"), edit(_("Limits"), "limits"), edit(_("Where"), "where")],
        [edit(_("Tier"), "tier"), edit(_("With others"), "group")],
        [press(_("◀ Back"), f"couponkind:{p['definition_id']}")],
    )


def coupon_new_minimum(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("No minimum"), "d:coupon_new:minimum:-")])


def coupon_new_until(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    days = [press(_("%(num)s days", num=count), f"d:coupon_new:until:{count}") for count in (7, 30, 90)]
    return inline(days)


def coupon_new_limits(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("No limit"), "d:coupon_new:limits:-"), press(_("One each"), "d:coupon_new:limits:1")])


def coupon_edit_value(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    if p["field"] == "tier":
        tiers = ([press(tier["name"], f"d:coupon_edit:value:{tier['code']}")] for tier in p["tiers"])
        return inline([press(_("Everyone"), "d:coupon_edit:value:-")], *tiers)
    labels = {
        "minimum": _("No minimum"), "limits": _("No limit"), "where": _("Everywhere"), "group": _("With none"),
    }  # fmt: skip
    label = labels.get(p["field"])
    return inline([press(label, "d:coupon_edit:value:-")]) if label else None


def coupon_give_pick(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    rows = [
        [press(f"{shortened(found['name'], 16)} · {found['phone']}", f"d:coupon_give:pick:{found['member_id']}")]
        for found in p["candidates"]
    ]
    return inline(*rows)


def coupon_given(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    kind = p["definition_id"]
    return inline([press(_("🎟 To one more"), f"coupongive:{kind}"), press(_("◀ Back"), f"couponkind:{kind}")])


def _listed(kind: Mapping[str, Any]) -> str:
    return f"🎟 {kind['name']}" if kind["active"] else f"🚫 {kind['name']}"


KEYBOARDS = {
    "coupon_list": coupon_list,
    "coupon_kind": coupon_kind,
    "coupon_fields": coupon_fields,
    "coupon_new_minimum": coupon_new_minimum,
    "coupon_new_until": coupon_new_until,
    "coupon_new_limits": coupon_new_limits,
    "coupon_edit_value": coupon_edit_value,
    "coupon_give_pick": coupon_give_pick,
    "coupon_given": coupon_given,
}
