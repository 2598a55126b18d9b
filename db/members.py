"""Members: the row, what is sealed in it, and the keyed hashes by which they are found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from db.database import Conflict, Row, Tx
from loyalty import codes, names
from loyalty.birthdays import Birthday
from loyalty.cards import new_number
from loyalty.errors import AlreadyAMember, PhoneTaken
from loyalty.phones import Phone
from loyalty.queries import Query
from loyalty.vault import MemberVault, WrappedKey

_CARD_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Member:
    """What is not sealed. user_id 0: not on Telegram (yet); home_store_id and referrer_id 0: none."""

    id: int
    number: str  # EAN-13 on the card
    user_id: int
    status: str  # active, left, erased
    tier: str  # code of a tier of the charter
    source: str  # walk_in, online, counter, import
    home_store_id: int
    referrer_id: int  # another member's id
    invite_code: str
    birthday_month: int  # 0: not told
    birthday_day: int
    birthday_lunar: bool
    birthday_leap: bool
    charter_version: int  # the version accepted last
    joined_at: int  # epoch ms UTC
    enrolled_by: int  # who signed the member up at the counter, 0 if they joined by themselves

    @property
    def birthday(self) -> Birthday | None:
        """Without the year, which is sealed: `Identity.birth_year`."""
        if not self.birthday_month:
            return None
        return Birthday(self.birthday_month, self.birthday_day, None, self.birthday_lunar, self.birthday_leap)


@dataclass(frozen=True, slots=True)
class NewMember:
    """What a member begins with. The phone has been proven, or was noted at the counter."""

    name: str  # cleaned by `names.clean`
    phone: Phone
    birthday: Birthday | None
    tier: str
    source: str
    home_store_id: int
    referrer_id: int
    charter_version: int
    card_prefix: str  # of the charter
    joined_at: int  # epoch ms UTC
    user_id: int = 0
    enrolled_by: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """A member's sealed fields, opened."""

    name: str
    phone: str  # E.164
    birth_year: int | None  # of the calendar the birthday is in
    card_token: str  # as in the link ?start=m_<token>


_COLUMNS = (
    "id, number, user_id, status, tier, source, home_store_id, referrer_id, invite_code, birthday_month, "
    "birthday_day, birthday_lunar, birthday_leap, charter_version, joined_at, enrolled_by"
)
_NAMED = (
    f"SELECT {_COLUMNS}, name_sealed, wrapped, version FROM member LEFT JOIN member_key ON member_id = id "
    "WHERE id = :member_id"
)
_ACTIVE = f"SELECT {_COLUMNS} FROM member WHERE status = 'active' AND"


def get(tx: Tx, member_id: int) -> Member | None:
    """The member with this id, whatever their status."""
    return _first(tx.one(f"SELECT {_COLUMNS} FROM member WHERE id = :member_id", member_id=member_id))


def accounts_of(tx: Tx, member_ids: Collection[int]) -> dict[int, int]:
    """The Telegram ids of those of these members who are active and have one."""
    marks = {f"member_{place}": member_id for place, member_id in enumerate(sorted(set(member_ids)))}
    if not marks:
        return {}
    return dict(
        tx.all(
            "SELECT id, user_id FROM member WHERE status = 'active' AND user_id <> 0 "
            f"AND id IN ({', '.join(f':{mark}' for mark in marks)})",
            **marks,
        )
    )


def get_named(tx: Tx, member_id: int) -> tuple[Member, str] | None:
    """As `get`, with the name; '' for the erased."""
    row = tx.one(_NAMED, member_id=member_id)
    if row is None:
        return None
    sealed, wrapped, version = row[-3:]
    if wrapped is None:
        return _member(row[:-3]), ""
    vault = tx.vault.member(member_id, WrappedKey(bytes(wrapped), version))
    return _member(row[:-3]), vault.open("member", "name", bytes(sealed))


def get_by_user(tx: Tx, user_id: int) -> Member | None:
    """The active member with this Telegram id."""
    return _first(tx.one(f"{_ACTIVE} user_id = :user_id AND user_id <> 0", user_id=user_id))


def get_by_card_token(tx: Tx, token: str) -> Member | None:
    """The active member whose card carries this token."""
    return _first(tx.one(f"{_ACTIVE} card_token = :token", token=tx.vault.token("card", token)))


def get_by_number(tx: Tx, number: str) -> Member | None:
    """The active member with this card number."""
    return _first(tx.one(f"{_ACTIVE} number = :number", number=number))


def get_by_invite_code(tx: Tx, code: str) -> Member | None:
    """The active member who invites with this code, as `codes.normalise` gives it."""
    return _first(tx.one(f"{_ACTIVE} invite_code = :code", code=code))


def get_by_phone(tx: Tx, e164: str) -> Member | None:
    """The active member this phone belongs to."""
    wanted = "id = (SELECT member_id FROM member_phone WHERE token = :token)"
    return _first(tx.one(f"{_ACTIVE} {wanted}", token=tx.vault.token("phone", e164)))


def find(tx: Tx, query: Query, limit: int) -> list[Member]:
    """Active members whom the query may mean, those who joined last first."""
    exact = {"card": get_by_number, "phone": get_by_phone, "token": get_by_card_token}
    if query.kind in exact:
        member = exact[query.kind](tx, query.value)
        return [member] if member else []
    wanted = [("tail", query.value)] if query.kind == "tail" else _name_keys(names.lookup_keys(query.value))
    return _find_by_tokens(tx, wanted, limit)


def _find_by_tokens(tx: Tx, wanted: list[tuple[str, str]], limit: int) -> list[Member]:
    any_of = " OR ".join(f"(kind = :kind{n} AND token = :token{n})" for n in range(len(wanted)))
    params = {f"kind{n}": kind for n, (kind, _) in enumerate(wanted)}
    tokens = {f"token{n}": tx.vault.token(kind, text) for n, (kind, text) in enumerate(wanted)}
    rows = tx.all(
        f"{_ACTIVE} id IN (SELECT member_id FROM member_lookup WHERE {any_of}) ORDER BY id DESC LIMIT :limit",
        limit=limit, **params, **tokens,
    )  # fmt: skip
    return [_member(row) for row in rows]


def add(tx: Tx, new: NewMember) -> Member:
    """A new member with an empty account. Refuses AlreadyAMember and PhoneTaken: then the caller rolls back."""
    card_token = codes.new_token(tx.random(_CARD_TOKEN_BYTES))
    member_id = _insert(tx, new, tx.vault.token("card", card_token))
    row = _complete(tx, member_id, new, card_token)
    _take_phone(tx, member_id, new.phone)
    _put_lookups(tx, member_id, _name_keys(names.search_keys(new.name)))
    tx.run("INSERT INTO account (member_id) VALUES (:member_id)", member_id=member_id)
    if new.birthday:
        _note_birthday_change(tx, member_id)
    return _member(row)


def _insert(tx: Tx, new: NewMember, card_token: bytes) -> int:
    """The row's id, which the number and the sealing need; they follow in the same transaction."""
    code = codes.new_code(tx.random(5))
    birthday = new.birthday or Birthday(0, 0)
    member_id: int | None = tx.value(
        "INSERT INTO member (number, user_id, tier, source, home_store_id, referrer_id, invite_code, card_token, "
        "card_sealed, name_sealed, phone_sealed, birth_year_sealed, birthday_month, birthday_day, birthday_lunar, "
        "birthday_leap, charter_version, joined_at, enrolled_by) VALUES (:number, :user_id, :tier, :source, "
        ":home_store_id, :referrer_id, :invite_code, :card_token, :later, :later, :later, :later, :month, :day, "
        ":lunar, :leap, :charter_version, :joined_at, :enrolled_by) "
        "ON CONFLICT (user_id) WHERE user_id <> 0 DO NOTHING RETURNING id",
        number=f"new {code}", user_id=new.user_id, tier=new.tier, source=new.source, home_store_id=new.home_store_id,
        referrer_id=new.referrer_id, invite_code=code, card_token=card_token, later=b"", month=birthday.month,
        day=birthday.day, lunar=int(birthday.lunar), leap=int(birthday.leap_month),
        charter_version=new.charter_version, joined_at=new.joined_at, enrolled_by=new.enrolled_by,
    )  # fmt: skip
    if member_id is None:
        raise AlreadyAMember
    return member_id


def _complete(tx: Tx, member_id: int, new: NewMember, card_token: str) -> Row:
    vault = _make_key(tx, member_id)
    birth_year = str(new.birthday.year or "") if new.birthday else ""
    row = tx.one(
        "UPDATE member SET number = :number, card_sealed = :card, name_sealed = :name, phone_sealed = :phone, "
        f"birth_year_sealed = :birth_year WHERE id = :member_id RETURNING {_COLUMNS}",
        member_id=member_id, number=new_number(member_id, new.card_prefix),
        card=vault.seal("member", "card", card_token), name=vault.seal("member", "name", new.name),
        phone=vault.seal("member", "phone", new.phone.e164), birth_year=vault.seal("member", "birth_year", birth_year),
    )  # fmt: skip
    assert row is not None
    return row


def reveal(tx: Tx, member_id: int) -> Identity:
    """The sealed fields of a member who is not erased; LookupError otherwise. Looking is the caller's to record."""
    row = tx.one(
        "SELECT name_sealed, phone_sealed, birth_year_sealed, card_sealed FROM member WHERE id = :member_id",
        member_id=member_id,
    )
    if row is None:
        raise LookupError("no such member")
    vault = vault_of(tx, member_id)
    birth_year = vault.open("member", "birth_year", row[2])
    return Identity(
        name=vault.open("member", "name", row[0]),
        phone=vault.open("member", "phone", row[1]),
        birth_year=int(birth_year) if birth_year else None,
        card_token=vault.open("member", "card", row[3]),
    )


def name_of(tx: Tx, member_id: int) -> str:
    """The member's name; '' for the erased, whose purchases can still be taken back."""
    try:
        return _open(tx, member_id, "name")
    except LookupError:
        return ""


def card_token_of(tx: Tx, member_id: int) -> str:
    """What the card's link carries; LookupError for the erased."""
    return _open(tx, member_id, "card")


def vault_of(tx: Tx, member_id: int) -> MemberVault:
    """What seals and opens this member's data; LookupError for the erased, whose key is destroyed."""
    row = tx.one("SELECT wrapped, version FROM member_key WHERE member_id = :member_id", member_id=member_id)
    if row is None:
        raise LookupError("the member has no data key")
    return tx.vault.member(member_id, WrappedKey(bytes(row[0]), row[1]))


def change_name(tx: Tx, member_id: int, name: str) -> None:
    """name is cleaned by `names.clean`. From now on the member is found by it, and no more by the old one."""
    sealed = vault_of(tx, member_id).seal("member", "name", name)
    tx.run("UPDATE member SET name_sealed = :sealed WHERE id = :member_id", member_id=member_id, sealed=sealed)
    tx.run("DELETE FROM member_lookup WHERE member_id = :member_id AND kind <> 'tail'", member_id=member_id)
    _put_lookups(tx, member_id, _name_keys(names.search_keys(name)))


def change_phone(tx: Tx, member_id: int, phone: Phone) -> None:
    """Refuses PhoneTaken: then the caller rolls back."""
    sealed = vault_of(tx, member_id).seal("member", "phone", phone.e164)
    tx.run("UPDATE member SET phone_sealed = :sealed WHERE id = :member_id", member_id=member_id, sealed=sealed)
    tx.run("DELETE FROM member_phone WHERE member_id = :member_id", member_id=member_id)
    tx.run("DELETE FROM member_lookup WHERE member_id = :member_id AND kind = 'tail'", member_id=member_id)
    _take_phone(tx, member_id, phone)


def set_birthday(tx: Tx, member_id: int, birthday: Birthday | None, again: bool = False) -> None:
    """None forgets it. Telling one counts as a change; forgetting does not, nor telling the same one again."""
    kept = birthday or Birthday(0, 0)
    tx.run(
        "UPDATE member SET birthday_month = :month, birthday_day = :day, birthday_lunar = :lunar, "
        "birthday_leap = :leap, birth_year_sealed = :sealed WHERE id = :member_id",
        member_id=member_id, month=kept.month, day=kept.day, lunar=int(kept.lunar), leap=int(kept.leap_month),
        sealed=vault_of(tx, member_id).seal("member", "birth_year", str(kept.year or "")),
    )  # fmt: skip
    if birthday and not again:
        _note_birthday_change(tx, member_id)


def list_birthday_changes(tx: Tx, member_id: int) -> list[int]:
    """When birthdays were told (epoch ms), oldest first; the first of them is no change."""
    rows = tx.all("SELECT told_at FROM birthday_change WHERE member_id = :member_id ORDER BY id", member_id=member_id)
    return [row[0] for row in rows]


def link_user(tx: Tx, member_id: int, user_id: int) -> bool:
    """Tie a member known from the counter or an import to a Telegram account; False if somebody is tied already.

    Refuses AlreadyAMember: the account belongs to another member.
    """
    try:
        with tx.savepoint():
            return 1 == tx.run(
                "UPDATE member SET user_id = :user_id WHERE id = :member_id AND user_id = 0 AND status = 'active'",
                member_id=member_id, user_id=user_id,
            )  # fmt: skip
    except Conflict:
        raise AlreadyAMember from None


def set_referrer(tx: Tx, member_id: int, referrer_id: int) -> None:
    tx.run(
        "UPDATE member SET referrer_id = :referrer_id WHERE id = :member_id",
        member_id=member_id, referrer_id=referrer_id,
    )  # fmt: skip


def set_home_store(tx: Tx, member_id: int, store_id: int) -> None:
    """store_id 0: none."""
    tx.run("UPDATE member SET home_store_id = :store_id WHERE id = :member_id", member_id=member_id, store_id=store_id)


def set_charter_version(tx: Tx, member_id: int, version: int) -> None:
    """The version of the charter the member has accepted."""
    tx.run(
        "UPDATE member SET charter_version = :version WHERE id = :member_id", member_id=member_id, version=version
    )  # fmt: skip


def set_tier(tx: Tx, member_id: int, tier: str) -> bool:
    """False if the member is in it already."""
    return 1 == tx.run(
        "UPDATE member SET tier = :tier WHERE id = :member_id AND tier <> :tier", member_id=member_id, tier=tier
    )


def _member(row: Row) -> Member:
    lunar, leap = row[11:13]
    return Member(*(*row[:11], bool(lunar), bool(leap), *row[13:]))


def _first(row: Row | None) -> Member | None:
    return _member(row) if row else None


def _open(tx: Tx, member_id: int, column: str) -> str:
    vault = vault_of(tx, member_id)
    sealed = tx.value(f"SELECT {column}_sealed FROM member WHERE id = :member_id", member_id=member_id)
    return vault.open("member", column, bytes(sealed))


def _make_key(tx: Tx, member_id: int) -> MemberVault:
    wrapped = tx.vault.new_data_key(member_id)
    tx.run(
        "INSERT INTO member_key (member_id, wrapped, version) VALUES (:member_id, :wrapped, :version)",
        member_id=member_id, wrapped=wrapped.sealed, version=wrapped.version,
    )  # fmt: skip
    return tx.vault.member(member_id, wrapped)


def _take_phone(tx: Tx, member_id: int, phone: Phone) -> None:
    taken = tx.run(
        "INSERT INTO member_phone (token, member_id) VALUES (:token, :member_id) ON CONFLICT (token) DO NOTHING",
        token=tx.vault.token("phone", phone.e164), member_id=member_id,
    )  # fmt: skip
    if not taken:
        raise PhoneTaken
    _put_lookups(tx, member_id, [("tail", phone.tail)])


def _put_lookups(tx: Tx, member_id: int, wanted: list[tuple[str, str]]) -> None:
    tx.many(
        "INSERT INTO member_lookup (kind, token, member_id) VALUES (:kind, :token, :member_id)",
        [{"kind": kind, "token": tx.vault.token(kind, text), "member_id": member_id} for kind, text in wanted],
    )


def _name_keys(keys: frozenset[names.SearchKey]) -> list[tuple[str, str]]:
    return sorted((key.kind, key.text) for key in keys)


def _note_birthday_change(tx: Tx, member_id: int) -> None:
    tx.run(
        "INSERT INTO birthday_change (member_id, told_at) VALUES (:member_id, :now)", member_id=member_id, now=tx.now
    )  # fmt: skip
