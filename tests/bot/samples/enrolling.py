"""Sample parameters of signing up a customer at the counter."""

SAMPLES = {
    "enrol_phone": {},
    "enrol_name": {},
    "enrol_consent": {"name": "王芳 <i>", "phone": "138****8000"},
    "enrol_done": {
        "member_id": 3,
        "name": "王芳",
        "phone": "138****8000",
        "number": "2900000000018",
        "store": "西门店",
        "programme": {"zh_Hans": "老友会", "zh_Hant": "老友會", "en": "Regulars"},
    },
    "enrol_declined": {},
    "refused_already_enrolled": {"member_id": 3},
    "own_credits_found": {"member_id": 3, "member": "陈伟 <b>", "count": 2, "points": 173},
}
