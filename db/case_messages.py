"""Which message is about which case: what we sent, and what came in."""

from __future__ import annotations

from db.database import Tx


def case_of(tx: Tx, chat_id: int, message_id: int) -> tuple[int, bool]:
    """The case a message of ours was about, the last one if it was edited, and whether staff's reply to it is meant for
    the member; (0, False) for none."""
    row = tx.one(
        "SELECT case_id, to_member FROM outbox WHERE id = (SELECT MAX(id) FROM outbox "
        "WHERE chat_id = :chat_id AND message_id = :message_id AND message_id > 0 AND case_id <> 0)",
        chat_id=chat_id, message_id=message_id,
    )  # fmt: skip
    return (row[0], bool(row[1])) if row else (0, False)


def newest_about(tx: Tx, chat_id: int, case_id: int) -> int:
    """The newest message in this chat about the case; 0 for none."""
    message_id: int = tx.value(
        "SELECT COALESCE(MAX(message_id), 0) FROM outbox "
        "WHERE chat_id = :chat_id AND case_id = :case_id AND case_id <> 0 AND state = 'sent'",
        chat_id=chat_id, case_id=case_id,
    )  # fmt: skip
    return message_id


def with_source(tx: Tx, author: int, source: str) -> tuple[int, str]:
    """The case in whose thread this message of the person's stands, and its line's side; (0, '') for none."""
    row = tx.one(
        "SELECT case_id, side FROM case_line WHERE source = :source AND author = :author", source=source, author=author
    )
    return (row[0], row[1]) if row else (0, "")


def with_album(tx: Tx, author: int, album: str) -> tuple[int, str]:
    """As `with_source`, for the first picture of this album (Telegram's media_group_id)."""
    row = tx.one(
        "SELECT case_id, side FROM case_line WHERE album = :album AND album <> '' AND author = :author "
        "ORDER BY id LIMIT 1",
        album=album, author=author,
    )  # fmt: skip
    return (row[0], row[1]) if row else (0, "")
