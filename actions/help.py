"""What somebody may do here, and the texts they agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import charters, staff
from db import consents, members
from db.database import Tx
from db.people import Person
from loyalty.roles import Role


@dataclass(frozen=True, slots=True)
class Overview:
    programme: dict[str, str]  # by locale
    member: bool
    role: str  # '' for those who do not work here


@dataclass(frozen=True, slots=True)
class Policy:
    """A text of the charter by locale, its version, and which of its versions this person accepted and when."""

    text: dict[str, str]
    version: int
    member: bool
    accepted_version: int  # 0: none
    accepted_at: int  # epoch ms UTC, 0: never


def overview(tx: Tx, person: Person) -> Overview:
    role: Role | None = staff.strongest_role(tx, person.user_id)
    member = members.get_by_user(tx, person.user_id)
    return Overview(charters.current(tx).programme.names, member is not None, role.value if role else "")


def privacy(tx: Tx, person: Person) -> Policy:
    """The privacy policy in force."""
    return _policy(tx, person, "privacy")


def rules(tx: Tx, person: Person) -> Policy:
    """The charter's summary in force."""
    return _policy(tx, person, "charter")


def _policy(tx: Tx, person: Person, kind: str) -> Policy:
    version, charter = charters.current_version(tx)
    text: Any = charter.texts.privacy if kind == "privacy" else charter.texts.summary
    member = members.get_by_user(tx, person.user_id)
    given = [consent for consent in consents.list_given(tx, member.id) if consent.kind == kind] if member else []
    accepted = (given[-1].version, given[-1].given_at) if given else (0, 0)
    return Policy(text.model_dump(), version, member is not None, *accepted)
