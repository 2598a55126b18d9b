"""What people read: templates and button labels in the three languages, numbers, money and dates as each writes them.

Templates are Telegram HTML; what is put into them is escaped. Catalogs are read from the `.po` files at start; there
are no compiled ones. Dates and times of day are those of the charter's time zone, money is in its currency.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup, escape

from bot import spacing
from db.people import Person
from loyalty.charter import LOCALES, Charter
from loyalty.money import precision

TEMPLATES = Path(__file__).parent / "templates"
DOMAIN = "regulars"

DateFormat = Literal["short", "medium", "long", "full"]

# Installed, the catalogs lie inside the package; in a checkout, beside it.
_INSTALLED = Path(__file__).parent / "_locales"
CATALOGS = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parent.parent / "locales"

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
# Templates put a space between sentences, which full-width punctuation already has in itself.
_FULL_WIDTH_GAP = re.compile(r"(?<=[。，：；！？）」]) +")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}")
_LAST_TAG = re.compile(r"(?<![-+])%\}[ \t]*$")
_TAG_OF_MESSAGE = re.compile(r"</?[a-z][^>]*>")
_GIST = 80  # characters
_HOUR = 60  # minutes
_FINE_HOURS = 10  # up to here tenths of an hour matter
_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def N_(msgid: str) -> str:  # noqa: N802 - gettext's usual name for "to be translated later"
    """`msgid` itself; marks it for extraction where it cannot be translated yet."""
    return msgid


def choose_locale(choice: str, telegram_code: str | None, default: str) -> str:
    """The person's own choice, else what Telegram says their app speaks (an IETF tag), else `default`."""
    if choice in LOCALES:
        return choice
    language, *subtags = (telegram_code or "").replace("_", "-").lower().split("-")
    if language == "zh":
        simplified = "hans" in subtags or not _TRADITIONAL.intersection(subtags)
        return "zh_Hans" if simplified else "zh_Hant"
    return "en" if language == "en" else default


def locale_of(person: Person, default: str) -> str:
    """What this person reads, see `choose_locale`."""
    return choose_locale(person.language, person.telegram_language or None, default)


class Language:
    """One of the three languages. Its public methods, but for `render` and `plain`, are filters in the templates."""

    def __init__(self, name: str, charter: Charter, clock: Callable[[], int]) -> None:
        self.charter = charter
        self._clock = clock
        self._name = name
        self._locale = Locale.parse(name)
        self._catalog = _read_catalog(CATALOGS, name)
        self._points = lru_cache(maxsize=2048)(self._count_points)
        self._templates = _environment(self)
        self._templates.newstyle_gettext = True  # type: ignore[attr-defined]
        self._templates.globals.update(_translators(self._catalog))

    def render(self, template: str, params: Mapping[str, Any]) -> str:
        """The HTML of `bot/templates/<template>.j2`. An undefined name in it is an error.

        `easy` says whether the reader wants plain words in short sentences.
        """
        text = self._templates.get_template(f"{template}.j2").render({"easy": False, **params})
        return _BLANK_LINES.sub("\n\n", _TRAILING.sub("", _FULL_WIDTH_GAP.sub("", spacing.fit(text)))).strip()

    def plain(self, template: str, params: Mapping[str, Any]) -> str:
        """The same without its tags, for what shows none."""
        return unescape(_TAG_OF_MESSAGE.sub("", self.render(template, params)))

    def gettext(self, msgid: str, /, **params: Any) -> str:
        """Plain text for `msgid` with `%(name)s` filled in; a percent sign in `msgid` is written twice."""
        return spacing.fit(str(self._catalog.gettext(msgid)) % params)

    def ngettext(self, singular: str, plural: str, n: int, /, **params: Any) -> str:
        """Plain text in the form that goes with `n`; `%(num)s` is `n` as it is written here."""
        return spacing.fit(str(self._catalog.ngettext(singular, plural, n)) % {"num": self.number(n), **params})

    def local(self, text: str | Mapping[str, str]) -> str:
        """Words that the charter gives in all languages (a mapping by locale), in this one."""
        return text if isinstance(text, str) else text[self._name]

    def number(self, value: int | Decimal) -> str:
        """1234 → 1,234; -300 → −300."""
        return _number(value, self._locale)

    def tenths(self, value: int) -> str:
        """46 → 4.6, 40 → 4.0."""
        return numbers.format_decimal(Decimal(value).scaleb(-1), format="#,##0.0", locale=self._locale)

    def signed(self, value: int) -> str:
        """120 → +120, -30 → −30."""
        return numbers.format_decimal(value, format="+#,##0;−#,##0", locale=self._locale)

    def points(self, value: int) -> str:
        """1234 → 1,234 points."""
        return self._points(value)

    def _count_points(self, value: int) -> str:
        return self.ngettext("%(num)s point", "%(num)s points", value)

    def standing(self, value: int) -> str:
        """What a member has or owes: 1234 → 1,234 points, -300 → 0 points (300 to be settled)."""
        return self._with_debt(self.points(max(0, value)), value)

    def tally(self, value: int) -> str:
        """As `standing`, where it says already that it is points: 1,234; 0 (300 to be settled)."""
        return self._with_debt(self.number(max(0, value)), value)

    def _with_debt(self, held: str, value: int) -> str:
        if value >= 0:
            return held
        return self.gettext("%(held)s (%(owed)s to be settled)", held=held, owed=self.number(-value))

    def money(self, minor: int) -> str:
        """8650 → ¥86.50, of minor units in the charter's currency."""
        programme = self.charter.programme
        pattern = _money_pattern(self._name, programme.default_locale, programme.currency)
        return _money(minor, programme.currency, pattern, self._locale)

    def percent(self, ratio: float | Decimal) -> str:
        """0.15 → 15%."""
        return numbers.format_percent(ratio, format="#,##0.##%", locale=self._locale)

    def reduced(self, ratio: float | Decimal) -> str:
        """0.15 → 15% off. In Chinese, where what is left is said in tenths, 8.5 折."""
        if self._locale.language != "zh":
            return f"{self.percent(ratio)} off"
        tenths = (1 - Decimal(str(ratio))) * 10
        return f"{numbers.format_decimal(tenths, format='#0.###', locale=self._locale)} 折"

    def date(self, value: int | str | dt.date, format: DateFormat = "medium") -> str:  # noqa: A002 - Babel's name
        """A day, of epoch milliseconds or of an ISO date."""
        return _date(self._day(value), format, self._locale)

    def month_day(self, month: int, day: int) -> str:
        """A day of any year, such as a birthday."""
        return dates.format_skeleton("MMMMd", dt.date(2000, month, day), locale=self._locale)

    def month(self, first: str) -> str:
        """The month of an ISO date, with its year."""
        return str(dates.format_skeleton("yMMMM", dt.date.fromisoformat(first), locale=self._locale))

    def time(self, value: int | str) -> str:
        """A time of day, of epoch milliseconds or of `HH:MM`."""
        clock = dt.time.fromisoformat(value) if isinstance(value, str) else self._moment(value).time()
        return dates.format_time(clock, format="short", locale=self._locale)

    def datetime(self, at: int) -> str:
        """Day and time of day, of epoch milliseconds."""
        pattern = str(dates.get_datetime_format("medium", locale=self._locale)).replace("'", "")
        return pattern.replace("{0}", self.time(at)).replace("{1}", self.date(at))

    def soon(self, at: int) -> str:
        """As `datetime`, of what is close: “today 19:08”; for messages that are read when they come."""
        days = self.days_left(at)
        if days == 0:
            return self.gettext("today %(time)s", time=self.time(at))
        if days == 1:
            return self.gettext("tomorrow %(time)s", time=self.time(at))
        return self.datetime(at)

    def days_left(self, at: int) -> int:
        """Calendar days from today to that of epoch milliseconds: 0 if it is today."""
        return (self._day(at) - self._day(self._clock())).days

    def duration(self, minutes: int) -> str:
        """45 → 45 min, 90 → 1.5 h, 1234 → 21 h."""
        if minutes < _HOUR:
            return self.gettext("%(num)s min", num=minutes)
        hours = Decimal(minutes) / _HOUR
        return self.gettext("%(num)s h", num=self.number(round(hours, 1 if hours < _FINE_HOURS else 0)))

    def job(self, name: str) -> str:
        """A scheduled job's name, as staff know it."""
        from bot.buttons.jobs import NAMES  # buttons are made of words: it is these modules that import each other

        return self.gettext(NAMES.get(name, name))

    def gist(self, said: Mapping[str, Any]) -> str:
        """The first line of a message given by its template and params, for lists of messages."""
        text = self.plain(said["template"], said["params"])
        line = next((line.strip() for line in text.splitlines() if line.strip()), "")
        return line if len(line) <= _GIST else f"{line[: _GIST - 1]}…"

    def markdown(self, text: str) -> Markup:
        """Markdown, as far as Telegram can show it."""
        from bot.markdown import to_html  # with the first page of a handbook: the bot starts sooner

        return Markup(to_html(text))  # noqa: S704 - everything in it is escaped there

    def relative(self, at: int) -> str:
        """Epoch milliseconds seen from now: "in 3 days", "2 hours ago"."""
        distance = dt.timedelta(milliseconds=at - self._clock())
        return spacing.part(dates.format_timedelta(distance, add_direction=True, locale=self._locale))

    def _moment(self, at: int) -> dt.datetime:
        return dt.datetime.fromtimestamp(at / 1000, dt.UTC).astimezone(self.charter.zone)

    def _day(self, value: int | str | dt.date) -> dt.date:
        if isinstance(value, int):
            return self._moment(value).date()
        return dt.date.fromisoformat(value) if isinstance(value, str) else value


class Words:
    """The three languages of an installation. `clock` gives epoch milliseconds, for "in 3 days"."""

    def __init__(self, charter: Charter, clock: Callable[[], int]) -> None:
        self._languages: dict[str, Language] = {name: Language(name, charter, clock) for name in LOCALES}

    @property
    def default_locale(self) -> str:
        """Of people whose language nobody knows: the charter's."""
        return next(iter(self._languages.values())).charter.programme.default_locale

    def use(self, charter: Charter) -> None:
        """From now on, the time zone and currency of `charter`."""
        for language in self._languages.values():
            language.charter = charter

    def language(self, locale: str) -> Language:
        """One of LOCALES; KeyError for any other (see `choose_locale`)."""
        return self._languages[locale]

    def render(self, template: str, locale: str, params: Mapping[str, Any]) -> str:
        """See `Language.render`."""
        return self._languages[locale].render(template, params)

    def gettext(self, locale: str, msgid: str, /, **params: Any) -> str:
        """See `Language.gettext`."""
        return self._languages[locale].gettext(msgid, **params)

    def ngettext(self, locale: str, singular: str, plural: str, n: int, /, **params: Any) -> str:
        """See `Language.ngettext`."""
        return self._languages[locale].ngettext(singular, plural, n, **params)


@cache
def _money_pattern(locale: str, home: str, currency: str) -> numbers.NumberPattern:
    """As `locale` writes money, with the sign used at home: all money here is in one currency, so ¥ will do for CN¥."""
    sign = numbers.get_currency_symbol(currency, locale=home)
    pattern: str = Locale.parse(locale).currency_formats["standard"].pattern
    return numbers.parse_pattern(pattern.replace("¤", f"'{sign}'"))


# Babel reads its patterns anew for each number, and the same points, sums and days are shown again and again.
_remembered = lru_cache(maxsize=2048)


@_remembered
def _number(value: int | Decimal, locale: Locale) -> str:
    return str(numbers.format_decimal(value, locale=locale)).replace("-", "−")


@_remembered
def _money(minor: int, currency: str, pattern: numbers.NumberPattern, locale: Locale) -> str:
    amount = Decimal(minor).scaleb(-precision(currency))
    return str(numbers.format_currency(amount, currency, format=pattern, locale=locale))


@_remembered
def _date(day: dt.date, format: DateFormat, locale: Locale) -> str:  # noqa: A002 - Babel's name
    return str(dates.format_date(day, format=format, locale=locale))


def _translators(catalog: Translations) -> dict[str, Callable[..., Markup]]:
    """What `{% trans %}` calls. Jinja's own do the same, at three times the cost: a third of a message's words."""
    one, many = cache(catalog.gettext), _remembered(catalog.ngettext)

    def gettext(msgid: str, /, **params: Any) -> Markup:
        return Markup(one(msgid) % _escaped(params))  # noqa: S704 - ours, and what is put in is escaped

    def ngettext(singular: str, plural: str, n: int, /, **params: Any) -> Markup:
        return Markup(many(singular, plural, n) % _escaped({"num": n, **params}))  # noqa: S704 - as above

    return {"gettext": gettext, "ngettext": ngettext}


def _escaped(params: Mapping[str, Any]) -> dict[str, Markup]:
    return {name: escape(value) for name, value in params.items()}


class LineEnds(Extension):
    """A template's line with text on it is a line of the message; a line of tags alone leaves no trace.

    Jinja's trim_blocks by itself also takes the line end after a `{% endtrans %}` that closes a line of text.
    """

    def preprocess(self, source: str, *_name_and_file: str | None) -> str:
        return "\n".join(_keeping_its_end(line) for line in source.split("\n"))


def _keeping_its_end(line: str) -> str:
    has_text = _TAG.sub("", line).strip() or line.rstrip().endswith("endtrans %}")
    return _LAST_TAG.sub("+%}", line) if has_text else line


@cache
def _read_catalog(folder: Path, locale: str) -> Translations:
    with (folder / locale / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        catalog = read_po(file, locale=locale)
    for message in catalog:
        message.string = _marked(message.string)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def _marked(string: str | Sequence[str] | None) -> str | tuple[str, ...]:
    return spacing.mark(string) if isinstance(string, str) else tuple(spacing.mark(form) for form in string or ())


class _Templates(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A dict, which each render copies at once; Jinja's own chain of two is copied name by name."""
        return {**self.globals, **(d or {})}


_MORE_FILTERS = (
    "standing", "tally", "tenths", "month", "datetime", "soon", "days_left", "relative", "duration", "job", "gist",
    "markdown",
)  # fmt: skip


def _environment(language: Language) -> Environment:
    environment = _Templates(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n", LineEnds],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.policies["ext.i18n.trimmed"] = True
    filters = ("local", "number", "signed", "points", "money", "percent", "reduced", "date", "month_day", "time")
    environment.filters.update({name: getattr(language, name) for name in (*filters, *_MORE_FILTERS)})
    return environment
