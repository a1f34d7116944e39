"""How many messages and new conversations one sender may send."""

from __future__ import annotations

from api.errors import RateLimited
from api.rates import Rate
from api.settings import Settings
from api.staff.throttle import network_of


class RateLimits:
    """Per conversation and per network address. Switched off by `IV_RATE_LIMIT_ENABLED=false`."""

    def __init__(self, settings: Settings) -> None:
        self._enabled = settings.rate_limit_enabled
        self._messages = Rate(settings.rate_limit_messages)
        self._address = Rate(settings.rate_limit_address)
        self._conversations = Rate(settings.rate_limit_conversations)

    def message(self, conversation_id: str, address: str) -> None:
        """Count a message of a conversation, sent from an address. Raises RateLimited."""
        self._count(self._address, network_of(address))  # first: ids can be made up without end
        self._count(self._messages, conversation_id)

    def conversation(self, address: str) -> None:
        """Count a new conversation from an address. Raises RateLimited."""
        self._count(self._conversations, network_of(address))

    def _count(self, rate: Rate, key: str) -> None:
        if self._enabled and not rate.hit(key):
            raise RateLimited
