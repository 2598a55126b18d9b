"""JSON as it goes over the wire."""

from typing import Any

import orjson

Json = dict[str, Any]


def encode(value: Any) -> bytes:
    """JSON bytes; ready-made `orjson.Fragment`s pass through untouched."""
    return orjson.dumps(value)


def decode(data: bytes | str) -> Any:
    """The value, or ValueError."""
    return orjson.loads(data)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit in which Telegram counts offsets and limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
