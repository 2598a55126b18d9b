"""Markdown as Telegram's HTML: bold headings, lists, emphasis, code; tables as lines, links with their address as
it was typed.

What Telegram cannot show stands there as text; HTML in it is text, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_LISTS = ("bullet_list", "ordered_list")
_BULLETS = ("•", "◦", "▪")
_RULE = "———"
_BOLD, _QUOTE, _TAG = re.compile(r"</?b>"), re.compile(r"</?blockquote>"), re.compile(r"</?\w+>")


def to_html(text: str) -> str:
    """Safe to be sent with parse_mode HTML."""
    from markdown_it.tree import SyntaxTreeNode  # with the first page of a handbook: the bot starts sooner

    return _blocks(SyntaxTreeNode(_parser().parse(text)).children).strip()


def shown(text: str) -> str:
    """What is read of it: the text without marks, as Telegram counts it."""
    return unescape(_TAG.sub("", to_html(text)))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    # An address is read, not only followed: %E8%BF%87 says nothing to anybody, and is three times as long.
    parser.normalizeLink = _as_typed  # type: ignore[assignment, method-assign]  # there to be replaced
    parser.normalizeLinkText = _as_typed  # type: ignore[assignment, method-assign]  # too
    return parser


def _as_typed(address: str) -> str:
    return address.replace(" ", "%20")


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> str:
    return "\n\n".join(_BLOCKS[node.type](node) for node in nodes if node.type in _BLOCKS)


def _paragraph(node: SyntaxTreeNode) -> str:
    return "".join(_inline(child.children) for child in node.children)


def _heading(node: SyntaxTreeNode) -> str:
    return f"<b>{_BOLD.sub('', _paragraph(node))}</b>"


def _quote(node: SyntaxTreeNode) -> str:
    """Telegram has no quotations within quotations."""
    return f"<blockquote>{_QUOTE.sub('', _blocks(node.children))}</blockquote>"


def _code(node: SyntaxTreeNode) -> str:
    return f"<pre>{escape(node.content.rstrip())}</pre>"


def _list(node: SyntaxTreeNode) -> str:
    return "\n".join(_items(node, 0))


def _items(node: SyntaxTreeNode, depth: int) -> Iterator[str]:
    """A line for each item, and those of the lists in it, further in."""
    first, indent = int(node.attrs.get("start", 1)), "   " * depth
    for number, item in enumerate(node.children, start=first):
        mark = f"{number}." if node.type == "ordered_list" else _BULLETS[min(depth, len(_BULLETS) - 1)]
        for block in item.children:
            if block.type in _LISTS:
                yield from _items(block, depth + 1)
            else:
                yield f"{indent}{mark} {_blocks([block])}"
            mark = " "


def _table(node: SyntaxTreeNode) -> str:
    """Its rows as lines, the cells with dots in between; the heading bold."""
    rows = [row for part in node.children for row in part.children]
    lines = [" · ".join(filter(None, map(_paragraph, row.children))) for row in rows]
    return "\n".join([f"<b>{_BOLD.sub('', lines[0])}</b>", *lines[1:]])


def _rule(_node: SyntaxTreeNode) -> str:
    return _RULE


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "blockquote": _quote,
    "fence": _code,
    "code_block": _code,
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
    "hr": _rule,
}


def _inline(nodes: Sequence[SyntaxTreeNode]) -> str:
    return "".join(map(_piece, nodes))


def _piece(node: SyntaxTreeNode) -> str:
    if node.type in ("strong", "em"):
        tag = "b" if node.type == "strong" else "i"
        return f"<{tag}>{_inline(node.children)}</{tag}>"
    if node.type == "code_inline":
        return f"<code>{escape(node.content)}</code>"
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    return _link(node) if node.type == "link" else escape(node.content)


def _link(node: SyntaxTreeNode) -> str:
    """Its words, and its address where that is safe and not the same."""
    words, href = _inline(node.children), escape(str(node.attrs.get("href", "")))
    return f"{words} ({href})" if href.startswith("https://") and words != href else words
