"""Markdown in Telegram's HTML."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bot.markdown import shown, to_html
from loyalty.charter import LOCALES
from loyalty.handbook import length, read, shipped
from simulator.entities import parse_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("### Hi *there* **you**", "<b>Hi <i>there</i> you</b>"),
        ("a *b* **c** `d < e`", "a <i>b</i> <b>c</b> <code>d &lt; e</code>"),
        ("- a\n- b\n  - c", "• a\n• b\n   ◦ c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n  more", "• a\n  more"),
        ("[shop](https://example.org/?a=1&b=2)", "shop (https://example.org/?a=1&amp;b=2)"),
        ("<https://example.org>", "https://example.org"),
        ("[shop](http://example.org)", "shop"),
        ("[call](tel:123)", "call"),
        ("> a\n> > b", "<blockquote>a\n\nb</blockquote>"),
        ("```\n<b>\n```", "<pre>&lt;b&gt;</pre>"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "<b>a · b</b>\n1 · <b>2</b>"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("<script>x</script> &amp; <b>", "&lt;script&gt;x&lt;/script&gt; &amp; &lt;b&gt;"),
        ("![a picture](https://example.org/a.png)", "a picture"),
        ("一行\n二行", "一行\n二行"),
        ("[维基](https://zh.wikipedia.org/wiki/过敏)", "维基 (https://zh.wikipedia.org/wiki/过敏)"),
        ("[a](<https://example.org/a b>)", "a (https://example.org/a%20b)"),
        ("[a](https://example.org/%E8%BF%87)", "a (https://example.org/%E8%BF%87)"),
        ("<https://例子.cn/过敏>", "https://例子.cn/过敏"),
    ],
)
def test_markdown_as_telegram_shows_it(text: str, html: str) -> None:
    assert to_html(text) == html


@given(st.text(alphabet="#-+?>*`| \n[]()!1.a<b>_~=&:/https", max_size=200))
def test_whatever_is_written_telegram_takes_it(text: str) -> None:
    assert shown(text) == parse_html(to_html(text)).text


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_of_the_shipped_handbooks_fits_a_message(locale: str) -> None:
    pages = [page for chapter in read(shipped(locale)).chapters for page in chapter.pages]
    assert all(length(parse_html(to_html(page)).text) < 3_500 for page in pages)


def test_a_page_of_nothing_but_links_and_tables_still_fits_a_message() -> None:
    row = "| a | b |\n|---|---|\n" + "| [a](https://a.b) | b |\n" * 70
    (page, *_) = read(f"# A\n\n{row}\n\n{row}").chapters[0].pages
    assert length(parse_html(to_html(page)).text) <= 4_000
