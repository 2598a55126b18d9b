"""Sample parameters of scheduled jobs."""

_NOON = 1_740_974_400_000
_RUN = {
    "state": "done", "due_at": _NOON, "first": "2025-03-03T12:00", "last": "2025-03-03T12:00", "times": 1,
    "looked_at": 12_345, "reached": 678, "by_hand": True, "error": "ValueError",
}  # fmt: skip
_STATES = ("done", "failed", "skipped", "running", "retrying", "waiting")
_JOB = {"name": "birthdays", "last": _RUN, "next_at": _NOON + 86_400_000, "skipped": 7, "failed": 1}
_LINE = {"name": "李＊＊", "template": "retention_stayed", "params": {}}

SAMPLES = {
    "jobs": {"troubled": [_JOB] * 8, "more": 3, "before": [_JOB] * 26, "soon": [_JOB] * 3, "total": 27, "days": 30},
    "jobs_all": {"jobs": [_JOB] * 19 + [_JOB | {"name": "something_new", "last": None}], "days": 30},
    "job_status_line": {"job": _JOB | {"last": _RUN | {"state": "running"}}},
    "job": {
        "name": "backup", "next_at": _NOON, "runs": [_RUN | {"state": state, "times": 7} for state in _STATES],
        "may_start": True, "may_rehearse": True,
    },
    "job_run_line": {"run": _RUN},
    "job_rehearsal": {
        "name": "birthdays", "looked_at": 12_345, "reached": 678, "whole": False, "more": True, "may_start": True,
        "kinds": [_LINE | {"count": 600}, _LINE | {"count": 78}], "lines": [_LINE] * 10,
    },
    "job_rehearsal_file": {"name": "birthdays", "count": 1_000, "whole": False},
    "job_done": {"job": "birthdays", "looked_at": 12_345, "reached": 678},
    "job_failed": {"job": "birthdays", "day": "2025-03-03"},
    "jobs_skipped": {
        "jobs": [
            {"job": "birthdays", "times": 7, "first_day": "2025-02-25", "day": "2025-03-03"},
            {"job": "expiry", "times": 1, "first_day": "2025-03-03", "day": "2025-03-03"},
        ],
    },
}  # fmt: skip
