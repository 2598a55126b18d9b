"""Buttons of the counter and of a member's view."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Button, Gettext, Keyboard, inline, press, shortened, turning


def desk_home(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    change = [press(_("🏬 Another store"), "deskstores")] if p["store"] and len(p["choices"]) > 1 else []
    choose = [] if p["store"] else _stores(p)
    managing = [press(_("🏬 Stores"), "stores"), press(_("👥 Staff"), "staff")] if p["role"] != "clerk" else []
    return inline(*choose, change, [press(_("📖 Handbook"), "handbook"), press(_("📊 My figures"), "score")], managing)


def desk_store(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*_stores(p))


def refused_store_needed(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("🏬 Choose the store"), "deskstores")])


def refused_member_not_found(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    return inline([press(_("➕ Sign this customer up"), f"enrolnew:{p['offer']}")]) if p.get("offer") else None


def desk_found(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        *([press(f"{shortened(hit['name'], 16)} · {hit['phone']}", f"desk:{hit['member_id']}")] for hit in p["hits"])
    )


def desk_doubt(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        [press(_("💰 It is the amount"), "doubt:amount")],
        [press(_("🔎 Find the phone …%(digits)s", digits=p["digits"]), "doubt:phone")],
    )


def member_view(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    member_id = p["member_id"]
    return inline(
        [press(_("💰 Record a purchase"), f"amount:{member_id}")],
        [press(_("🧾 Purchases"), f"visits:{member_id}"), press(_("📞 Whole phone"), f"reveal:{member_id}")],
        [press(_("📝 Note"), f"note:{member_id}"), press(_("📒 All notes"), f"notes:{member_id}")],
        [press(_("✏️ Adjust points"), f"adjust:{member_id}")] if p["adjustable"] else [],
    )


def member_visits(_: Gettext, p: Mapping[str, Any]) -> Keyboard | None:
    member_id, page = p["member_id"], p["page"]
    newer = [press(_("◀ Newer"), f"visitpage:{member_id}:{page - 1}")] if page else []
    older = [press(_("Older ▶"), f"visitpage:{member_id}:{page + 1}")] if p["has_more"] else []
    refund = [press(_("💸 Refund"), f"refunds:{member_id}")] if p["visits"] else []
    return inline([*newer, *older], refund) if p["visits"] or newer else None


def _stores(p: Mapping[str, Any]) -> list[list[Button]]:
    return [[press(f"🏬 {store['name']}", f"deskstore:{store['id']}")] for store in p["choices"]] + [
        turning(p, "deskstores")
    ]


KEYBOARDS = {
    "desk_home": desk_home,
    "desk_store": desk_store,
    "refused_store_needed": refused_store_needed,
    "refused_member_not_found": refused_member_not_found,
    "desk_found": desk_found,
    "desk_doubt": desk_doubt,
    "member_view": member_view,
    "member_visits": member_visits,
}
