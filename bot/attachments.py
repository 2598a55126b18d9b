"""What somebody sent, whatever it was: its words, and the file that came with them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions.feedback import ALBUM, Said
from bot.dialogues import Answer
from bot.updates import Input
from loyalty.cases import LONGEST
from loyalty.errors import AnswerUnclear

# What a thread keeps, by the name Telegram gives it; a sticker or a place is kept as what it is.
KINDS = ("photo", "document", "voice", "audio", "video", "video_note", "animation", "sticker")


def said(given: Input) -> Said | None:
    """None for what is neither words nor a file, such as a poll."""
    words, source = given.text[:LONGEST], f"{given.chat_id}:{given.message_id}"
    if given.kind == "text":
        return Said(words, "", "", source)
    body = given.body or {}
    if given.kind not in KINDS or given.kind not in body:
        return None
    file = _file(body[given.kind])
    return Said(words or str(file.get("emoji", "")), given.kind, str(file["file_id"]), source, _album(given))


def told(answer: Answer) -> dict[str, str]:
    """What a dialogue keeps of an answer in words, files or both. Refuses AnswerUnclear."""
    found = said(answer.given) if answer.kind != "press" else None
    if found is None:
        raise AnswerUnclear
    return asdict(found)


def gathered(answers: dict[str, Any]) -> list[Said]:
    """The rest of the album that one of a dialogue's answers came with."""
    return [Said(**told) for told in answers.get(ALBUM, [])]


def captioned(given: Input) -> Said:
    """A command's arguments, with the file whose caption it is, if there is one."""
    body = given.body or {}
    kind = next((kind for kind in KINDS if kind in body), "")
    file = _file(body[kind]) if kind else {}
    source = f"{given.chat_id}:{given.message_id}"
    return Said(given.args[:LONGEST], kind, str(file.get("file_id", "")), source, _album(given))


def _album(given: Input) -> str:
    return str((given.body or {}).get("media_group_id", ""))


def _file(found: Any) -> dict[str, Any]:
    """Photos come in several sizes, the largest last."""
    file: dict[str, Any] = found[-1] if isinstance(found, list) else found
    return file
