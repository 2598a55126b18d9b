"""Sample parameters of who works here."""

AT = 1_740_900_000_000
POST = {
    "post_id": 5,
    "name": "李店员 <b>",
    "role": "clerk",
    "store": "西门店",
    "since": AT,
    "is_you": False,
    "removable": True,
}
CHAIN = POST | {"name": "Olivia", "role": "owner", "store": "", "is_you": True}
LINK = "https://t.me/regulars_demo_bot?start=staff_Zk3x9QpL2vT7aBcD4eFgHi"

SAMPLES = {
    "staff_role": {"role": "manager"},
    "page_of": {"page": 1, "pages": 3},
    "staff_roster": {"colleagues": [CHAIN, *[POST] * 19], "page": 1, "pages": 3},
    "staff_member": POST,
    "staff_remove_confirm": CHAIN,
    "staff_removed": POST,
    "staff_lost": {"role": "clerk", "store": "西门店", "member": True},
    "staff_invite": {
        "role": "clerk",
        "roles": ["owner", "manager", "clerk"],
        "stores": [{"id": 3, "name": "西门店"}, {"id": 0, "name": ""}],
        "page": 1,
        "pages": 3,
    },
    "staff_invited": {"role": "clerk", "store": "西门店", "hours": 48, "link": LINK},
    "staff_joined": {"name": "李店员 <b>", "role": "clerk", "store": "西门店"},
    "staff_welcome": {"name": "李店员 <b>", "role": "manager", "store": ""},
    "refused_invitation_invalid": {},
    "refused_invitation_used": {},
    "refused_invitation_expired": {},
    "refused_invitation_own": {},
    "refused_already_staff": {},
    "refused_staff_not_found": {},
    "refused_last_owner": {},
}
