"""The simulated clock: real time plus an offset."""

import time


class Clock:
    """Epoch milliseconds, UTC; ticks with real time and can be moved in either direction.

    zone: the time zone (IANA) the page shows all times in; '' for that of whoever looks at it.
    """

    def __init__(self, zone: str = "") -> None:
        self.offset = 0
        self.zone = zone

    def now(self) -> int:
        """The simulated time, epoch ms."""
        return time.time_ns() // 1_000_000 + self.offset

    def forward(self, ms: int) -> None:
        """Move by `ms` milliseconds; negative moves back."""
        self.offset += ms

    def set(self, at: int) -> None:
        """Make it `at` (epoch ms) now; it ticks on from there."""
        self.offset += at - self.now()

    def reset(self) -> None:
        """Return to real time."""
        self.offset = 0
