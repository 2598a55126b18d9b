"""The jobs that guard people's data: the witness, master keys under traffic, nightly backups, weekly drills."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path

import pytest

from actions import erasure
from bot import backups
from bot.jobs import copies, drills, erasures, keys, testimony, upkeep
from bot.jobs.clock import JobClock
from bot.jobs.upkeep import Upkeep
from bot.keys import add_key
from db import audit, members, staff
from db.database import Database, Tx
from loyalty.audit import Mark
from tests.actions.shops import OWNER, Shop, add_member, buys, in_order, open_shop
from tests.bot.people import settings_for
from tests.conftest import Clock

KEY = b"test-only-master-key-of-32-bytes"


@pytest.fixture
async def kept(db: Database, database_url: str, tmp_path: Path) -> Upkeep:
    settings = settings_for(tmp_path, "http://127.0.0.1:1", database_url)
    _write_key_file(settings.key_file)
    return await upkeep.begin(settings, db)


def _write_key_file(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_text(f"1:{base64.b64encode(KEY).decode()}\n")


def told(tx: Tx) -> list[str]:
    """What waits for the owner."""
    rows = tx.all("SELECT payload FROM outbox WHERE chat_id = :owner ORDER BY id", owner=OWNER)
    return [json.loads(tx.vault.open_system("outbox", str(OWNER), bytes(row[0])))["template"] for row in rows]


# The witness


async def test_the_witness_is_told_how_the_audit_goes_on(db: Database, kept: Upkeep) -> None:
    await open_shop(db)
    assert await testimony.testify(kept)
    assert kept.witness.remembers() == await db.read(audit.head)


async def test_the_witness_reports_what_it_misses_and_keeps_it(db: Database, kept: Upkeep) -> None:
    await open_shop(db)
    await db.write(audit.add, 11, "member_opened")
    await testimony.testify(kept)
    known = kept.witness.remembers()
    await db.write(lambda tx: tx.run("DELETE FROM audit WHERE place = 2"))
    await db.write(lambda tx: tx.run("UPDATE audit_head SET place = 1"))
    assert not await testimony.testify(kept)
    assert not await testimony.testify(kept)
    assert kept.witness.remembers() == known
    assert await db.read(told) == ["audit_tampered"]


async def test_a_witness_that_was_tampered_with_is_reported(db: Database, kept: Upkeep) -> None:
    await open_shop(db)
    await testimony.testify(kept)
    kept.witness.path.write_text("1 00 00\n")
    assert not await testimony.testify(kept)


async def test_a_mark_of_somebody_elses_is_no_mark(kept: Upkeep) -> None:
    kept.witness.note(Mark(5, "ab"))
    text = kept.witness.path.read_text()
    kept.witness.path.write_text(text.replace("5 ab", "4 ab"))
    assert not await testimony.testify(kept)


# Master keys


def count_versions(tx: Tx) -> dict[int, int]:
    """How many data keys each version of the master key wraps."""
    return {row[0]: row[1] for row in tx.all("SELECT version, COUNT(*) FROM member_key GROUP BY version")}


async def test_a_new_key_takes_over_when_its_time_comes(db: Database, kept: Upkeep, clock: Clock) -> None:
    shop = await open_shop(db)
    add_key(kept.settings.key_file, b"n" * 32, clock() + 60_000)
    assert await keys.follow(kept) == 0
    assert await db.read(count_versions) == {1: 1}
    clock.move(minutes=2)
    assert await keys.follow(kept) == 1
    assert await db.read(count_versions) == {2: 1}
    assert await db.read(members.name_of, shop.member.id) == "Ann"
    assert (await db.read(staff.list_posts, shop.clerk.user_id))[0].name == "staff 11"


async def test_members_found_before_a_rotation_are_found_after_it(db: Database, kept: Upkeep, clock: Clock) -> None:
    shop = await open_shop(db)
    add_key(kept.settings.key_file, b"n" * 32, clock())
    await keys.follow(kept)
    found = await db.read(members.get_by_phone, "+8613800138000")
    assert found is not None
    assert found.id == shop.member.id
    assert (await testimony.prove(db)).problems == ()


async def test_keys_rotate_under_traffic(
    db: Database, kept: Upkeep, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members join, buy, are looked up and erased while every key is wrapped anew."""
    monkeypatch.setattr(keys, "_PAGE", 7)
    shop = await open_shop(db)
    joined = [await db.write(add_member, f"Ben {number}", f"139{number:08d}") for number in range(100)]
    add_key(kept.settings.key_file, b"n" * 32, clock())
    traffic = [asyncio.create_task(_traffic(db, shop, turn)) for turn in range(20)]
    await keys.follow(kept)
    await asyncio.gather(*traffic)
    await keys.follow(kept)
    assert set(await db.read(count_versions)) == {2}
    assert [await db.read(members.name_of, one.id) for one in joined[:3]] == ["Ben 0", "Ben 1", "Ben 2"]
    assert await in_order(db)


async def _traffic(db: Database, shop: Shop, turn: int) -> None:
    await buys(db, shop, "10", key=f"traffic:{turn}")
    new = await db.write(add_member, f"Zoe {turn}", f"137{turn:08d}")
    await db.read(members.reveal, new.id)


async def test_who_is_erased_during_a_rotation_stays_erased(db: Database, kept: Upkeep, clock: Clock) -> None:
    shop = await open_shop(db)
    add_key(kept.settings.key_file, b"n" * 32, clock())
    await asyncio.gather(db.write(erasure.erase_own, shop.ann), keys.follow(kept))
    assert await db.read(count_versions) == {}


async def test_a_key_file_that_lost_a_key_changes_nothing(db: Database, kept: Upkeep) -> None:
    shop = await open_shop(db)
    kept.settings.key_file.write_text("2:" + "bm5u" * 10 + "bm4=\n")
    assert await keys.follow(kept) == 0
    assert await db.read(members.name_of, shop.member.id) == "Ann"


# Backups and drills


async def test_a_nightly_backup_is_tried_once_a_week(db: Database, kept: Upkeep) -> None:
    shop = await open_shop(db)
    await buys(db, shop)
    await copies.back_up(kept)
    found = await drills.drill(kept)
    assert (found.members, found.problems, found.failed) == (1, 0, False)
    assert await db.read(told) == ["drill_report"]
    assert list(kept.backups.folder.glob(".d*")) == []


async def test_a_drill_without_a_backup_says_so(db: Database, kept: Upkeep) -> None:
    await open_shop(db)
    assert (await drills.drill(kept)).failed


async def test_a_drill_finds_that_the_audit_was_taken_back_since(db: Database, kept: Upkeep) -> None:
    await open_shop(db)
    await copies.back_up(kept)
    await db.write(lambda tx: tx.run("UPDATE audit SET mac = 'x' WHERE place = 1"))
    assert (await drills.drill(kept)).problems == 1


async def test_a_failed_backup_is_tried_again_then_reported_once(db: Database, kept: Upkeep, clock: Clock) -> None:
    await open_shop(db)
    kept.backups.folder.write_text("no folder")
    nightly = JobClock(kept, {copies.JOB.name: copies.JOB}, holder=1)
    await nightly.tick()
    for _ in range(30):
        clock.move(hours=1)
        await nightly.tick()
        await nightly.settle()
    assert await db.read(told) == ["backup_failed"]


async def test_two_at_work_in_one_folder_do_not_disturb_each_other(db: Database, kept: Upkeep) -> None:
    await open_shop(db)
    with backups.scratch(kept.backups), pytest.raises(backups.BackupBusy):
        backups.make(kept.backups, kept.url, 1)


async def test_erasures_are_settled_later_if_a_backup_is_being_made(db: Database, kept: Upkeep) -> None:
    shop = await open_shop(db)
    await copies.back_up(kept)
    await db.write(erasure.erase_own, shop.ann)
    with backups.scratch(kept.backups):
        assert await erasures.settle(kept) == 0
    assert await erasures.settle(kept) == 1
    assert await erasures.settle(kept) == 0
