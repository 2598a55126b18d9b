"""Buttons of service figures."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, press, shortened


def score(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    key = p["month"].replace("-", "")[:6]
    team = {
        "stores": press(_("👥 The stores"), f"scorestores:{key}"),
        "team": press(_("👏 The team"), f"scorepraise:{key}"),
    }
    return inline(
        _months(_, p, "score:{month}"),
        [team[p["team"]]] if p["team"] else [],
        [press(_("🧠 Short quiz"), "quiz"), press(_("🧠 My quizzes"), "quizzes")],
        [press(_("📖 Handbook"), "handbook")],
    )


def score_stores(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    stores = [
        [press(f"🏬 {shortened(store['name'], 36)}", f"scoreteam:{store['id']}:{p['key']}")] for store in p["stores"]
    ]
    return inline(
        *stores,
        _pages(_, p, f"scorestores:{p['key']}:{{page}}"),
        _months(_, p, "scorestores:{month}"),
        [press(_("📊 My figures"), f"score:{p['key']}")],
    )


def score_team(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    store_id, key = p["store_id"], p["key"]
    stores = [press(_("👥 The stores"), f"scorestores:{key}")] if p["several"] else []
    return inline(
        _pages(_, p, f"scoreteam:{store_id}:{key}:{{page}}"),
        _months(_, p, f"scoreteam:{store_id}:{{month}}"),
        [
            press(_("🧠 Quizzes"), f"scorequizzes:{store_id}"),
            press(_("👏 Show the team"), f"scoreshow:{store_id}:{key}"),
        ],
        [*stores, press(_("📊 My figures"), f"score:{key}")],
    )


def score_praise(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(_months(_, p, "scorepraise:{month}"), [press(_("📊 My figures"), "score")])


def score_quizzes(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("◀ The team"), f"scoreteam:{p['store_id']}")])


def _months(_: Gettext, p: Mapping[str, Any], data: str) -> Row:
    earlier = [press(_("◀ Month before"), data.format(month=p["earlier"]))] if p["earlier"] else []
    later = [press(_("Month after ▶"), data.format(month=p["later"]))] if p["later"] else []
    return [*earlier, *later]


def _pages(_: Gettext, p: Mapping[str, Any], data: str) -> Row:
    before = [press(_("◀ Back"), data.format(page=p["page"] - 1))] if p["page"] else []
    more = [press(_("More ▶"), data.format(page=p["page"] + 1))] if p["page"] + 1 < p["pages"] else []
    return [*before, *more]


KEYBOARDS = {
    "score": score,
    "score_stores": score_stores,
    "score_team": score_team,
    "score_praise": score_praise,
    "score_quizzes": score_quizzes,
}
