"""Who calls lets an idle connection go first: whoever is called would close it just when it is used again."""

from __future__ import annotations

import uvicorn

from actions import api_client
from api.chat import bot

RASA_SECONDS = 5
"""KEEP_ALIVE_TIMEOUT of the server that Rasa 3.6 runs on."""


def test_who_calls_lets_an_idle_connection_go_before_who_is_called() -> None:
    assert uvicorn.Config("api", log_config=None).timeout_keep_alive > api_client.KEPT_SECONDS
    assert bot.KEPT_SECONDS < RASA_SECONDS
