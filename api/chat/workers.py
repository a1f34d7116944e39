"""Which bot worker gets a conversation's turn, and who stands in for one that is gone."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from uuid import UUID

_REST_SECONDS = 5.0
"""How long a worker that was gone is asked last; short, since one that has started again should get its share back."""


class Workers:
    """The addresses of the bot's workers. `monotonic` gives seconds from any fixed moment."""

    def __init__(self, urls: Iterable[str], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.urls = tuple(urls)
        self._monotonic = monotonic
        self._resting_until: dict[str, float] = {}

    def ranked(self, conversation_id: UUID) -> list[str]:
        """All workers in order of preference, by rendezvous hashing: the same for every api process, and a worker
        that goes takes only its own conversations along. Those that were gone a moment ago come last."""
        now = self._monotonic()
        return sorted(
            self.urls,
            key=lambda url: (
                self._resting_until.get(url, 0.0) > now,
                hashlib.sha256(f"{url} {conversation_id}".encode()).digest(),
            ),
        )

    def gone(self, url: str) -> None:
        """Note that a worker cannot be reached or broke off."""
        self._resting_until[url] = self._monotonic() + _REST_SECONDS

    def back(self, url: str) -> None:
        """Note that a worker has answered."""
        self._resting_until.pop(url, None)
