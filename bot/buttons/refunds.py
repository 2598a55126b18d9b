"""Buttons of refunds: which purchase, how much of it, and yes."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, inline, press, shortened, turning

# Telegram takes 100 buttons in a keyboard; the rest of them are for what is not a line.
_MOST_LINES = 90


def refund_pick(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(
        *(
            [press(f"{shortened(found['name'], 16)} · {found['phone']}", f"d:refund:pick:{found['member_id']}")]
            for found in p["candidates"]
        )
    )


def refund_purchases(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    numbers = [press(str(place), _way_in(p, sale)) for place, sale in enumerate(p["purchases"], start=1)]
    rows = (numbers[row : row + 4] for row in range(0, len(numbers), 4))
    return inline(*rows, turning(p, f"refundsat:{p['member_id']}:{p['amount']}"))


def refund_choose(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    purchase_id = p["purchase_id"]
    lines = [
        [
            press(
                f"{'☑️' if line['position'] in p['chosen'] else '▫️'} {shortened(line['item'], 28)}",
                f"refundpick:{purchase_id}:{packed}",
            )
        ]
        for line, packed in zip(p["lines"][:_MOST_LINES], p["packed"], strict=False)
        if not line["refunded"]
    ]
    these = (
        [press(_("Refund the chosen ones"), f"refundsee:{purchase_id}:0:0:{p['packed_now']}")] if p["chosen"] else []
    )
    whole = _("Refund all of it") if p["left"] == p["amount"] else _("Refund the rest")
    return inline(
        *lines,
        these,
        [press(whole, f"refundsee:{purchase_id}:0:0:0"), press(_("Another amount"), f"refundsum:{purchase_id}")],
    )


def refund_preview(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    # The lines say the amount by themselves.
    amount = 0 if p["items"] else p["amount"]
    yes = f"refunddo:{p['purchase_id']}:{amount}:{p['refunded_before']}:{p['packed']}"
    back = f"refundpick:{p['purchase_id']}:{p['packed']}"
    return inline([press(_("◀ Back"), back), press(_("✅ Yes, refund"), yes)])


def _way_in(p: Mapping[str, Any], sale: Mapping[str, Any]) -> str:
    """An amount that was named goes straight to what it does."""
    if p["amount"]:
        return f"refundsee:{sale['purchase_id']}:{p['amount']}:0:0"
    return f"refund:{sale['purchase_id']}"


KEYBOARDS = {
    "refund_pick": refund_pick,
    "refund_purchases": refund_purchases,
    "refund_choose": refund_choose,
    "refund_preview": refund_preview,
}
