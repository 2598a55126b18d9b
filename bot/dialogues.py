"""Dialogues: questions asked one after another, whose state is a row, not memory (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot import plain_words
from bot.buttons.kinds import EVERY
from bot.presses import argument, id_at
from bot.updates import Input
from db import dialogues as places, members
from db.database import Tx
from db.dialogues import Place
from db.people import Person
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say

IDLE_MS = 7 * 24 * 3_600_000

Answers = dict[str, Any]
# Label and callback data of the buttons under a template said with these parameters, in all languages.
Offered = Callable[[str, Mapping[str, Any]], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody gave for an answer. kind is text, press, contact, photo …; value is the text or the button's.

    Who types a button's label, or yes, no or skip where there is such a button, has pressed it; given tells.
    """

    kind: str
    value: str
    given: Input


@dataclass(frozen=True, slots=True)
class Turn:
    """What a step may look at: the running transaction, who answers, and what was answered before."""

    tx: Tx
    person: Person
    answers: Answers


@dataclass(frozen=True, slots=True)
class Aside:
    """Not an answer to the question that stands, but these to later ones: they are kept, and it is asked again."""

    answers: Answers


@dataclass(frozen=True, slots=True)
class Step:
    """One question: asked with template `<dialogue>_<name>`, whose buttons are KEYBOARDS under that name.

    parse turns an answer into what is kept (JSON-able) or an Aside, or raises a Refusal and the question stands.
    """

    name: str
    parse: Callable[[Turn, Answer], Any]
    params: Callable[[Turn], Mapping[str, Any]] = lambda _turn: {}
    needed: Callable[[Turn], bool] = lambda _turn: True
    reply_keyboard: bool = False  # its buttons stand in place of the letters, and must go when the question does
    noted: str = ""  # template said when it is answered, which takes that keyboard away where nothing else would


@dataclass(frozen=True, slots=True)
class Dialogue:
    """finish runs in the transaction that ends the dialogue; what it returns is said. left: the same, of what was
    answered before the person went on with something else, or came back too late; it refuses nothing. keeps: whether
    such answers are something to somebody though nothing follows (`db.dialogues.list_kept`).

    A lasting one outlives commands that are refused because of who the person is, and is not left without a word.
    """

    name: str
    steps: tuple[Step, ...]
    finish: Callable[[Turn], Say | Iterable[Say]]
    lasting: bool = False
    left: Callable[[Turn], Iterable[Say]] = lambda _turn: ()
    keeps: Callable[[Answers], bool] = lambda _answers: False

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def next_step(self, turn: Turn) -> Step | None:
        """The first question that is needed and has no answer yet."""
        return next((step for step in self.steps if step.name not in turn.answers and step.needed(turn)), None)


class Dialogues:
    """The dialogues this bot can hold."""

    def __init__(self, dialogues: Iterable[Dialogue], offered: Offered = lambda _template, _params: ()) -> None:
        self._by_name = {dialogue.name: dialogue for dialogue in dialogues}
        self._offered = offered

    def begin(self, tx: Tx, person: Person, chat_id: int, name: str, answers: Answers | None = None) -> list[Say]:
        """Start over, with some answers known beforehand."""
        return self._go_on(Turn(tx, person, dict(answers or {})), self._by_name[name], chat_id)

    def hear(self, tx: Tx, person: Person, answer: Answer) -> list[Say] | None:
        """Take an answer to the question that stands; None if none does."""
        place = places.get(tx, answer.given.chat_id, person.user_id)
        if place is None:
            return None
        if tx.now - place.changed_at > IDLE_MS:
            return self._end(tx, person, answer, "dialogue_lapsed", place)
        dialogue = self._by_name.get(place.name)
        step = dialogue.step(place.step) if dialogue else None
        if dialogue is None or step is None:
            return self._end(tx, person, answer, "dialogue_outdated", place)
        return self._take(Turn(tx, person, dict(place.answers)), dialogue, step, answer)

    def press(self, tx: Tx, person: Person, given: Input) -> list[Say]:
        """Take a button `d:<dialogue>.<question>:<step>:<value>`; StaleButton if it is not that question that stands.

        The question is stamped on by `bot.buttons`; what lacks it is one typed, or made up.
        """
        _, head, step, value = [*given.data.split(":", 3), "", "", ""][:4]
        name, _, question = head.partition(".")
        place = places.get(tx, given.chat_id, person.user_id)
        if place is None or (place.name, place.step) != (name, step) or question not in ("", place.question):
            raise StaleButton
        says = self.hear(tx, person, Answer("press", value, given))
        if says is None:
            raise StaleButton
        return says

    def turn(self, tx: Tx, person: Person, given: Input) -> Say:
        """Another page of what the question that stands offers, `turn:<question>:<page>`; StaleButton as in `press`."""
        question, page = argument(given), id_at(given, 1)
        place = places.get(tx, given.chat_id, person.user_id)
        dialogue, step, answers = self._standing(tx, person, given.chat_id)
        if place is None or dialogue is None or step is None or question != place.question:
            raise StaleButton
        asked = _question(Turn(tx, person, answers), dialogue, step, question)
        return replace(asked, params={**asked.params, "page": page}, edit=given.message_id)

    def ask_again(self, tx: Tx, person: Person, chat_id: int) -> list[Say]:
        """The question that stands, [] if none does."""
        place = places.get(tx, chat_id, person.user_id)
        dialogue, step, answers = self._standing(tx, person, chat_id)
        if place is None or dialogue is None or step is None:
            return []
        return [_question(Turn(tx, person, answers), dialogue, step, place.question)]

    def lasts(self, tx: Tx, person: Person, chat_id: int) -> bool:
        """Whether a lasting dialogue is under way."""
        dialogue, _step, _answers = self._standing(tx, person, chat_id)
        return dialogue is not None and dialogue.lasting

    def leave(self, tx: Tx, person: Person, chat_id: int) -> list[Say]:
        """End what is under way; what is to be said of it, where its keyboard must go or somebody would miss it."""
        place = places.get(tx, chat_id, person.user_id)
        dialogue = self._by_name.get(place.name) if place else None
        places.leave(tx, chat_id, person.user_id)
        if place is None or dialogue is None:
            return []
        said, step = list(dialogue.left(Turn(tx, person, place.answers))), dialogue.step(place.step)
        if dialogue.lasting or (step and step.reply_keyboard):
            said.append(Say("dialogue_left", {"name": dialogue.name, "member": _is_member(tx, person)}))
        return said

    def _standing(self, tx: Tx, person: Person, chat_id: int) -> tuple[Dialogue | None, Step | None, Answers]:
        place = places.get(tx, chat_id, person.user_id)
        if place is None or tx.now - place.changed_at > IDLE_MS:
            return None, None, {}
        dialogue = self._by_name.get(place.name)
        return dialogue, dialogue.step(place.step) if dialogue else None, place.answers

    def _end(self, tx: Tx, person: Person, answer: Answer, template: str, place: Place) -> list[Say]:
        places.leave(tx, answer.given.chat_id, person.user_id)
        dialogue = self._by_name.get(place.name)
        said = dialogue.left(Turn(tx, person, place.answers)) if dialogue else ()
        return [*said, Say(template, {"name": place.name, "member": _is_member(tx, person)})]

    def _take(self, turn: Turn, dialogue: Dialogue, step: Step, answer: Answer) -> list[Say]:
        if answer.kind == "text":
            answer = self._as_press(turn, dialogue, step, answer)
        told = step.parse(turn, answer)
        if isinstance(told, Aside):
            turn.answers.update(told.answers)
            return self._go_on(turn, dialogue, answer.given.chat_id)
        turn.answers[step.name] = told
        noted = [Say(step.noted, {"answer": turn.answers[step.name]})] if step.noted else []
        return noted + self._go_on(turn, dialogue, answer.given.chat_id)

    def _as_press(self, turn: Turn, dialogue: Dialogue, step: Step, answer: Answer) -> Answer:
        """The press that was typed instead, if any: not everybody taps."""
        asked, prefix = _question(turn, dialogue, step, ""), f"d:{dialogue.name}:{step.name}:"
        buttons = self._offered(asked.template, {**asked.params, "page": EVERY})
        offered = [(label, data.removeprefix(prefix)) for label, data in buttons if data.startswith(prefix)]
        value = plain_words.chosen(answer.value, offered)
        return answer if value is None else replace(answer, kind="press", value=value)

    def _go_on(self, turn: Turn, dialogue: Dialogue, chat_id: int) -> list[Say]:
        step = dialogue.next_step(turn)
        if step is None:
            places.leave(turn.tx, chat_id, turn.person.user_id)
            says = dialogue.finish(turn)
            return [says] if isinstance(says, Say) else list(says)
        place, kept = (dialogue.name, step.name, turn.answers), dialogue.keeps(turn.answers)
        question = places.put(turn.tx, chat_id, turn.person.user_id, *place, kept=kept)
        return [_question(turn, dialogue, step, question)]


def _is_member(tx: Tx, person: Person) -> bool:
    return members.get_by_user(tx, person.user_id) is not None


def _question(turn: Turn, dialogue: Dialogue, step: Step, question: str) -> Say:
    return Say(f"{dialogue.name}_{step.name}", {**step.params(turn), "question": question})


def choice(*values: str) -> Callable[[Turn, Answer], str]:
    """A parser for steps answered by buttons only."""

    def parse(_turn: Turn, answer: Answer) -> str:
        if answer.value not in values:
            raise AnswerUnclear
        return answer.value

    return parse
