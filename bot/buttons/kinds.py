"""The kinds of buttons Telegram knows, as the JSON it wants. A label is given already in the person's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from loyalty.paging import cut

Button = dict[str, Any]
Row = list[Button]
Keyboard = dict[str, Any]
Gettext = Callable[..., str]  # _(msgid, **params)
KeyboardMaker = Callable[[Gettext, Mapping[str, Any]], Keyboard | None]

EVERY = -1  # no page, but all of them: what a typed answer may mean


def press(label: str, data: str) -> Button:
    """A button under a message; data comes back as a callback, `verb:arg:arg`, 64 bytes at most."""
    return {"text": label, "callback_data": data}


def shortened(text: str, most: int) -> str:
    """So many characters of it at most, the last of them an ellipsis where there are more."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def copy(label: str, text: str) -> Button:
    """Copies a text of up to 256 characters."""
    return {"text": label, "copy_text": {"text": text}}


def inline(*rows: Row) -> Keyboard:
    """Buttons under one message; empty rows are left out."""
    return {"inline_keyboard": [row for row in rows if row]}


def turning(p: Mapping[str, Any], verb: str) -> Row:
    """To the pages beside the one that is shown, as `loyalty.paging` counts them; `verb:page:from`.

    Where from, so that going on and at once back is not the same button twice (ADR 0005).
    """
    page = p["page"]
    back = [press("◀", f"{verb}:{page - 1}:{page}")] if page else []
    on = [press("▶", f"{verb}:{page + 1}:{page}")] if page + 1 < p["pages"] else []
    return back + on


def paged(rows: Iterable[Row], p: Mapping[str, Any], verb: str = "") -> list[Row]:
    """Of all the rows those of page p["page"], the first one if that is not said, and the way to the others.

    verb: as in `turning`; of a dialogue's question its own.
    """
    found, page = list(rows), p.get("page", 0)
    if page == EVERY:
        return found
    shown = cut(found, page)
    return [*shown.rows, turning({"page": shown.page, "pages": shown.pages}, verb or f"turn:{p.get('question', '')}")]


def reply_keyboard(*rows: list[str | Button], once: bool = False, hint: str = "") -> Keyboard:
    """Buttons in place of the letters; a plain label sends itself."""
    keyboard: Keyboard = {"keyboard": [[_plain(button) for button in row] for row in rows], "resize_keyboard": True}
    if once:
        keyboard["one_time_keyboard"] = True
    if hint:
        keyboard["input_field_placeholder"] = hint
    return keyboard


def contact_button(label: str) -> Button:
    """Shares the person's own phone."""
    return {"text": label, "request_contact": True}


def remove() -> Keyboard:
    """Takes the reply keyboard away."""
    return {"remove_keyboard": True}


def _plain(button: str | Button) -> Button:
    return {"text": button} if isinstance(button, str) else button
