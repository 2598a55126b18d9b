"""The words in all three languages: complete, in step with the code, and acceptable to Telegram."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message

from bot import buttons, spacing
from bot.words import TEMPLATES, Words
from loyalty import charter
from loyalty.charter import LOCALES
from simulator.entities import parse_html
from tests import catalogs
from tests.bot.samples import SAMPLES

NOON = 1_740_974_400_000
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_LIMIT = 64  # bytes
BUTTONS_LIMIT = 100
# A phone shows about this many in a row's single button before it cuts the label off.
LABEL_LIMIT = 40

TEMPLATE_NAMES = sorted(str(path.relative_to(TEMPLATES).with_suffix("")) for path in TEMPLATES.rglob("*.j2"))
UPDATE = "run `.venv/bin/python -m tests.catalogs`, then translate what is empty"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%(?!%)(?!\()")
_TAG = re.compile(r"</?([a-z][a-z-]*)[^>]*>")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Latin punctuation between Chinese characters is a slip of the keyboard.
_SLIP = re.compile(r"(?<=[\u4e00-\u9fff])[,;!?](?=\s*[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[.:,;!?]$")
# … and so is a Latin comma or colon beside one, with the space that goes with it, or a space beside a Chinese one.
_LATIN = re.compile(
    r"(?<=[\u4e00-\u9fff])[,:;] |[,:;] (?=[\u4e00-\u9fff])| +(?=[，。、；：！？（）])|(?<=[，。、；：！？（]) +(?=\w)"
    r"|(?<=[\u4e00-\u9fff]) ?\(|\((?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\)"
)
_TYPED = re.compile(r"<(code|pre)>.*?</\1>", re.DOTALL)  # what is to be typed is typed with any comma
# What is called otherwise everywhere else: a case, a manager, and words of the mainland in Taiwan's script.
_OTHER_WORDS = {
    "zh_Hans": re.compile("工单|店长|办结|等候|扣还|您的数据|起领"),
    "zh_Hant": re.compile(
        "工單|反饋|案件|店長|投訴|查找|辦結|跟進|聯繫|用時|質量|默認|屏幕|網絡|軟件|短信|視頻"
        "|等候|扣還|起領|按一下|按下面|按上面|按「"
    ),
}
# Characters that are only ever written in the one script.
_ONLY_TRADITIONAL = set(
    "們個對這來時說會員積兌換優惠點擊號碼請輸選擇門進後過還開關給從無應該電話訊設確認為單擊帳戶歷記錄"
)
_ONLY_SIMPLIFIED = set(
    "们个对这来时说会员积兑换优惠点击号码请输选择门进后过还开关给从无应该电话讯设确认为单击账户历记录"
)
_SHARED = _ONLY_TRADITIONAL & _ONLY_SIMPLIFIED


@pytest.fixture(scope="module")
def words() -> Words:
    text = Path(charter.__file__).with_name("charter.default.toml").read_text(encoding="utf-8")
    return Words(charter.load(text), clock=lambda: NOON)


def messages(locale: str) -> list[Message]:
    return [message for message in catalogs.stored(locale) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalog_is_in_step_with_templates_and_code(locale: str) -> None:
    assert catalogs.updated(locale) == catalogs.path_of(locale).read_text(encoding="utf-8"), UPDATE


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_everything_is_translated(locale: str) -> None:
    assert catalogs.untranslated(catalogs.stored(locale)) == [], UPDATE


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_fills_in_what_the_original_fills_in(locale: str) -> None:
    wrong = [
        message.id
        for message in messages(locale)
        for string in catalogs.strings(message)
        # Of a plural's forms the last has all placeholders; the singular may say "one".
        if string and _placeholders(string) != _placeholders(forms(message)[-1])
    ]
    assert wrong == []


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_tags_of_the_original(locale: str) -> None:
    wrong = [
        message.id
        for message in messages(locale)
        for string in catalogs.strings(message)
        if string and sorted(_TAG.findall(string)) != sorted(_TAG.findall(forms(message)[-1]))
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_chinese_is_written_with_chinese_punctuation(locale: str) -> None:
    strings = [_TYPED.sub("X", string) for message in messages(locale) for string in catalogs.strings(message)]
    assert [string for string in strings if _SLIP.search(string) or _LATIN.search(string)] == []


@pytest.mark.parametrize(
    ("filling", "wrong"),
    [
        ("西门", r"(?<!西门)(?<=[\u4e00-\u9fff]) 西门|西门 (?!西门)[\u4e00-\u9fff]"),
        ("Café 9", r"[\u4e00-\u9fff]Café 9|Café 9(?!年)[\u4e00-\u9fff]"),
    ],
    ids=["chinese", "latin"],
)
@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_a_space_stands_between_chinese_and_latin_and_not_within_chinese(locale: str, filling: str, wrong: str) -> None:
    """Whatever is filled in, a date, an amount, or a store's name in either script."""
    strings = [string for message in messages(locale) for string in catalogs.strings(message) if "%(" in string]
    filled = [spacing.fit(spacing.mark(string) % defaultdict(lambda: filling)) for string in strings]
    assert [text for text in filled if re.search(wrong, _TAG.sub("", text))] == []


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_one_thing_has_one_name(locale: str) -> None:
    strings = [string for message in messages(locale) for string in catalogs.strings(message)]
    assert [string for string in strings if _OTHER_WORDS[locale].search(string)] == []


@pytest.mark.parametrize(
    ("locale", "foreign"), [("zh_Hans", _ONLY_TRADITIONAL - _SHARED), ("zh_Hant", _ONLY_SIMPLIFIED - _SHARED)]
)
def test_simplified_and_traditional_characters_do_not_mix(locale: str, foreign: set[str]) -> None:
    strings = [string for message in messages(locale) for string in catalogs.strings(message)]
    # The name of a language is written in its own script everywhere.
    assert [string for string in strings if foreign & set(re.sub("简体中文|繁體中文", "", string))] == []


def test_english_has_no_chinese_in_it() -> None:
    assert [
        message.id for message in messages("en") if _CHINESE.search(re.sub("简体中文|繁體中文", "", str(message.id)))
    ] == []


def test_every_template_has_a_sample_and_every_sample_a_template() -> None:
    assert sorted(SAMPLES) == TEMPLATE_NAMES


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEMPLATE_NAMES)
def test_a_template_is_one_message_telegram_takes(words: Words, template: str, locale: str) -> None:
    text = words.render(template, locale, SAMPLES[template])
    shown = parse_html(text).text
    assert 0 < len(shown.encode("utf-16-le")) // 2 <= _limit(template)
    assert "%(" not in shown
    assert "None" not in shown
    assert not re.search(r"\{[{%]|[%}]\}", shown)


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
@pytest.mark.parametrize("template", TEMPLATE_NAMES)
def test_chinese_is_shown_with_chinese_punctuation(words: Words, template: str, locale: str) -> None:
    """What a template writes around the words as well."""
    shown = parse_html(_TYPED.sub("X", words.render(template, locale, SAMPLES[template]))).text
    assert [line for line in shown.splitlines() if _LATIN.search(line)] == []


# What the bot says of its own accord: nobody waits for it, so nobody forgives it.
_PUSHES = (
    "birthday_greeting", "birthday_soon", "campaign", "coupon_granted", "coupon_lapsing", "digest", "greeting_festival",
    "points_expiring", "points_statement", "points_usable", "recommend", "replenish_due", "survey", "case_unanswered",
    "tier_benefits", "tier_kept", "tier_lowered", "tier_reached", "tier_warning", "welcome_card", "welcome_gifts",
    "welcome_settings", "winback_missed",
)  # fmt: skip
_LONG_NAME = "𠮷" * 40
_HOLES = re.compile(r"(?m)  |%\(|\{[\w ]*\}|[ ,，]+[,，.。!！](?!\w)|^[ \t]*[,，.。!！]")


@pytest.mark.parametrize("name", ["", _LONG_NAME, "<b>&"], ids=["no_name", "long_name", "markup"])
@pytest.mark.parametrize("locale", LOCALES)
def test_pushes_read_well_whoever_gets_them(words: Words, locale: str, name: str) -> None:
    wrong = {}
    for template in _PUSHES:
        text = words.render(template, locale, _named(SAMPLES[template], name))
        shown = parse_html(text).text
        if len(shown) > TEXT_LIMIT or _HOLES.search(shown):
            wrong[template] = shown
    assert wrong == {}


def _named(value: Any, name: str) -> Any:
    """The same parameters of a member of that name; gifts, coupons and tiers get it if it is one."""
    if isinstance(value, dict) and set(value) == set(LOCALES):
        return dict.fromkeys(LOCALES, name) if name else value
    if isinstance(value, dict):
        return {
            key: name if key == "name" and isinstance(part, str) else _named(part, name) for key, part in value.items()
        }
    return [_named(part, name) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("template", TEMPLATE_NAMES)
def test_a_template_makes_no_line_breaks_by_hand(template: str) -> None:
    """A line with text is a line of the message as it stands; a line of tags alone leaves no trace."""
    assert "'\\n'" not in (TEMPLATES / f"{template}.j2").read_text(encoding="utf-8")


def _limit(template: str) -> int:
    """A picture's caption is shorter than a message; cards, gifts and reports are always pictures."""
    return CAPTION_LIMIT if template.startswith(("card", "gift_", "report_service")) else TEXT_LIMIT


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEMPLATE_NAMES)
def test_a_templates_buttons_are_ones_telegram_takes(words: Words, template: str, locale: str) -> None:
    keyboard = buttons.keyboard(template, words, locale, SAMPLES[template]) or {}
    rows = keyboard.get("inline_keyboard", keyboard.get("keyboard", []))
    assert all(1 <= len(row) <= 8 for row in rows)
    every = [button for row in rows for button in row]
    assert len(every) <= BUTTONS_LIMIT
    assert [button for button in every if not _is_fit(button)] == []


def _is_fit(button: dict[str, Any]) -> bool:
    data = button.get("callback_data", "x").encode()
    return 1 <= len(data) <= CALLBACK_LIMIT and 1 <= len(button["text"].strip()) <= LABEL_LIMIT


def test_every_keyboard_goes_with_a_template() -> None:
    assert set(buttons._keyboards()) - set(TEMPLATE_NAMES) == set()
