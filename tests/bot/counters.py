"""At a store's counter: Ann, a member, stands in front of Carl, the clerk of ximen."""

from __future__ import annotations

from dataclasses import dataclass

from db import accounts
from db.members import Member
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town

PHONE = "13800138000"


@dataclass
class Counter:
    town: Town
    ann: Resident
    carl: Resident
    member: Member
    store_id: int

    async def points(self) -> int:
        return int((await self.town.db.read(accounts.get, self.member.id)).balance)


async def open_counter(town: Town) -> Counter:
    """Both have begun to talk with the bot."""
    ann, carl = await town.newcomer("Ann"), await town.newcomer("Carl")
    store_id = await town.write(add_store, "ximen", "West Gate")
    await town.write(hire, carl.id, store_id, Role.CLERK)
    member = await town.write(add_member, "Ann", PHONE, ann.id)
    await ann.opens()
    await carl.opens()
    return Counter(town, ann, carl, member, store_id)
