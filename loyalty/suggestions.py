"""What to offer a member who stands at the counter: one thing, and nothing they told or are known not to bear."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Why = Literal["coupon", "rhythm", "birthday", "gift"]

# Runs of letters that are written with spaces between words, or of those that are not.
_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]{3,}")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
# What says that it is an allergy, and not to what.
_SAYING = re.compile(r"[对對]|[过過]敏|忌口|不能吃")
# So short a stem that plurals of all kinds fall together.
_STEM = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """names: by locale, of goods, a coupon or a gift; empty where there is none."""

    why: Why
    names: Mapping[str, str]


def choose(offers: Iterable[Offer], allergies: str) -> Offer | None:
    """The first that shares no word with the allergies, in any language; rather too careful than not enough."""
    avoided = _parts(allergies)
    return next((offer for offer in offers if not _touches(offer, avoided)), None)


def _touches(offer: Offer, avoided: frozenset[str]) -> bool:
    named = " ".join(offer.names.values()).casefold()
    return any(part in named for part in avoided)


def _parts(text: str) -> frozenset[str]:
    """What must not stand in a name: stems of words, and any two Han characters in a row ('坚果酱过敏': '坚果' too)."""
    folded = _SAYING.sub(" ", text.casefold())
    stems = {word.removesuffix("s")[:_STEM] for word in _WORD.findall(folded)}
    pairs = {run[place : place + 2] for run in _HAN.findall(folded) for place in range(max(1, len(run) - 1))}
    return frozenset(stems | pairs)
