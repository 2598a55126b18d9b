"""Every minute the witness beside the key file is asked whether the audit is as it was, and told how it went on."""

from __future__ import annotations

import structlog

from actions import audit as proving
from bot.jobs.upkeep import Upkeep, tell_owners
from bot.witness import WitnessDamaged
from db import audit
from db.database import Database, Tx
from loyalty.audit import BEGINNING, Mark, Problem
from loyalty.messages import Say

log = structlog.get_logger()

_DAY_MS = 86_400_000


async def testify(upkeep: Upkeep) -> bool:
    """Whether all is well. A witness that disagrees keeps what it knows, and owners are told once a day."""
    try:
        remembered = upkeep.witness.remembers()
        problems, head = await upkeep.db.read(_compare, remembered)
    except WitnessDamaged:
        problems, head = [Problem("rewound", 0)], Mark()
    if problems:
        log.error("audit_tampered", problems=[problem.kind for problem in problems])
        await upkeep.db.write(_alarm)
    elif head != remembered:
        upkeep.witness.note(head)
    return not problems


async def prove(db: Database, remembered: Mark = BEGINNING) -> proving.Proof:
    """The whole audit, page by page, up to its end and what a witness remembers of it."""
    proof = await db.read(proving.verify, witness=remembered)
    while not proof.done:
        proof = await db.read(proving.verify, proof, remembered)
    return proof


def _compare(tx: Tx, remembered: Mark) -> tuple[list[Problem], Mark]:
    return proving.check_witness(tx, remembered), audit.head(tx)


def _alarm(tx: Tx) -> None:
    tell_owners(tx, Say("audit_tampered"), f"audit_tampered:{tx.now // _DAY_MS}")
