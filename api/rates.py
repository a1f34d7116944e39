"""How often something may happen, as in "30/minute". Counted in this process, for as long as it counts.

`limits` reads the wording. Its store in memory is not used: it starts a thread for every count, looks through all
counters each time, and when two of its threads meet one dies with an address in what it prints (5.8.0).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from limits import parse


class Rate:
    """A limit for each of many keys, such as addresses.

    Two windows are kept: this one and the one before, of which that share counts that is less than a window ago. So
    nobody gets twice as much at once where one window meets the next. Older ones are forgotten whole.
    """

    def __init__(self, wording: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`wording` as `limits` has it, such as "20/minute"; ValueError for another. `clock` in seconds."""
        limit = parse(wording)
        self._most, self._length = limit.amount, limit.get_expiry()
        self._clock = clock
        self._lock = Lock()
        self._window = 0
        self._counts: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def hit(self, key: str) -> bool:
        """Count one more, unless that is too many; whether it was counted."""
        window, seconds = divmod(self._clock(), self._length)
        with self._lock:
            self._turn(int(window))
            still = self._before.get(key, 0) * (1 - seconds / self._length)
            if still + self._counts.get(key, 0) + 1 > self._most:
                return False
            self._counts[key] = self._counts.get(key, 0) + 1
            return True

    def __len__(self) -> int:
        """How many keys are remembered, those of the window before counted apart."""
        return len(self._counts) + len(self._before)

    def _turn(self, window: int) -> None:
        if window <= self._window:  # not back: another thread may have looked at the clock later and come first
            return
        self._before = self._counts if window == self._window + 1 else {}
        self._counts = {}
        self._window = window
