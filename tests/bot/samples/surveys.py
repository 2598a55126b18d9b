"""Sample parameters of the question how it was."""

_BAD = {
    "member_id": 3,
    "member": "陈伟 <b>",
    "about": "visit",
    "store": "西门店 <i>",
    "score": 2,
    "words": "等了很久 <b>",
}

SAMPLES = {
    "survey": {"survey_id": 9, "about": "visit", "store": "西门店 <i>", "at": 1_740_974_400_000},
    "survey_rated": {"score": 4},
    "survey_words": {"low": True},
    "survey_thanks": {"low": False, "words": True},
    "survey_low": _BAD,
}
