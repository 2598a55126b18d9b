"""Sample parameters of how the bot is."""

from typing import Any

_NOON = 1_740_974_400_000
_QUEUES = [{"rank": rank, "due": 1_000 * rank + 1, "put_off": 20} for rank in range(4)]

SAMPLES: dict[str, dict[str, Any]] = {
    "health": {
        "queues": _QUEUES, "oldest_at": _NOON, "last_minute": 1_680, "quiet_until": _NOON, "floods": 2, "unknown": 3,
        "failed": 40, "unreachable": 12, "updates": 5, "dead": 1, "jobs_failed": 1, "jobs_skipped": 2, "days": 7,
        "now": _NOON,
    },
}  # fmt: skip
