"""The handbook in chat: read and asked at the counter, replaced by a file; each in their own language."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import pytest_asyncio

from actions import handbook
from actions.handbook import Found
from db.database import Tx
from db.people import Person
from loyalty.handbook import LARGEST, shipped
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town

OWN = "# Ours\n\n## Umbrellas\n\nWe lend **them** for a day.\n\n## Plants\n\nWater them on Mondays.\n"


@dataclass
class Office:
    """Carl works at ximen, Mary manages it, Olivia owns the chain."""

    town: Town
    carl: Resident
    mary: Resident
    owner: Resident

    async def sends(self, data: bytes, name: str = "handbook.md") -> None:
        await self.owner.does(lambda: self.owner.person.send_document(self.town.bot, data, name))


@pytest_asyncio.fixture
async def office(town: Town) -> Office:
    owner = await town.owner()
    store_id = await town.write(add_store, "ximen", "West Gate")
    carl, mary = await town.newcomer("Carl"), await town.newcomer("Mary")
    await town.write(hire, carl.id, store_id, Role.CLERK)
    await town.write(hire, mary.id, store_id, Role.MANAGER)
    for resident in (carl, mary, owner):
        await resident.types("/language")
        await resident.press("English")
    return Office(town, carl, mary, owner)


async def speaks(resident: Resident, language: str) -> None:
    await resident.types("/language")
    await resident.press(language)


def editions(tx: Tx) -> list[tuple[str, int]]:
    return [(row[0], row[1]) for row in tx.all("SELECT locale, in_force FROM handbook ORDER BY id")]


# At the counter


async def test_a_clerk_with_a_queue_finds_it_in_one_message(office: Office) -> None:
    await office.carl.types("/desk refund without receipt")
    assert "Refund without receipt: no trouble with members." in office.carl.hears()


async def test_one_tap_more_shows_the_whole_chapter(office: Office) -> None:
    await office.carl.types("/desk refund without receipt")
    await office.carl.press("📖 Returns and refunds")
    assert "Money goes back the way it came" in office.carl.hears()


async def test_a_members_name_still_opens_the_member(office: Office) -> None:
    await office.town.write(add_member, "Ann", "13800138000")
    await office.carl.types("/desk Ann")
    assert "138****8000" in office.carl.hears()


async def test_a_question_mark_asks_the_handbook_alone(office: Office) -> None:
    await office.carl.types("/desk ? nuts")
    assert "Allergies" in office.carl.hears()


@pytest.mark.parametrize(
    ("language", "typed", "told"),
    [
        (
            "English",
            "/desk forklift battery",
            "nothing about “forklift battery” in the handbook, and no member of that name",
        ),
        ("简体中文", "/desk 客人要打人", "手册里没有“客人要打人”，也没有叫这个名字的会员。看看目录，或问经理。"),
        ("繁體中文", "/desk 堆高機", "手冊裡沒有「堆高機」，也沒有叫這個名字的會員。看看目錄，或問經理。"),
    ],
)
async def test_what_neither_a_member_nor_the_handbook_has_leads_to_the_contents(
    office: Office, language: str, typed: str, told: str
) -> None:
    await speaks(office.carl, language)
    await office.carl.types(typed)
    assert told in office.carl.hears()
    await office.carl.press({"English": "📖 Contents", "简体中文": "📖 目录", "繁體中文": "📖 目錄"}[language])
    assert "/desk" in office.carl.hears()


async def test_the_example_of_a_question_is_from_the_handbook_in_force(office: Office) -> None:
    await office.carl.types("/desk ?")
    assert "/desk refund without receipt" in office.carl.hears()
    await office.sends(OWN.encode())
    await office.owner.press("✅ Use it for English")
    await office.carl.types("/desk ?")
    assert "/desk Umbrellas" in office.carl.hears()
    await office.carl.types("/desk")
    assert "refund without receipt" not in office.carl.hears()


async def test_a_language_stands_apart_from_what_is_done_with_it(office: Office) -> None:
    await speaks(office.owner, "简体中文")
    await office.sends(OWN.encode())
    await office.owner.press("✅ 用作：English")
    assert "English：从现在起，大家看到的是您的手册。" in office.owner.reads()


async def test_a_handbook_without_questions_offers_a_way_on(office: Office) -> None:
    await office.sends(OWN.encode())
    await office.owner.press("✅ Use it for English")
    await office.carl.types("quiz")
    assert "no questions" in office.carl.hears()
    await office.carl.press("📖 Contents")
    assert "1. Umbrellas" in office.carl.buttons()


async def test_a_very_long_question_is_answered_all_the_same(office: Office) -> None:
    await office.carl.types("/desk ? " + "x" * 4_080)
    assert f"says nothing about “{'x' * 90}" in office.carl.hears()


async def test_a_chapter_without_words_is_found_from_the_counter(office: Office) -> None:
    await office.sends(b"## Plan\n\n![](https://example.org/plan.png)\n\n## Other\n\ntext\n")
    await office.owner.press("✅ Use it for English")
    await office.carl.types("/desk plan")
    assert "The handbook on “plan”" in office.carl.hears()


async def test_the_handbook_is_searched_before_the_counters_are_kept_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    def find(tx: Tx, _person: Person, _locale: str, words: str) -> Found:
        asked.append(tx.value("PRAGMA query_only"))
        return Found(words, [], "")

    monkeypatch.setattr(handbook, "find", find)
    await office.carl.types("/desk ? nuts")
    await office.carl.types("/desk Ann")
    assert asked == [1, 1]


async def test_what_is_not_in_it_is_kindly_told(office: Office) -> None:
    await office.carl.types("/desk ? quantum")
    assert "says nothing about “quantum”" in office.carl.hears()


async def test_the_desk_has_a_button_for_it(office: Office) -> None:
    await office.carl.types("/desk")
    await office.carl.press("📖 Handbook")
    await office.carl.press("2. Complaints")
    assert "listen, apologise, solve, thank" in office.carl.reads()


@pytest.mark.parametrize("word", ["handbook", "手册", "手冊"])
async def test_a_word_opens_it(office: Office, word: str) -> None:
    await office.carl.types(word)
    assert "Service handbook" in office.carl.hears()


@pytest.mark.parametrize(
    ("language", "asked", "told"),
    [("简体中文", "/desk 没有小票", "会员不成问题"), ("繁體中文", "/desk 沒有收據", "會員不成問題")],
)
async def test_everybody_is_answered_in_their_language(office: Office, language: str, asked: str, told: str) -> None:
    await speaks(office.carl, language)
    await office.carl.types(asked)
    assert told in office.carl.hears()


async def test_chapters_are_read_on_and_left_for_the_contents(office: Office) -> None:
    await office.carl.types("handbook")
    await office.carl.press("1. Greeting")
    await office.carl.press("Next chapter ▶")
    assert "listen, apologise, solve, thank" in office.carl.reads()
    await office.carl.press("📖 Contents")
    assert "9. Signing up a member" in office.carl.buttons()


async def test_members_find_no_handbook(office: Office) -> None:
    ann = await office.town.newcomer("Ann")
    await ann.opens()
    await ann.types("/desk ? receipt")
    assert "Returns" not in ann.hears()


# Replacing it


async def test_the_owner_replaces_it_and_everybody_reads_the_new_one(office: Office) -> None:
    await office.owner.types("handbook")
    await office.owner.press("✏️ Replace it")
    await office.owner.press("⬆️ Send a new file")
    await office.sends(OWN.encode())
    assert "1. Umbrellas" in office.owner.hears()
    await office.carl.types("handbook")
    assert "Service handbook" in office.carl.hears()
    await office.owner.press("✅ Use it for English")
    await office.carl.types("handbook")
    await office.carl.press("1. Umbrellas")
    assert "We lend them for a day." in office.carl.reads()


async def test_the_original_is_one_tap_away(office: Office) -> None:
    await office.sends(OWN.encode())
    await office.owner.press("✅ Use it for English")
    await office.owner.types("handbook")
    await office.owner.press("✏️ Replace it")
    await office.owner.press("↩️ The original again: English")
    await office.carl.types("handbook")
    assert "Service handbook" in office.carl.hears()


async def test_a_markdown_file_that_was_not_asked_for_is_looked_at(office: Office) -> None:
    await office.sends(OWN.encode())
    assert "1. Umbrellas" in office.owner.hears()
    await office.owner.press("✖ Rather not")
    assert "The handbook stays as it is" in office.owner.reads()
    assert await office.town.db.read(editions) == []


async def test_it_can_be_used_for_another_language_than_it_looks_like(office: Office) -> None:
    await office.sends(OWN.encode())
    await office.owner.press("✅ Use it for 繁體中文")
    assert await office.town.db.read(editions) == [("zh_Hant", 1)]


async def test_the_file_in_force_can_be_downloaded_changed_and_sent_back(office: Office) -> None:
    await office.owner.types("handbook")
    await office.owner.press("✏️ Replace it")
    await office.owner.press("⬇️ 繁體中文")
    (message,) = [one for one in office.owner.answers() if one.document]
    assert message.document is not None
    data = message.document.files[-1].data
    assert data.decode() == shipped("zh_Hant")
    await office.sends(data)
    assert office.owner.buttons()[0] == "✅ Use it for 繁體中文"


async def test_what_is_wrong_is_told_by_line_and_the_question_stands(office: Office) -> None:
    await office.owner.types("handbook")
    await office.owner.press("✏️ Replace it")
    await office.owner.press("⬆️ Send a new file")
    await office.sends(b"# A\ntext\n### Quiz\n? What?\n- no\n- never\n")
    assert "Line 4 · exactly one answer is right: +" in office.owner.hears()
    await office.sends(OWN.encode())
    assert "1. Umbrellas" in office.owner.hears()


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"PK", "handbook.docx", "no Word or PDF"),
        ("# 手册".encode("gb18030"), "handbook.md", "not UTF-8"),
        (b"# A\0\ntext", "handbook.md", "not UTF-8"),
        (b"  \n", "handbook.md", "nothing in the file"),
        (b"# A\n" + b"x" * LARGEST, "handbook.md", "too large"),
    ],
)
async def test_a_file_that_is_no_handbook_is_refused_and_the_question_stands(
    office: Office, data: bytes, name: str, told: str
) -> None:
    await office.owner.types("handbook")
    await office.owner.press("✏️ Replace it")
    await office.owner.press("⬆️ Send a new file")
    await office.sends(data, name)
    assert told in office.owner.hears()
    await office.sends(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode(), "handbook.TXT")
    assert "1. Umbrellas" in office.owner.hears()


async def test_a_page_that_would_not_fit_a_message_is_refused_with_its_line(office: Office) -> None:
    table = "a|b|c|d|e\n-|-|-|-|-\n" + "1|2|3|4|5\n" * 140
    await office.sends(f"## A\n\nfits\n\n## B\n\n{table}\nText\n\n{table}".encode())
    assert "Line 7 · too much for one message; put some of it into another chapter" in office.owner.hears()
    assert await office.town.db.read(editions) == []


async def test_a_page_that_just_fits_is_taken_and_read(office: Office) -> None:
    table = "a|b|c|d|e\n-|-|-|-|-\n" + "1|2|3|4|5\n" * 180
    await office.sends(f"## A\n\n{table}".encode())
    await office.owner.press("✅ Use it for English")
    await office.carl.types("handbook")
    await office.carl.press("1. A")
    assert "1 · 2 · 3 · 4 · 5" in office.carl.reads()


async def test_links_defined_elsewhere_are_refused_with_their_line(office: Office) -> None:
    await office.sends(b"# A\nSee [ours][1].\n\n[1]: https://example.org\n")
    assert "Line 4 · put the address beside the words: [words](https://" in office.owner.hears()


async def test_a_text_with_unusual_line_ends_is_read_to_its_end(office: Office) -> None:
    await office.sends("# A\none\u2028two\n\n# B\nthe end of B\n".encode())
    await office.owner.press("✅ Use it for English")
    await office.carl.types("handbook")
    await office.carl.press("2. B")
    assert "the end of B" in office.carl.reads()


async def test_words_in_place_of_a_file_are_told_what_is_wanted(office: Office) -> None:
    await office.owner.types("handbook")
    await office.owner.press("✏️ Replace it")
    await office.owner.press("⬆️ Send a new file")
    await office.owner.types("# Ours")
    assert "ends in .md" in office.owner.hears()


@pytest.mark.parametrize("who", ["carl", "mary"])
async def test_who_does_not_manage_the_chain_replaces_nothing(office: Office, who: str) -> None:
    resident: Resident = getattr(office, who)
    await resident.types("handbook")
    assert "✏️ Replace it" not in resident.buttons()
    await resident.does(lambda: resident.person.send_document(office.town.bot, OWN.encode(), "handbook.md"))
    assert "Umbrellas" not in resident.hears()


async def test_an_old_page_leads_to_the_new_handbook(office: Office) -> None:
    await office.carl.types("handbook")
    await office.sends(OWN.encode())
    await office.owner.press("✅ Use it for English")
    await office.carl.press("3. Returns and refunds")
    assert "has been replaced meanwhile" in office.carl.reads()
    assert "1. Umbrellas" in office.carl.buttons()
