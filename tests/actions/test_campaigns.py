"""Messages to many: nobody sends one alone, everybody gets it once, and it can be held back and stopped."""

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import date

import pytest

from actions import campaigns, charters, pushes, settings
from db import audit, campaigns as rows, digests, outbox, people
from db.database import Database, Tx
from db.people import Person
from db.staff import CHAIN
from loyalty.campaigns import GOOD_FOR_MS, Draft
from loyalty.errors import CampaignNotFound, CampaignSettled, NobodyToReview, NotAllowed, SecondPersonNeeded
from loyalty.jobs import Run
from loyalty.lots import NEVER
from loyalty.messages import Say
from loyalty.roles import Role
from tests.actions.shops import OWNER, Shop, add_member, add_store, amended, buys, hire, open_shop
from tests.conftest import Clock

SECOND = 99
TEXTS = {"zh_Hans": "{name}，周末满减", "zh_Hant": "", "en": "{name}: {points} points, {tier}"}


@pytest.fixture
async def shop(db: Database) -> Shop:
    opened = await open_shop(db)
    await db.write(hire, SECOND, CHAIN, Role.MANAGER)
    return opened


def second() -> Person:
    return Person(SECOND, "", "", False, "", "", 0, True)


async def written(db: Database, by: Person, tier: str = "", store_id: int = 0, later: int = 0) -> int:
    now = await db.read(lambda tx: tx.now)
    says = await db.write(campaigns.create, by, Draft(TEXTS, 0, tier, store_id, now + later))
    return int(says[-1].params["campaign_id"])


async def agreed(db: Database, shop: Shop, **draft: int | str) -> int:
    campaign_id = await written(db, shop.owner, **draft)  # type: ignore[arg-type]  # its own keywords
    await db.write(campaigns.ask, shop.owner, campaign_id)
    await db.write(campaigns.decide, second(), campaign_id, True)
    return campaign_id


async def work(db: Database) -> int:
    """A whole run of the job; how many messages it queued."""
    reached, cursor = 0, "-"
    while cursor:
        page = await db.write(campaigns.page, Run("campaigns", 0, date(2025, 3, 3), cursor))
        reached, cursor = reached + page.reached, page.cursor
    return reached


def add_members(tx: Tx, count: int, home_store_id: int = 0, tier: str = "classic") -> None:
    for n in range(count):
        member = add_member(
            tx, f"Member {n}", f"1390000{home_store_id:02d}{n:02d}", user_id=5_000 + 100 * home_store_id + n
        )
        people.meet(tx, member.user_id, "en")
        tx.run(
            "UPDATE member SET home_store_id = :store, tier = :tier WHERE id = :id",
            store=home_store_id, tier=tier, id=member.id,
        )  # fmt: skip


def bodies(tx: Tx, campaign_id: int) -> list[dict[str, object]]:
    found = tx.all("SELECT chat_id, payload FROM outbox WHERE campaign_id = :id ORDER BY id", id=campaign_id)
    return [json.loads(tx.vault.open_system("outbox", str(chat), payload)) for chat, payload in found]


def states(tx: Tx, campaign_id: int) -> dict[str, int]:
    return rows.count_messages(tx, campaign_id)


async def test_everybody_gets_it_once_in_their_own_words(db: Database, shop: Shop) -> None:
    await buys(db, shop, "1234")
    campaign_id = await agreed(db, shop)
    assert (await work(db), await work(db)) == (1, 0)
    (body,) = await db.read(bodies, campaign_id)
    assert body["params"] == {
        "text": {"zh_Hans": "Ann，周末满减", "zh_Hant": "Ann，周末满减", "en": "Ann: 1,234 points, Classic"}
    }


async def test_pages_go_on_where_the_one_before_ended(
    db: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "_PAGE", 3)
    await db.write(add_members, 7)
    campaign_id = await agreed(db, shop)
    assert await work(db) == 8
    assert await db.read(states, campaign_id) == {"queued": 8}


async def test_two_campaigns_that_are_due_go_one_after_the_other(db: Database, shop: Shop) -> None:
    first, other = await agreed(db, shop), await agreed(db, shop)
    assert await work(db) == 2
    assert [await db.read(states, one) for one in (first, other)] == [{"queued": 1}, {"queued": 1}]


async def test_runs_at_once_queue_each_message_once(db: Database, shop: Shop) -> None:
    await db.write(add_members, 5)
    campaign_id = await agreed(db, shop)
    await asyncio.gather(*(work(db) for _ in range(4)))
    assert await db.read(states, campaign_id) == {"queued": 6}


async def test_only_the_tier_or_the_store_that_was_chosen_gets_it(db: Database, shop: Shop) -> None:
    await db.write(add_members, 2, shop.store_id, "gold")
    await db.write(add_members, 3)
    assert [await agreed(db, shop, tier="gold"), await work(db)][1] == 2
    assert [await agreed(db, shop, store_id=shop.store_id), await work(db)][1] == 2


async def test_nothing_goes_before_its_time(db: Database, shop: Shop, clock: Clock) -> None:
    await agreed(db, shop, later=3_600_000)
    assert await work(db) == 0
    clock.move(hours=1)
    assert await work(db) == 1


async def test_one_agreed_to_too_late_begins_then_and_is_good_as_long(db: Database, shop: Shop, clock: Clock) -> None:
    campaign_id = await written(db, shop.owner)
    await db.write(campaigns.ask, shop.owner, campaign_id)
    clock.move(days=5)
    await db.write(campaigns.decide, second(), campaign_id, True)
    await work(db)
    expires_at = await db.read(lambda tx: tx.value("SELECT expires_at FROM outbox WHERE campaign_id > 0"))
    assert expires_at == clock.now + GOOD_FOR_MS


async def test_who_wrote_it_cannot_agree_to_it(db: Database, shop: Shop) -> None:
    campaign_id = await written(db, shop.owner)
    await db.write(campaigns.ask, shop.owner, campaign_id)
    with pytest.raises(SecondPersonNeeded):
        await db.write(campaigns.decide, shop.owner, campaign_id, True)
    assert await work(db) == 0


async def test_alone_nobody_can_send_to_many(db: Database) -> None:
    shop = await open_shop(db)
    campaign_id = await written(db, shop.owner)
    with pytest.raises(NobodyToReview):
        await db.write(campaigns.ask, shop.owner, campaign_id)
    assert (await db.read(rows.get, campaign_id)).state == "draft"  # type: ignore[union-attr]  # it is there


async def test_what_was_declined_is_its_authors_to_change(db: Database, shop: Shop) -> None:
    campaign_id = await written(db, shop.owner)
    with pytest.raises(CampaignSettled):
        await db.read(campaigns.declined, shop.owner, campaign_id)
    await db.write(campaigns.ask, shop.owner, campaign_id)
    await db.write(campaigns.decide, second(), campaign_id, False)
    with pytest.raises(CampaignNotFound):
        await db.read(campaigns.declined, second(), campaign_id)
    draft = await db.read(campaigns.declined, shop.owner, campaign_id)
    await db.write(campaigns.create, shop.owner, draft, campaign_id)
    (record,) = await db.read(audit.list_latest, 1)
    assert record.detail == {"campaign": campaign_id + 1, "instead_of": campaign_id}
    assert (await db.read(rows.get, campaign_id)).state == "declined"  # type: ignore[union-attr]  # it is there


async def test_of_two_answers_the_first_counts(db: Database, shop: Shop) -> None:
    campaign_id = await written(db, shop.manager, store_id=shop.store_id)
    await db.write(campaigns.ask, shop.manager, campaign_id)
    answers = [(second(), True), (shop.owner, False)]
    done = await asyncio.gather(
        *(db.write(campaigns.decide, by, campaign_id, agree) for by, agree in answers), return_exceptions=True
    )
    assert [type(one) for one in done].count(CampaignSettled) == 1


async def test_a_store_manager_writes_to_their_own_store_only(db: Database, shop: Shop) -> None:
    await written(db, shop.manager, store_id=shop.store_id)
    for elsewhere in (0, await db.write(add_store, "dongmen", "东门店")):
        with pytest.raises(NotAllowed):
            await written(db, shop.manager, store_id=elsewhere)


async def test_a_store_manager_sees_and_touches_their_own_stores_campaigns_only(db: Database, shop: Shop) -> None:
    campaign_id = await agreed(db, shop)
    for deed in (campaigns.look, campaigns.pause, campaigns.stop):
        with pytest.raises(CampaignNotFound):
            await db.write(deed, shop.manager, campaign_id)
    assert (await db.read(campaigns.list_all, shop.manager)).params["campaigns"] == []


@pytest.mark.parametrize("deed", [campaigns.ask, campaigns.pause, campaigns.resume, campaigns.stop])
async def test_clerks_may_nothing_of_it(db: Database, shop: Shop, deed: object) -> None:
    campaign_id = await agreed(db, shop)
    with pytest.raises(NotAllowed):
        await db.write(deed, shop.clerk, campaign_id)  # type: ignore[arg-type]  # an action


async def test_paused_nothing_is_due_and_resumed_all_of_it_is(db: Database, shop: Shop) -> None:
    def due(tx: Tx) -> int:
        return int(tx.value("SELECT COUNT(*) FROM outbox WHERE campaign_id > 0 AND due_at <= :now", now=tx.now))

    campaign_id = await agreed(db, shop)
    await work(db)
    await db.write(campaigns.pause, shop.owner, campaign_id)
    assert (await db.read(due), await work(db)) == (0, 0)
    await db.write(campaigns.resume, shop.owner, campaign_id)
    assert await db.read(due) == 1


async def test_stopped_what_is_left_is_never_sent(db: Database, shop: Shop) -> None:
    campaign_id = await agreed(db, shop)
    await work(db)
    said = await db.write(campaigns.stop, shop.owner, campaign_id)
    assert (said.params["state"], said.params["undelivered"]) == ("stopped", 1)
    with pytest.raises(CampaignSettled):
        await db.write(campaigns.resume, shop.owner, campaign_id)
    with pytest.raises(CampaignSettled):
        await db.write(campaigns.stop, shop.owner, campaign_id)


async def test_stopping_while_it_is_queued_leaves_nothing_behind(db: Database, shop: Shop) -> None:
    await db.write(add_members, 20)
    campaign_id = await agreed(db, shop)
    await asyncio.gather(work(db), db.write(campaigns.stop, shop.owner, campaign_id), return_exceptions=True)
    assert "queued" not in await db.read(states, campaign_id)


async def test_who_wrote_it_hears_how_it_went(db: Database, shop: Shop) -> None:
    campaign_id = await agreed(db, shop)
    await work(db)
    await db.write(lambda tx: tx.run("UPDATE outbox SET state = 'sent' WHERE campaign_id = :id", id=campaign_id))
    assert await work(db) == 1
    found = await db.read(rows.get, campaign_id)
    assert found is not None
    assert (found.state, await work(db)) == ("sent", 0)


async def test_those_who_do_not_want_offers_are_not_counted_as_willing(db: Database, shop: Shop) -> None:
    await db.write(lambda tx: tx.run("UPDATE person SET frequency = 'own' WHERE user_id = :id", id=shop.ann.user_id))
    said = await db.read(campaigns.look, shop.owner, await written(db, shop.owner))
    assert (said.params["members"], said.params["willing"]) == (1, 0)


async def test_the_default_language_is_what_the_others_fall_back_on(db: Database, shop: Shop) -> None:
    charter = amended(('default_locale = "zh_Hans"', 'default_locale = "en"'))
    await db.write(charters.publish, charter, OWNER)
    campaign_id = await agreed(db, shop)
    await work(db)
    (body,) = await db.read(bodies, campaign_id)
    assert body["params"]["text"]["zh_Hant"] == "Ann: 0 points, 普卡"  # type: ignore[index]  # it has params


# What the courier had in hand meanwhile, and put off


async def looked_at(db: Database) -> int:
    """How many of a campaign's messages may go, of what is claimed now."""
    found = await db.write(lambda tx: pushes.examine(tx, outbox.claim(tx, 1, 100), 100))
    return sum(message.topic == "offers" for message in found.welcome)


async def put_off(db: Database, deed: Callable[[Tx, Person, int], Say], shop: Shop, clock: Clock) -> int:
    """Its message is in hand while the campaign is held back, and then has to wait a moment; the campaign."""
    campaign_id = await agreed(db, shop)
    await work(db)
    *_, claimed = await db.write(outbox.claim, 1, 100)
    assert claimed.topic == "offers"
    await db.write(deed, shop.owner, campaign_id)
    await db.write(outbox.postpone, claimed, clock.now + 1_000, "429")
    clock.move(seconds=2)
    return campaign_id


async def test_what_was_put_off_while_it_was_stopped_is_not_sent_later(db: Database, shop: Shop, clock: Clock) -> None:
    campaign_id = await put_off(db, campaigns.stop, shop, clock)
    assert await looked_at(db) == 0
    assert await db.read(states, campaign_id) == {"failed": 1}


async def test_what_was_put_off_while_it_was_paused_waits_until_it_goes_on(
    db: Database, shop: Shop, clock: Clock
) -> None:
    campaign_id = await put_off(db, campaigns.pause, shop, clock)
    assert await looked_at(db) == 0
    await db.write(campaigns.resume, shop.owner, campaign_id)
    assert await looked_at(db) == 1


async def test_what_is_gathered_for_the_digest_is_not_said_while_it_is_paused(
    db: Database, shop: Shop, clock: Clock
) -> None:
    await db.write(settings.choose_frequency, shop.ann, "weekly")
    campaign_id = await agreed(db, shop)
    await work(db)
    assert await looked_at(db) == 0
    await db.write(campaigns.pause, shop.owner, campaign_id)
    assert await db.read(digests.list_gathered, 0, 10) == []


async def test_a_reader_who_chooses_otherwise_does_not_let_go_what_is_paused(
    db: Database, shop: Shop, clock: Clock
) -> None:
    await db.write(settings.choose_frequency, shop.ann, "weekly")
    campaign_id = await agreed(db, shop)
    await work(db)
    assert await looked_at(db) == 0
    await db.write(campaigns.pause, shop.owner, campaign_id)
    await db.write(settings.choose_frequency, shop.ann, "each")
    assert await looked_at(db) == 0


@pytest.mark.parametrize(("decide", "state"), [(campaigns.resume, "queued"), (campaigns.stop, "failed")])
async def test_nothing_is_put_off_for_ever_by_who_decides_at_the_same_time(
    db: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch, decide: Callable[..., Say], state: str
) -> None:
    """It was looked at while the campaign was paused, and is written down after that has ended."""
    campaign_id = await agreed(db, shop)
    await work(db)
    held = await db.write(outbox.claim, 7, 50)
    await db.write(campaigns.pause, shop.owner, campaign_id)
    looked, decided = threading.Event(), threading.Event()
    look = rows.state_of_message

    def look_slowly(tx: Tx, message_id: int) -> rows.State | None:
        found = look(tx, message_id)
        looked.set()
        decided.wait(1)  # on SQLite there is nothing to wait for: the other comes before or after
        return found

    monkeypatch.setattr(rows, "state_of_message", look_slowly)
    examining = asyncio.create_task(db.write(pushes.examine, held, 10))
    await asyncio.to_thread(looked.wait, 10)
    await db.write(decide, shop.owner, campaign_id)
    decided.set()
    await examining
    left = await db.read(lambda tx: tx.all("SELECT state, due_at FROM outbox WHERE campaign_id <> 0"))
    assert [row[0] for row in left] == [state]
    assert ("queued", NEVER) not in left
