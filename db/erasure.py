"""Forgetting a member: the data key is destroyed, what it sealed and what led to it is emptied. The ledger stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from db.database import Tx

Reason = Literal["asked", "retention"]

_TOKEN_BYTES = 16
_TABLES_OF_THE_PERSON = (
    "member_phone", "member_lookup", "profile_field", "birthday_change", "birthday_given", "birthday_wait", "rhythm",
    "retention", "member_note", "care_task",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Erasure:
    """One of the list that is carried out again on every restored backup."""

    member_id: int
    reason: Reason
    erased_at: int  # epoch ms UTC
    user_id: int  # 0 once nothing is left to be sent to them


def add(tx: Tx, erased: Erasure) -> bool:
    """Put the member on the list; False if they are on it. user_id 0: not on Telegram."""
    return 1 == tx.run(
        "INSERT INTO erasure (member_id, reason, erased_at, user_id) VALUES (:member_id, :reason, :at, :user_id) "
        "ON CONFLICT (member_id) DO NOTHING",
        member_id=erased.member_id, reason=erased.reason, at=erased.erased_at, user_id=erased.user_id,
    )  # fmt: skip


def destroy(tx: Tx, member_id: int) -> None:
    """Destroy the member's data key and empty all that says who they are. Nothing if that was done before."""
    user_id = tx.value("SELECT user_id FROM member WHERE id = :member_id", member_id=member_id) or 0
    _destroy_key(tx, member_id)
    for table in _TABLES_OF_THE_PERSON:
        tx.run(f"DELETE FROM {table} WHERE member_id = :member_id", member_id=member_id)
    _empty_sealed(tx, member_id)
    _unlink(tx, member_id, user_id)
    _empty_member(tx, member_id)


def _destroy_key(tx: Tx, member_id: int) -> None:
    wrapped = tx.value("SELECT wrapped FROM member_key WHERE member_id = :member_id", member_id=member_id)
    # Overwritten in place before the row goes: what a page keeps of a deleted row is zeros.
    tx.run(
        "UPDATE member_key SET wrapped = :zeros WHERE member_id = :member_id",
        member_id=member_id, zeros=bytes(len(wrapped or b"")),
    )  # fmt: skip
    tx.run("DELETE FROM member_key WHERE member_id = :member_id", member_id=member_id)
    tx.vault.forget(member_id)


def _empty_sealed(tx: Tx, member_id: int) -> None:
    for table, column in (
        ("adjustment", "note_sealed"),
        ("gift_reservation", "code_sealed"),
        ("coupon", "code_sealed"),
        ("survey", "words_sealed"),
        ("recommendation", "words_sealed"),
        ("case_line", "words_sealed"),
        ("case_line", "file_id_sealed"),
    ):
        tx.run(f"UPDATE {table} SET {column} = :nothing WHERE member_id = :member_id", member_id=member_id, nothing=b"")


def _unlink(tx: Tx, member_id: int, user_id: int) -> None:
    """What the member did by themselves is nobody's in particular from now on."""
    for table, column in (
        ("entry", "actor"), ("gift_reservation", "resolved_by"), ("service_case", "opened_by"), ("case_line", "author"),
    ):  # fmt: skip
        tx.run(
            f"UPDATE {table} SET {column} = 0 WHERE member_id = :member_id AND {column} = :user_id",
            member_id=member_id, user_id=user_id,
        )  # fmt: skip
    # Where in the chat it came from has their account in it.
    tx.run("UPDATE case_line SET source = NULL, album = '' WHERE member_id = :member_id", member_id=member_id)
    tx.run("UPDATE service_case SET key = 'erased:' || id WHERE member_id = :member_id", member_id=member_id)


def _empty_member(tx: Tx, member_id: int) -> None:
    """The number and the codes must stay unique; nothing of theirs is left in them."""
    tx.run(
        "UPDATE member SET status = 'erased', user_id = 0, number = :stub, invite_code = :stub, card_token = :token, "
        "card_sealed = :nothing, name_sealed = :nothing, phone_sealed = :nothing, birth_year_sealed = :nothing, "
        "birthday_month = 0, birthday_day = 0, birthday_lunar = 0, birthday_leap = 0, home_store_id = 0, "
        "referrer_id = 0, enrolled_by = 0 WHERE id = :member_id AND status <> 'erased'",
        member_id=member_id, stub=f"x{member_id}", token=tx.random(_TOKEN_BYTES), nothing=b"",
    )  # fmt: skip


_WORKS_HERE = "EXISTS (SELECT 1 FROM staff WHERE staff.user_id = :user AND staff.active = 1)"


def drop_messages(tx: Tx, user_id: int) -> None:
    """What waits to be sent to this person, and where they are in a dialogue; of who works here, pushes alone."""
    tx.run(
        f"DELETE FROM outbox WHERE chat_id = :user AND state = 'queued' AND (topic <> '' OR NOT {_WORKS_HERE})",
        user=user_id,
    )
    tx.run("DELETE FROM dialogue WHERE user_id = :user_id", user_id=user_id)


def list_all(tx: Tx) -> list[Erasure]:
    """Oldest first."""
    return [Erasure(*row) for row in tx.all(f"{_LISTED} ORDER BY erased_at, member_id")]


def list_unsettled(tx: Tx, limit: int) -> list[Erasure]:
    """Those whose traces in files, chats and backups are still to be wiped."""
    return [Erasure(*row) for row in tx.all(f"{_LISTED} WHERE settled_at = 0 ORDER BY member_id LIMIT :n", n=limit)]


_LISTED = "SELECT member_id, reason, erased_at, user_id FROM erasure"


def forget_person(tx: Tx, erased: Erasure) -> bool:
    """Forget whose Telegram account it was; False while a last message is on its way to it.

    Somebody who works here, or has joined anew, is known as that, and keeps what they have as that.
    """
    if not erased.user_id:
        return True
    on_its_way = f"SELECT 1 FROM outbox WHERE chat_id = :user AND state = 'queued' AND NOT {_WORKS_HERE} LIMIT 1"
    if tx.one(on_its_way, user=erased.user_id):
        return False
    for statement in _FORGOTTEN:
        tx.run(statement, user=erased.user_id, member=erased.member_id, nothing=b"")
    tx.run("UPDATE erasure SET user_id = 0 WHERE member_id = :member_id", member_id=erased.member_id)
    return True


_FORGOTTEN = (
    "UPDATE inbox SET sender_id = 0 WHERE sender_id = :user AND state = 'done'",
    f"DELETE FROM inbox WHERE sender_id = :user AND state = 'dead' AND NOT {_WORKS_HERE}",
    # A reply of staff to a message about somebody else's case must go on finding that case.
    (
        "UPDATE outbox SET chat_id = 0, payload = :nothing WHERE chat_id = :user AND state <> 'queued' "
        f"AND (case_id = 0 OR NOT {_WORKS_HERE} "
        "OR EXISTS (SELECT 1 FROM service_case c WHERE c.id = outbox.case_id AND c.member_id = :member))"
    ),
    (
        "DELETE FROM topic_choice WHERE user_id = :user "
        "AND NOT EXISTS (SELECT 1 FROM member WHERE member.user_id = topic_choice.user_id)"
    ),
    "DELETE FROM press WHERE user_id = :user",
    # Which of the drawn cards was theirs cannot be told from a digest: all are drawn anew when next asked for.
    "DELETE FROM picture_file",
    (
        "DELETE FROM person WHERE user_id = :user "
        "AND NOT EXISTS (SELECT 1 FROM member WHERE member.user_id = person.user_id) "
        "AND NOT EXISTS (SELECT 1 FROM staff WHERE staff.user_id = person.user_id) "
        "AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.sender_id = person.user_id AND inbox.state = 'new')"
    ),
)


def mark_settled(tx: Tx, member_id: int) -> None:
    """Nothing of theirs is left anywhere that this program reaches."""
    tx.run("UPDATE erasure SET settled_at = :now WHERE member_id = :member_id", member_id=member_id, now=tx.now)
