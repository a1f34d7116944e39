"""The whole app over HTTP, as the chat's tests have it."""

from __future__ import annotations

from tests.api.chat.conftest import bot, client, connect, make_app

__all__ = ["bot", "client", "connect", "make_app"]
