"""Text messages: what a provider must be able to do. None is chosen yet, so nothing is sent and nothing pretends to be.

Provider, price, sender's name and consent are decisions for people. Whoever has made them adds the provider here, under
the name that `IV_SMS_PROVIDER` then says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from api.settings import Settings


class SmsSender(Protocol):
    """Something that hands a text message over, or raises `delivery.DeliveryFailed`."""

    async def send(self, number: str, text: str, *, message_id: str) -> None:
        """`number` as digits with an optional leading plus. `message_id` is the same each time it is tried."""
        ...


PROVIDERS: dict[str, Callable[[Settings], SmsSender]] = {}


def make_sms(settings: Settings) -> SmsSender | None:
    """The chosen provider; None when text messages are off. ValueError with a sentence for an unknown name."""
    if not settings.sms_provider:
        return None
    if settings.sms_provider not in PROVIDERS:
        raise ValueError(f"IV_SMS_PROVIDER: there is no provider named {settings.sms_provider!r}; leave it empty")
    return PROVIDERS[settings.sms_provider](settings)
