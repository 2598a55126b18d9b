"""Sample parameters of notes about members."""

_AT = 1_740_974_400_000
_NOTE = {
    "note_id": 5, "field": "wishes", "words": "燕麦奶 <b>", "at": _AT, "store": "西门店 <i>", "by": "小李 <i>",
    "corrected": False, "removable": True, "file_kind": "photo",
}  # fmt: skip
_NOTED = {"note_id": 5, "member_id": 7, "name": "王小芳 <i>", "field": "allergies", "words": "花生 <b>"}
_ABOUT = ("likes", "sizes", "colours", "brands", "allergies", "wishes", "other")
_NOTES = [_NOTE | {"field": field, "note_id": place} for place, field in enumerate(_ABOUT)]
_RIGHT = _NOTE | {"corrected": True, "store": ""}

_MAYBE = {"member_id": 7, "name": "王小芳 <i>", "phone": "138****0000"}

SAMPLES = {
    "note_about": {"field": "sizes"},
    "note_who": {"words": "门口需要雨伞架 <b>"},
    "note_pick": {"candidates": [_MAYBE, _MAYBE], "words": "喜欢燕麦奶 <b>"},
    "note_field": {"member": _MAYBE},
    "note_words": {"field": "colours", "nobody": False},
    "note_file": {"file_kind": "photo", "words": "燕麦奶 <b>"},
    "note_taken": _NOTED,
    "note_lines": {"notes": [*_NOTES, _RIGHT]},
    "member_notes": {"member_id": 7, "name": "王小芳 <i>", "notes": [*_NOTES, _RIGHT], "page": 1, "pages": 3},
    "notes_own": {
        "member_id": 7,
        "name": "",
        "notes": [_NOTE | {"by": ""}, _RIGHT | {"by": ""}],
        "page": 0,
        "pages": 1,
    },
    "note_correct_words": _NOTE,
}
