"""Two years of the invented chain, lived through in the database: each action at its time, by the rules in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from actions import charters, deals, series
from actions.deals import Deal
from bot.demo import cast, heeding, occasions, prizes, shoppers, standings, voices, vouchers
from bot.demo.goods import SHOPS, XIMEN
from bot.demo.shoppers import Shopper, Visit
from db import consents, members, people, profiles, staff, stores
from db.database import Database, Tx, open_database
from db.members import NewMember
from db.staff import CHAIN
from loyalty import days, phones
from loyalty.charter import DEFAULT_CHARTER
from loyalty.purchases import Sale
from loyalty.roles import Role
from loyalty.vault import Vault

SEED = 20
ZONE = ZoneInfo("Asia/Shanghai")
# The invented people's key is no secret: there is nobody to protect, and the same key makes the same database.
KEY = sha256(b"regulars: the demo's invented people").digest()
_TOGETHER = 400
_CAMPAIGN = """
[[earning.multipliers]]
code = "jubilee"
name = {{ zh_Hans = "店庆双倍", zh_Hant = "店慶雙倍", en = "Anniversary double" }}
factor = 2
begins = {begins}
ends = {ends}

[earning.caps]"""

Progress = Callable[[int, int], None]  # done, of
# Whose phones can be held.
_PHONES = {character.user_id for character in cast.EVERYBODY}


@dataclass(slots=True)
class _Chain:
    """Ids given so far: stores by code, members by their place in the list."""

    stores: dict[str, stores.Store] = field(default_factory=dict)
    members: dict[int, int] = field(default_factory=dict)


def charter_text(today: date) -> str:
    """The default charter, with the chain's anniversary weeks around today."""
    begins, ends = today - timedelta(days=9), today + timedelta(days=18)
    return DEFAULT_CHARTER.replace("\n[earning.caps]", _CAMPAIGN.format(begins=begins, ends=ends), 1)


async def sow(path: Path, today: date, progress: Progress) -> None:
    """Make the database in `path`, which must not exist yet, as it stands at the beginning of `today` (local)."""
    random = Random(SEED)  # noqa: S311 - the same people each time; nothing of theirs is secret
    list_of = occasions.celebrate(shoppers.members(random, today), today)
    coffee, quiet = (occasions.place_of(list_of, one.user_id) for one in (cast.ANN, cast.GRANDPA))
    visits = occasions.lived(shoppers.visits(random, list_of, today, ZONE), quiet, coffee, today, ZONE)
    visits = standings.fade(visits, standings.place_of_fading(list_of), today, ZONE)
    opened = shoppers.instant(today - timedelta(days=shoppers.DAYS + 1), 8, 0, ZONE)
    vault = Vault({1: KEY}, 1, random.randbytes)
    db = await open_database(f"sqlite:///{path}", vault=vault, clock=lambda: opened, random=random.randbytes)
    try:
        chain = await _live(db, list_of, visits, charter_text(today), progress)
        await db.write(_hear, chain, visits[-1].at, today)
        await db.write(_heed, chain, visits[-1].at, today)
    finally:
        await db.close()


async def _live(db: Database, list_of: list[Shopper], visits: list[Visit], charter: str, progress: Progress) -> _Chain:
    chain = _Chain()
    await db.write(_found, chain, charter)
    for start in range(0, len(visits), _TOGETHER):
        await db.write(_pass_time, chain, list_of, visits[start : start + _TOGETHER])
        progress(min(start + _TOGETHER, len(visits)), len(visits))
    await db.write(_put_out_gifts, chain, visits[-1].at)
    await db.write(_settle_tiers, chain.members[standings.place_of_fading(list_of)], visits[-1].at)
    await db.write(_learn_rhythms, chain, visits[-1].at)
    return chain


def _found(tx: Tx, chain: _Chain, charter: str) -> None:
    """Stores, staff and rules."""
    charters.publish(tx, charter, cast.OWNER.user_id)
    for shop in SHOPS:
        stores.add(tx, shop.code, shop.name, shop.district, shop.address, cast.OWNER.user_id)
    chain.stores = {store.code: store for store in stores.list_active(tx)}
    _appoint(tx, cast.OWNER, CHAIN, Role.OWNER)
    for code in cast.MANAGED:
        _appoint(tx, cast.ZHIXIA, chain.stores[code].id, Role.MANAGER)
    for clerk, code in cast.CLERKS:
        _appoint(tx, clerk, chain.stores[code].id, Role.CLERK)


def _put_out_gifts(tx: Tx, chain: _Chain, now: int) -> None:
    tx.now = now
    prizes.put_out(tx, {code: store.id for code, store in chain.stores.items()})
    vouchers.hand_out(tx, {code: store.id for code, store in chain.stores.items()})


def _learn_rhythms(tx: Tx, chain: _Chain, now: int) -> None:
    """As the job does after each day's purchases."""
    tx.now = now
    for member_id in chain.members.values():
        series.learn(tx, charters.current(tx), member_id)


def _heed(tx: Tx, chain: _Chain, now: int, today: date) -> None:
    """What staff noted, and whom they are to think of."""
    tx.now = now
    heeding.note(tx, {code: store.id for code, store in chain.stores.items()})
    heeding.set_tasks(tx, chain.stores[XIMEN].id, chain.members.values(), today)


def _hear(tx: Tx, chain: _Chain, now: int, today: date) -> None:
    """What members said; not those whose phones can be held, who will speak for themselves."""
    tx.now = now
    known = [member for number in chain.members.values() if (member := members.get(tx, number))]
    quiet = [member for member in known if member.user_id not in _PHONES]
    random = Random(SEED)  # noqa: S311 - as above
    voices.speak(tx, random, quiet, {code: store.id for code, store in chain.stores.items()}, today, ZONE)
    voices.rate(tx, random, quiet, today, ZONE)
    for member in known:
        if member.user_id == cast.GRANDPA.user_id:
            voices.ask_early(tx, member, today, ZONE)


def _settle_tiers(tx: Tx, fading: int, last_visit: int) -> None:
    """The last visit is of the day before yesterday."""
    tx.now = last_visit
    standings.settle(tx, fading, days.local_date(last_visit, ZONE) + timedelta(days=2), ZONE)


def _appoint(tx: Tx, person: cast.Character, store_id: int, role: Role) -> None:
    people.meet(tx, person.user_id, person.language)
    staff.appoint(tx, person.user_id, store_id, role, person.full_name, 0 if role is Role.OWNER else cast.OWNER.user_id)
    if store_id != CHAIN:
        people.choose_desk_store(tx, person.user_id, store_id)


def _pass_time(tx: Tx, chain: _Chain, list_of: list[Shopper], visits: list[Visit]) -> None:
    """Each visit at its own time; who comes for the first time joins first."""
    for visit in visits:
        if visit.shopper not in chain.members:
            tx.now = visit.at - 4 * 60_000
            chain.members[visit.shopper] = _join(tx, chain, list_of[visit.shopper], visit)
        tx.now = visit.at
        _buy(tx, chain, visit)


def _join(tx: Tx, chain: _Chain, shopper: Shopper, visit: Visit) -> int:
    charter = charters.current(tx)
    clerk = cast.BEHIND_THE_TILL[visit.shop].user_id
    new = NewMember(
        name=shopper.name, phone=phones.parse_contact(shopper.phone), birthday=shopper.birthday,
        tier=charter.tiers[0].code, source=_source(shopper, visit), home_store_id=chain.stores[shopper.home].id,
        referrer_id=_referrer(chain, visit) if shopper.referred else 0, charter_version=1,
        card_prefix=charter.programme.card_prefix, joined_at=tx.now, user_id=shopper.user_id,
        enrolled_by=0 if shopper.user_id else clerk,
    )  # fmt: skip
    member = members.add(tx, new)
    for kind in ("privacy", "charter"):
        consents.add(tx, member.id, kind, 1)
    for name, value in shopper.profile.items():
        profiles.put(tx, member.id, name, value)
    if shopper.user_id:
        people.meet(tx, shopper.user_id, shopper.language)
        if shopper.user_id not in _PHONES:
            people.mark_unreachable(tx, shopper.user_id)  # nobody holds their phone
        people.choose_easy_mode(tx, shopper.user_id, shopper.user_id == cast.GRANDPA.user_id)
    return member.id


def _source(shopper: Shopper, visit: Visit) -> str:
    if not shopper.user_id:
        return "counter"
    return "online" if visit.shopper % 5 == 0 else "walk_in"


def _referrer(chain: _Chain, visit: Visit) -> int:
    """Somebody who was there before."""
    known = list(chain.members.values())
    return known[visit.shopper * 7 % len(known)] if known else 0


def _buy(tx: Tx, chain: _Chain, visit: Visit) -> None:
    member = members.get(tx, chain.members[visit.shopper])
    assert member is not None
    sale = Sale(visit.amount, visit.payment, visit.lines)
    clerk = cast.BEHIND_THE_TILL[visit.shop].user_id
    key = f"demo:{visit.shopper}:{visit.at}"
    deals.enter(tx, Deal(member, chain.stores[visit.shop], sale, visit.at, clerk, key))


def sources() -> Iterator[Path]:
    """The files that decide what the database looks like."""
    root = Path(__file__).parents[2]
    for folder in ("bot/demo", "actions", "db", "loyalty"):
        found = (path for path in (root / folder).rglob("*") if path.suffix in {".py", ".sql", ".toml"})
        yield from sorted(found)


def fingerprint(today: date) -> str:
    """Changes with the day and with anything that decides what the database looks like."""
    digest = sha256(str(today).encode())
    for path in sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
