from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from bot import words
from bot.words import Words, choose_locale
from loyalty import charter

LOCALES = ("zh_Hans", "zh_Hant", "en")
DEFAULT = Path(charter.__file__).with_name("charter.default.toml").read_text(encoding="utf-8")
NOON = 1_740_974_400_000  # 2025-03-03 12:00 in Xi'an
HOUR = 3_600_000
CATALOG = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"
msgid "Dear %(name)s, you have %(balance)s."
msgstr "%(name)s，您有%(balance)s。"
msgid "Redeem %(gift)s"
msgstr "兑换%(gift)s"
msgid "%(num)s point"
msgid_plural "%(num)s points"
msgstr[0] "%(num)s 积分"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for templates; the catalogs know a few words, in simplified Chinese only."""
    for locale in LOCALES:
        path = tmp_path / locale / "LC_MESSAGES" / "regulars.po"
        path.parent.mkdir(parents=True)
        path.write_text(CATALOG if locale == "zh_Hans" else "", encoding="utf-8")
    monkeypatch.setattr(words, "CATALOGS", tmp_path)
    monkeypatch.setattr(words, "TEMPLATES", tmp_path)
    return tmp_path


def speaking(currency: str = "CNY", zone: str = "Asia/Shanghai") -> Words:
    text = DEFAULT.replace('currency = "CNY"', f'currency = "{currency}"').replace("Asia/Shanghai", zone)
    return Words(charter.load(text), clock=lambda: NOON)


@pytest.fixture
def said(folder: Path) -> Any:
    """Renders a template given as text."""

    def render(source: str, locale: str = "en", **params: Any) -> str:
        (folder / "said.j2").write_text(source, encoding="utf-8")
        return speaking().render("said", locale, params)

    return render


def test_a_template_is_rendered_in_the_language_asked_for(said: Any) -> None:
    source = """{% trans trimmed name=name, balance=balance|points %}
      Dear {{ name }},
      you have {{ balance }}.
    {% endtrans %}"""
    assert said(source, "en", name="Ann", balance=1234) == "Dear Ann, you have 1,234 points."
    assert said(source, "zh_Hans", name="安", balance=1234) == "安，您有 1,234 积分。"


def test_what_is_not_translated_is_said_in_english(said: Any) -> None:
    assert said("{% trans %}Nobody translated this.{% endtrans %}", "zh_Hant") == "Nobody translated this."


def test_what_people_wrote_is_shown_literally(said: Any) -> None:
    source = "<b>{{ name }}</b> {% trans name=name %}Hello <i>{{ name }}</i>{% endtrans %}"
    assert said(source, name="<a>&\"'") == ("<b>&lt;a&gt;&amp;&#34;&#39;</b> Hello <i>&lt;a&gt;&amp;&#34;&#39;</i>")


def test_a_percent_sign_in_a_template_is_a_percent_sign(said: Any) -> None:
    assert said("{% trans %}10% off{% endtrans %}") == "10% off"


def test_an_undefined_name_is_an_error(said: Any) -> None:
    with pytest.raises(UndefinedError):
        said("{{ nobody }}")


def test_one_blank_line_at_most_and_none_around(said: Any) -> None:
    assert said("\n\n  a  \n{% if true %}\n\n \n{% endif %}\n\nb\nc\n\n") == "a\n\nb\nc"


def test_a_line_of_text_is_a_line_and_a_line_of_tags_is_none(said: Any) -> None:
    source = """\
{% if true %}
{% trans %}one{% endtrans %}
{% for n in (2, 3) %}
{{ n }}{% if n == 2 %} (two){% endif %}
{% endfor %}
{# nothing #}
{% endif %}
{% trans trimmed %}
  four
{% endtrans %}

five{% if false %}{% endif %}
six
"""
    assert said(source) == "one\n2 (two)\n3\nfour\n\nfive\nsix"


def test_sentences_with_full_width_punctuation_follow_without_a_space(said: Any) -> None:
    source = "{% trans name='安', balance='1' %}Dear {{ name }}, you have {{ balance }}.{% endtrans %} 好 1"
    assert said(source, "zh_Hans") == "安，您有 1。好 1"


def test_one_is_singular_in_english_only(said: Any) -> None:
    assert [said("{{ n|points }}", n=n) for n in (0, 1, 2)] == ["0 points", "1 point", "2 points"]
    assert said("{{ n|points }}", "zh_Hans", n=1) == "1 积分"


@pytest.mark.parametrize(
    ("expression", "english", "chinese"),
    [
        ("1234567|number", "1,234,567", "1,234,567"),
        ("120|signed", "+120", "+120"),
        ("-1200|signed", "−1,200", "−1,200"),
        ("46|tenths", "4.6", "4.6"),
        ("40|tenths", "4.0", "4.0"),
        ("8650|money", "¥86.50", "¥86.50"),
        ("0|money", "¥0.00", "¥0.00"),
        ("-123456|money", "-¥1,234.56", "-¥1,234.56"),
        ("0.15|percent", "15%", "15%"),
        ("0.125|percent", "12.5%", "12.5%"),
        ("'2025-11-21'|date", "Nov 21, 2025", "2025年11月21日"),
        ("'2025-11-21'|date('long')", "November 21, 2025", "2025年11月21日"),
        ("1740974400000|date", "Mar 3, 2025", "2025年3月3日"),
        ("2|month_day(29)", "February 29", "2月29日"),
        ("'21:05'|time", "9:05\u202fPM", "21:05"),
        ("1740974400000|time", "12:00\u202fPM", "12:00"),
        ("1740974400000|datetime", "Mar 3, 2025, 12:00\u202fPM", "2025年3月3日 12:00"),
        (f"{NOON + 72 * HOUR}|relative", "in 3 days", "3 天后"),
        (f"{NOON - 2 * HOUR}|relative", "2 hours ago", "2 小时前"),
        ("{'en': 'Tea', 'zh_Hans': '茶', 'zh_Hant': '茶'}|local", "Tea", "茶"),
        ("'Tea'|local", "Tea", "Tea"),
    ],
)
def test_values_are_written_as_the_language_writes_them(said: Any, expression: str, english: str, chinese: str) -> None:
    assert said(f"{{{{ {expression} }}}}", "en") == english
    assert said(f"{{{{ {expression} }}}}", "zh_Hans") == chinese


def test_traditional_chinese_is_a_language_of_its_own(said: Any) -> None:
    assert said("{{ '21:05'|time }} {{ 0|relative }}", "zh_Hant") == "晚上9:05 55 年前"


def test_days_are_those_of_the_charters_zone(folder: Path) -> None:
    before_midnight = NOON + 11 * HOUR
    spoken = speaking()
    assert spoken.language("en").date(before_midnight) == "Mar 3, 2025"
    spoken.use(charter.load(DEFAULT.replace("Asia/Shanghai", "Asia/Tokyo")))
    assert spoken.language("en").date(before_midnight) == "Mar 4, 2025"


def test_money_has_the_decimals_of_its_currency(folder: Path) -> None:
    assert speaking(currency="JPY").language("en").money(1234) == "JP¥1,234"


def test_money_has_the_sign_it_has_at_home(folder: Path) -> None:
    spoken = speaking()
    assert {locale: spoken.language(locale).money(8650) for locale in LOCALES} == dict.fromkeys(LOCALES, "¥86.50")


def test_a_label_is_plain_text(folder: Path) -> None:
    assert speaking().gettext("zh_Hans", "Redeem %(gift)s", gift="<杯子>") == "兑换<杯子>"
    assert speaking().gettext("en", "10%% off") == "10% off"


def test_a_label_can_count(folder: Path) -> None:
    spoken = speaking()
    assert spoken.ngettext("en", "%(num)s gift at %(store)s", "%(num)s gifts at %(store)s", 1500, store="A") == (
        "1,500 gifts at A"
    )


@pytest.mark.parametrize(
    ("choice", "telegram", "expected"),
    [
        ("", "zh", "zh_Hans"),
        ("", "zh-hans", "zh_Hans"),
        ("", "zh-Hans-HK", "zh_Hans"),
        ("", "zh-CN", "zh_Hans"),
        ("", "zh_SG", "zh_Hans"),
        ("", "zh-hant", "zh_Hant"),
        ("", "zh-TW", "zh_Hant"),
        ("", "zh-HK", "zh_Hant"),
        ("", "zh-mo", "zh_Hant"),
        ("", "zh-Hant-CN", "zh_Hant"),
        ("", "en", "en"),
        ("", "en-GB", "en"),
        ("", "de", "zh_Hant"),
        ("", "enm", "zh_Hant"),
        ("", "", "zh_Hant"),
        ("", None, "zh_Hant"),
        ("en", "zh-hans", "en"),
        ("zh_Hans", "en", "zh_Hans"),
        ("klingon", "en", "en"),
    ],
)
def test_the_persons_choice_goes_before_their_app_and_the_app_before_the_chain(
    choice: str, telegram: str | None, expected: str
) -> None:
    assert choose_locale(choice, telegram, "zh_Hant") == expected


def test_a_message_s_gist_is_its_first_line_in_plain_text() -> None:
    told = {"template": "retention_stayed", "params": {}}
    assert speaking().language("en").gist(told) == "🎉 Wonderful, you stay with us. See you soon!"


@pytest.mark.parametrize(
    ("ratio", "en", "chinese"),
    [(0.15, "15% off", "8.5 折"), (0.2, "20% off", "8 折"), (0.025, "2.5% off", "9.75 折")],
)
def test_what_is_taken_off_is_said_as_each_language_says_it(said: Any, ratio: float, en: str, chinese: str) -> None:
    assert said("{{ ratio|reduced }}", "en", ratio=ratio) == en
    assert said("{{ ratio|reduced }}", "zh_Hans", ratio=ratio) == said("{{ ratio|reduced }}", "zh_Hant", ratio=ratio)
    assert said("{{ ratio|reduced }}", "zh_Hant", ratio=ratio) == chinese
