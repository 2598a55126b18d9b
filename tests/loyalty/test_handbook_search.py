"""Finding a place in the handbook with a queue waiting."""

from __future__ import annotations

import pytest

from loyalty.handbook import read, shipped
from loyalty.handbook_search import find, has_whole, plain

BOOKS = {locale: read(shipped(locale)) for locale in ("en", "zh_Hans", "zh_Hant")}
NOT_IN_ENGLISH = [
    "", "?", "Ann", "Wang Fang", "13800138000", "quantum chromodynamics", "what should they", "parking", "birthday",
]  # fmt: skip


def found(locale: str, words: str) -> list[str]:
    return [BOOKS[locale].chapters[hit.chapter].title for hit in find(BOOKS[locale], words)]


@pytest.mark.parametrize(
    ("locale", "words", "title"),
    [
        ("en", "refund without receipt", "Returns and refunds"),
        ("en", "REFUNDS", "Returns and refunds"),
        ("en", "reciept", "Returns and refunds"),
        ("en", "shoplifter", "Difficult moments"),
        ("en", "ｓｈｏｕｔｉｎｇ customer", "Difficult moments"),
        ("en", "nut allergy", "Allergies"),
        ("zh_Hans", "没有小票", "退货与退款"),
        ("zh_Hans", "沒有小票", "退货与退款"),
        ("zh_Hans", "过敏", "过敏"),
        ("zh_Hans", "兌換碼", "礼品与兑换码"),
        ("zh_Hant", "客訴", "處理客訴"),
        ("zh_Hant", "积分过期", "積分問題"),
        ("zh_Hant", "吵", "棘手的時刻"),
    ],
)
def test_the_chapter_meant_comes_first(locale: str, words: str, title: str) -> None:
    assert found(locale, words)[0] == title


ASKED = {
    "en": {
        "Returns and refunds": ["no receipt", "how do I refund", "paid by card, how does the money go back"],
        "Questions about points": ["lost points", "where are my points", "can points become cash", "forgot card"],
        "Difficult moments": [
            "shoplifter",
            "shoplifters",
            "lost child",
            "what if somebody faints",
            "gave wrong change",
        ],
        "Allergies": ["what if there are nuts in it"],
        "Gifts and codes": ["the code does not work"],
        "Signing up a member": ["how to sign somebody up"],
        "Complaints": ["customer wants to complain"],
    },
    "zh_Hans": {
        "退货与退款": ["怎么退款", "没小票能退吗", "没小票怎么退", "顾客要退货", "當初刷卡買的怎麼退"],
        "过敏": ["花生过敏怎么办", "花生過敏怎麼辦"],
        "积分问题": ["积分不见了", "积分可以换现金吗", "积分什么时候过期"],
        "棘手的时刻": ["偷东西怎么办", "顾客骂人怎么办", "小孩走丢了", "有人晕倒怎么办", "我找错钱了", "顾客很生气"],
        "处理投诉": ["顾客要投诉", "顧客要投訴"],
        "办理入会": ["怎么办会员"],
        "迎接顾客": ["忘了带会员卡怎么办", "怎么称呼顾客"],
        "礼品与兑换码": ["兑换码输错了", "礼品码用不了", "礼品在另一家店怎么办"],
    },
    "zh_Hant": {
        "退貨與退款": ["怎麼退款", "沒有發票怎麼退", "沒小票能退嗎", "没有发票怎么退", "刷卡買的怎麼退"],
        "過敏": ["花生過敏怎麼辦"],
        "積分問題": ["積分不見了", "可以換現金嗎"],
        "棘手的時刻": ["偷東西怎麼辦", "客人罵人怎麼辦", "小孩走失了", "有人昏倒怎麼辦", "找錯錢怎麼辦"],
        "處理客訴": ["客人要客訴", "牛奶酸了怎麼辦"],
        "辦理入會": ["怎麼加入會員", "怎麼辦會員"],
        "迎接顧客": ["忘了帶會員卡怎麼辦"],
        "禮品與兌換碼": ["兌換碼過期了怎麼辦", "兌換碼不能用怎麼辦"],
    },
}


@pytest.mark.parametrize(
    ("locale", "words", "title"),
    [(locale, words, title) for locale, asked in ASKED.items() for title, them in asked.items() for words in them],
)
def test_a_question_is_answered_as_people_ask_it(locale: str, words: str, title: str) -> None:
    assert found(locale, words)[:1] == [title]


def test_a_question_of_the_quiz_finds_the_chapter_that_answers_it() -> None:
    book = read("# A\n\nGo near.\n\n### Quiz\n? Somebody steals?\n- x\n+ y\n\n# B\n\nSmile.\n")
    assert [(hit.chapter, hit.line) for hit in find(book, "stealing")] == [(0, "Go near.")]


def test_a_chapter_without_words_is_found_by_its_title() -> None:
    book = read("## Plan\n\n![](https://example.org/plan.png)\n\n## Other\n\ntext\n")
    assert [(hit.chapter, hit.page, hit.line) for hit in find(book, "plan")] == [(0, 0, "Plan")]


def test_a_long_text_is_looked_up_by_its_beginning() -> None:
    text = " ".join(f"zz{place:04}" for place in range(19))
    letters = str.maketrans("0123456789", "qwertyuiop")
    assert found("en", f"{text} receipt".translate(letters)) == found("en", "receipt")
    assert found("en", f"{text} zzzzzz receipt".translate(letters)) == []


def test_the_line_that_says_it_is_shown_without_marks() -> None:
    (hit,) = find(BOOKS["en"], "refund without receipt")[:1]
    assert hit.line.startswith("Refund without receipt: no trouble with members.")


@pytest.mark.parametrize("words", NOT_IN_ENGLISH)
def test_what_the_handbook_says_nothing_about_is_not_found(words: str) -> None:
    assert found("en", words) == []


@pytest.mark.parametrize("words", ["王芳", "張小明", "李雷", "陳大文", "王小明", "李先生", "黃小姐", "陈静", "张伟"])
@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_names_are_no_words_of_the_handbook(locale: str, words: str) -> None:
    assert found(locale, words) == []


@pytest.mark.parametrize("words", ["停車", "怎么办", "怎麼辦", "你好", "天气怎么样", "薪水什麼時候發", "生日蛋糕"])
@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_what_no_chapter_is_about_is_not_found_however_it_is_asked(locale: str, words: str) -> None:
    assert found(locale, words) == []


@pytest.mark.parametrize(
    ("locale", "words", "whole"),
    [
        ("en", "Chang", False),
        ("en", "change", True),
        ("en", "Chane", False),
        ("en", "wrong chang", False),
        ("zh_Hans", "退款", True),
        ("zh_Hant", "退款", True),
    ],
)
def test_a_word_that_only_begins_like_one_of_the_book_is_not_in_it(locale: str, words: str, whole: bool) -> None:
    assert has_whole(BOOKS[locale], words) is whole


def test_three_chapters_at_most() -> None:
    assert len(found("en", "points")) == 3


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("- **Bold** and `code`", "Bold and code"),
        ("12. item", "item"),
        ("> said", "said"),
        ("[shop](https://example.org) now", "shop now"),
        ("| a | b |", "a b"),
    ],
)
def test_a_line_is_shown_as_one_reads_it(line: str, shown: str) -> None:
    assert plain(line) == shown
