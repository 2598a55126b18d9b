"""What staff hear at the counter, logged as a case: of a member, or of nobody in particular."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions import case_access, case_views, cases, charters, customers, feedback, looks, purchases
from actions.case_views import Desk
from actions.cases import Opening
from actions.feedback import Said
from db import desk, purchases as bought, stores
from db.database import Tx
from db.desk import Visit
from db.people import Person
from loyalty.cases import Kind
from loyalty.errors import OwnCase, StaleButton

NEW = "complaint"
_OFFERED_VISITS = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """About whom (0: nobody in particular) and what; codes of the charter, '' for what it takes by itself."""

    member_id: int
    kind: Kind
    severity: str
    category: str = ""
    purchase_id: int = 0  # 0: about none in particular


@dataclass(frozen=True, slots=True)
class Handed:
    """A case that is another store's."""

    case_id: int
    store: str  # name


def log(tx: Tx, person: Person, heard: Heard, *lines: Said) -> Desk | Handed:
    """A case of the store where the purchase was made, else of that where the person works now; managers are told.

    Nobody has it yet: who logs it takes it, or leaves it to others. lines: what was said, the first one first. Refuses
    NotAllowed, StoreNeeded, MemberNotFound, OwnCase, and StaleButton for a purchase that is not the member's.
    """
    store = purchases.counter(tx, person)
    if heard.member_id and customers.require(tx, heard.member_id).user_id == person.user_id:
        raise OwnCase
    opening = Opening(
        kind=heard.kind, category=heard.category, severity=heard.severity, member_id=heard.member_id,
        store_id=_store_of_purchase(tx, heard) or store.id, opened_by=person.user_id, source="staff",
        key=f"case:{lines[0].source}",
        lines=[said.line("logged", person.user_id) for said in lines], purchase_id=heard.purchase_id,
    )  # fmt: skip
    case, is_new = cases.begin(tx, opening)
    if is_new:
        cases.record(tx, person, "case_logged", case)
        feedback.tell_managers(tx, case, _with_file(lines))
    if not case_access.may_see(tx, person, case, case_access.visible(tx, person)):
        return Handed(case.id, stores.name_of(tx, case.store_id))
    return case_views.desk(tx, person, case)


def words_of(text: str) -> str:
    """Of `<card, phone or name> <text>`, the text."""
    return text.strip().partition(" ")[2].strip()


def overheard(tx: Tx) -> Heard:
    """A wish of nobody in particular, as mild as there is."""
    return Heard(0, "suggestion", charters.current(tx).service.severities[0].code)


def visits(tx: Tx, person: Person, member_id: int) -> list[Visit]:
    """The member's last purchases, which it may be about; none for nobody in particular. The look is recorded."""
    found = desk.list_visits(tx, member_id, _OFFERED_VISITS) if member_id else []
    if found:
        looks.note(tx, person, "purchases_read", member_id, purchases.place_of(tx, person))
    return found


def _store_of_purchase(tx: Tx, heard: Heard) -> int:
    """0 where it is about none. Refuses StaleButton."""
    purchase = bought.get(tx, heard.purchase_id) if heard.purchase_id else None
    if heard.purchase_id and (purchase is None or purchase.member_id != heard.member_id):
        raise StaleButton
    return purchase.store_id if purchase else 0


def _with_file(lines: Sequence[Said]) -> Said:
    """The first line's words, and the file that came with any."""
    file = next((said for said in lines if said.file_id), lines[0])
    return replace(lines[0], file_kind=file.file_kind, file_id=file.file_id)
