"""The way in: welcome, and the questions of joining (five answers at most, requirement A1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from actions import cards as card_actions, charters, joining, members as member_actions, staff
from actions.joining import Application, Joined
from bot import menus
from bot.context import Ctx, refused
from bot.dialogues import IDLE_MS, Answer, Answers, Dialogue, Dialogues, Step, Turn
from bot.routing import Route, fold
from bot.updates import Input
from db import dialogues as places, members, stores
from db.database import Tx
from db.people import Person
from loyalty import birthdays, cards, days, names, phones
from loyalty.birthdays import Birthday
from loyalty.cards import StartLink
from loyalty.errors import (
    AlreadyAMember,
    AnswerUnclear,
    ConsentNeeded,
    NameInvalid,
    PhoneNotOwn,
    SelfReferral,
)
from loyalty.messages import Say
from loyalty.phones import Phone

_NAME = "join"


async def start(ctx: Ctx) -> None:
    await ctx.act(_start, ctx.services.dialogues, ctx.given)
    if menus.needs_own(ctx.given.language):
        menus.refresh(ctx, ctx.given.sender_id)
    else:
        menus.follow(ctx)


async def join(ctx: Ctx) -> None:
    payload = ctx.verb_args[0] if ctx.verb_args else ""
    await ctx.act(_join, ctx.services.dialogues, ctx.given, cards.parse_start(payload))


async def terms(ctx: Ctx) -> None:
    await ctx.act(_terms, ctx.verb_args, in_place=True)


def _start(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> Say | list[Say]:
    """A member comes home, somebody half-way in goes on, anybody else is welcomed."""
    link = cards.parse_start(given.args)
    if members.get_by_user(tx, person.user_id):
        places.leave(tx, given.chat_id, person.user_id)
        return _welcome_back(tx, person, link)
    if _answers_so_far(tx, person, given) is not None:
        greeted = [Say("join_greeted")] if given.kind == "text" else []
        return [*greeted, *_join(tx, person, dialogues, given, link)]
    places.leave(tx, given.chat_id, person.user_id)
    works_here = staff.strongest_role(tx, person.user_id) is not None
    programme = charters.current(tx).programme.names
    # The link waits in the button, where it survives whatever happens before the button is pressed.
    carried = given.args if link.kind in ("store", "referral") and len(given.args) <= 50 else ""
    return Say("welcome", {"programme": programme, "works_here": works_here, "start": carried})


def _join(tx: Tx, person: Person, dialogues: Dialogues, given: Input, link: StartLink) -> list[Say]:
    """Begin, or go on where the person was. Refuses AlreadyAMember."""
    if members.get_by_user(tx, person.user_id):
        raise AlreadyAMember
    answers = {**(_answers_so_far(tx, person, given) or {"telegram_name": telegram_name(given)}), **_told(tx, link)}
    return dialogues.begin(tx, person, given.chat_id, _NAME, answers)


def _terms(tx: Tx, _person: Person, args: list[str]) -> Say:
    """The privacy policy or the programme's rules in full, of the version in force; no args: back to the question."""
    version, charter = charters.current_version(tx)
    texts = {"privacy": charter.texts.privacy, "charter": charter.texts.summary}
    which = args[0] if args and args[0] in texts else ""
    if not which:
        return Say("join_consent", {"programme": charter.programme.names})
    return Say(f"join_terms_{which}", {"text": texts[which].model_dump(), "version": version})


def _welcome_back(tx: Tx, person: Person, link: StartLink) -> Say:
    member = member_actions.require_member(tx, person)
    if link.kind == "referral" and joining.is_own_code(member, link.value):
        raise SelfReferral
    return Say("welcome_back", {"name": members.name_of(tx, member.id), "invited": link.kind == "referral"})


def _answers_so_far(tx: Tx, person: Person, given: Input) -> Answers | None:
    """What somebody on the way in has answered; None for anybody else, and after a week."""
    place = places.get(tx, given.chat_id, person.user_id)
    if place is None or place.name != _NAME or tx.now - place.changed_at > IDLE_MS:
        return None
    return place.answers


def _told(tx: Tx, link: StartLink) -> Answers:
    """Answers that a link gives: its store, if there is such a one, or who invited."""
    if link.kind == "referral":
        return {"referral": link.value}
    store = stores.get_by_code(tx, link.value) if link.kind == "store" else None
    return {"store": store.id, "by_store_link": True} if store and store.active else {}


def telegram_name(given: Input) -> str:
    """The name to offer; '' if it is none that could be kept."""
    first, last = given.first_name, given.last_name
    chinese = names.is_chinese(first + last)
    try:
        return names.clean(f"{last}{first}" if chinese else f"{first} {last}")
    except NameInvalid:
        return ""


# The questions


def _consent(turn: Turn, answer: Answer) -> int:
    """The version of the texts that were accepted."""
    if answer.kind != "press":
        raise AnswerUnclear
    if answer.value != "yes":
        raise ConsentNeeded
    return charters.current_version(turn.tx)[0]


def own_phone(answer: Answer) -> Phone:
    """The phone of a contact that is the sender's own: not somebody else's, not forwarded, not typed."""
    body = answer.given.body or {}
    contact = body.get("contact", {}) if answer.kind == "contact" else {}
    if contact.get("user_id") != answer.given.sender_id or "forward_origin" in body:
        raise PhoneNotOwn
    return phones.parse_contact(str(contact.get("phone_number", "")))


def _phone(turn: Turn, answer: Answer) -> str:
    phone = own_phone(answer)
    joining.admit(turn.tx, turn.person, phone)
    return phone.e164


def read_name(_turn: Turn, answer: Answer) -> str:
    return names.clean(answer.value if answer.kind == "text" else "")


def read_birthday(turn: Turn, answer: Answer) -> dict[str, Any] | str | None:
    """A birthday by its fields; None if skipped; 'lunar' if it is to be asked for in the lunar calendar.

    {"readings": […]} if only the person can tell which day it is.
    """
    if answer.kind == "press":
        if answer.value not in ("skip", "lunar"):
            raise AnswerUnclear
        return "lunar" if answer.value == "lunar" else None
    meant = birthdays.readings(_text(answer), _today(turn), day_first=_day_first(turn.person))
    return asdict(meant[0]) if len(meant) == 1 else {"readings": [asdict(day) for day in meant]}


def read_which_birthday(turn: Turn, answer: Answer) -> dict[str, Any]:
    """One of the readings by its button, or a day typed more clearly."""
    if answer.kind != "press":
        meant = birthdays.readings(_text(answer), _today(turn), day_first=_day_first(turn.person))
        if len(meant) > 1:
            raise AnswerUnclear
        return asdict(meant[0])
    offered = birthday_readings(turn.answers)
    if answer.value not in [str(place) for place in range(len(offered))]:
        raise AnswerUnclear
    return offered[int(answer.value)]


def birthday_readings(answers: Answers) -> list[dict[str, Any]]:
    """What the typed birthday may mean, [] if that is clear or nothing was typed."""
    told = answers.get("birthday")
    # The profile keeps the answer with what is to be done with it.
    told = told.get("value", told) if isinstance(told, dict) else told
    return list(told.get("readings", ())) if isinstance(told, dict) else []


def read_lunar_birthday(turn: Turn, answer: Answer) -> dict[str, Any] | None:
    if answer.kind == "press":
        if answer.value != "skip":
            raise AnswerUnclear
        return None
    return asdict(birthdays.parse(_text(answer), _today(turn), lunar=True))


def _text(answer: Answer) -> str:
    if answer.kind != "text":
        raise AnswerUnclear
    return answer.value


def _today(turn: Turn) -> date:
    return days.local_date(turn.tx.now, charters.current(turn.tx).zone)


def _day_first(person: Person) -> bool:
    """5/6 is the 5th of June to English speakers but for Americans; in Chinese the month comes first."""
    language = (person.language or person.telegram_language).lower()
    return language.startswith("en") and language != "en-us"


def birthday_told(answers: Answers) -> dict[str, Any] | None:
    """What was understood in the end."""
    told = [answers[name] for name in ("birthday", "birthday_which", "lunar_birthday") if name in answers]
    return told[-1] if told and isinstance(told[-1], dict) and "month" in told[-1] else None


def read_store(turn: Turn, answer: Answer) -> int:
    """A store's id by its button or its typed name, of which a part will do; 0 for no particular one."""
    if answer.kind == "press" and answer.value in ("0", "skip"):
        return 0
    open_stores = stores.list_active(turn.tx)
    if answer.kind == "press":
        meant = [store for store in open_stores if str(store.id) == answer.value]
    else:
        meant = [store for store in open_stores if answer.kind == "text" and fold(answer.value) in fold(store.name)]
    if len(meant) != 1:
        raise AnswerUnclear
    return meant[0].id


def store_choice(tx: Tx) -> list[dict[str, Any]]:
    """The stores there is a button for, a page of them at a time."""
    return [{"id": store.id, "name": store.name} for store in stores.list_active(tx)]


def _asks_store(turn: Turn) -> bool:
    """Not after an extra question about the birthday: it would be the sixth."""
    extra = {"lunar_birthday", "birthday_which"} & turn.answers.keys()
    return not extra and len(stores.list_active(turn.tx)) > 1


def _finish(turn: Turn) -> list[Say]:
    return list(_say_joined(turn, joining.join(turn.tx, turn.person, _application(turn))))


def _application(turn: Turn) -> Application:
    answers, told = turn.answers, birthday_told(turn.answers)
    open_stores = stores.list_active(turn.tx)
    only_store = open_stores[0].id if len(open_stores) == 1 else 0
    return Application(
        name=answers["name"],
        phone=answers["phone"],
        birthday=Birthday(**told) if told else None,
        store_id=answers.get("store") or only_store,
        by_store_link="by_store_link" in answers,
        referral=answers.get("referral", ""),
        accepted=answers["consent"],
    )


def _say_joined(turn: Turn, joined: Joined) -> Iterator[Say]:
    member = joined.member
    referrer = members.get(turn.tx, member.referrer_id)
    yield Say(
        "joined",
        {
            "name": members.name_of(turn.tx, member.id),
            "number": member.number,
            "programme": charters.current(turn.tx).programme.names,
            "birthday": birthday_told(turn.answers),
            "was_known": joined.was_known,
            "invited": referrer is not None,
        },
    )
    yield card_actions.card_of(turn.tx, member)
    if joined.referral_refusal:
        yield refused(joined.referral_refusal)


def _programme(turn: Turn) -> dict[str, Any]:
    return {"programme": charters.current(turn.tx).programme.names}


def _name_params(turn: Turn) -> dict[str, Any]:
    return {"telegram_name": turn.answers.get("telegram_name", "")}


def _readings(turn: Turn) -> dict[str, Any]:
    return {"readings": birthday_readings(turn.answers)}


def _store_params(turn: Turn) -> dict[str, Any]:
    return {"stores": store_choice(turn.tx), "birthday": birthday_told(turn.answers)}


DIALOGUES = (
    Dialogue(
        _NAME,
        (
            Step("consent", _consent, _programme),
            Step("phone", _phone, reply_keyboard=True),
            Step("name", read_name, _name_params, reply_keyboard=True, noted="join_name_noted"),
            Step("birthday", read_birthday),
            Step("lunar_birthday", read_lunar_birthday, needed=lambda turn: turn.answers["birthday"] == "lunar"),
            Step("birthday_which", read_which_birthday, _readings, lambda turn: bool(birthday_readings(turn.answers))),
            Step("store", read_store, _store_params, needed=_asks_store),
        ),
        _finish,
        lasting=True,
    ),
)
ROUTES = (
    Route(
        start,
        words=("hi", "hello", "hey", "你好", "您好", "嗨", "哈喽", "哈囉", "早上好", "早安", "晚上好", "晚安"),
        links=("none", "store", "referral"),
        within_dialogue=True,
    ),
    Route(
        join,
        command="join",
        words=("join", "加入", "加入会员", "加入會員", "入会", "入會", "成为会员", "成為會員", "办卡", "辦卡"),
        verbs=("join",),
        within_dialogue=True,
    ),
    Route(terms, verbs=("terms",), within_dialogue=True),
)
