"""Sample parameters of what is said outside any one feature."""

SAMPLES = {
    "not_understood": {"kind": "text", "member": True, "works_here": False},
    "thanks": {},
    "missed_meanwhile": {"count": 2, "said": ["🎂 Happy birthday!"], "more": 0},
    "cancelled": {"member": True},
    "only_in_private": {"username": "regulars_demo_bot"},
    "edit_not_read": {},
    "update_given_up": {"reference": "123456789"},
    "update_dead": {"reference": "123456789", "kind": "text", "error": "ValueError"},
    "message_dead": {"reference": "m123"},
    "update_replayed": {"reference": "123456789"},
    "update_not_dead": {"reference": "123456789"},
    "answer_will_be_late": {},
    "dialogue_left": {"name": "join", "member": True},
    "dialogue_lapsed": {"name": "join", "member": True},
    "dialogue_outdated": {"name": "join", "member": False},
    "refused_stale_button": {},
    "refused_answer_unclear": {},
    "refused_not_allowed": {"needs": "clerk"},
    "refused_throttled": {"seconds": 30},
}
