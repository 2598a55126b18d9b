"""Words beside a score that opened no case: kept as text, and read by who has to do with it."""

from __future__ import annotations

from collections.abc import Iterable

from actions.feedback import Said
from db import outbox, stores
from db.database import Tx
from loyalty.errors import TextInvalid
from loyalty.messages import Say, params_of
from loyalty.surveys import LONGEST, Scored


def plain(said: Said) -> str:
    """The words, where there is no thread to keep more than that. Refuses TextInvalid."""
    words = said.words.strip()
    if said.file_kind or not 0 < len(words) <= LONGEST:
        raise TextInvalid(LONGEST)
    return words


def tell(tx: Tx, readers: Iterable[int], scored: Scored, store_id: int, words: str) -> None:
    """readers: Telegram ids. Whose words they are is not told."""
    told = {"scored": params_of(scored), "store": stores.name_of(tx, store_id), "words": words}
    for user_id in readers:
        outbox.post(tx, Say("rating_heard", told, to=user_id, kind="notice"))
