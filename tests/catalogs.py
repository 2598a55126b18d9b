"""The translation catalogs: what there is to translate, and bringing `locales/` up to date with it.

.venv/bin/python -m tests.catalogs      # after a change of words; then translate what is empty
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from bot.words import CATALOGS, DOMAIN, TEMPLATES
from loyalty.charter import LOCALES

BOT = TEMPLATES.parent
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEMPLATE_OPTIONS = dict.fromkeys(("newstyle_gettext", "trimmed", "trim_blocks", "lstrip_blocks"), "true") | {
    "silent": "false",
}


def sources() -> Iterator[tuple[str, Path]]:
    """Every file with words in it, and Babel's method to read it."""
    yield from (("jinja2.ext:babel_extract", path) for path in sorted(TEMPLATES.rglob("*.j2")))
    yield from (("python", path) for path in sorted(BOT.rglob("*.py")))


def extracted() -> Catalog:
    """All msgids in templates and code; msgstr empty."""
    catalog = Catalog(fuzzy=False)
    for method, path in sources():
        options = TEMPLATE_OPTIONS if path.suffix == ".j2" else {}
        with path.open("rb") as file:
            for _line, msgid, _comments, context in extract(method, file, KEYWORDS, options=options):
                catalog.add(msgid, context=context)
    return catalog


def path_of(locale: str) -> Path:
    return CATALOGS / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def stored(locale: str) -> Catalog:
    if not path_of(locale).exists():
        return Catalog(locale=locale, fuzzy=False)
    with path_of(locale).open("rb") as file:
        return read_po(file, locale=locale)


def updated(locale: str) -> str:
    """The locale's `.po` with today's msgids: translations kept, gone msgids dropped, sorted, no dates or lines."""
    old, new = stored(locale), Catalog(locale=locale, fuzzy=False)
    for message in extracted():
        if message.id:
            known = old.get(message.id, message.context)
            new.add(message.id, known.string if known else "", context=message.context)
    text = io.BytesIO()
    write_po(text, new, width=0, omit_header=True, sort_output=True)
    return f"{_header(new)}\n{text.getvalue().decode().rstrip()}\n"


def _header(catalog: Catalog) -> str:
    wanted = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
    lines = [f'"{name}: {value}\\n"' for name, value in catalog.mime_headers if name in wanted]
    return "\n".join(['msgid ""', 'msgstr ""', *lines, ""])


def untranslated(catalog: Catalog) -> list[str]:
    """The msgids without a translation, or with a doubtful one."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not all(strings(message)))]


def strings(message: Message) -> tuple[str, ...]:
    """The translation in all its plural forms."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def update() -> None:
    for locale in LOCALES:
        text = updated(locale)
        path_of(locale).parent.mkdir(parents=True, exist_ok=True)
        path_of(locale).write_text(text, encoding="utf-8")
        catalog = stored(locale)
        print(f"{locale}: {len(catalog)} messages, {len(untranslated(catalog))} of them without translation")


if __name__ == "__main__":
    update()
