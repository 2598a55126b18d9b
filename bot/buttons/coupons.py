"""Buttons of a member's coupons, and of taking them for a purchase."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press, shortened

_MOST_CHOICES = 20


def coupon_wallet(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    shown = ([press(f"🎟 {shortened(coupon['name'], 40)}", f"coupon:{coupon['coupon_id']}")] for coupon in p["coupons"])
    back = [press("◀", f"couponpage:{p['page'] - 1}")] if p["page"] else []
    on = [press("▶", f"couponpage:{p['page'] + 1}")] if p["page"] + 1 < p["pages"] else []
    ended = [press(_("🕘 Used and lapsed"), "couponended:0")] if p["ended"] else []
    return inline(*shown, [*back, *on], ended)


def coupon_ended(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    newer = [press(_("‹ Newer"), f"couponended:{p['page'] - 1}")] if p["page"] else []
    older = [press(_("Older ›"), f"couponended:{p['page'] + 1}")] if p["more"] else []
    return inline([*newer, *older], [press(_("◀ My coupons"), "couponpage:0")])


def coupon_shown(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🎟 My coupons"), "coupons")])


def coupon_granted(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🎟 Show the code"), f"coupon:{p['coupon']['coupon_id']}")])


def purchase_saving(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    usable = [choice for choice in p["choices"] if not choice["obstacle"]][:_MOST_CHOICES]
    shown = ([press(_marked(choice), f"couponpick:{choice['packed']}")] for choice in usable)
    take = [press(_("✅ Record it like this"), f"d:purchase:saving:t{p['packed']}")]
    return inline(take, *shown, [press(_("Nothing off: the full price"), "d:purchase:saving:-")])


def _marked(choice: Mapping[str, Any]) -> str:
    return f"{'☑️' if choice['taken'] else '▫️'} {shortened(choice['name'], 36)}"


KEYBOARDS = {
    "coupon_wallet": coupon_wallet,
    "coupon_ended": coupon_ended,
    "coupon_shown": coupon_shown,
    "coupon_granted": coupon_granted,
    "coupon_lapsing": coupon_shown,
    "purchase_saving": purchase_saving,
}
