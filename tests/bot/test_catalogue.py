"""`/gift`: a manager creates a gift with a picture, changes it, restocks, moves and withdraws it, in chat."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pytest
import pytest_asyncio
from PIL import Image

from bot import buttons
from bot.words import Words
from db import gifts
from db.gifts import Gift
from loyalty.charter import DEFAULT_CHARTER, load
from loyalty.lots import NEVER
from loyalty.roles import Role
from tests.actions.gift_shops import give
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town


@dataclass
class Office:
    town: Town
    owner: Resident

    async def gift(self) -> Gift:
        (found,) = await self.town.db.read(gifts.list_all)
        return found

    async def sends(self, picture: bytes) -> None:
        await self.owner.does(lambda: self.owner.person.send_photo(self.town.bot, picture))

    async def creates(self, picture: bytes | None = None) -> None:
        """A mug for 100 points, for all, without limits, for ever, 20 at each store."""
        await self.owner.types("/gift")
        await self.owner.press("➕ A new gift")
        if picture:
            await self.sends(picture)
        else:
            await self.owner.press("Without a picture")
        await self.owner.types("马克杯\nMug")
        await self.owner.types("100")
        for label in ("Everyone", "No limit", "Open end"):
            await self.owner.press(label)
        await self.owner.types("20")


@pytest_asyncio.fixture
async def office(town: Town) -> Office:
    await town.write(add_store, "ximen", "West Gate")
    await town.write(add_store, "dongmen", "East Gate")
    return Office(town, await town.owner())


def photo(colour: str = "teal", size: tuple[int, int] = (2000, 1500)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


async def test_a_gift_is_created_step_by_step_with_a_picture(office: Office) -> None:
    await office.creates(photo())
    shown = office.owner.chat()[-1]
    assert "Mug" in shown.shown
    assert "West Gate · 20 there, 0 of them reserved" in shown.shown
    gift = await office.gift()
    assert (gift.terms.names, gift.terms.points, gift.terms.ends_at) == ({"zh_Hans": "马克杯", "en": "Mug"}, 100, NEVER)
    kept = Image.open(BytesIO(await office.town.db.read(gifts.get_picture, gift.picture_id)))
    assert (kept.format, max(kept.size)) == ("JPEG", 1280)


async def test_members_see_the_picture_and_its_name_in_their_language(office: Office) -> None:
    await office.creates(photo())
    an = await office.town.newcomer("安", language_code="zh-hans")
    member = await office.town.write(add_member, "安", "13800138000", an.id)
    await office.town.write(give, member.id, 150)
    await an.types("/gifts")
    page = an.chat()[-1]
    assert "马克杯" in page.shown
    assert page.media is not None
    colour = Image.open(BytesIO(page.media.file.data)).convert("RGB").getpixel((50, 50))
    assert all(abs(ours - theirs) < 12 for ours, theirs in zip(colour, (0, 128, 128), strict=True))


async def test_without_a_picture_its_name_is_drawn(office: Office) -> None:
    await office.creates()
    assert office.owner.chat()[-1].media is not None
    assert (await office.gift()).picture_id == 0


async def test_what_is_no_picture_is_refused_and_asked_again(office: Office) -> None:
    await office.owner.types("/gift")
    await office.owner.press("➕ A new gift")
    sent = office.owner.person.send_document
    await office.owner.does(lambda: sent(office.town.bot, b"hello", name="gift.png", mime="image/png"))
    assert "I cannot open this picture" in office.owner.hears()
    await office.owner.does(lambda: sent(office.town.bot, b"%PDF", name="gift.pdf", mime="application/pdf"))
    assert "I cannot open this picture" in office.owner.hears()
    await office.sends(photo())
    assert "What is it called?" in office.owner.hears()


async def test_words_instead_of_a_picture_get_the_hint_that_fits(office: Office) -> None:
    await office.owner.types("/gift")
    await office.owner.press("➕ A new gift")
    await office.owner.types("Mug")
    assert "Please send a photo, or press “Without a picture”." in office.owner.hears()


async def test_where_one_number_is_asked_for_one_number_is_named(office: Office) -> None:
    await office.creates()
    await office.owner.press("📦 Pieces")
    await office.owner.press("🏬 West Gate")
    await office.owner.types("abc")
    assert "Please type just a number: 20" in office.owner.hears()


async def test_pieces_for_a_store_of_others_are_refused_as_that(office: Office) -> None:
    mona = await office.town.newcomer("Mona")
    await office.town.write(hire, mona.id, 1, Role.MANAGER)
    await mona.types("/gift")
    for label in ("➕ A new gift", "Without a picture"):
        await mona.press(label)
    for text in ("Mug", "100"):
        await mona.types(text)
    for label in ("Everyone", "No limit", "Open end"):
        await mona.press(label)
    await mona.types("dongmen 5")
    assert "“dongmen” is not one of your stores. Please name only those you manage: ximen" in mona.hears()


async def test_a_price_that_cannot_be_read_is_asked_again(office: Office) -> None:
    await office.owner.types("/gift")
    for label in ("➕ A new gift", "Without a picture"):
        await office.owner.press(label)
    await office.owner.types("Mug")
    await office.owner.types("cheap")
    assert "I cannot read the price" in office.owner.hears()
    await office.owner.types("500 + 9.90")
    assert "From which tier on" in office.owner.hears()


@pytest.mark.parametrize(
    ("locale", "name", "day"), [("zh_Hans", "名称", "可领取日期"), ("zh_Hant", "名稱", "可領取日期")]
)
def test_a_gift_is_not_named_like_a_person(locale: str, name: str, day: str) -> None:
    made = buttons.keyboard("gift_fields", Words(load(DEFAULT_CHARTER), lambda: 0), locale, {"gift_id": 7}) or {}
    labels = [button["text"] for row in made["inline_keyboard"] for button in row]
    assert (labels[0], labels[8]) == (name, day)


async def test_its_price_tier_and_picture_are_changed(office: Office) -> None:
    await office.creates()
    for field, label in (("Price", ""), ("Tier", "Gold")):
        office.town.clock.forward(60_000)
        await office.owner.press("✏️ Change")
        await office.owner.press(field)
        await (office.owner.press(label) if label else office.owner.types("250 + 5"))
    await office.owner.press("✏️ Change")
    await office.owner.press("Picture")
    await office.sends(photo("navy"))
    gift = await office.gift()
    assert (gift.terms.points, gift.terms.cash, gift.terms.tier) == (250, 500, "gold")
    assert gift.picture_id > 0
    assert "For Gold and above" in office.owner.chat()[-1].shown


async def test_pieces_come_and_go_and_move(office: Office) -> None:
    await office.creates()
    await office.owner.press("📦 Pieces")
    await office.owner.press("🏬 West Gate")
    await office.owner.types("-5")
    assert "West Gate · 15 there" in office.owner.chat()[-1].shown
    await office.owner.press("🔀 Move")
    await office.owner.press("🏬 West Gate")
    await office.owner.press("🏬 East Gate")
    await office.owner.types("10")
    shown = office.owner.chat()[-1].shown
    assert "West Gate · 5 there" in shown
    assert "East Gate · 30 there" in shown
    assert "−10 · West Gate" in shown


async def test_more_than_there_is_does_not_move_and_may_be_typed_again(office: Office) -> None:
    await office.creates()
    await office.owner.press("🔀 Move")
    await office.owner.press("🏬 West Gate")
    await office.owner.press("🏬 East Gate")
    await office.owner.types("21")
    assert "West Gate has only 20 free pieces. Please type a smaller number." in office.owner.hears()
    await office.owner.types("20")
    assert "West Gate · 0 there" in office.owner.chat()[-1].shown


async def test_it_is_withdrawn_and_offered_again_in_place(office: Office) -> None:
    await office.creates()
    shown = len(office.owner.chat())
    await office.owner.press("🚫 Withdraw")
    assert "(withdrawn)" in office.owner.chat()[-1].shown
    assert not (await office.gift()).offered
    await office.owner.press("♻️ Offer again")
    assert (await office.gift()).offered
    assert len(office.owner.chat()) == shown


async def test_clerks_and_members_have_no_such_command(office: Office) -> None:
    await office.creates()
    carl = await office.town.newcomer("Carl")
    await office.town.write(hire, carl.id, 1, Role.CLERK)
    await carl.types("/gift")
    assert "Mug" not in carl.hears()


async def test_a_stores_manager_sees_the_gift_but_changes_only_their_stock(office: Office) -> None:
    await office.creates()
    mona = await office.town.newcomer("Mona")
    await office.town.write(hire, mona.id, 1, Role.MANAGER)
    await mona.types("/gift")
    await mona.press("🎁 Mug")
    assert mona.buttons() == ["📦 Pieces", "◀ All gifts"]
    await mona.press("📦 Pieces")
    await mona.types("3")
    assert "West Gate · 23 there" in mona.chat()[-1].shown
