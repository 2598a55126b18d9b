"""A week at the service desk to be played by whoever: what somebody does next, and what must hold in the end."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from actions import (
    case_desk,
    case_merges,
    case_replies,
    case_transfers,
    charters,
    compensations,
    feedback,
    staff,
)
from actions.feedback import Said
from db import case_compensations, cases as rows, ledger_checks, members, people, staff as posts
from db.cases import Case
from db.database import Database, Tx
from db.people import Person
from loyalty.cases import ARROWS, State
from loyalty.charter import DEFAULT_CHARTER
from loyalty.compensations import Gift
from loyalty.roles import Role
from tests.actions.shops import OWNER, add_member, add_store, hire, record_for

CLERKS, MANAGERS = 12, 3
_FIRST_CLERK, _FIRST_MEMBER = 100, 1_000
_CLERKS_POINTS = 50  # of the default charter
_GIFTS = (Gift(), Gift(), Gift(20), Gift(40), Gift(200), Gift(coupon="apology"))

Action = Callable[..., Any]
Deed = tuple[Action, Person, tuple[Any, ...]]


@dataclass(frozen=True)
class Town:
    stores: list[int]
    members: list[Person]
    clerks: list[Person]  # the first MANAGERS of them manage a store each
    owner: Person

    @property
    def managers(self) -> list[Person]:
        return [*self.clerks[:MANAGERS], self.owner]


@dataclass(frozen=True)
class Known:
    """What there is to do something about: cases (id, whose, store, holder), what waits for a second person, posts."""

    cases: list[tuple[int, int, int, int]]
    waiting: list[int]
    posts: list[int]


def settle(tx: Tx, number: int) -> None:
    """Three stores, twelve who work there, and so many members."""
    charters.publish(tx, DEFAULT_CHARTER, OWNER)
    stores = [add_store(tx, f"store{n}", f"Store {n}") for n in range(3)]
    for n in range(number):
        add_member(tx, f"Member {n}", f"138{n:08d}", user_id=_FIRST_MEMBER + n)
        people.meet(tx, _FIRST_MEMBER + n, "en")
    for n in range(CLERKS):
        hire(tx, _FIRST_CLERK + n, stores[n % 3], Role.MANAGER if n < MANAGERS else Role.CLERK)
    hire(tx, OWNER, posts.CHAIN, Role.OWNER)


def visit(tx: Tx) -> Town:
    """As it stands, without who has left."""
    stores = [row[0] for row in tx.all("SELECT id FROM store ORDER BY id")]
    known = [row[0] for row in tx.all("SELECT user_id FROM member ORDER BY id")]
    clerks = sorted({post.user_id for post in posts.list_all(tx)} - {OWNER})
    found = {user_id: people.get(tx, user_id) for user_id in (*known, *clerks, OWNER)}
    who = {user_id: person for user_id, person in found.items() if person}
    return Town(stores, [who[one] for one in known], [who[one] for one in clerks], who[OWNER])


def look_round(tx: Tx) -> Known:
    cases = tx.all(
        "SELECT c.id, m.user_id, c.store_id, c.holder FROM service_case c JOIN member m ON m.id = c.member_id "
        "ORDER BY c.id"
    )
    waiting = tx.all("SELECT id FROM case_compensation WHERE state = 'waiting' ORDER BY id")
    at_work = tx.all("SELECT id FROM staff WHERE active = 1 ORDER BY id")
    return Known(
        [(row[0], row[1], row[2], row[3]) for row in cases], [row[0] for row in waiting], [row[0] for row in at_work]
    )


def complaint(chance: random.Random, town: Town, said: Callable[[Person], Said]) -> Deed:
    who = chance.choice(town.members)
    return feedback.open_own, who, ("complaint", chance.choice(town.stores), said(who))


def sale(chance: random.Random, town: Town, key: str) -> Deed:
    """Cases are about the latest purchase, and who recorded that gives nothing for them alone."""
    return _sells, chance.choice(town.clerks), (chance.choice(town.members).user_id, key)


def leaving(town: Town, post_id: int) -> Deed:
    return staff.remove, town.owner, (post_id,)


def deed(chance: random.Random, town: Town, known: Known, said: Callable[[Person], Said]) -> Deed:
    """Somebody does something about some case, most often one of the latest."""
    if known.waiting and chance.random() < 0.05:
        return compensations.decide, chance.choice(town.managers), (chance.choice(known.waiting), chance.random() < 0.7)
    case_id, owner, store_id, holder = chance.choice(known.cases[-40:] if chance.random() < 0.7 else known.cases)
    member = next(one for one in town.members if one.user_id == owner)
    clerk = chance.choice(_likely(town, store_id, holder) if chance.random() < 0.9 else town.clerks)
    others = [other for other, whose, *_ in known.cases if whose == owner and other != case_id]
    said_by = {who.user_id: said(who) for who in (member, clerk)}
    ways: list[tuple[Action, Person, tuple[Any, ...]]] = [
        (case_desk.take, clerk, (case_id,)),
        (case_desk.take, clerk, (case_id,)),
        (case_desk.give_back, clerk, (case_id,)),
        (case_transfers.transfer, clerk, (case_id, chance.choice(town.stores))),
        (case_transfers.assign, clerk, (case_id, chance.choice(known.posts))),
        *((case_desk.say, clerk, (case_id, way, said_by[clerk.user_id])) for way in ("answer", "ask", "note")),
        (case_desk.say, clerk, (case_id, "resolve", said_by[clerk.user_id], chance.choice(_GIFTS))),
        (case_desk.say, clerk, (case_id, "resolve", said_by[clerk.user_id], chance.choice(_GIFTS))),
        (feedback.add, member, (case_id, said_by[owner])),
        (case_replies.take, member, (case_replies.Place(case_id), said_by[owner])),
        (feedback.confirm, member, (case_id,)),
        (feedback.reopen, member, (case_id,)),
        *([(case_merges.merge, clerk, (case_id, chance.choice(others)))] if others else []),
    ]
    return chance.choice(ways)


def _likely(town: Town, store_id: int, holder: int) -> list[Person]:
    """Who has it, most of the time, or who works at its store."""
    there = [one for one in town.clerks if (one.user_id - _FIRST_CLERK) % 3 == town.stores.index(store_id)]
    return [one for one in town.clerks if one.user_id == holder] * 5 + there or town.clerks


def message_of(args: tuple[Any, ...]) -> str:
    """Where what is said came from; '' if nothing is."""
    return next((one.source for one in args if isinstance(one, Said)), "")


def _sells(tx: Tx, clerk: Person, user_id: int, key: str) -> None:
    member = members.get_by_user(tx, user_id)
    assert member is not None
    record_for(tx, clerk, member.id, "20", key)


async def check(db: Database, accepted: set[str]) -> Counter[str]:
    """What must hold in the end; accepted: sources of what was taken. How many of what there was."""
    kept = await db.read(_sources)
    assert len(kept) == len(set(kept))
    assert accepted <= set(kept)
    cases = [case for case_id, *_ in (await db.read(look_round)).cases if (case := await db.read(rows.get, case_id))]
    for case in cases:
        await db.read(stands_as_drawn, case)
        await db.read(goes_on_whole, case)
    await db.read(_nobody_was_called_twice)
    await db.read(_is_compensated_within_limits)
    assert await db.read(ledger_checks.discrepancies) == []
    given = await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM case_compensation WHERE state = 'given'"))
    return Counter(case.state for case in cases) + Counter({"messages": len(kept), "compensated": given})


def _sources(tx: Tx) -> list[str]:
    return [row[0] for row in tx.all("SELECT source FROM case_line WHERE source IS NOT NULL")]


def stands_as_drawn(tx: Tx, case: Case) -> None:
    """Every event is an arrow from where the one before it led, and the case stands where they end, in known hands."""
    state: State = "new"
    for line in rows.list_lines(tx, case):
        done = line.words.split(" ")[0]
        if line.side == "event" and done in ARROWS:
            assert state in ARROWS[done], (case.id, state, done)
            state = ARROWS[done][state]
    assert case.state == state
    assert (case.holder == 0) == (state == "new") or state == "merged"
    if state in ("taken", "waiting"):
        assert posts.list_posts(tx, case.holder), (case.id, case.holder)


def goes_on_whole(tx: Tx, case: Case) -> None:
    """What was said in a case that was merged stands where it goes on, which is no merged one."""
    if not case.merged_into:
        return
    into = rows.get(tx, case.merged_into)
    assert into is not None
    assert into.state != "merged"
    there = Counter(line.words for line in rows.list_lines(tx, into))
    here = Counter(line.words for line in rows.list_lines(tx, case) if line.side != "event")
    assert not here - there


def _nobody_was_called_twice(tx: Tx) -> None:
    """Once for each time it was opened, and clock; and of a merging the member was told once."""
    sealed = tx.all("SELECT chat_id, payload FROM outbox ORDER BY id")
    told = [(chat, orjson.loads(tx.vault.open_system("outbox", str(chat), bytes(body)))) for chat, body in sealed]
    calls = Counter(
        (chat, body["template"], body["params"]["case_id"], body["params"].get("answer", False))
        for chat, body in told
        if body["template"] in ("case_late", "case_warned", "case_merged")
    )
    assert calls
    for (_chat, template, case_id, _answer), times in calls.items():
        case = rows.get(tx, case_id)
        assert case is not None
        assert times <= (1 if template == "case_merged" else 1 + case.reopened), (template, case_id)


def _is_compensated_within_limits(tx: Tx) -> None:
    """What is given is on the account; alone a clerk gives within the limit, and never for what they sold."""
    alone: Counter[int] = Counter()
    for case_id, *_ in look_round(tx).cases:
        for one in case_compensations.list_of_case(tx, case_id):
            assert (one.state == "given") == bool(one.entry_id or one.coupon_id)
            if one.state == "given" and not one.decided_by:
                alone[case_id] += one.points if one.asked_by >= _FIRST_CLERK + MANAGERS else 0
                assert one.points <= 500
    joined = {row[0] for row in tx.all("SELECT DISTINCT merged_into FROM service_case WHERE merged_into <> 0")}
    assert all(points <= _CLERKS_POINTS for case_id, points in alone.items() if case_id not in joined)
    given = tx.value("SELECT COALESCE(SUM(points), 0) FROM case_compensation WHERE state = 'given'")
    assert given == tx.value("SELECT COALESCE(SUM(points), 0) FROM entry WHERE kind = 'adjust'")
