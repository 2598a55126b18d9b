"""What somebody sent, whatever it was: its words, and the file that came with them."""

from __future__ import annotations

from actions.feedback import Said
from bot.updates import Input
from loyalty.cases import LONGEST

# What a thread keeps, by the name Telegram gives it; a sticker or a place is kept as what it is.
KINDS = ("photo", "document", "voice", "audio", "video", "video_note", "animation", "sticker")


def said(given: Input) -> Said | None:
    """None for what is neither words nor a file, such as a poll."""
    source = f"{given.chat_id}:{given.message_id}"
    words = given.text[:LONGEST]
    if given.kind == "text":
        return Said(words, "", "", source)
    body = given.body or {}
    if given.kind not in KINDS or given.kind not in body:
        return None
    found = body[given.kind]
    # Photos come in several sizes, the largest last.
    file = found[-1] if isinstance(found, list) else found
    return Said(words or str(file.get("emoji", "")), given.kind, str(file["file_id"]), source)
