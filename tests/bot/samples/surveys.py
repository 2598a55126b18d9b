"""Sample parameters of the questions how it was, and of what follows an answer."""

_RATED = {"about": "visit", "id": 9, "score": 2, "most": 5, "case_id": 17}
_SCORED = {"about": "case", "score": 5, "most": 5, "rates": 17}

SAMPLES = {
    "survey": {"survey_id": 9, "about": "visit", "store": "西门店 <i>", "at": 1_740_974_400_000},
    "recommend": {
        "recommendation_id": 9,
        "programme": {"zh_Hans": "常客", "zh_Hant": "常客", "en": "Regulars <b>"},
    },
    "case_unanswered": {"case_id": 17, "store": "西门店 <i>"},
    "rating_noted": _RATED,
    "rating_words": _RATED,
    "rating_scored": {"scored": _SCORED},
    "rating_heard": {"scored": _SCORED, "store": "西门店 <i>", "words": "很热情 <b>"},
    "rating_thanks": {"case_id": 17, "words": True},
    "refused_rated_case": {"case_id": 17},
}
