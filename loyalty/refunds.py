"""What a refund takes back of the points that its purchase was granted (DESIGN §4)."""

from collections.abc import Iterable


def points_due(granted: int, amount: int, refunded: int) -> int:
    """Of the points granted for a purchase of `amount`, how many are due once `refunded` of it is paid back in all.

    Amounts in minor units. In proportion, rounded down over all refunds together: many small ones take no more than
    one large one, and never more than was granted. Today's earning rules have no say.
    """
    return granted * refunded // amount


def pack(positions: Iterable[int]) -> str:
    """Lines of a purchase, by position from 1, as a button carries them; '0' for none."""
    return f"{sum(1 << (position - 1) for position in set(positions)):x}"


def unpack(packed: str) -> tuple[int, ...]:
    """What `pack` was given, in order; ValueError for what it never gives."""
    bits = int(packed or "0", 16)
    if bits < 0 or bits >> 128:
        raise ValueError("no purchase has so many lines")
    return tuple(place + 1 for place in range(bits.bit_length()) if bits >> place & 1)
