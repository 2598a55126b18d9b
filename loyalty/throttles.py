"""How often somebody may be wrong before they have to wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Throttle:
    """So many wrong tries within the window lock for as long as `lock_ms`."""

    tries: int
    window_ms: int
    lock_ms: int

    def locked_until(self, misses: Sequence[int], now: int) -> int:
        """When the lock ends (epoch ms), 0 if there is none now. misses: the times of wrong tries, oldest first."""
        latest = misses[-self.tries :]
        if len(latest) < self.tries or latest[-1] - latest[0] >= self.window_ms:
            return 0
        until = latest[-1] + self.lock_ms
        return until if until > now else 0

    def left(self, misses: Sequence[int], now: int) -> int:
        """How many more wrong tries lock."""
        return max(0, self.tries - sum(at > now - self.window_ms for at in misses))

    @property
    def most_a_day(self) -> int:
        """The most wrong tries one person gets in 24 hours: a burst, the lock, the next burst …"""
        return self.tries * (1 + 24 * 60 * _MINUTE_MS // self.lock_ms)


VERIFYING = Throttle(tries=5, window_ms=10 * _MINUTE_MS, lock_ms=10 * _MINUTE_MS)
