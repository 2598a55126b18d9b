"""People on their way in."""

from __future__ import annotations

from db import members, stores
from db.members import Member, NewMember
from loyalty import phones
from tests.bot.people import Resident, Town

JOINED = "Welcome to Regulars"


async def member_of(town: Town, resident: Resident) -> Member | None:
    return await town.db.read(members.get_by_user, resident.id)


async def add_stores(town: Town, *codes: str) -> list[int]:
    return [await town.write(stores.add, code, f"Store {code}", "", "", 1) for code in codes]


def known_member(phone: str, source: str = "counter", enrolled_by: int = 5, **more: int) -> NewMember:
    return NewMember(
        name="Noted at the counter", phone=phones.parse(phone, "CN"), birthday=None, tier="classic", source=source,
        home_store_id=0, referrer_id=more.get("referrer_id", 0), charter_version=1, card_prefix="29",
        joined_at=1_700_000_000_000, user_id=more.get("user_id", 0), enrolled_by=enrolled_by,
    )  # fmt: skip


async def reach(resident: Resident, step: str, start: str = "") -> None:
    """Answer everything before the step."""
    await resident.opens(start)
    await resident.press("Join")
    answers = {
        "consent": lambda: resident.press("I agree"),
        "phone": resident.shares_contact,
        "name": lambda: resident.types("Ann Li"),
        "birthday": lambda: resident.types("17 May 1990"),
    }
    for name, answer in answers.items():
        if name == step:
            return
        await answer()


def keyboard_of(resident: Resident) -> list[str]:
    """What stands in place of the letters in this person's chat; [] for the letters."""
    chat = resident.town.world.chat_of(resident.person, resident.town.bot.id)
    markup = chat.keyboards.get(resident.id, {})
    return [button["text"] for row in markup.get("keyboard", []) for button in row]
