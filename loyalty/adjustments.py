"""Points given or taken by hand: how a manager types them, and when one person is not enough."""

import re

from loyalty.digits import fold
from loyalty.errors import PointsInvalid

# More than anybody means; above it, it is a slip of the finger.
MOST = 1_000_000
LONGEST_NOTE = 200
_POINTS = re.compile(r"([+-]?)\s*(\d{1,7})", re.ASCII)


def parse_points(text: str) -> int:
    """Signed points: "+100", "100", "−50", "1,000 分". Refuses PointsInvalid: zero, above MOST, all else."""
    plain = fold(text).replace("−", "-").replace(",", "").removesuffix("points").rstrip("分點点 ")
    match = _POINTS.fullmatch(plain)
    points = int(match[2]) if match else 0
    if not 0 < points <= MOST:
        raise PointsInvalid(MOST)
    return -points if match and match[1] == "-" else points


def needs_second(points: int, alone_today: tuple[int, int], limit: int) -> bool:
    """Whether so many points, given or taken, need a second person.

    alone_today: points and coupons that the first one adjusted for this member, or gave for their cases, within a day
    without asking: cutting it up does not help, and points are not given beside a coupon.
    """
    points_today, coupons_today = alone_today
    return abs(points) + points_today > limit or (points > 0 and coupons_today > 0)
