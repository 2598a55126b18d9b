"""Quizzes: each answer once, whatever is pressed; ended kindly; and a team's shares in which nobody is seen."""

from __future__ import annotations

import asyncio

import pytest

from actions import handbook, quizzes, staff, team_scores
from actions.quizzes import Answered, Asked, Result
from db import quizzes as rows
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import NotAllowed, StaleButton
from loyalty.handbook_errors import NoQuestions
from loyalty.roles import Role
from tests.actions.shops import Shop, hire, open_shop

OWN = "## Umbrellas\n\nWe lend them.\n\n### Quiz\n? What?\n- no\n+ yes\n> so\n? Who?\n+ we\n- they\n"


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def begun(db: Database, person: Person) -> Asked:
    return await db.write(quizzes.begin, person, "en")


async def right_of(db: Database, quiz_id: int) -> int:
    """The place at which the right answer to the question that waits is shown."""
    quiz = await db.read(rows.get, quiz_id)
    assert quiz is not None
    drawn = quiz.questions[quiz.place]
    book = await db.read(handbook.book, quiz.locale)
    return drawn.order.index(book.chapters[drawn.chapter].questions[drawn.question].right)


async def taken(db: Database, person: Person, right: int) -> Result:
    """A whole quiz, so many answers of it right."""
    asked = await begun(db, person)
    for number in range(asked.count):
        place = await right_of(db, asked.quiz_id)
        chosen = place if number < right else int(place == 0)
        said = await db.write(quizzes.answer, person, asked.quiz_id, number, chosen)
    assert isinstance(said[1], Result)
    return said[1]


async def replace_handbook(db: Database, shop: Shop, text: str = OWN) -> None:
    preview = await db.write(handbook.propose, shop.owner, text)
    await db.write(handbook.use, shop.owner, preview.edition_id, "en")


def answers(tx: Tx) -> int:
    return tx.value("SELECT COUNT(*) FROM quiz_answer")


async def test_an_answer_says_at_once_what_is_right_and_asks_the_next(db: Database, shop: Shop) -> None:
    asked = await begun(db, shop.clerk)
    right = await right_of(db, asked.quiz_id)
    answered, following = await db.write(quizzes.answer, shop.clerk, asked.quiz_id, 0, int(right == 0))
    assert isinstance(answered, Answered)
    assert (answered.asked, answered.right) == (asked, right)
    assert isinstance(following, Asked)
    assert following.number == 2


async def test_at_the_end_it_says_how_many_and_which_chapters_to_read_again(db: Database, shop: Shop) -> None:
    result = await taken(db, shop.clerk, 3)
    assert (result.correct, result.answered, result.count) == (3, 5, 5)
    assert 1 <= len(result.again) <= 2


async def test_who_knows_everything_has_nothing_to_read_again(db: Database, shop: Shop) -> None:
    assert (await taken(db, shop.clerk, 5)).again == []


async def test_a_second_tap_counts_nothing_and_says_nothing(db: Database, shop: Shop) -> None:
    asked = await begun(db, shop.clerk)
    await db.write(quizzes.answer, shop.clerk, asked.quiz_id, 0, 0)
    assert await db.write(quizzes.answer, shop.clerk, asked.quiz_id, 0, 1) == []
    assert await db.read(answers) == 1


async def test_two_taps_at_once_are_one_answer(db: Database, shop: Shop) -> None:
    asked = await begun(db, shop.clerk)
    said = await asyncio.gather(*(db.write(quizzes.answer, shop.clerk, asked.quiz_id, 0, n) for n in (0, 1, 0, 1)))
    assert sorted(map(len, said)) == [0, 0, 0, 2]
    assert await db.read(answers) == 1


@pytest.mark.parametrize(("place", "chosen"), [(1, 0), (0, 9), (77, 0)])
async def test_a_button_that_was_made_up_counts_nothing(db: Database, shop: Shop, place: int, chosen: int) -> None:
    asked = await begun(db, shop.clerk)
    with pytest.raises(StaleButton):
        await db.write(quizzes.answer, shop.clerk, asked.quiz_id, place, chosen)
    assert await db.read(answers) == 0


async def test_nobody_answers_for_another(db: Database, shop: Shop) -> None:
    asked = await begun(db, shop.clerk)
    with pytest.raises(StaleButton):
        await db.write(quizzes.answer, shop.manager, asked.quiz_id, 0, 0)


async def test_one_may_stop_and_what_was_answered_stays(db: Database, shop: Shop) -> None:
    asked = await begun(db, shop.clerk)
    right = await right_of(db, asked.quiz_id)
    await db.write(quizzes.answer, shop.clerk, asked.quiz_id, 0, right)
    result = await db.write(quizzes.stop, shop.clerk, asked.quiz_id)
    assert (result.correct, result.answered, result.count) == (1, 1, 5)
    assert len((await db.read(quizzes.past, shop.clerk, "en")).quizzes) == 1


async def test_a_stopped_quiz_takes_no_more_answers(db: Database, shop: Shop) -> None:
    asked = await begun(db, shop.clerk)
    await db.write(quizzes.stop, shop.clerk, asked.quiz_id)
    for late in (quizzes.stop, quizzes.answer):
        with pytest.raises(StaleButton):
            await db.write(late, shop.clerk, asked.quiz_id, *([0, 0] if late is quizzes.answer else []))


async def test_a_new_quiz_ends_the_one_before(db: Database, shop: Shop) -> None:
    first = await begun(db, shop.clerk)
    await begun(db, shop.clerk)
    with pytest.raises(StaleButton):
        await db.write(quizzes.answer, shop.clerk, first.quiz_id, 0, 0)


async def test_two_begun_at_once_leave_one_open(db: Database, shop: Shop) -> None:
    await asyncio.gather(*(begun(db, shop.clerk) for _ in range(3)))
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM quiz WHERE state = 'open'")) == 1


async def test_a_handbook_replaced_meanwhile_ends_the_quiz_and_keeps_what_was_answered(
    db: Database, shop: Shop
) -> None:
    asked = await begun(db, shop.clerk)
    await db.write(quizzes.answer, shop.clerk, asked.quiz_id, 0, await right_of(db, asked.quiz_id))
    await replace_handbook(db, shop)
    (result,) = await db.write(quizzes.answer, shop.clerk, asked.quiz_id, 1, 0)
    assert isinstance(result, Result)
    assert (result.is_changed, result.correct, result.answered, result.again) == (True, 1, 1, [])


async def test_a_short_handbook_makes_a_short_quiz(db: Database, shop: Shop) -> None:
    await replace_handbook(db, shop)
    assert (await taken(db, shop.clerk, 1)).count == 2


async def test_a_handbook_without_questions_makes_none(db: Database, shop: Shop) -> None:
    await replace_handbook(db, shop, "## Umbrellas\n\nWe lend them.\n")
    with pytest.raises(NoQuestions):
        await begun(db, shop.clerk)


async def test_members_are_not_quizzed(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await begun(db, shop.ann)


async def test_who_leaves_takes_their_quizzes_along(db: Database, shop: Shop) -> None:
    await taken(db, shop.clerk, 3)
    post_id = await db.read(lambda tx: tx.value("SELECT id FROM staff WHERE user_id = :u", u=shop.clerk.user_id))
    await db.write(staff.remove, shop.owner, post_id)
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM quiz")) == 0
    assert await db.read(answers) == 0


async def test_who_keeps_another_post_keeps_their_quizzes(db: Database, shop: Shop) -> None:
    await taken(db, shop.clerk, 3)
    post_id = await db.read(lambda tx: tx.value("SELECT id FROM staff WHERE user_id = :u", u=shop.clerk.user_id))
    await db.write(hire, shop.clerk.user_id, 0, Role.MANAGER)
    await db.write(staff.remove, shop.owner, post_id)
    assert await db.read(answers) == 5


# What managers see


async def team_of(db: Database, shop: Shop, count: int) -> list[Person]:
    others = [await db.write(hire, 40 + number, shop.store_id, Role.CLERK) for number in range(count - 1)]
    return [shop.clerk, *others]


async def test_managers_see_who_did_one_and_nobodys_answers(db: Database, shop: Shop) -> None:
    await taken(db, shop.clerk, 0)
    told = await db.read(team_scores.quizzed, shop.manager, shop.store_id, "en")
    assert ([one["name"] for one in told.done], told.people, told.chapters) == (["staff 11"], 2, [])


async def test_shares_are_shown_from_three_people_on(db: Database, shop: Shop) -> None:
    await replace_handbook(db, shop)
    for count, person in enumerate(await team_of(db, shop, 3), start=1):
        await taken(db, person, 1)
        told = await db.read(team_scores.quizzed, shop.manager, shop.store_id, "en")
        assert told.chapters == ([{"title": "Umbrellas", "asked": 6, "correct": 3}] if count == 3 else [])


async def test_shares_are_of_the_handbook_that_is_read_now(db: Database, shop: Shop) -> None:
    for person in await team_of(db, shop, 3):
        await taken(db, person, 1)
    await replace_handbook(db, shop)
    assert (await db.read(team_scores.quizzed, shop.manager, shop.store_id, "en")).chapters == []


async def test_what_was_answered_in_another_language_counts_for_the_same_chapter(db: Database, shop: Shop) -> None:
    for person in await team_of(db, shop, 3):
        await taken(db, person, 5)
    here = await db.read(team_scores.quizzed, shop.manager, shop.store_id, "zh_Hant")
    there = await db.read(team_scores.quizzed, shop.manager, shop.store_id, "en")
    titles = [chapter.title for chapter in (await db.read(handbook.book, "zh_Hant")).chapters]
    assert len(here.chapters) == len(there.chapters)
    assert all(chapter["title"] in titles for chapter in here.chapters)
