"""Backups under load, restored on either engine; the keys apart; what is damaged is refused."""

from __future__ import annotations

import asyncio
import random as randomness
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from actions import case_desk, erasure, purchases
from bot import backups, restoring
from bot.backups import Place
from bot.jobs import books
from bot.jobs.testimony import prove
from bot.restoring import Brought, Files
from bot.settings import SettingsError
from db import accounts, audit, erasure as erasures, members, outbox, people
from db.database import Database, Tx
from db.dumps import DumpUnreadable
from loyalty.messages import Say
from loyalty.vault import Vault
from tests.actions.complainers import opened, stands
from tests.actions.gift_shops import open_gift_shop, redeem, shelf
from tests.actions.shops import ANN, Shop, add_member, buys, in_order, open_shop
from tests.conftest import Clock, PostgresServer

Restore = Callable[[Path], AbstractAsyncContextManager[Brought]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "backups", tmp_path / "regulars.backup.key", keep=100)


@pytest.fixture
def restore(place: Place, tmp_path: Path, vault: Vault, clock: Clock, random: Callable[[int], bytes]) -> Restore:
    """Into a new SQLite file each time."""
    numbers = iter(range(10_000))

    def into_a_new_one(records: Path) -> AbstractAsyncContextManager[Brought]:
        url = f"sqlite:///{tmp_path / f'restored{next(numbers)}.db'}"
        return restoring.restored(place, Files(records, place.keys), url, vault, clock(), random)

    return into_a_new_one


async def test_a_backup_brings_everything_back(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    shop = await open_shop(db)
    await buys(db, shop)
    path = backups.make(place, database_url, clock())
    async with restore(path) as it:
        assert await it.db.read(members.name_of, shop.member.id) == "Ann"
        assert (await it.db.read(accounts.get, shop.member.id)).balance == 86
        assert await in_order(it.db)
        assert (await prove(it.db)).problems == ()
        assert it.keyless == 0


async def test_life_goes_on_in_what_was_restored(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    shop = await open_shop(db)
    await buys(db, shop)
    async with restore(backups.make(place, database_url, clock())) as it:
        await buys(it.db, shop, "10", key="another")
        await it.db.write(add_member, "Ben", "13900139000")
        assert (await it.db.read(accounts.get, shop.member.id)).balance == 96
        assert await in_order(it.db)


async def test_a_small_chain_moves_to_postgresql_by_a_backup(
    postgres: PostgresServer, place: Place, clock: Clock, vault: Vault, random: Callable[[int], bytes], tmp_path: Path,
    sqlite_template: Path,
) -> None:  # fmt: skip
    from db.database import open_database

    old_url = f"sqlite:///{tmp_path / 'old.db'}"
    old = await open_database(old_url, vault=vault, clock=clock, random=random)
    shop = await open_shop(old)
    await buys(old, shop)
    await old.write(outbox.post, Say("cancelled", to=ANN))
    records = backups.make(place, old_url, clock())
    await old.close()
    with _empty(postgres) as url:
        async with restoring.restored(place, Files(records, place.keys), url, vault, clock(), random) as it:
            await buys(it.db, shop, "10", key="another")
            assert (await it.db.read(accounts.get, shop.member.id)).balance == 96
            assert await in_order(it.db)
            assert (await prove(it.db)).problems == ()
            assert (await it.db.read(outbox.count_waiting))[0] >= 1


@contextmanager
def _empty(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.new_database("template1")
    yield url
    postgres.drop_database(url)


async def test_a_backup_at_any_moment_under_load_is_consistent(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock, moments: int
) -> None:
    shop = await open_shop(db)
    load = asyncio.create_task(_load(db, shop))
    for moment in range(moments):
        await asyncio.sleep(randomness.Random(moment).uniform(0, 0.05))
        records = await asyncio.to_thread(backups.make, place, database_url, clock() + moment)
        async with restore(records) as it:
            assert await books.check(it.db) == []
            assert (await prove(it.db)).problems == ()
            assert it.keyless == 0
    load.cancel()
    with pytest.raises(asyncio.CancelledError):
        await load


async def test_what_happens_while_a_backup_is_written_is_in_neither_file(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, loop, write = await open_shop(db), asyncio.get_running_loop(), backups._written

    def written(*args: Any) -> Path:
        path = write(*args)
        asyncio.run_coroutine_threadsafe(buys(db, shop, key=args[2]), loop).result(10)
        return path

    monkeypatch.setattr(backups, "_written", written)
    records = await asyncio.to_thread(backups.make, place, database_url, clock())
    async with restore(records) as it:
        assert (await it.db.read(accounts.get, shop.member.id)).balance == 0
        assert (await it.db.read(outbox.count_waiting))[0] == 0


async def test_words_that_could_not_be_sent_are_in_no_old_backup_of_who_was_erased_since(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    shop = await open_shop(db)
    kept = Say("points_expiring", {"points": 430}, to=ANN, kind="notice", topic="points", dedup_key="k")
    await db.write(outbox.post, kept)
    await db.write(outbox.give_up_chat, ANN)
    records = backups.make(place, database_url, clock())
    await db.write(erasure.erase_own, shop.ann)
    backups.rewrite_keys(place, database_url, clock())
    async with restore(records) as it:
        assert await it.db.read(_kept_words) == 0


def _kept_words(tx: Tx) -> int:
    return int(tx.value("SELECT COUNT(*) FROM outbox WHERE LENGTH(payload) > 0"))


@pytest.fixture
def moments(request: pytest.FixtureRequest) -> int:
    return 50 if request.config.getoption("--long") else 4


async def _load(db: Database, shop: Shop) -> None:
    """Purchases, undone ones and new members, several at a time, until cancelled."""
    for turn in range(1_000_000):
        bought = await asyncio.gather(*(buys(db, shop, "86.50", key=f"load:{turn}:{n}") for n in range(5)))
        await db.write(purchases.undo, shop.clerk, bought[0].purchase_id)
        await db.write(add_member, "Newcomer", f"139{turn:08d}")


async def test_the_keys_of_today_open_the_backups_of_yesterday(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    shop = await open_shop(db)
    old = backups.make(place, database_url, clock())
    clock.move(days=1)
    await db.write(add_member, "Ben", "13900139000")
    backups.make(place, database_url, clock())
    async with restore(old) as it:
        assert await it.db.read(members.name_of, shop.member.id) == "Ann"


async def test_an_old_backup_cannot_be_read_for_who_was_erased_since(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    shop = await open_shop(db)
    await buys(db, shop)
    old = backups.make(place, database_url, clock())
    await db.write(erasure.erase_own, shop.ann)
    backups.rewrite_keys(place, database_url, clock())
    async with restore(old) as it:
        assert it.erased_again == 1
        member = await it.db.read(members.get, shop.member.id)
        assert member is not None
        assert (member.status, member.user_id) == ("erased", 0)
        with pytest.raises(LookupError):
            await it.db.read(members.reveal, shop.member.id)
        assert await in_order(it.db)


async def test_who_was_erased_since_leaves_nothing_open_in_what_is_restored(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    counter = await open_gift_shop(db)
    case_id = await opened(db, counter.shop)
    await db.write(case_desk.take, counter.shop.clerk, case_id)
    await redeem(db, counter)
    old = backups.make(place, database_url, clock())
    await db.write(erasure.erase_own, counter.shop.ann)
    backups.rewrite_keys(place, database_url, clock())
    async with restore(old) as it:
        assert (await stands(it.db, case_id)).state == "unanswered"
        assert await shelf(it.db, counter) == (2, 0)
        assert await books.check(it.db) == []


async def test_the_account_of_who_was_erased_since_is_forgotten_in_what_is_restored(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    shop = await open_shop(db)
    old = backups.make(place, database_url, clock())
    await db.write(erasure.erase_own, shop.ann)
    (erased,) = await db.read(erasures.list_unsettled, 10)
    await db.write(erasures.forget_person, erased)
    backups.rewrite_keys(place, database_url, clock())
    async with restore(old) as it:
        (again,) = await it.db.read(erasures.list_unsettled, 10)
        assert await it.db.write(erasures.forget_person, again)
        assert await it.db.read(people.get, ANN) is None


async def test_members_who_joined_after_the_keys_were_written_are_counted(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    await open_shop(db)
    backups.make(place, database_url, clock())
    keys = place.keys.read_bytes()
    await db.write(add_member, "Ben", "13900139000")
    records = backups.make(place, database_url, clock() + 1)
    place.keys.write_bytes(keys)
    async with restore(records) as it:
        assert it.keyless == 1


async def test_a_backup_shows_nothing_without_its_key(
    db: Database, database_url: str, place: Place, clock: Clock, restore: Restore
) -> None:
    await open_shop(db)
    path = backups.make(place, database_url, clock())
    assert path.read_bytes().startswith(b"age-encryption.org")
    assert b"ximen" not in path.read_bytes()
    place.identity.unlink()
    with pytest.raises(SettingsError, match="BACKUP_KEY"):
        async with restore(path):
            pass


async def test_a_damaged_backup_is_refused_and_leaves_no_database(
    db: Database, database_url: str, place: Place, clock: Clock, restore: Restore, tmp_path: Path
) -> None:
    await open_shop(db)
    path = backups.make(place, database_url, clock())
    _cut_short(path)
    with pytest.raises(DumpUnreadable):
        async with restore(path):
            pass
    assert _restored(tmp_path) == []


def _restored(folder: Path) -> list[Path]:
    return list(folder.glob("restored*.db"))


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


async def test_nothing_is_restored_over_data(
    db: Database, database_url: str, place: Place, clock: Clock, vault: Vault, random: Callable[[int], bytes]
) -> None:
    await open_shop(db)
    path = backups.make(place, database_url, clock())
    with pytest.raises(SettingsError, match="holds data"):
        async with restoring.restored(place, Files(path, place.keys), database_url, vault, clock(), random):
            pass


async def test_old_backups_go_and_only_their_owner_reads_the_rest(
    db: Database, database_url: str, tmp_path: Path, clock: Clock
) -> None:
    await open_shop(db)
    place = Place(tmp_path / "backups", tmp_path / "regulars.backup.key", keep=2)
    made = [backups.make(place, database_url, clock() + n) for n in range(4)]
    assert place.list_records() == made[-2:]
    assert {path.stat().st_mode & 0o777 for path in (*place.list_records(), place.keys, place.identity)} == {0o600}
    assert place.folder.stat().st_mode & 0o777 == 0o700


async def test_what_a_kill_left_half_done_is_swept_away(
    db: Database, database_url: str, place: Place, clock: Clock
) -> None:
    await open_shop(db)
    place.folder.mkdir()
    (place.folder / ".draft-x").write_text("half a backup")
    (place.folder / ".drill-x").mkdir()
    (place.folder / ".drill-x" / "drill.db").write_text("keys of somebody")
    backups.make(place, database_url, clock())
    assert sorted(path.name for path in place.folder.glob(".d*")) == []


async def test_the_restored_audit_goes_on_and_tells_of_it(
    db: Database, database_url: str, place: Place, restore: Restore, clock: Clock
) -> None:
    await open_shop(db)
    async with restore(backups.make(place, database_url, clock())) as it:
        assert (await it.db.read(_latest_deed)) == "backup_restored"


def _latest_deed(tx: Tx) -> str:
    return audit.list_latest(tx, 1)[0].action
