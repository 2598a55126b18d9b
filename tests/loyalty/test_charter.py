import re
import tomllib

import pytest

from loyalty.charter import DEFAULT_CHARTER, Change, CharterError, describe_changes, load
from tests.loyalty.charters import DEFAULT, bare, base, multiplier


def problems(*replacements: tuple[str, str]) -> list[str]:
    text = DEFAULT_CHARTER
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(CharterError) as caught:
        load(text)
    return [str(problem) for problem in caught.value.problems]


def test_the_default_charter_is_valid() -> None:
    assert DEFAULT.currency == "CNY"


def test_the_default_charter_spells_out_every_setting() -> None:
    def settings(value: object, path: str = "") -> set[str]:
        if isinstance(value, dict):
            return {deeper for key, inner in value.items() for deeper in settings(inner, f"{path}.{key}")}
        return {path}

    # Of what the default has none, an example stands in a comment.
    examples = {f".{path}" for path in re.findall(r"^# \[\[(.+)\]\]$", DEFAULT_CHARTER, re.MULTILINE)}
    written = settings(tomllib.loads(DEFAULT_CHARTER)) | examples
    assert settings(DEFAULT.model_dump(mode="json")) - written == set()


def test_a_charter_cannot_be_changed_after_reading() -> None:
    with pytest.raises(ValueError, match="frozen"):
        DEFAULT.purchases.undo_minutes = 99


def test_an_amount_in_the_file_is_exact() -> None:
    charter = bare(base(), "[purchases]", "amount_limit = 0.1")
    assert charter.amount_limit == 10


def test_a_misspelt_setting_is_named_by_its_path() -> None:
    assert problems(("undo_minutes", "undo_minuts")) == [
        "purchases.undo_minuts: is not a setting of the charter; check its spelling and its section."
    ]


def test_a_missing_section_is_named() -> None:
    with pytest.raises(CharterError, match="programme: is missing"):
        load("")


def test_an_entry_of_a_list_is_named_by_its_code() -> None:
    assert problems(("factor = 1.5", 'factor = "much"')) == [
        "earning.multipliers.gold.factor: must be a number like 86.50."
    ]


def test_all_mistakes_are_told_at_once() -> None:
    assert len(problems(('"Asia/Shanghai"', '"Shanghai"'), ('"CNY"', '"Yuan"'), ('"CN"', '"China"'))) == 3


def test_a_text_that_is_no_toml_names_the_line() -> None:
    assert problems(('time_zone = "Asia/Shanghai"', "time_zone = Asia/Shanghai"))[0].startswith("line 9:")


def test_what_is_never_closed_names_the_line_where_it_begins() -> None:
    with pytest.raises(CharterError, match=r"^line 3:"):
        load('a = 1\n[b]\nc = """x\n\nd = 2\ne = 3\n')


def test_a_code_nobody_defined_is_guessed() -> None:
    assert problems(('tiers = ["gold"]', 'tiers = ["glod"]')) == [
        "earning.multipliers.gold.tiers: glod is defined nowhere in the charter; did you mean gold?"
    ]


def test_the_first_tier_is_open_to_all() -> None:
    assert problems(("threshold = 0", "threshold = 5")) == [
        "tiers.classic.threshold: must be 0: every member starts in the first tier."
    ]


def test_tiers_go_upwards() -> None:
    assert problems(("threshold = 8000", "threshold = 2000")) == [
        "tiers.gold.threshold: must be more than that of silver before it."
    ]


def test_a_condition_of_joining_needs_an_amount() -> None:
    assert problems(('condition = "open"', 'condition = "spent"')) == [
        "joining.amount: must be more than 0: it is what has to be spent to join."
    ]


def test_an_amount_has_no_more_decimals_than_the_currency() -> None:
    assert problems(("per = 1.00", "per = 1.005")) == ["earning.base.base.per: has more decimals than CNY has."]


def test_a_code_is_given_once() -> None:
    assert problems(('code = "alipay"', 'code = "wechat"'))[0] == (
        "payments.wechat: is there twice; give one of them another code."
    )


def test_a_word_means_one_thing() -> None:
    assert problems(('"zfb", ', '"zfb", "微信", ')) == [
        "payments.alipay.words: 微信 already means wechat; a word can mean one thing only."
    ]


def test_a_window_does_not_end_before_it_begins() -> None:
    with pytest.raises(CharterError, match="must not be before begins"):
        bare(base(), multiplier("spring", 2, begins="2026-03-31", ends="2026-03-01"))


@pytest.mark.parametrize("word", ["wechat", "WeChat Pay", "微信", "ＷＸ", "微信支付"])
def test_a_way_of_paying_is_known_by_all_its_words(word: str) -> None:
    payment = DEFAULT.payment_for(word)
    assert payment is not None
    assert payment.code == "wechat"


def test_traditional_and_simplified_words_mean_the_same() -> None:
    assert DEFAULT.category_for("飲料") == DEFAULT.category_for("饮料") is not None


def test_an_unknown_word_is_no_category() -> None:
    assert DEFAULT.category_for("nonsense") is None


def test_comments_and_spelling_of_numbers_do_not_change_the_digest() -> None:
    assert load(DEFAULT_CHARTER.replace("per = 1.00", "per = 1") + "\n# more").digest == DEFAULT.digest


def test_a_changed_rule_changes_the_digest() -> None:
    assert load(DEFAULT_CHARTER.replace("factor = 1.5", "factor = 1.6")).digest != DEFAULT.digest


def test_the_order_of_rules_changes_the_digest() -> None:
    one, other = multiplier("a", 2), multiplier("b", 3)
    assert bare(base(), one, other).digest != bare(base(), other, one).digest


def test_changes_are_told_by_path() -> None:
    new = load(DEFAULT_CHARTER.replace("threshold = 8000", "threshold = 9000.50"))
    assert describe_changes(DEFAULT, new) == [Change("tiers.gold.threshold", "8000", "9000.5")]


def test_a_setting_taken_away_is_a_change() -> None:
    new = load(DEFAULT_CHARTER.replace("per_day = 10000\n", ""))
    assert describe_changes(DEFAULT, new) == [Change("earning.caps.per_day", "10000", "")]


def test_no_change_is_no_change() -> None:
    assert describe_changes(DEFAULT, load(DEFAULT_CHARTER)) == []


def test_a_tier_of_an_older_charter_is_the_lowest_one() -> None:
    assert DEFAULT.tier("platinum").code == "classic"
