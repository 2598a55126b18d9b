"""A member's view after ten years, a search among very many members, and cases beside a million closed ones.

Times are of the database's thread, with all that is opened and read there, without the commit. Members are a tenth of
1,000,000 (`--share 10` for all of them, beside no more cases); an empty desk has ten open cases, so that both list a
page.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from actions import case_desk, charters, customers, deals, desk, feedback, notes, series
from actions.deals import Deal
from actions.feedback import Said
from benchmarks import shops
from benchmarks.results import Effort, Figure, Outcome, at_most, within
from benchmarks.shops import Shop
from db import members, people, stores
from db.database import Database, Tx
from db.members import NewMember
from loyalty import names, phones
from loyalty.earning import Line
from loyalty.errors import Refusal
from loyalty.purchases import Sale

_MEMBERS, _CLOSED, _OPEN, _PAGE = 100_000, 1_000_000, 5_000, 10
_VISITS = 1_040  # two a week
_YEARS_MS = 10 * 365 * 86_400_000
_TOGETHER = 2_000
_TIMES = 100
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华文玉建国志远晨曦宇轩梓涵"


async def measure(effort: Effort) -> Outcome:
    with TemporaryDirectory(prefix="bench-") as full, TemporaryDirectory(prefix="bench-") as empty:
        async with shops.opened(Path(full)) as busy, shops.opened(Path(empty)) as idle:
            shop, quiet = await shops.founded(busy, 1), await shops.founded(idle, 1)
            await _fill(busy, shop, effort)
            await idle.write(_add_cases, "new", _PAGE, 0)
            return await _measured(busy, idle, shop, quiet, effort)


async def _measured(busy: Database, idle: Database, shop: Shop, quiet: Shop, effort: Effort) -> Outcome:
    times = min(_TIMES, effort.of(_TIMES, least=5))
    view = Figure("member's view, ten years of purchases", "ms")
    searches = {how: Figure(f"search by {how}", "ms") for how in ("phone tail", "name", "pinyin")}
    crowded, alone = Figure("case, beside very many closed", "ms"), Figure("case, an empty desk", "ms")
    for number in range(effort.runs):
        view.samples.append(await busy.read(_timed_view, shop, times))
        for how, figure in searches.items():
            figure.samples.append(await busy.write(_timed_search, shop, how, times))
        crowded.samples.append(await busy.write(_timed_cases, shop, number, times))
        alone.samples.append(await idle.write(_timed_cases, quiet, number, times))
    aims = [within(50, view), *(within(20, figure) for figure in searches.values()), at_most(1.5, crowded, alone)]
    return Outcome("desk", __doc__ or "", [view, *searches.values(), crowded, alone], aims)


async def _fill(db: Database, shop: Shop, effort: Effort) -> None:
    count = effort.of(_MEMBERS, least=1_000)
    for begin in range(0, count, _TOGETHER):
        await db.write(_join, range(begin, min(begin + _TOGETHER, count)))
    for begin in range(0, _VISITS, 200):
        await db.write(_buy, shop, range(begin, min(begin + 200, _VISITS)))
    await db.write(_settle_down, shop)
    closed = min(_CLOSED, effort.of(_CLOSED, least=1_000))
    for begin in range(0, closed, 50_000):
        await db.write(_add_cases, "confirmed", min(50_000, closed - begin), begin)
    await db.write(_add_cases, "new", min(_OPEN, effort.of(_OPEN, least=50)), closed)


def _join(tx: Tx, numbers: range) -> None:
    tier = charters.current(tx).tiers[0].code
    for number in numbers:
        members.add(
            tx,
            NewMember(
                name=_name(number), phone=phones.parse(f"+86139{number:08d}", "CN"), birthday=None, tier=tier,
                source="online", home_store_id=0, referrer_id=0, charter_version=1, card_prefix="29",
                joined_at=tx.now,
            ),
        )  # fmt: skip


def _name(number: int) -> str:
    """One of so many that few have the same."""
    given = _GIVEN[number // 20 % 35] + _GIVEN[number // 700 % 35]
    return _SURNAMES[number % 20] + given + (_GIVEN[number // 24_500 % 35] if number >= 24_500 else "")


def _pinyin(number: int) -> str:
    return next(key.text for key in names.search_keys(_name(number)) if key.kind == "pinyin")


def _buy(tx: Tx, shop: Shop, numbers: range) -> None:
    member, store = members.get(tx, shop.members[0]), stores.list_active(tx)[0]
    assert member is not None
    goods = ("milk", "dairy"), ("apples", "fresh"), ("rice", "food")
    for number in numbers:
        lines = tuple(Line(item, category, 1_000, 500) for item, category in goods)
        at = tx.now - _YEARS_MS + _YEARS_MS * number // _VISITS
        deals.enter(tx, Deal(member, store, Sale(1_500, "", lines), at, 0, f"desk:{number}"))


def _settle_down(tx: Tx, shop: Shop) -> None:
    series.learn(tx, charters.current(tx), shop.members[0])
    for words in ("oat milk", "size M", "no bags"):
        notes.note(tx, shop.clerks[0], shop.members[0], "wishes", words)


def _add_cases(tx: Tx, state: str, count: int, begin: int) -> None:
    """As rows, each with a line that was emptied; of nobody in particular."""
    store = stores.list_active(tx)[0]
    tx.run(
        "WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :count) "
        "INSERT INTO service_case (kind, category, severity, store_id, opened_by, opened_at, source, state, "
        "answer_due, resolve_due, ended_at, key) SELECT 'complaint', 'goods', 'normal', :store_id, 1, :now - n, "
        "'staff', :state, :now + n, :now + n, CASE WHEN :state = 'new' THEN 0 ELSE :now - n END, "
        "'bench:' || (:begin + n) FROM number",
        count=count, begin=begin, store_id=store.id, state=state, now=tx.now,
    )  # fmt: skip
    tx.run(
        "INSERT INTO case_line (case_id, side, author, words_sealed, file_id_sealed, at) "
        "SELECT id, 'staff', 1, :nothing, :nothing, opened_at FROM service_case WHERE key >= 'bench:' "
        "AND id > (SELECT COALESCE(MAX(case_id), 0) FROM case_line)",
        nothing=b"",
    )


def _each(work: Callable[[int], object], times: int) -> float:
    """Milliseconds for one."""
    began = time.perf_counter()
    for number in range(times):
        work(number)
    return (time.perf_counter() - began) / times * 1000


def _timed_view(tx: Tx, shop: Shop, times: int) -> float:
    member = members.get(tx, shop.members[0])
    assert member is not None
    return _each(lambda _: customers.view(tx, shop.clerks[0], member), times)


def _timed_search(tx: Tx, shop: Shop, how: str, times: int) -> float:
    """Whom it may mean is listed, or opened if it is one; of too many the clerk is asked for more."""
    places = [number * 7_919 % tx.value("SELECT COUNT(*) - 1 FROM member") for number in range(times)]
    written = {"phone tail": lambda place: f"{place % 10_000:04d}", "name": _name, "pinyin": _pinyin}[how]
    sought = [written(place) for place in places]

    def search(number: int) -> None:
        with contextlib.suppress(Refusal):
            desk.search(tx, shop.clerks[0], sought[number])

    return _each(search, times)


def _timed_cases(tx: Tx, shop: Shop, run: int, times: int) -> float:
    ann, clerk = shops.person(tx, 0), people.get(tx, shop.clerks[0].user_id)
    store = stores.list_active(tx)[0]
    assert clerk is not None

    def case(number: int) -> None:
        key = f"{run}:{number}"
        told = feedback.open_own(tx, ann, "complaint", store.id, Said("cold soup", "", "", f"m{key}"))
        case_desk.say(tx, clerk, told.case_id, "answer", Said("sorry", "", "", f"a{key}"))
        case_desk.queue(tx, clerk)
        feedback.list_own(tx, ann)
        case_desk.say(tx, clerk, told.case_id, "resolve", Said("solved", "", "", f"r{key}"))

    return _each(case, times)
