"""Buttons of stores."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, copy, inline, press, turning


def store_list(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    rows = ([press(f"🏬 {store['name']}", f"store:{store['id']}")] for store in p["stores"])
    return inline(*rows, turning(p, "stores"), [press(_("➕ Open a store"), "storenew")] if p["may_add"] else [])


def store_view(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    store_id = p["id"]
    link = [copy(_("📋 Copy the link"), p["link"]), press(_("🖼 QR code"), f"storeqr:{store_id}")]
    state = (
        press(_("🔒 Close"), f"storeclose:{store_id}")
        if p["active"]
        else press(_("🔓 Reopen"), f"storeopen:{store_id}")
    )
    return inline(
        link if p["active"] else [],
        [
            press(_("✏️ Name"), f"storeedit:{store_id}:name"),
            press(_("✏️ District"), f"storeedit:{store_id}:district"),
            press(_("✏️ Address"), f"storeedit:{store_id}:address"),
        ],
        [state] if p["may_close"] else [],
        [press(_("◀ Back"), "stores")],
    )


def store_close_confirm(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    yes = press(_("🔒 Yes, close it"), f"storeclosed:{p['id']}")
    return inline([press(_("No, go back"), f"store:{p['id']}"), yes])


def store_added(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [copy(_("📋 Copy the link"), p["link"]), press(_("🖼 QR code"), f"storeqr:{p['id']}")],
        [press(_("✉️ Invite a colleague"), "invite"), press(_("◀ Back"), "stores")],
    )


def store_new_code(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(p["code"], f"d:store_new:code:{p['code']}")])


def store_new_district(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Skip"), "d:store_new:district:none")])


def store_new_address(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("Skip"), "d:store_new:address:none")])


def store_edit_value(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return inline([press(_("Leave it empty"), "d:store_edit:value:none")]) if p["optional"] else None


KEYBOARDS = {
    "store_list": store_list,
    "store_view": store_view,
    "store_close_confirm": store_close_confirm,
    "store_added": store_added,
    "store_new_code": store_new_code,
    "store_new_district": store_new_district,
    "store_new_address": store_new_address,
    "store_edit_value": store_edit_value,
}
