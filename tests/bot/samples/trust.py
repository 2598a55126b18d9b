"""Sample parameters of the record of who did what, of one's data, and of backups."""

from actions.looks import ACCESSES

_NOON = 1_740_974_400_000
_GOLD = {"zh_Hans": "金卡", "zh_Hant": "金卡", "en": "Gold"}
_PROGRAMME = {"zh_Hans": "老友会", "zh_Hant": "老友會", "en": "Regulars"}
_LINE = {
    "at": _NOON, "who": "李店员 <b>", "by": "staff", "action": "Refund", "store": "西门店", "member_tail": "2345",
    "erased": False, "gift": _GOLD, "detail": {"amount": 8650, "points": -86, "code": "ximen", "pieces": 3},
}  # fmt: skip
_NOBODY = _LINE | {
    "who": "", "by": "retention", "store": "", "member_tail": "", "erased": True, "gift": {}, "detail": {},
}  # fmt: skip
_PEOPLE = [{"post_id": number, "name": f"李店员 {number}"} for number in range(1, 21)]

SAMPLES = {
    "audit": {
        "lines": [_LINE] * 11 + [_NOBODY], "by": "member", "value": "7", "about": "2345", "older": 17, "newer": 99,
    },
    "audit_people": {"people": _PEOPLE, "page": 1, "pages": 3},
    "audit_kinds": {"kinds": ["purchase_recorded", "member_opened", "something_new"]},
    "audit_member": {},
    "audit_tampered": {},
    "backup_failed": {},
    "drill_report": {"made_at": _NOON, "members": 1234, "problems": 0, "failed": False},
    "look_kind": {"action": "record_read"},
    "looks": {
        "looks": [
            {"at": _NOON, "action": "member_revealed", "store": "", "role": ""},
            *({"at": _NOON, "action": action, "store": "西门店", "role": "clerk"} for action in ACCESSES),
        ],
        "older": 3, "newer": 0,
    },
    "data_sheet": {},
    "data_json": {},
    "erasure_loss": {"points": 1234, "tier": _GOLD, "lowest_tier": False, "gifts": 2, "coupons": 3},
    "erasure_confirm": {},
    "erasure_kept": {},
    "erasure_done": {"programme": _PROGRAMME, "reason": "retention", "works_here": True},
    "retention_warning": {"months": 24, "erase_at": _NOON, "points": 1234},
    "retention_stayed": {},
}  # fmt: skip
