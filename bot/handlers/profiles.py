"""A member's profile: seen in one message, changed field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from actions import profiles
from actions.members import require_member
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.handlers.joining import (
    birthday_readings,
    own_phone,
    read_birthday,
    read_lunar_birthday,
    read_name,
    read_store,
    read_which_birthday,
    store_choice,
)
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty import phones
from loyalty.birthdays import Birthday
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say
from loyalty.profiles import CHOICES, FIELDS, TEXTS, read

_NAME = "profile"
_OWN_STEPS = ("name", "phone", "birthday", "store", *CHOICES)
_NEVER_EMPTY = ("name", "phone")


async def profile(ctx: Ctx) -> None:
    await ctx.act(_show, in_place=True)


async def whole_phone(ctx: Ctx) -> None:
    await ctx.act(_show, whole_phone=True, in_place=True)


async def edit(ctx: Ctx) -> None:
    field = ctx.verb_args[0] if ctx.verb_args else ""
    # The contact button lives in place of the letters: an edited message cannot bring it.
    await ctx.act(_edit, ctx.services.dialogues, ctx.given, field, in_place=field != "phone")


def _show(tx: Tx, person: Person, whole_phone: bool = False, changed: bool = False) -> Say:
    shown = profiles.show(tx, person, whole_phone)
    return Say("profile_shown", {**asdict(shown), "changed": changed})


def _edit(tx: Tx, person: Person, dialogues: Dialogues, given: Input, field: str) -> list[Say]:
    """Ask for the field's new value. Refuses NotAMember, BirthdayLocked."""
    require_member(tx, person)
    if field not in (*_OWN_STEPS, *TEXTS):
        raise StaleButton
    if field == "birthday":
        profiles.require_birthday_free(tx, person)
    return dialogues.begin(tx, person, given.chat_id, _NAME, {"field": field, "message": given.message_id})


# The questions. Each answer is kept as {"do": "set", "keep" or "clear", "value": …}.


def _step(name: str, parse: Callable[[Turn, Answer], Any], params: Callable[[Turn], Mapping[str, Any]]) -> Step:
    is_asked = partial(_is_asked, name)
    return Step(name, _or_button(parse), params, is_asked, reply_keyboard=name == "phone")


def _is_asked(name: str, turn: Turn) -> bool:
    return _step_for(turn) == name


def _step_for(turn: Turn) -> str:
    field: str = turn.answers["field"]
    if field == "birthday" and turn.answers.get("birthday", {}).get("value") == "lunar":
        return "lunar_birthday"
    if field == "birthday" and birthday_readings(turn.answers):
        return "birthday_which"
    return "text" if field in TEXTS else field


def _or_button(parse: Callable[[Turn, Answer], Any]) -> Callable[[Turn, Answer], dict[str, Any]]:
    """The parser, with the buttons that keep or clear what is held."""

    def parse_or_button(turn: Turn, answer: Answer) -> dict[str, Any]:
        turn.answers["pressed"] = answer.given.kind == "press"
        if answer.kind == "press" and answer.value in ("keep", "clear"):
            if answer.value == "clear" and turn.answers["field"] in _NEVER_EMPTY:
                raise AnswerUnclear
            return {"do": answer.value, "value": None}
        return {"do": "set", "value": parse(turn, answer)}

    return parse_or_button


def _phone(_turn: Turn, answer: Answer) -> str:
    return own_phone(answer).e164


def _choice(turn: Turn, answer: Answer) -> str:
    return read(turn.answers["field"], answer.value if answer.kind == "press" else "")


def _text(turn: Turn, answer: Answer) -> str:
    if answer.kind != "text":
        raise AnswerUnclear
    return read(turn.answers["field"], answer.value)


def _held(turn: Turn) -> dict[str, Any]:
    """The field, and what it holds now."""
    held = asdict(profiles.show(turn.tx, turn.person))
    field = turn.answers["field"]
    return {"field": field, "held": held["fields"].get(field, "") if field in FIELDS else held.get(field, "")}


def _held_store(turn: Turn) -> dict[str, Any]:
    return {"stores": store_choice(turn.tx), "held": profiles.show(turn.tx, turn.person).home_store}


def _finish(turn: Turn) -> list[Say]:
    field = turn.answers["field"]
    answer = turn.answers[_step_for(turn)]
    if answer["do"] != "keep":
        _change(turn, field, answer["value"])
    says = [_show(turn.tx, turn.person, changed=answer["do"] != "keep")]
    if field == "phone":
        return [Say("profile_phone_changed"), *says]
    return [_in_place(turn, says[0])]


def _in_place(turn: Turn, say: Say) -> Say:
    """Where a button was the answer, the question turns back into the profile; what was typed is answered below it."""
    if not turn.answers["pressed"]:
        return say
    return Say(say.template, say.params, edit=turn.answers["message"])


def _change(turn: Turn, field: str, value: Any) -> None:
    tx, person = turn.tx, turn.person
    if field == "name":
        profiles.change_name(tx, person, value)
    elif field == "phone":
        profiles.change_phone(tx, person, phones.parse(value, "ZZ"))
    elif field == "birthday":
        profiles.change_birthday(tx, person, Birthday(**value) if value else None)
    elif field == "store":
        profiles.change_home_store(tx, person, value or 0)
    else:
        profiles.change_field(tx, person, field, value or "")


DIALOGUES = (
    Dialogue(
        _NAME,
        (
            _step("name", read_name, _held),
            _step("phone", _phone, _held),
            _step("birthday", read_birthday, _held),
            _step("lunar_birthday", read_lunar_birthday, _held),
            _step("birthday_which", read_which_birthday, lambda turn: {"readings": birthday_readings(turn.answers)}),
            _step("store", read_store, _held_store),
            _step("gender", _choice, _held),
            _step("contact", _choice, _held),
            _step("text", _text, _held),
        ),
        _finish,
    ),
)
ROUTES = (
    Route(
        profile,
        command="profile",
        words=(
            "个人资料",
            "個人資料",
            "我的资料",
            "我的資料",
            "资料",
            "資料",
            "生日",
            "profile",
            "my profile",
            "birthday",
        ),
        verbs=("profile",),
    ),
    Route(whole_phone, verbs=("profilewhole",)),
    Route(edit, verbs=("profileedit",)),
)
