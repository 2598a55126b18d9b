"""Sample parameters of service figures, the handbook and its quizzes."""

NOON = 1_740_974_400_000
_FIGURES = {
    "enrolled": 3, "purchases": 1_142, "gifts": 5, "solved": 7, "in_time": 6, "mean": 46, "care": 4, "quizzes": 2,
    "asked": 10, "correct": 9,
}  # fmt: skip
_NOTHING = dict.fromkeys(_FIGURES, 0)
_MONTHS = {"earlier": "202502", "later": "202504"}
_PAGES = {"page": 1, "pages": 3}
_QUESTION = {
    "quiz_id": 4, "number": 2, "count": 5, "question": "有人投诉 <b>，第一步？",
    "answers": ["解释 <i>", "倾听", "道歉 & 感谢"],
}  # fmt: skip
_TITLES = ["Greeting <b>", "退货与退款" * 6]

SAMPLES = {
    "score": {
        "name": "Carl <b>", "month": "2025-03-01", "now": _FIGURES, "before": _FIGURES | {"mean": 0},
        "best": _FIGURES | {"purchases": 1_600}, "starred": True, "team": "stores", "managers": True, **_MONTHS,
    },
    "score_totals": {"total": _FIGURES},
    "score_icons": {"figures": _FIGURES},
    "score_stores": {
        "month": "2025-03-01", "key": "202503", **_PAGES, **_MONTHS,
        "stores": [{"id": 1, "name": "西门店 <b>", "total": _FIGURES}, {"id": 2, "name": "", "total": _NOTHING}],
    },
    "score_team": {
        "store_id": 1, "store": "西门店 <i>", "month": "2025-03-01", "key": "202503", "total": _FIGURES, "people": 2,
        "colleagues": [{"name": "Carl <b>", "figures": _FIGURES}, {"name": "Wei", "figures": _NOTHING}],
        "several": True, **_PAGES, **_MONTHS,
    },
    "score_praise": {
        "store": "西门店 <i>", "month": "2025-03-01", "total": _FIGURES, **_MONTHS,
        "first": [
            {"name": "Carl <b>", "what": what, "value": 46}
            for what in ("mean", "in_time", "care", "enrolled", "gifts", "purchases", "quizzes")
        ],
    },
    "score_shown": {"store": "西门店 <i>", "people": 4},
    "score_quizzes": {
        "store_id": 1, "store": "西门店 <i>", "people": 9, "done": [{"name": "Carl <b>", "at": NOON}],
        "chapters": [{"title": "Allergies <b>", "asked": 7, "correct": 5}],
    },
    "handbook": {
        "title": "", "chapters": _TITLES, "version": "5d2cc6a7", "used_at": NOON, "has_quiz": True,
        "may_replace": True, "is_changed": True,
    },
    "handbook_page": {
        "title": "Allergies <b>", "words": "### Hi\n\n**Never** <guess>.\n\n- a\n- b", "chapter": 3, "chapters": 9,
        "version": "5d2cc6a7", **_PAGES,
    },
    "handbook_found": {
        "words": "refund <b>", "version": "5d2cc6a7", "is_nobody": False,
        "hits": [{"chapter": 2, "page": 0, "title": title, "line": "no <receipt> " * 60} for title in _TITLES],
    },
    "handbook_editions": {
        "languages": [
            {"locale": "zh_Hans", "used_at": NOON}, {"locale": "zh_Hant", "used_at": 0}, {"locale": "en", "used_at": 1},
        ],
    },
    "handbook_new_file": {},
    "handbook_preview": {
        "edition_id": 7, "title": "", "chapters": ["X" * 60] * 40, "questions": 12, "locale": "zh_Hant",
    },
    "handbook_changed": {"locale": "zh_Hant", "shipped": False},
    "handbook_dropped": {},
    "handbook_file": {},
    "refused_handbook_file_refused": {"reason": "too_large", "most": 100_000},
    "refused_handbook_unreadable": {
        "faults": [
            {"line": 1_204, "what": what}
            for what in (
                "before_chapter", "no_chapters", "empty_chapter", "title_length", "title_twice", "too_many_chapters",
                "block_too_long", "page_too_long", "reference_link", "stray",
                "question_length", "answer_count", "right_count", "answer_length",
                "why_length",
            )
        ],
        "more": 3,
    },
    "refused_no_questions": {},
    "quiz_question": _QUESTION,
    "quiz_answered": {"asked": _QUESTION, "chosen": 0, "right": 1, "why": "Because <b>", "chapter": "Complaints <i>"},
    "quiz_result": {
        "correct": 3, "answered": 5, "count": 5, "version": "5d2cc6a7", "is_changed": True,
        "again": [{"chapter": 2, "title": "退货与退款 <b>" * 4}],
    },
    "quiz_past": {"quizzes": [{"at": NOON, "correct": 4, "answered": 5}], "has_quiz": True},
}  # fmt: skip
