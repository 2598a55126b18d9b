"""Sample parameters of recording purchases."""

from tests.bot.samples.points import RECORDED, UNDONE

_CANDIDATES = [
    {"member_id": 3, "name": "陈伟", "phone": "138****8000"},
    {"member_id": 4, "name": "Christopher Montgomery-Featherstone", "phone": "+44 **** ***123"},
]

SAMPLES = {
    "purchase_recorded": RECORDED,
    "purchase_sold": RECORDED,
    "edit_of_purchase": RECORDED,
    "purchase_undone": {**UNDONE, "reopened": True},
    "purchase_who": {},
    "purchase_pick": {"candidates": _CANDIDATES},
    "purchase_sale": {"buyer": _CANDIDATES[0]},
    "refused_own_purchase": {},
    "refused_amount_invalid": {},
    "refused_amount_too_large": {"limit": 5_000_000},
    "refused_payment_unknown": {
        "word": "<i>比特币",
        "known": [{"zh_Hans": "现金", "zh_Hant": "現金", "en": "Cash"}] * 2,
    },
    "refused_purchase_unreadable": {"missing": "amount"},
    "refused_line_invalid": {"line_number": 2, "reason": "category"},
    "refused_too_many_lines": {"limit": 100},
    "refused_lines_do_not_add_up": {"total": 8650, "lines_total": 8600},
    "refused_purchase_not_found": {},
    "refused_undo_too_late": {"minutes": 15},
    "refused_already_undone": {},
    "refused_idempotency_conflict": {},
}
