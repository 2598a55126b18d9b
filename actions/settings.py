"""How a person wants the bot to speak to them: language, plain and large, of what, how often, and when to be quiet."""

from __future__ import annotations

from dataclasses import dataclass

from actions import charters, staff
from db import outbox, people
from db.database import Tx
from db.people import Person
from loyalty.charter import LOCALES
from loyalty.errors import AnswerUnclear
from loyalty.pushes import FREQUENCIES
from loyalty.roles import Role, may
from loyalty.topics import STAFF_TOPICS, TOPICS

# Offered as buttons; "" is the charter's own quiet hours, and the same time twice is none at all.
QUIET_CHOICES = {"usual": ("", ""), "none": ("00:00", "00:00"), "early": ("20:00", "10:00"), "late": ("23:00", "08:00")}


@dataclass(frozen=True, slots=True)
class Settings:
    language: str  # '' where Telegram's own is followed
    easy_mode: bool
    quiet: str  # one of QUIET_CHOICES
    quiet_from: str  # 'HH:MM' in the charter's time zone
    quiet_until: str
    frequency: str  # one of FREQUENCIES
    unwanted: list[str]  # topics switched off
    manages: bool  # whether there is something for managers to switch off


def show(tx: Tx, person: Person) -> Settings:
    """The settings as they stand."""
    now = people.get(tx, person.user_id) or person
    quiet = _choice((now.quiet_from, now.quiet_until))
    begins, ends = _hours(tx, now)
    unwanted = people.list_unwanted(tx, person.user_id)
    manages = may(staff.strongest_role(tx, person.user_id), Role.MANAGER)
    return Settings(now.language, now.easy_mode, quiet, begins, ends, now.frequency, unwanted, manages)


def _choice(hours: tuple[str, str]) -> str:
    return next((name for name, offered in QUIET_CHOICES.items() if offered == hours), "usual")


def _hours(tx: Tx, person: Person) -> tuple[str, str]:
    if person.quiet_from:
        return person.quiet_from, person.quiet_until
    usual = charters.current(tx).quiet_hours
    return usual.begins.strftime("%H:%M"), usual.ends.strftime("%H:%M")


def choose_language(tx: Tx, person: Person, locale: str) -> Settings:
    """'auto' follows Telegram. Refuses what is no language of ours."""
    if locale != "auto" and locale not in LOCALES:
        raise AnswerUnclear
    people.choose_language(tx, person.user_id, "" if locale == "auto" else locale)
    return show(tx, person)


def choose_easy_mode(tx: Tx, person: Person, on: bool) -> Settings:
    people.choose_easy_mode(tx, person.user_id, on)
    return show(tx, person)


def choose_quiet_hours(tx: Tx, person: Person, choice: str) -> Settings:
    """One of QUIET_CHOICES; refuses anything else."""
    if choice not in QUIET_CHOICES:
        raise AnswerUnclear
    people.choose_quiet_hours(tx, person.user_id, *QUIET_CHOICES[choice])
    return _reconsidered(tx, person)


def choose_frequency(tx: Tx, person: Person, frequency: str) -> Settings:
    """One of FREQUENCIES; refuses anything else."""
    if frequency not in FREQUENCIES:
        raise AnswerUnclear
    people.choose_frequency(tx, person.user_id, frequency)
    return _reconsidered(tx, person)


def choose_topic(tx: Tx, person: Person, topic: str, wanted: bool) -> Settings:
    """Refuses what is no topic."""
    if topic not in TOPICS and topic not in STAFF_TOPICS:
        raise AnswerUnclear
    people.choose_topic(tx, person.user_id, topic, wanted)
    return _reconsidered(tx, person)


def _reconsidered(tx: Tx, person: Person) -> Settings:
    """What waits for them is looked at again with what they chose now."""
    outbox.recall(tx, person.user_id)
    return show(tx, person)
