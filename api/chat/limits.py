"""How many messages and new conversations one sender may send. Counted in this process."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.errors import RateLimited
from api.settings import Settings
from api.staff.throttle import network_of


class RateLimits:
    """Sliding windows, per conversation and per network address. Switched off by `IV_RATE_LIMIT_ENABLED=false`.

    Kept as counters, because these are forgotten when their window is over; what `limits` calls a moving window keeps
    every conversation and every address until the process ends.
    """

    def __init__(self, settings: Settings) -> None:
        self._enabled = settings.rate_limit_enabled
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._messages = parse(settings.rate_limit_messages)
        self._address = parse(settings.rate_limit_address)
        self._conversations = parse(settings.rate_limit_conversations)

    def message(self, conversation_id: str, address: str) -> None:
        """Count a message of a conversation, sent from an address. Raises RateLimited."""
        self._count(self._address, "address", network_of(address))  # first: ids can be made up without end
        self._count(self._messages, "message", conversation_id)

    def conversation(self, address: str) -> None:
        """Count a new conversation from an address. Raises RateLimited."""
        self._count(self._conversations, "conversation", network_of(address))

    def _count(self, limit: object, *key: str) -> None:
        if self._enabled and not self._limiter.hit(limit, *key):  # type: ignore[arg-type]  # limits' items are untyped
            raise RateLimited
