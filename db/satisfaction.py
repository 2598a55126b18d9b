"""How many members were asked what, and how they answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Count:
    store_id: int
    about: str  # visit, gift, case, recommend
    score: int  # -1: not answered
    times: int


def count(tx: Tx, store_ids: Sequence[int], begins: int, ends: int) -> list[Count]:
    """Of questions asked from begins (epoch ms UTC) to before ends about these stores; each part walks an index."""
    within = f"store_id IN ({', '.join(f':s{place}' for place in range(len(store_ids))) or 'NULL'})"
    rows = tx.all(
        "SELECT store_id, about, CASE WHEN score = 0 THEN -1 ELSE score END, COUNT(*) FROM survey "
        f"WHERE {within} AND asked_at >= :begins AND asked_at < :ends GROUP BY store_id, about, score "
        "UNION ALL SELECT store_id, 'case', CASE WHEN score = 0 THEN -1 ELSE score END, COUNT(*) FROM service_case "
        f"WHERE {within} AND score_asked_at >= :begins AND score_asked_at < :ends AND score_asked_at <> 0 "
        "GROUP BY store_id, score "
        "UNION ALL SELECT store_id, 'recommend', score, COUNT(*) FROM recommendation "
        f"WHERE {within} AND asked_at >= :begins AND asked_at < :ends GROUP BY store_id, score",
        begins=begins, ends=ends, **{f"s{place}": store_id for place, store_id in enumerate(store_ids)},
    )  # fmt: skip
    return [Count(*row) for row in rows]
