"""Telegram's HTML and MarkdownV2, and what Telegram finds by itself."""

import pytest
from hypothesis import given, strategies as st

from simulator.entities import formatted
from simulator.errors import ApiError
from simulator.wire import utf16_length


def html(source: str) -> tuple[str, list[tuple[object, ...]]]:
    found = formatted(source, "HTML", None)
    return found.text, [(one["type"], one["offset"], one["length"]) for one in found.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b>b", "ab", [("bold", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<strong>x</strong>", "x", [("bold", 0, 1)]),
        ("<em>x</em><ins>y</ins><del>z</del>", "xyz", [("italic", 0, 1), ("underline", 1, 1), ("strikethrough", 2, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("😀<b>é</b>", "😀é", [("bold", 2, 1)]),
        ("积分 <code>1 &lt; 2 &amp; 3</code>", "积分 1 < 2 & 3", [("code", 3, 9)]),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("a &nbsp; b &unknown;", "a &nbsp; b &unknown;", []),
        ("&#20320;&#x597D;", "你好", []),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<B>a</B>", "a", [("bold", 0, 1)]),
        ("<b>a<code>b</code>c</b>", "abc", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "ab", [("blockquote", 0, 2)]),
    ],
)
def test_markup_becomes_entities(source: str, text: str, entities: list[tuple[object, ...]]) -> None:
    assert html(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("积<u1>", 'Unsupported start tag "u1" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_markup_is_refused_with_its_place(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        formatted(source, "HTML", None)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


def test_links_carry_their_address() -> None:
    found = formatted('<a href="https://shop.example/?a=1&amp;b=2">here</a>', "HTML", None)
    assert found.entities == [{"type": "text_link", "offset": 0, "length": 4, "url": "https://shop.example/?a=1&b=2"}]


def test_a_code_block_carries_its_language() -> None:
    found = formatted('<pre><code class="language-python">x</code></pre>', "HTML", None)
    assert found.entities == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


def test_more_than_a_hundred_entities_are_dropped() -> None:
    assert len(formatted("<b>x</b> " * 120, "HTML", None).entities) == 100


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("/start abc", "bot_command", "/start"),
        ("😀 /points@shop_bot", "bot_command", "/points@shop_bot"),
        ("see https://shop.example/a?b=1.", "url", "https://shop.example/a?b=1"),
        ("write ann@shop.example now", "email", "ann@shop.example"),
        ("ask @ann_li", "mention", "@ann_li"),
        ("#sale", "hashtag", "#sale"),
        ("call +8613800138000", "phone_number", "+8613800138000"),
    ],
)
def test_telegram_finds_these_by_itself(text: str, kind: str, value: str) -> None:
    [entity] = formatted(text, None, None).entities
    start = entity["offset"] * 2
    piece = text.encode("utf-16-le")[start : start + entity["length"] * 2].decode("utf-16-le")
    assert (entity["type"], piece) == (kind, value)


@pytest.mark.parametrize("text", ["1/2", "a/b", "https", "//x", "12.50", "3 + 4 = 7", "50 %"])
def test_ordinary_text_has_no_entities(text: str) -> None:
    assert formatted(text, None, None).entities == []


def test_given_entities_are_checked_against_the_text() -> None:
    good = [{"type": "bold", "offset": 0, "length": 2}]
    assert formatted("hello", None, good).entities == good
    with pytest.raises(ApiError):
        formatted("hello", None, [{"type": "bold", "offset": 3, "length": 9}])


def test_markdown_is_understood() -> None:
    found = formatted("*a* _b_ `c` [d](http://e.example) \\.", "MarkdownV2", None)
    assert found.text == "a b c d ."
    assert [one["type"] for one in found.entities] == ["bold", "italic", "code", "text_link"]


def test_unescaped_markdown_is_refused() -> None:
    with pytest.raises(ApiError, match="is reserved and must be escaped"):
        formatted("1. one", "MarkdownV2", None)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        formatted("x", "BBCode", None)


@given(st.text(alphabet=st.sampled_from("<>/&;\"'= abiu😀积"), max_size=40))
def test_any_html_is_parsed_or_refused(source: str) -> None:
    try:
        found = formatted(source, "HTML", None)
    except ApiError:
        return
    assert all(one["offset"] + one["length"] <= utf16_length(found.text) for one in found.entities)
