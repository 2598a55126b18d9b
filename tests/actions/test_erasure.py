"""Being forgotten: what goes, what stays, and that it holds for every table there is or will be."""

from __future__ import annotations

import pytest

from actions import adjustments, erasure, joining, privacy, profiles, purchases, settings, waiting
from actions.adjustments import Order
from actions.joining import Application
from db import accounts, audit, case_messages, erasure as erasures, inbox, ledger_checks, members, outbox
from db.database import Database, Row, Tx
from db.erasure import Erasure
from db.inbox import Received
from loyalty.birthdays import Birthday
from loyalty.errors import MemberNotFound, NotAMember
from loyalty.messages import Say
from loyalty.queries import Query
from tests.actions import gift_shops
from tests.actions.complainers import opened
from tests.actions.gift_shops import GiftShop, add_rich, open_gift_shop, redeem, shelf
from tests.actions.shops import ANN, MANAGER, Shop, add_member, buys, open_shop

PHONE = "+8613800138000"
BOT = 7


@pytest.fixture
async def place(db: Database) -> GiftShop:
    """Ann with points, a purchase, a profile, and a reserved mug."""
    place = await open_gift_shop(db)
    shop = place.shop
    await db.write(profiles.change_field, shop.ann, "allergies", "peanuts")
    await db.write(profiles.change_birthday, shop.ann, Birthday(5, 4, 1990))
    await buys(db, shop)
    await redeem(db, place)
    return place


async def test_the_member_is_told_what_goes(db: Database, place: GiftShop) -> None:
    loss = await db.read(erasure.preview, place.shop.ann)
    assert (loss.points, loss.gifts, loss.lowest_tier) == (486, 1, True)


async def test_nobody_can_read_the_member_any_more(db: Database, place: GiftShop) -> None:
    await db.write(erasure.erase_own, place.shop.ann)
    with pytest.raises(LookupError):
        await db.read(members.reveal, place.shop.member.id)
    with pytest.raises(LookupError):
        await db.read(privacy.dossier, place.shop.member.id)


async def test_who_is_erased_from_elsewhere_at_the_same_moment_is_erased_once(
    db: Database, place: GiftShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = accounts.lock

    def lock_late(tx: Tx, member_id: int) -> None:
        """As if the other erasure had held the account until now."""
        monkeypatch.setattr(accounts, "lock", lock)
        erasure.erase_own(tx, place.shop.ann)
        lock(tx, member_id)

    monkeypatch.setattr(accounts, "lock", lock_late)

    def twice(tx: Tx) -> int:
        with pytest.raises(NotAMember):
            erasure.erase_own(tx, place.shop.ann)
        return len(audit.list_latest(tx, 10, wanted=audit.Wanted(action="member_erased")))

    assert await db.write(twice) == 1


async def test_nothing_leads_to_the_member_any_more(db: Database, place: GiftShop) -> None:
    member = place.shop.member
    await db.write(erasure.erase_own, place.shop.ann)
    assert await db.read(members.get_by_user, ANN) is None
    assert await db.read(members.get_by_phone, PHONE) is None
    assert await db.read(members.get_by_number, member.number) is None
    assert await db.read(members.get_by_invite_code, member.invite_code) is None
    for query in (Query("tail", "8000"), Query("name", "Ann")):
        assert await db.read(members.find, query, 5) == []


async def test_the_books_stay_as_they_were_but_for_what_was_held(db: Database, place: GiftShop) -> None:
    before = await db.read(totals)
    await db.write(erasure.erase_own, place.shop.ann)
    assert await db.read(ledger_checks.discrepancies) == []
    assert await db.read(totals) == (before[0], before[1] + 100)
    assert await shelf(db, place) == (2, 0)


def totals(tx: Tx) -> tuple[int, int]:
    """What was ever earned, and what stands in all accounts."""
    earned = tx.value("SELECT CAST(SUM(points) AS BIGINT) FROM entry WHERE kind = 'earn'")
    return earned, tx.value("SELECT CAST(SUM(balance) AS BIGINT) FROM account")


async def test_a_piece_that_was_offered_goes_to_the_next_in_line(db: Database) -> None:
    place = await open_gift_shop(db, pieces=1)
    holder, second = await db.write(add_rich, 1), await db.write(add_rich, 2)
    await redeem(db, place, holder, "h")
    for person in (place.shop.ann, second):
        await db.write(waiting.join, person, place.gift_id, 0)
    await db.write(erasure.erase_own, holder)
    await db.write(erasure.erase_own, place.shop.ann)
    assert await db.read(offered_to) == [second.user_id]


def offered_to(tx: Tx) -> list[int]:
    rows = tx.all("SELECT m.user_id FROM gift_waiting w JOIN member m ON m.id = w.member_id WHERE w.state = 'offered'")
    return [row[0] for row in rows]


async def test_what_waits_to_be_sent_is_dropped(db: Database, place: GiftShop) -> None:
    await db.write(outbox.post, Say("points", {"name": "Ann"}, to=ANN, kind="notice"))
    await db.write(erasure.erase_own, place.shop.ann)
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM outbox WHERE chat_id = :ann", ann=ANN)) == 0


async def test_no_sealed_column_of_any_table_holds_anything_of_theirs(db: Database, place: GiftShop) -> None:
    await db.write(erasure.erase_own, place.shop.ann)
    assert await db.read(sealed_left, place.shop.member.id) == []


def sealed_left(tx: Tx, member_id: int) -> list[str]:
    """Tables and columns; new ones are found by themselves."""
    left = []
    for table, columns in tables(tx).items():
        key = "id" if table == "member" else "member_id"
        for column in [name for name in columns if name.endswith("_sealed") and key in columns]:
            where = f"{key} = :member_id AND {column} <> :nothing"
            if tx.value(f"SELECT COUNT(*) FROM {table} WHERE {where}", member_id=member_id, nothing=b""):
                left.append(f"{table}.{column}")
    return left


async def test_their_telegram_account_stands_in_no_row_of_any_table(db: Database, place: GiftShop) -> None:
    await db.write(outbox.post, Say("points", to=ANN, dedup_key="once"))
    await db.write(erasure.erase_own, place.shop.ann)
    (erased,) = await db.read(erasures.list_unsettled, 10)
    assert await db.write(erasures.forget_person, erased)
    assert await db.read(account_left) == []


def account_left(tx: Tx) -> list[str]:
    left = []
    for table, columns in tables(tx).items():
        for row in tx.all(f"SELECT {', '.join(columns)} FROM {table}"):
            left += [f"{table}.{column}" for column, value in zip(columns, row, strict=True) if value == ANN]
    # A row's own number may be the same by chance.
    return [name for name in left if not name.endswith((".id", ".seq"))]


def tables(tx: Tx) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, column in _columns(tx):
        found.setdefault(table, []).append(column)
    return found


def _columns(tx: Tx) -> list[Row]:
    if type(tx).__name__ == "PostgresTx":
        return tx.all("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    return tx.all(
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' "
        "AND m.name NOT LIKE 'sqlite%'"
    )


async def test_who_works_here_too_is_still_known_as_that(db: Database, place: GiftShop) -> None:
    shop = place.shop
    await db.write(members.link_user, await db.write(_join_clerk, shop), shop.clerk.user_id)
    erased = await db.write(erasure.erase_own, shop.clerk)
    (row,) = await db.read(erasures.list_unsettled, 10)
    await db.write(erasures.forget_person, row)
    known = "SELECT COUNT(*) FROM person WHERE user_id = :clerk"
    assert (erased.works_here, await db.read(lambda tx: tx.value(known, clerk=shop.clerk.user_id))) == (True, 1)


def _join_clerk(tx: Tx, shop: Shop) -> int:
    return gift_shops.add_member(tx, "Clerk", "13900000001").id


async def _manager_leaves(db: Database, shop: Shop) -> None:
    """As a member; the erasure is settled."""
    await db.write(erasure.erase_own, shop.manager)
    (erased,) = await db.read(erasures.list_unsettled, 10)
    assert await db.write(erasures.forget_person, erased)


async def _open_shop_of_members(db: Database) -> Shop:
    """The manager is a member, too."""
    shop = await open_shop(db)
    await db.write(add_member, "Mary", "13900000001", user_id=MANAGER)
    return shop


async def test_what_they_are_asked_as_staff_still_reaches_them(db: Database) -> None:
    shop = await _open_shop_of_members(db)
    await db.write(adjustments.adjust, shop.owner, Order(shop.member.id, 1_000, "goodwill", "n"), "k")
    push = Say("points_expiring", {"points": 430}, to=MANAGER, kind="notice", topic="points", dedup_key="k")
    await db.write(outbox.post, push)
    await _manager_leaves(db, shop)
    assert (await db.read(outbox.count_waiting))[0] == 1


async def test_what_failed_of_what_staff_typed_can_still_be_tried_again(db: Database) -> None:
    shop = await _open_shop_of_members(db)
    await db.write(inbox.add, BOT, [Received(1, MANAGER, b"{}")], 5)
    await db.write(inbox.bury, BOT, 1, "Bug")
    await _manager_leaves(db, shop)
    assert await db.write(inbox.revive, BOT, 1)


async def test_a_reply_of_staff_still_finds_its_case(db: Database) -> None:
    shop = await _open_shop_of_members(db)
    case_id = await opened(db, shop)
    posted = await db.write(outbox.post_leased, Say("case_new", {"case_id": case_id}, to=MANAGER), 5)
    assert posted is not None
    await db.write(outbox.mark_all_sent, [(posted, 777)])
    await _manager_leaves(db, shop)
    assert await db.read(case_messages.case_of, MANAGER, 777) == (case_id, False)


async def test_who_has_joined_anew_keeps_what_they_chose(db: Database) -> None:
    shop = await _open_shop_of_members(db)
    await db.write(erasure.erase_own, shop.manager)
    await db.write(add_member, "Mary again", "13900000001", user_id=MANAGER)
    await db.write(settings.choose_topic, shop.manager, "coupons", False)
    before = await db.read(_choices)
    (erased,) = await db.read(erasures.list_unsettled, 10)
    assert await db.write(erasures.forget_person, erased)
    assert await db.read(_choices) == before != []


def _choices(tx: Tx) -> list[Row]:
    return tx.all("SELECT topic FROM topic_choice WHERE user_id = :user", user=MANAGER)


async def test_the_account_is_not_forgotten_before_the_last_message_has_gone(db: Database, place: GiftShop) -> None:
    await db.write(erasure.erase_own, place.shop.ann)
    await db.write(outbox.post, Say("erasure_done", to=ANN))
    (erased,) = await db.read(erasures.list_unsettled, 10)
    assert not await db.write(erasures.forget_person, erased)


async def test_afterwards_they_can_join_as_somebody_new(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(erasure.erase_own, shop.ann)
    told = Application("Ann", PHONE, None, 0, by_store_link=False, referral="", accepted=1)
    joined = await db.write(joining.join, shop.ann, told)
    assert joined.member.id != shop.member.id
    assert not joined.was_known


async def test_nobody_is_erased_twice(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(erasure.erase_own, shop.ann)
    with pytest.raises(NotAMember):
        await db.write(erasure.erase_own, shop.ann)


async def test_an_erasure_is_carried_out_again_once(db: Database) -> None:
    shop = await open_shop(db)
    listed = Erasure(shop.member.id, "asked", 1, 0)
    assert [await db.write(erasure.replay, listed) for _ in range(2)] == [True, False]
    with pytest.raises(LookupError):
        await db.read(members.reveal, shop.member.id)


async def test_the_audit_says_that_and_not_who(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(erasure.erase_own, shop.ann)
    (record,) = await db.read(audit.list_latest, 1)
    assert (record.action, record.actor, record.member_id) == ("member_erased", 0, shop.member.id)


async def test_a_purchase_of_somebody_erased_can_still_be_taken_back(db: Database) -> None:
    shop = await open_shop(db)
    bought = await buys(db, shop)
    await db.write(erasure.erase_own, shop.ann)
    undone = await db.write(purchases.undo, shop.clerk, bought.purchase_id)
    assert undone.member == ""
    assert await db.read(ledger_checks.discrepancies) == []


async def test_an_adjustment_that_waits_for_somebody_erased_is_not_entered(db: Database) -> None:
    shop = await open_shop(db)
    order = Order(shop.member.id, 100_000, "goodwill", "a note about Ann")
    await db.write(adjustments.adjust, shop.manager, order, "key")
    await db.write(erasure.erase_own, shop.ann)
    with pytest.raises(MemberNotFound):
        await db.write(adjustments.decide, shop.owner, 1, True)
