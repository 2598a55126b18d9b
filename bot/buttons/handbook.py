"""Buttons of the service handbook."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Button, Gettext, Keyboard, inline, press, shortened

# A phone cuts longer labels off.
_LABEL = 38
LANGUAGES = {"zh_Hans": "简体中文", "zh_Hant": "繁體中文", "en": "English"}


def handbook(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    chapters = [
        [press(shortened(f"{place}. {title}", _LABEL), f"hbpage:{place - 1}:0:{p['version']}")]
        for place, title in enumerate(p["chapters"], start=1)
    ]
    quiz = [press(_("🧠 Short quiz"), "quiz")] if p["has_quiz"] else []
    replace = [press(_("✏️ Replace it"), "hbeditions")] if p["may_replace"] else []
    return inline(*chapters, quiz, replace)


def handbook_page(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    chapter, page, version = p["chapter"], p["page"], p["version"]
    before = [press(_("◀ Back"), f"hbpage:{chapter}:{page - 1}:{version}")] if page else []
    more = [press(_("Read on ▶"), f"hbpage:{chapter}:{page + 1}:{version}")] if page + 1 < p["pages"] else []
    following = [press(_("Next chapter ▶"), f"hbpage:{chapter + 1}:0:{version}")]
    at_end = following if not more and chapter + 1 < p["chapters"] else []
    return inline([*before, *more, *at_end], [press(_("📖 Contents"), "hbcontents")])


def handbook_found(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    hits = [
        [press(shortened(f"📖 {hit['title']}", _LABEL), f"hbhit:{hit['chapter']}:{hit['page']}:{p['version']}")]
        for hit in p["hits"]
    ]
    return inline(*hits, [press(_("📖 Contents"), "handbook")])


def handbook_editions(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    files = [press(_("⬇️ %(language)s", language=name), f"hbfile:{locale}") for locale, name in LANGUAGES.items()]
    replaced = [one["locale"] for one in p["languages"] if one["used_at"]]
    back = [
        [press(_("↩️ The original again: %(language)s", language=LANGUAGES[locale]), f"hbback:{locale}")]
        for locale in replaced
    ]
    return inline(files, [press(_("⬆️ Send a new file"), "hbnew")], *back, [press(_("📖 Contents"), "hbcontents")])


def handbook_preview(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    """The language it looks like stands first."""
    order = sorted(LANGUAGES, key=lambda locale: locale != p["locale"])
    use = [_use(_, locale, p["edition_id"]) for locale in order]
    return inline(*([button] for button in use), [press(_("✖ Rather not"), f"hbdrop:{p['edition_id']}")])


def handbook_changed(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_("📖 Contents"), "handbook")])


def _use(_: Gettext, locale: str, edition_id: int) -> Button:
    return press(_("✅ Use it for %(language)s", language=LANGUAGES[locale]), f"hbuse:{edition_id}:{locale}")


KEYBOARDS = {
    "handbook": handbook,
    "handbook_page": handbook_page,
    "handbook_found": handbook_found,
    "handbook_editions": handbook_editions,
    "handbook_preview": handbook_preview,
    "handbook_changed": handbook_changed,
}
