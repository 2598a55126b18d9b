"""A store's service desk: Carl is a clerk, Mary the manager, Ann a member."""

from __future__ import annotations

from dataclasses import dataclass

from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town


@dataclass
class Desk:
    town: Town
    ann: Resident
    carl: Resident
    mary: Resident

    async def complains(self, words: str = "The soup was cold <b>") -> None:
        await self.ann.types("/feedback")
        await self.ann.press("😟 Complaint")
        await self.ann.press("🏬 West Gate")
        await self.ann.types(words)


async def open_desk(town: Town) -> Desk:
    """Everybody has begun to talk with the bot."""
    store_id = await town.write(add_store, "ximen", "West Gate")
    ann, carl, mary = [await town.newcomer(name) for name in ("Ann", "Carl", "Mary")]
    await town.write(hire, carl.id, store_id, Role.CLERK)
    await town.write(hire, mary.id, store_id, Role.MANAGER)
    await town.write(add_member, "Ann", "13800138000", ann.id)
    for resident in (ann, carl, mary):
        await resident.opens()
    return Desk(town, ann, carl, mary)
