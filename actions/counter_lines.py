"""One line typed at the counter: `<card, phone or name> <text>`, or a text that names nobody."""

from __future__ import annotations

from dataclasses import dataclass

from actions import purchases
from db.database import Tx
from db.people import Person
from loyalty.errors import CardNumberInvalid, MemberNotFound, PhoneInvalid, QueryUnclear, SeveralMembers

_BY_NAME = ("name", "pinyin")


@dataclass(frozen=True, slots=True)
class CounterLine:
    """Whom the first word may mean, and the words: what follows it, or all of it where it turns out to mean nobody."""

    member_ids: list[int]
    is_sure: bool  # one alone is meant: any word in Latin letters may happen to be somebody's name or initials
    words: str
    whole: str


def read(tx: Tx, person: Person, text: str) -> CounterLine:
    """Refuses NotAllowed, StoreNeeded, OwnPurchase, and as `purchases.identify` what finds nobody and says nothing."""
    whole = text.strip()
    first, words = [*whole.split(maxsplit=1), "", ""][:2]
    try:
        found = purchases.identify(tx, person, first)
    except (MemberNotFound, SeveralMembers, PhoneInvalid, CardNumberInvalid, QueryUnclear) as refusal:
        is_name = isinstance(refusal, MemberNotFound) and refusal.query_kind in _BY_NAME
        if not (words or is_name):
            raise
        meant = isinstance(refusal, SeveralMembers | MemberNotFound) and not is_name
        return CounterLine([], is_sure=False, words=words if meant else whole, whole=whole)
    is_latin = first.isascii() and first.isalpha()
    return CounterLine(found, len(found) == 1 and not is_latin, words, whole)
