"""What is held about a member, who has looked at it, and all of it to take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import charters
from actions.looks import ACCESSES
from actions.members import require_member
from db import audit, coupons, gifts, history, holdings, staff, stores
from db.audit import NEWEST, Record
from db.database import Tx
from db.history import HistoryLine
from db.people import Person
from db.staff import CHAIN, Post
from loyalty import days, gifts as rules
from loyalty.messages import Document, Say

PAGE = 10
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked: where, and as what, never who."""

    at: int  # epoch ms UTC
    action: str  # of ACCESSES
    store: str  # name, '' for none in particular
    role: str  # '' if they never worked here


@dataclass(frozen=True, slots=True)
class Looks:
    """Newest first. older and newer are what `looks` takes for the pages beside it, -1 where there is none."""

    looks: list[Look]
    older: int
    newer: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything held about a member, with the names of what it refers to."""

    made_at: int  # epoch ms UTC
    held: dict[str, list[dict[str, Any]]]  # rows by table, see db/holdings.py
    lines: list[HistoryLine]
    looks: list[Look]
    stores: dict[int, str]
    gifts: dict[int, dict[str, str]]  # names by locale
    coupons: dict[int, dict[str, str]]  # names by locale, by the id of their terms


def looks(tx: Tx, person: Person, before: int = 0) -> Looks:
    """Who looked at the sender's data, with ids below before (0: the newest). Refuses NotAMember."""
    member = require_member(tx, person)
    records = audit.list_of_member(tx, member.id, ACCESSES, PAGE + 1, before or NEWEST)
    return Looks(
        looks=_looks(tx, records[:PAGE]),
        older=records[PAGE - 1].id if len(records) > PAGE else -1,
        newer=0 if before else -1,
    )


def dossier(tx: Tx, member_id: int) -> Dossier:
    """LookupError for the erased."""
    held = holdings.list_held(tx, member_id)
    wanted = {row["gift_id"] for table in ("gift_reservation", "gift_waiting") for row in held[table]}
    found = [gift for gift in (gifts.get(tx, gift_id) for gift_id in sorted(wanted)) if gift]
    return Dossier(
        made_at=tx.now,
        held=held,
        lines=history.list_all(tx, member_id),
        looks=_looks(tx, audit.list_of_member(tx, member_id, ACCESSES, _ALL)),
        stores={store.id: store.name for store in stores.list_all(tx)},
        gifts={gift.id: rules.in_all_languages(gift.terms.names) for gift in found},
        coupons={coupon.terms_id: dict(coupon.terms.names) for coupon in coupons.list_all(tx, member_id)},
    )


def take_away(tx: Tx, person: Person) -> list[Say]:
    """Everything held about the sender: a spreadsheet to read and a JSON for programs, made when they are sent.

    Refuses NotAMember.
    """
    member = require_member(tx, person)
    today = days.local_date(tx.now, charters.current(tx).zone)
    params = {"member_id": member.id}
    return [
        Say("data_sheet", document=Document("data_sheet", params, f"my-data-{today}.xlsx")),
        Say("data_json", document=Document("data_json", params, f"my-data-{today}.json")),
    ]


def _looks(tx: Tx, records: list[Record]) -> list[Look]:
    posts, names = staff.list_ever(tx), {store.id: store.name for store in stores.list_all(tx)}
    return [Look(record.at, record.action, names.get(record.store_id, ""), _role(posts, record)) for record in records]


def _role(posts: list[Post], record: Record) -> str:
    """As what they looked: the post they have, or had, there; any, if they had not said where they were."""
    theirs = [post for post in posts if post.user_id == record.actor]
    there = [post for post in theirs if not record.store_id or post.store_id in (record.store_id, CHAIN)]
    return there[-1].role.value if there else ""
