"""What becomes of members who stay away: the charter says when they are asked, and when they are forgotten."""

from __future__ import annotations

from dataclasses import asdict

from actions import charters, erasure
from actions.members import lock_member
from actions.one_by_one import each
from db import accounts, outbox, retention
from db.database import Tx
from db.members import Member
from db.people import Person
from loyalty import days
from loyalty.charter import Charter
from loyalty.jobs import LeftOut, Page, Run
from loyalty.messages import Say

# Between the question and the end there are at least so many days, whatever the charter says and however long the
# programme stood still.
NOTICE_DAYS = 30
_DAY_MS = 86_400_000
# An erasure locks the member's account and whatever they had reserved.
_PAGE = 50


def page(tx: Tx, run: Run) -> Page:
    """Ask who has stayed away for long, then forget who was asked in time and did not answer."""
    step, _, after = run.cursor.partition(":")
    found, left_out = _erase_some(tx, int(after)) if step == "erase" else _warn_some(tx, int(after or 0))
    next_step = "" if step == "erase" else "erase:0"
    cursor = f"{step or 'warn'}:{found[-1].id}" if found else next_step
    return Page(cursor, len(found), len(found) - len(left_out), left_out)


def _warn_some(tx: Tx, after: int) -> tuple[list[Member], tuple[LeftOut, ...]]:
    """Who is not on Telegram cannot be asked, and is only noted."""
    charter = charters.current(tx)
    found = retention.list_to_warn(tx, _ago(tx, charter, charter.retention.warn_after_months), after, _PAGE)
    return found, each(tx, found, lambda member: _warn(tx, charter, member), _id).left_out


def _erase_some(tx: Tx, after: int) -> tuple[list[Member], tuple[LeftOut, ...]]:
    found = _list_to_erase(tx, after)
    for member in found:
        accounts.lock(tx, member.id)
    # Who bought something, or said that they stay, until then is not in the list any more.
    locked = {member.id for member in found}
    still = [member for member in _list_to_erase(tx, after) if member.id in locked]
    return found, each(tx, still, lambda member: _erase(tx, member), _id).left_out


def _id(member: Member) -> int:
    return member.id


def _list_to_erase(tx: Tx, after: int) -> list[Member]:
    charter = charters.current(tx)
    since = _ago(tx, charter, charter.retention.erase_after_months)
    return retention.list_to_erase(tx, since, tx.now - NOTICE_DAYS * _DAY_MS, after, _PAGE)


def _erase(tx: Tx, member: Member) -> None:
    erased = erasure.erase(tx, member, "retention")
    if member.user_id:
        outbox.post(tx, Say("erasure_done", asdict(erased), to=member.user_id, kind="notice"))


def stay(tx: Tx, person: Person) -> None:
    """The member wants to. Refuses NotAMember."""
    retention.mark_stayed(tx, lock_member(tx, person).id)


def _warn(tx: Tx, charter: Charter, member: Member) -> None:
    loss = erasure.loss_of(tx, member)
    retention.mark_warned(tx, member.id)
    if not member.user_id:
        return
    told = {"months": charter.retention.warn_after_months, "erase_at": _end(tx, charter, member), "points": loss.points}
    outbox.post(tx, Say("retention_warning", told, to=member.user_id, kind="notice"))


def _end(tx: Tx, charter: Charter, member: Member) -> int:
    """When the member is forgotten, if nothing happens (epoch ms)."""
    seen = days.local_date(retention.last_seen(tx, member), charter.zone)
    end = days.start_of_day(days.add_months(seen, charter.retention.erase_after_months), charter.zone)
    return max(end, tx.now + NOTICE_DAYS * _DAY_MS)


def _ago(tx: Tx, charter: Charter, months: int) -> int:
    """The beginning of the local day so many months ago (epoch ms)."""
    today = days.local_date(tx.now, charter.zone)
    return days.start_of_day(days.add_months(today, -months), charter.zone)
