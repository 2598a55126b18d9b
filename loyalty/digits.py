"""Characters as phones and tills type them, folded to plain ASCII before any parser looks."""

import unicodedata

# Full-width forms sit at a fixed distance from ASCII; the rest are look-alikes from Chinese and mobile keyboards.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOK_ALIKES = {ord(char): "-" for char in "‐‑‒–—―−－﹣"} | {0xFFE5: "¥", 0xFFE1: "£", 0xFFE0: "¢"}
_SPACES = {ord(char): " " for char in "\u3000\u00a0\u2002\u2003\u2009\u200a\u202f\u205f"}
# Zero-width characters and direction marks: iOS wraps pasted phone numbers in them.
_INVISIBLE = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF))
_FOLDING: dict[int, int | str | None] = {**_FULL_WIDTH, **_LOOK_ALIKES, **_SPACES, **_INVISIBLE}


def fold(text: str) -> str:
    """Full-width letters, digits and signs, any script's decimal digits, dashes and spaces → ASCII; trimmed."""
    return "".join(map(_digit, text.translate(_FOLDING))).strip()


def is_number(text: str) -> bool:
    """True for one or more ASCII digits and nothing else."""
    return text.isascii() and text.isdigit()


def _digit(char: str) -> str:
    if char.isascii():
        return char
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)
