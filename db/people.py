"""Whoever has written to the bot: their language and whether they can be reached."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Person:
    user_id: int
    language: str  # chosen locale, '' if none was
    telegram_language: str  # IETF code as Telegram sent it, '' if none
    easy_mode: bool
    quiet_from: str  # 'HH:MM' in the charter's zone, '' if the charter's hours hold
    quiet_until: str
    desk_store_id: int  # where a member of staff is working now, 0 if not chosen
    reachable: bool
    frequency: str = "each"  # of pushes: each, weekly, own, none


_COLUMNS = (
    "user_id, language, telegram_language, easy_mode, quiet_from, quiet_until, desk_store_id, reachable, frequency"
)


def _person(row: tuple[object, ...]) -> Person:
    return Person(*row)  # type: ignore[arg-type]


def meet(tx: Tx, user_id: int, telegram_language: str) -> Person:
    """The person who writes, remembered if new; writing makes them reachable again."""
    known = get(tx, user_id)
    if known and known.reachable and known.telegram_language == telegram_language:
        return known
    row = tx.one(
        "INSERT INTO person (user_id, telegram_language, met_at) VALUES (:user_id, :telegram_language, :now) "
        "ON CONFLICT (user_id) DO UPDATE SET telegram_language = excluded.telegram_language, reachable = 1 "
        f"RETURNING {_COLUMNS}",
        user_id=user_id, telegram_language=telegram_language, now=tx.now,
    )  # fmt: skip
    assert row is not None
    return _person(row)


def look_up(tx: Tx, user_id: int, telegram_language: str) -> Person:
    """The person who writes where others read too: nobody is remembered for that, nor can be reached by it."""
    return get(tx, user_id) or Person(user_id, "", telegram_language, False, "", "", 0, True)  # noqa: FBT003 - a row


def get(tx: Tx, user_id: int) -> Person | None:
    """The person with this Telegram id, if they have ever written."""
    row = tx.one(f"SELECT {_COLUMNS} FROM person WHERE user_id = :user_id", user_id=user_id)
    return _person(row) if row else None


def choose_language(tx: Tx, user_id: int, locale: str) -> None:
    """locale '' returns to what Telegram says."""
    tx.run("UPDATE person SET language = :locale WHERE user_id = :user_id", user_id=user_id, locale=locale)


def choose_easy_mode(tx: Tx, user_id: int, on: bool) -> None:
    tx.run("UPDATE person SET easy_mode = :on WHERE user_id = :user_id", user_id=user_id, on=int(on))


def choose_quiet_hours(tx: Tx, user_id: int, quiet_from: str, quiet_until: str) -> None:
    """'HH:MM' each, in the charter's zone; both '' for the charter's own hours."""
    tx.run(
        "UPDATE person SET quiet_from = :quiet_from, quiet_until = :quiet_until WHERE user_id = :user_id",
        user_id=user_id, quiet_from=quiet_from, quiet_until=quiet_until,
    )  # fmt: skip


def choose_frequency(tx: Tx, user_id: int, frequency: str) -> None:
    """each, weekly, own or none; see docs/pushes.md."""
    tx.run("UPDATE person SET frequency = :frequency WHERE user_id = :user_id", user_id=user_id, frequency=frequency)


def choose_topic(tx: Tx, user_id: int, topic: str, wanted: bool) -> None:
    tx.run(
        "INSERT INTO topic_choice (user_id, topic, wanted, chosen_at) VALUES (:user_id, :topic, :wanted, :now) "
        "ON CONFLICT (user_id, topic) DO UPDATE SET wanted = excluded.wanted, chosen_at = excluded.chosen_at",
        user_id=user_id, topic=topic, wanted=int(wanted), now=tx.now,
    )  # fmt: skip


def list_unwanted(tx: Tx, user_id: int) -> list[str]:
    """Topics this person does not want to hear of."""
    rows = tx.all(
        "SELECT topic FROM topic_choice WHERE user_id = :user_id AND wanted = 0 ORDER BY topic", user_id=user_id
    )
    return [row[0] for row in rows]


def count_unreachable(tx: Tx) -> int:
    """Members on Telegram who have closed their chat with the bot."""
    count: int = tx.value(
        "SELECT COUNT(*) FROM member JOIN person ON person.user_id = member.user_id "
        "WHERE member.status = 'active' AND person.reachable = 0"
    )
    return count


def choose_desk_store(tx: Tx, user_id: int, store_id: int) -> None:
    tx.run("UPDATE person SET desk_store_id = :store_id WHERE user_id = :user_id", user_id=user_id, store_id=store_id)


def mark_unreachable(tx: Tx, user_id: int) -> None:
    """They blocked the bot or deleted their account."""
    tx.run("UPDATE person SET reachable = 0 WHERE user_id = :user_id", user_id=user_id)
