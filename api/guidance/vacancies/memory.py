"""What was learnt a moment ago."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class Recent(Generic[_K, _V]):
    """Values that are forgotten after `seconds`, or when there are more than `most`: the oldest first.

    Not safe for several threads by itself. `clock` gives seconds that only grow, such as `time.monotonic`.
    """

    def __init__(self, seconds: float, most: int, clock: Callable[[], float]) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._kept: dict[_K, tuple[float, _V]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: _K) -> _V | None:
        """The value, unless it is too old."""
        learnt, value = self._kept.get(key, (None, None))
        return value if learnt is not None and self._clock() - learnt < self._seconds else None

    def put(self, key: _K, value: _V) -> None:
        self._kept.pop(key, None)  # so that the newest stands last
        self._kept[key] = (self._clock(), value)
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
