"""Members who stay away: asked, then forgotten, as the charter says (24 and 30 months by default)."""

from __future__ import annotations

import pytest

from actions import retention
from bot.jobs.retention import JOB
from db import accounts, audit, erasure, members, retention as rows
from db.database import Database, Tx
from tests.actions.shops import ANN, Shop, add_member, buys, open_shop
from tests.conftest import Clock
from tests.job_runs import work

MONTH = 30.5


async def status(db: Database, shop: Shop) -> str:
    member = await db.read(members.get, shop.member.id)
    assert member is not None
    return member.status


def asked(tx: Tx) -> int:
    return tx.value("SELECT COUNT(*) FROM outbox WHERE chat_id = :ann AND kind = 'notice'", ann=ANN)


async def test_nobody_is_asked_before_their_time(db: Database, clock: Clock) -> None:
    await open_shop(db)
    clock.move(days=23 * MONTH)
    await work(db, JOB)
    assert await db.read(asked) == 0


async def test_who_stays_away_is_asked_once(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    await work(db, JOB)
    clock.move(days=1)
    await work(db, JOB)
    assert (await db.read(asked), await status(db, shop)) == (1, "active")


async def test_who_does_not_answer_is_forgotten_and_told_so(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    clock.move(days=6 * MONTH)
    await work(db, JOB)
    assert await status(db, shop) == "erased"
    assert (await db.read(audit.list_latest, 1))[0].detail == {"reason": "retention"}
    assert await db.read(asked) == 1, "the question is dropped, the last message is there"


async def test_who_says_that_they_stay_is_left_alone(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    await db.write(retention.stay, shop.ann)
    clock.move(days=6 * MONTH)
    await work(db, JOB)
    assert (await db.read(asked), await status(db, shop)) == (1, "active")


async def test_who_buys_again_is_left_alone(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    await buys(db, shop)
    clock.move(days=6 * MONTH)
    await work(db, JOB)
    assert await status(db, shop) == "active"


async def test_who_says_that_they_stay_at_the_last_moment_is_left_alone(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await open_shop(db)
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    clock.move(days=6 * MONTH)
    lock = accounts.lock

    def lock_late(tx: Tx, member_id: int) -> None:
        """As if they had said so, elsewhere, just before their account is locked."""
        rows.mark_stayed(tx, member_id)
        lock(tx, member_id)

    monkeypatch.setattr(accounts, "lock", lock_late)
    await work(db, JOB)
    assert await status(db, shop) == "active"


async def test_who_stayed_is_asked_again_after_as_long_a_time(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    await db.write(retention.stay, shop.ann)
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    assert (await db.read(asked), await status(db, shop)) == (2, "active")


async def test_after_a_long_standstill_there_is_still_time_to_answer(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    clock.move(days=60 * MONTH)
    await work(db, JOB)
    clock.move(days=29)
    await work(db, JOB)
    assert await status(db, shop) == "active"
    clock.move(days=2)
    await work(db, JOB)
    assert await status(db, shop) == "erased"


async def test_who_is_not_on_telegram_is_forgotten_at_the_same_time(db: Database, clock: Clock) -> None:
    await open_shop(db)
    ben = await db.write(add_member, "Ben", "13900139000")
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    clock.move(days=6 * MONTH)
    await work(db, JOB)
    member = await db.read(members.get, ben.id)
    assert member is not None
    assert member.status == "erased"


async def test_whom_it_fails_to_forget_keeps_nobody_else(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await open_shop(db)
    ben = await db.write(add_member, "Ben", "13900139000")
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    clock.move(days=6 * MONTH)
    await db.write(lambda tx: tx.run("DELETE FROM member_key WHERE member_id = :id", id=shop.member.id))

    def destroy(tx: Tx, member_id: int) -> None:
        members.vault_of(tx, member_id)
        whole(tx, member_id)

    whole = erasure.destroy
    monkeypatch.setattr(erasure, "destroy", destroy)
    await work(db, JOB)
    assert (await status(db, shop), (await db.read(members.get, ben.id)).status) == ("active", "erased")  # type: ignore[union-attr]


async def test_many_are_looked_after_page_by_page(db: Database, clock: Clock) -> None:
    await open_shop(db)
    for number in range(120):
        await db.write(add_member, "Ben", f"139{number:08d}")
    clock.move(days=25 * MONTH)
    await work(db, JOB)
    clock.move(days=6 * MONTH)
    await work(db, JOB)
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM member WHERE status = 'active'")) == 0
