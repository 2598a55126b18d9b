"""What staff may choose from at the service desk: classes, ready answers, stores."""

from __future__ import annotations

from typing import Any

from actions import case_people, cases, charters
from db import people
from db.database import Tx
from loyalty.errors import StaleButton


def classes(tx: Tx) -> dict[str, Any]:
    """Severities and categories of the charter, by code and name."""
    rules = charters.current(tx).service
    return {
        "severities": [{"code": one.code, "name": one.names} for one in rules.severities],
        "categories": [{"code": one.code, "name": one.names} for one in rules.categories],
    }


def ready_answers(tx: Tx) -> dict[str, Any]:
    """The charter's ready answers, by code and name."""
    return {"answers": [{"code": one.code, "name": one.names} for one in charters.current(tx).service.answers]}


def ready_answer(tx: Tx, code: str, locale: str) -> str:
    """Its words in one language. Refuses StaleButton."""
    answer = next((one for one in charters.current(tx).service.answers if one.code == code), None)
    if answer is None:
        raise StaleButton
    words: str = answer.words.model_dump()[locale]
    return words


def reader(tx: Tx, case_id: int) -> tuple[str, str, str]:
    """Whoever reads the answers: the language they chose, that of their Telegram, and the chain's own."""
    person = people.get(tx, case_people.member(tx, cases.require(tx, case_id)))
    default = charters.current(tx).programme.default_locale
    return (person.language, person.telegram_language, default) if person else ("", "", default)
