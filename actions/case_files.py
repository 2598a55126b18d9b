"""Files and long texts of a thread, passed on whole."""

from __future__ import annotations

from collections.abc import Iterable

from db import outbox
from db.cases import Line
from db.database import Tx
from loyalty.cases import MOST_AT_ONCE
from loyalty.messages import Attachment, Say

SHORT = 250  # characters of a line that a case shows by itself
_MOST_LINES = 10


def send(tx: Tx, to: int, case_id: int, file_kind: str, file_id: str) -> None:
    """What came with the words that were told just before, if anything did."""
    if file_id:
        outbox.post(tx, _file(case_id, file_kind, file_id, to))


def send_rest(tx: Tx, to: int, case_id: int, words: str) -> None:
    """What did not fit into the message just before."""
    if rest := words[MOST_AT_ONCE:]:
        outbox.post(tx, Say("case_words", {"case_id": case_id, "words": rest}, to=to, kind="notice"))


def has_more(lines: Iterable[Line]) -> bool:
    """Whether a case that shows them leaves something out."""
    return any(line.file_id or len(line.words) > SHORT for line in lines)


def whole(case_id: int, lines: Iterable[Line]) -> list[Say]:
    """The last files and long texts of these lines, one message each."""
    told = [line for line in lines if line.side != "event" and has_more([line])][-_MOST_LINES:]
    return [say for line in told for say in _line(case_id, line)] or [Say("case_nothing_more", {"case_id": case_id})]


def _line(case_id: int, line: Line) -> list[Say]:
    parts = [line.words[at : at + MOST_AT_ONCE] for at in range(0, len(line.words), MOST_AT_ONCE)]
    file = [_file(case_id, line.file_kind, line.file_id, side=line.side)] if line.file_id else []
    return [Say("case_words", {"case_id": case_id, "words": part, "side": line.side}) for part in parts] + file


def _file(case_id: int, file_kind: str, file_id: str, to: int = 0, side: str = "") -> Say:
    told = {"case_id": case_id, "file_kind": file_kind, "side": side}
    return Say(
        "case_attachment", told, to=to, attachment=Attachment(file_kind, file_id), kind="notice" if to else "reply"
    )
