"""What the proof of the record of who did what found, as an operator reads it."""

from loyalty.audit import Problem, ProblemKind

_SENTENCES: dict[ProblemKind, str] = {
    "changed": "The record of who did what was changed: {entries} not as it was written.",
    "missing": "The record of who did what has a gap: {entries} missing.",
    "inserted": "The record of who did what holds {count} that the bot never wrote.",
    "cut_off": "The record of who did what was cut off: {entries} missing at its end.",
    "rewound": "The record of who did what was put back to an older state, or its end rewritten: {entries} not the one "
    "that was noted.",
}
_NO_WITNESS = (
    "The witness file beside the key file is damaged: nobody can tell whether the record of who did what was cut off."
)


def describe(problem: Problem) -> str:
    """One sentence. Entries are numbered from 1 on."""
    if problem.kind == "rewound" and not problem.place:
        return _NO_WITNESS
    last = problem.place + problem.places - 1
    entries = f"entry {last} is" if problem.places == 1 else f"entries {problem.place} to {last} are"
    count = "1 entry" if problem.places == 1 else f"{problem.places} entries"
    return _SENTENCES[problem.kind].format(entries=entries, count=count)
