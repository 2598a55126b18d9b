import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, strategies as st

from loyalty.errors import NameInvalid
from loyalty.names import clean, lookup_keys, mask, search_keys, similarity


def found(name: str, typed: str) -> bool:
    return bool(search_keys(name) & lookup_keys(typed))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ann \n Lee ", "Ann Lee"),
        ("李\u200d四\u200b", "李四"),
        ("a\u202eb\u2066", "ab"),
        ("a\x00b", "ab"),
        ("e\u0301", "é"),
        ("<b>Ann</b> & {{x}}", "<b>Ann</b> & {{x}}"),
        ("محمد", "محمد"),
        ("🌸", "🌸"),
        ("陈　伟", "陈 伟"),
    ],
)
def test_a_name_is_kept_literally_without_the_invisible(typed: str, name: str) -> None:
    assert clean(typed) == name


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" \u200b\u3164", "empty"),
        ("x" * 41, "too_long"),
        ("x" * 4000, "too_long"),
        ("e" + "\u0301" * 4000, "too_long"),
        ("13800138000", "no_letters"),
        ("--", "no_letters"),
    ],
)
def test_what_is_no_name_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(NameInvalid) as caught:
        clean(typed)
    assert caught.value.reason == reason


def test_forty_characters_are_a_name() -> None:
    assert len(clean("陈" * 40)) == 40


@given(st.text())
def test_a_clean_name_stays_as_it_is(text: str) -> None:
    try:
        name = clean(text)
    except NameInvalid:
        return
    assert clean(name) == name


@given(st.text())
def test_a_clean_name_has_no_control_or_format_characters(text: str) -> None:
    try:
        name = clean(text)
    except NameInvalid:
        return
    assert not {unicodedata.category(char) for char in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("陈伟", "陳偉"),
        ("陳偉", "陈伟"),
        ("陈伟", "chenwei"),
        ("陈伟", "Chen Wei"),
        ("陈伟", "cw"),
        ("陈建国", "建国"),
        ("陈建国", "jianguo"),
        ("单雄信", "shan xiong xin"),
        ("单雄信", "danxiongxin"),
        ("曾小贤", "zengxiaoxian"),
        ("仇英", "qiuying"),
        ("吕布", "lvbu"),
        ("呂布", "lü bu"),
        ("吕布", "lyu bu"),
        ("吕布", "lubu"),
        ("叶谷雨", "ygy"),
        ("王曾", "wangzeng"),
        ("沈浚", "shenxun"),
        ("李长春", "lichangchun"),
        ("王乐", "wy"),
        ("尉迟恭", "yuchigong"),
        ("欧阳娜娜", "娜娜"),
        ("歐陽娜娜", "oynn"),
        ("Ann Lee", "ANN"),
        ("Ann Lee", "lee"),
        ("Ann Lee", "annlee"),
        ("Ann Lee", "al"),
        ("José Müller", "jose muller"),
        ("Seán O'Brien", "obrien"),
        ("阿依古丽·买买提", "阿依古丽"),
    ],
)
def test_a_member_is_found_by(name: str, typed: str) -> None:
    assert found(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("陈伟", "陈威"),
        ("陈伟", "李伟"),
        ("陈伟", "zw"),
        ("Ann Lee", "an"),
        ("叶谷雨", "xly"),
        ("沈强", "cj"),
        ("王明", "yumeng"),
    ],
)
def test_another_name_is_not_found(name: str, typed: str) -> None:
    assert not found(name, typed)


@given(st.text(max_size=40))
def test_every_name_is_found_by_itself(text: str) -> None:
    try:
        name = clean(text)
    except NameInvalid:
        return
    assert found(name, name) or not lookup_keys(name)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40))
def test_no_name_has_more_keys_than_is_reasonable(name: str) -> None:
    assert len(search_keys(name)) <= 60


def test_the_best_hit_is_most_alike() -> None:
    assert similarity("陳偉", "陈伟") == 100 > similarity("陳偉", "陈伟明") > similarity("陳偉", "李娜")


def test_warming_up_leaves_nothing_to_import() -> None:
    loaded = (
        "import sys; from loyalty import names; names.warm_up(); before = set(sys.modules); "
        "names.search_keys('重庆'); names.similarity('a', 'b'); print(sorted(set(sys.modules) - before))"
    )
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "masked"), [("Ann Lee", "A… L…"), ("王小明", "王＊＊"), ("🌸", "🌸…"), ("محمد", "م…")]
)
def test_of_a_masked_name_only_the_beginnings_are_seen(name: str, masked: str) -> None:
    assert mask(name) == masked
