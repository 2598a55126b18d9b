"""Buttons of recording a purchase."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, press, shortened


def candidates(p: Mapping[str, Any], step: str) -> list[Row]:
    """One row for each of those who may be meant; step: of the dialogue, as `purchase:pick`."""
    return [
        [press(f"{shortened(found['name'], 16)} · {found['phone']}", f"d:{step}:{found['member_id']}")]
        for found in p["candidates"]
    ]


def purchase_pick(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*candidates(p, "purchase:pick"))


def purchase_recorded(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    undo = [press(_("↩️ Undo"), f"undo:{p['purchase_id']}")] if p["undo_minutes"] else []
    return inline([*undo, press(_("💸 Refund"), f"refund:{p['purchase_id']}")])


KEYBOARDS = {
    "purchase_pick": purchase_pick,
    "purchase_recorded": purchase_recorded,
    "edit_of_purchase": purchase_recorded,
}
