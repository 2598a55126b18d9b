"""The service handbook: read and searched by everybody who works here, replaced by who manages the chain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from actions import desk, staff
from actions.customers import MemberView
from actions.desk import Hits, Missed
from db import audit, dialogues, handbook
from db.database import Tx
from db.handbook import Edition
from db.people import Person
from db.staff import CHAIN
from loyalty import handbook as rules, handbook_search
from loyalty.charter import LOCALES
from loyalty.digits import fold
from loyalty.errors import MemberNotFound, QueryUnclear, StaleButton
from loyalty.handbook import Book
from loyalty.roles import Role

DIALOGUE = "handbook_new"


@dataclass(frozen=True, slots=True)
class Contents:
    """title '': the book has none. used_at: when managers put it in force (epoch ms UTC), 0: it comes with the bot."""

    title: str
    chapters: list[str]
    version: str
    used_at: int
    has_quiz: bool
    may_replace: bool
    is_changed: bool = False  # since the button that led here was made


@dataclass(frozen=True, slots=True)
class ChapterPage:
    """words: Markdown. page: from 0."""

    title: str
    words: str
    chapter: int
    chapters: int
    page: int
    pages: int
    version: str


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a few words best: chapter, page, title and line each. is_nobody: there is no such member either.

    is_whole: it has these very words, and not only what begins with them.
    """

    words: str
    hits: list[dict[str, Any]]
    version: str
    is_nobody: bool = False
    is_whole: bool = True


LookedUp = MemberView | Hits | Missed | Found | Contents


@dataclass(frozen=True, slots=True)
class Editions:
    """languages: locale of each, and since when its text is replaced (used_at, epoch ms UTC), 0: it never was."""

    languages: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Preview:
    """A text that was sent and is in order; locale: which one it looks like."""

    edition_id: int
    title: str
    chapters: list[str]
    questions: int
    locale: str


@dataclass(frozen=True, slots=True)
class Changed:
    locale: str
    shipped: bool


def book(tx: Tx, locale: str) -> Book:
    """The one that is read in this language."""
    return _in_force(tx, locale)[0]


def text_of(tx: Tx, locale: str) -> str:
    """Its Markdown, as it was sent or as it comes with the bot."""
    edition = handbook.in_force(tx, locale)
    return edition.text if edition else rules.shipped(locale)


def is_shipped(tx: Tx, locale: str) -> bool:
    """Whether it is the one that comes with the bot."""
    return handbook.in_force(tx, locale) is None


def contents(tx: Tx, person: Person, locale: str) -> Contents:
    """Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.CLERK)
    found, used_at = _in_force(tx, locale)
    return Contents(
        title=found.title, chapters=[chapter.title for chapter in found.chapters], version=found.version,
        used_at=used_at, has_quiz=bool(found.questions),
        may_replace=staff.is_allowed(tx, person.user_id, Role.MANAGER, CHAIN),
    )  # fmt: skip


def turn(tx: Tx, person: Person, locale: str, place: tuple[int, int], version: str) -> ChapterPage | Contents:
    """A page of a chapter (both from 0); the contents where that is another handbook by now. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.CLERK)
    found, (chapter, page) = book(tx, locale), place
    if version != found.version or chapter >= len(found.chapters) or page >= len(found.chapters[chapter].pages):
        return replace(contents(tx, person, locale), is_changed=True)
    shown = found.chapters[chapter]
    return ChapterPage(
        shown.title, shown.pages[page], chapter, len(found.chapters), page, len(shown.pages), found.version
    )


def find(tx: Tx, person: Person, locale: str, words: str) -> Found:
    """Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.CLERK)
    found = book(tx, locale)
    hits = [
        {"chapter": hit.chapter, "page": hit.page, "title": found.chapters[hit.chapter].title, "line": hit.line}
        for hit in handbook_search.find(found, words)
    ]
    return Found(words, hits, found.version, is_whole=handbook_search.has_whole(found, words))


def ask(tx: Tx, person: Person, locale: str, text: str) -> Found | Contents:
    """What the handbook says of a text from the counter; the contents if that is `?` alone. Refuses NotAllowed."""
    words = fold(text).lstrip("? ") if _is_for_book(text) else text
    return find(tx, person, locale, words) if words else contents(tx, person, locale)


def look_up(tx: Tx, person: Person, said: Found | Contents, text: str) -> list[LookedUp]:
    """Members the words mean, and what the handbook said of them (see `ask`); that alone for `? words`.

    Where there are members, the handbook has to have these very words: "Chang" is not "change". Where neither has
    anything, words are told to be in neither, numbers to be nobody's. Refuses NotAllowed and QueryUnclear.
    """
    staff.require(tx, person.user_id, Role.CLERK)
    if _is_for_book(text):
        desk.close(tx, person)
        return [said]
    in_book: list[LookedUp] = [said] if isinstance(said, Found) and said.hits else []
    try:
        meant = desk.search(tx, person, text)
        return [meant, *in_book] if isinstance(said, Found) and said.is_whole else [meant]
    except (MemberNotFound, QueryUnclear) as refusal:
        if not in_book and isinstance(refusal, QueryUnclear):
            raise
        return in_book or [_in_neither(said, refusal, desk.miss(tx, person, refusal, text))]


def _in_neither(said: Found | Contents, refusal: MemberNotFound | QueryUnclear, missed: Missed) -> LookedUp:
    is_worded = isinstance(refusal, MemberNotFound) and refusal.query_kind in ("name", "pinyin")
    return replace(said, is_nobody=True) if is_worded and isinstance(said, Found) else missed


def editions(tx: Tx, person: Person) -> Editions:
    """Refuses NotAllowed."""
    require_replacer(tx, person)
    return Editions([{"locale": one, "used_at": _used_at(handbook.in_force(tx, one))} for one in LOCALES])


def require_replacer(tx: Tx, person: Person) -> None:
    """Who manages the whole chain. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER, CHAIN)


def wants_file(tx: Tx, user_id: int, is_markdown: bool) -> bool:
    """Whether a file from this person is a handbook: asked for, or a Markdown file that no other question waits for."""
    replaces = staff.is_allowed(tx, user_id, Role.MANAGER, CHAIN)
    return is_asked_for(tx, user_id) or (is_markdown and replaces and desk.reads_cards_for(tx, user_id))


def is_asked_for(tx: Tx, user_id: int) -> bool:
    """Whether this person is about to send one."""
    place = dialogues.get(tx, user_id, user_id)
    return place is not None and place.name == DIALOGUE


def propose(tx: Tx, person: Person, text: str) -> Preview:
    """Look at a text before it is used. Refuses NotAllowed and HandbookUnreadable."""
    require_replacer(tx, person)
    found = rules.read(text)
    edition_id = handbook.propose(tx, text, person.user_id)
    titles = [chapter.title for chapter in found.chapters]
    return Preview(edition_id, found.title, titles, len(found.questions), rules.likely_locale(text))


def use(tx: Tx, person: Person, edition_id: int, locale: str) -> Changed:
    """Put what was looked at in force in this language. Refuses NotAllowed, StaleButton if it was used or dropped."""
    require_replacer(tx, person)
    check_locale(locale)
    handbook.lock(tx)
    edition = handbook.get(tx, edition_id)
    if edition is None or edition.added_by != person.user_id:
        raise StaleButton
    handbook.retire(tx, locale)
    if not handbook.use(tx, edition_id, locale):
        raise StaleButton
    audit.add(tx, person.user_id, "handbook_replaced", locale=locale, edition=edition_id)
    return Changed(locale, shipped=False)


def drop(tx: Tx, person: Person, edition_id: int) -> None:
    """Rather not. Refuses NotAllowed, StaleButton if it was used or dropped."""
    require_replacer(tx, person)
    if not handbook.drop(tx, edition_id, person.user_id):
        raise StaleButton


def put_back(tx: Tx, person: Person, locale: str) -> Changed:
    """Read the one that comes with the bot again. Refuses NotAllowed, StaleButton if it is read already."""
    require_replacer(tx, person)
    check_locale(locale)
    handbook.lock(tx)
    if not handbook.retire(tx, locale):
        raise StaleButton
    audit.add(tx, person.user_id, "handbook_put_back", locale=locale)
    return Changed(locale, shipped=True)


def check_locale(locale: str) -> None:
    """Refuses StaleButton for none of the three languages."""
    if locale not in LOCALES:
        raise StaleButton


def _is_for_book(text: str) -> bool:
    return fold(text).startswith("?")


def _in_force(tx: Tx, locale: str) -> tuple[Book, int]:
    """And since when it is (epoch ms), 0 where it comes with the bot."""
    edition = handbook.in_force(tx, locale)
    return rules.read(edition.text if edition else rules.shipped(locale)), _used_at(edition)


def _used_at(edition: Edition | None) -> int:
    return edition.used_at if edition else 0
