"""Sample parameters of cases."""

SAMPLES = {
    "refused_case_not_found": {},
    "refused_case_settled": {"case_id": 17, "state": "resolved"},
}
