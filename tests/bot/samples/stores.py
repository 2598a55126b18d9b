"""Sample parameters of stores."""

STORE = {
    "id": 3,
    "code": "ximen",
    "name": "西门店 <b>",
    "district": "莲湖区",
    "address": "西大街 1 号",
    "active": True,
    "start": "s_ximen",
    "staff": 4,
    "may_close": True,
    "link": "https://t.me/regulars_demo_bot?start=s_ximen",
}

SAMPLES = {
    "store_list": {
        "stores": [STORE, STORE | {"active": False, "district": ""}],
        "may_add": True,
        "page": 1,
        "pages": 3,
    },
    "store_view": STORE,
    "store_close_confirm": STORE,
    "store_added": STORE,
    "store_poster": {"name": "西门店"},
    "store_new_name": {},
    "store_new_code": {"code": "ximen"},
    "store_new_district": {},
    "store_new_address": {},
    "store_edit_value": {"field": "district", "value": "莲湖区", "optional": True},
    "refused_store_not_found": {},
    "refused_store_code_taken": {"code_taken": "ximen"},
    "refused_store_code_invalid": {},
}
