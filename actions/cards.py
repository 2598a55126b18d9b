"""The member's card."""

from __future__ import annotations

from actions import charters, members
from db import members as member_rows
from db.database import Tx
from db.members import Member
from db.people import Person
from loyalty.messages import Picture, Say


def show(tx: Tx, person: Person, large_print: bool = False) -> Say:
    """The card of the member who asks; in easy mode always in large print. Refuses NotAMember."""
    member = members.require_member(tx, person)
    return card_of(tx, member, large_print=large_print or person.easy_mode)


def card_of(tx: Tx, member: Member, large_print: bool = False) -> Say:
    """The message with a member's card: drawn when it is sent, in the receiver's language."""
    charter = charters.current(tx)
    tier = charter.tier(member.tier)
    face = {
        "programme": charter.programme.names,
        "name": member_rows.name_of(tx, member.id),
        "tier": tier.names,
        "tier_colour": tier.colour,
        "brand_colour": charter.programme.colour,
        "number": member.number,
        "start": f"m_{member_rows.card_token_of(tx, member.id)}",
        "large_print": large_print,
    }
    return Say("card", {"number": member.number, "large_print": large_print}, picture=Picture("card", face))
