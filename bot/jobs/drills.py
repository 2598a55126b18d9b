"""Once a week the newest backup is restored to a place of its own, and everything in it is proven."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import structlog

from actions import audit as proving
from bot import backups, restoring
from bot.jobs import books
from bot.jobs.testimony import prove
from bot.jobs.upkeep import Chore, Upkeep, tell_owners
from db import accounts
from db.database import Tx
from loyalty.audit import Mark
from loyalty.jobs import DAY_MS, Page
from loyalty.messages import Say

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Drilled:
    """What came of it. problems: members whose points do not add up, what is wrong with the audit, lost keys."""

    made_at: int  # epoch ms UTC, of the backup; 0 if there is none
    members: int
    problems: int
    failed: bool = False


async def drill(upkeep: Upkeep) -> Drilled:
    """Restore, prove, tell the owners."""
    try:
        found = await _drill(upkeep)
    except Exception as error:
        log.error("drill_failed", exc_info=error)
        found = Drilled(0, 0, 0, failed=True)
    log.info("drilled", members=found.members, problems=found.problems, failed=found.failed)
    await upkeep.db.write(_report, found)
    return found


async def _work(upkeep: Upkeep) -> Page:
    found = await drill(upkeep)
    return Page("", found.members, found.problems)


async def _drill(upkeep: Upkeep) -> Drilled:
    place = upkeep.backups
    records = place.list_records()
    if not records:
        return Drilled(0, 0, 0, failed=True)
    files, now = restoring.Files(records[-1], place.keys), await upkeep.now()
    with backups.scratch(place) as url:
        async with restoring.restored(place, files, url, upkeep.vault, now, upkeep.random) as it:
            problems = len(await books.check(it.db)) + len((await prove(it.db)).problems) + it.keyless
            went_on = await upkeep.db.read(proving.check_witness, Mark(it.heading.audit_place, it.heading.audit_mac))
            members = await it.db.read(accounts.count)
            return Drilled(it.heading.made_at, members, problems + len(went_on))


def _report(tx: Tx, found: Drilled) -> None:
    tell_owners(tx, Say("drill_report", asdict(found)), f"drill:{tx.now // DAY_MS}")


JOB = Chore(name="drill", cron="30 4 * * sun", catch_up_ms=3 * DAY_MS, sweep=True, work=_work)
