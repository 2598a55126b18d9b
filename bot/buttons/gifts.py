"""Buttons of the catalogue, of reservations and of the waiting list."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, copy, inline, press, turning


def gift_page(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_deed(_, p), _turning(_, p), _mine(_, p))


def gift_none(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_mine(_, p))


def gift_store(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    at = ([press(f"🏬 {left['store']}", f"giftat:{p['gift_id']}:{left['store_id']}")] for left in p["left"])
    return inline(*at, turning(p, f"giftget:{p['gift_id']}"), [press(_("◀ Back"), f"gift:{p['gift_id']}")])


def gift_confirm(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    yes = f"giftdo:{p['gift_id']}:{p['store_id']}:{p['nonce']}"
    return inline([press(_("✅ Confirm"), yes)], [press(_("◀ Back"), f"gift:{p['gift_id']}")])


def gift_wait(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    gift_id = p["gift_id"]
    at = ([press(f"🏬 {left['store']}", f"giftwaitat:{gift_id}:{left['store_id']}")] for left in p["left"])
    any_store, turn = [press(_("Any store"), f"giftwaitat:{gift_id}:0")], turning(p, f"giftwait:{gift_id}")
    return inline(any_store, *at, turn, [press(_("◀ Back"), f"gift:{gift_id}")])


def gift_reserved(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    reservation_id = p["reservation_id"]
    return inline(
        [copy(_("📋 Copy the code"), p["code"]), press(_("Give it up"), f"giftoff:{reservation_id}")],
        [press(_("🎁 More gifts"), "gifts")],
    )


def gift_mine(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    codes = ([press(f"🎟 {held['code']}", f"giftcode:{held['reservation_id']}")] for held in p["held"])
    return inline(*codes, turning(p, "giftmineat"), [press(_("🎁 More gifts"), "gifts")])


def gift_cancel(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    reservation_id = p["reservation_id"]
    return inline(
        [
            press(_("Yes, cancel it"), f"giftoffyes:{reservation_id}"),
            press(_("No, keep it"), f"giftkeep:{reservation_id}"),
        ]
    )


def gift_cancelled(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🎁 More gifts"), "gifts")])


def gift_offered(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_decision(_, p["wait_id"]))


def _deed(_: Gettext, p: Mapping[str, Any]) -> Row:
    """The one thing that can be done about the gift now."""
    gift_id = p["gift_id"]
    if p["may"] == "redeem":
        return [press(_("🎁 Redeem"), f"giftget:{gift_id}")]
    if p["may"] == "offered":
        return _decision(_, p["wait_id"])
    if p["may"] == "wait":
        return [press(_("🔔 Tell me when it is back"), f"giftwait:{gift_id}")]
    return [press(_("🔕 Stop waiting"), f"giftleave:{gift_id}")] if p["may"] == "waiting" else []


def _decision(_: Gettext, wait_id: int) -> Row:
    return [press(_("🎁 Take it"), f"gifttake:{wait_id}"), press(_("Pass it on"), f"giftpass:{wait_id}")]


def _turning(_: Gettext, p: Mapping[str, Any]) -> Row:
    back = [press("◀", f"gift:{p['previous']}:{p['shown_at']}")] if p["previous"] else []
    on = [press("▶", f"gift:{p['following']}:{p['shown_at']}")] if p["following"] else []
    return back + on


def _mine(_: Gettext, p: Mapping[str, Any]) -> Row:
    return [press(_("🎟 My gifts to collect"), "giftmine")] if p["held"] else []


KEYBOARDS = {
    "gift_page": gift_page,
    "gift_none": gift_none,
    "gift_store": gift_store,
    "gift_confirm": gift_confirm,
    "gift_wait": gift_wait,
    "gift_reserved": gift_reserved,
    "gift_mine": gift_mine,
    "gift_cancel": gift_cancel,
    "gift_cancelled": gift_cancelled,
    "gift_passed": gift_cancelled,
    "gift_withdrawn": gift_cancelled,
    "gift_lapsed": gift_cancelled,
    "gift_offered": gift_offered,
}
