"""Why a purchase earned what it did: kept with the ledger entry, read by member and clerk."""

from __future__ import annotations

from typing import TypedDict

from db.accounts import Account
from loyalty import lots
from loyalty.charter import Charter, Tier
from loyalty.earning import Earned, Part
from loyalty.lots import NEVER


class ExplainedPart(TypedDict):
    """Points a rule gave or a cap took (negative). note: see `earning.Part`."""

    kind: str  # base, multiplier, cap
    name: dict[str, str]  # the rule's, by locale; {} for a cap
    rule: str  # code of the rule; per_purchase, per_day or per_month for a cap
    points: int
    note: str


class Explanation(TypedDict):
    """JSON-able. Names are kept as they were, so that no later charter changes what an old entry says."""

    charter: int  # version
    parts: list[ExplainedPart]
    before: int  # points, pending ones included, less what was owed
    repaid: int  # of a deficit, out of these points
    pending_until: int  # epoch ms UTC, 0: usable at once
    expires_at: int  # epoch ms UTC, 0: never
    lifted: dict[str, str]  # name of the tier reached, by locale; {} if none was


def explain(charter: Charter, version: int, earned: Earned, account: Account, lifted: Tier | None) -> Explanation:
    """account: as it was before; version: the charter's number."""
    return Explanation(
        charter=version,
        parts=[_explained(charter, part) for part in earned.parts],
        before=account.standing,
        repaid=lots.repay(account.deficit, earned.points),
        pending_until=earned.active_at if charter.earning.pending_days else 0,
        expires_at=0 if earned.expires_at == NEVER else earned.expires_at,
        lifted=lifted.names if lifted else {},
    )


def _explained(charter: Charter, part: Part) -> ExplainedPart:
    name = charter.rule_name(part.rule) if part.kind != "cap" else None
    return ExplainedPart(
        kind=part.kind, name=name.model_dump() if name else {}, rule=part.rule, points=part.points, note=part.note
    )
