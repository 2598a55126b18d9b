"""Dry runs: a job's pages are worked and rolled back, and who would have got what is noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from actions.jobs import Job
from db import members, rehearsals
from db.database import Tx
from db.rehearsals import Told
from loyalty import names
from loyalty.jobs import Page, Run


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who would have been told something."""

    name: str  # masked; '' for whoever is no member
    template: str
    params: Mapping[str, Any]  # the name in them masked, too


class Rehearsed(Exception):
    """Undoes what the page did. told may have messages among it that others queued meanwhile."""

    def __init__(self, page: Page, told: list[Told]) -> None:
        super().__init__()
        self.page = page
        self.told = told


def rehearse(tx: Tx, job: Job, run: Run) -> NoReturn:
    """Work one page. Always raises Rehearsed, for the transaction to be rolled back."""
    last = rehearsals.last_message(tx)
    page = job.page(tx, run)
    raise Rehearsed(page, rehearsals.list_since(tx, last))


def lines(tx: Tx, told: list[Told], limit: int) -> tuple[Counter[str], list[Line]]:
    """After the rollback: how many messages of each template the page had queued, and the first ones of them."""
    own = rehearsals.without_others(tx, told)
    return Counter(message.body["template"] for message in own), [_line(tx, message) for message in own[:limit]]


def _line(tx: Tx, message: Told) -> Line:
    member = members.get_by_user(tx, message.chat_id)
    name = names.mask(members.name_of(tx, member.id)) if member else ""
    params = message.body["params"]
    return Line(name, message.body["template"], params | {"name": name} if "name" in params else params)
