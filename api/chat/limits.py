"""How many messages and new conversations one sender may send. Counted in this process."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.errors import RateLimited
from api.settings import Settings


class RateLimits:
    """Moving windows, per conversation and per address. Switched off by `IV_RATE_LIMIT_ENABLED=false`."""

    def __init__(self, settings: Settings) -> None:
        self._enabled = settings.rate_limit_enabled
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._messages = parse(settings.rate_limit_messages)
        self._address = parse(settings.rate_limit_address)
        self._conversations = parse(settings.rate_limit_conversations)

    def message(self, conversation_id: str, address: str) -> None:
        """Count a message of a conversation, sent from an address. Raises RateLimited."""
        self._count(self._messages, "message", conversation_id)
        self._count(self._address, "address", address)

    def conversation(self, address: str) -> None:
        """Count a new conversation from an address. Raises RateLimited."""
        self._count(self._conversations, "conversation", address)

    def _count(self, limit: object, *key: str) -> None:
        if self._enabled and not self._limiter.hit(limit, *key):  # type: ignore[arg-type]  # limits' items are untyped
            raise RateLimited
