"""The door between api and bot: one turn in, all its messages and the understood topic out; erasure; understanding.

Rasa's own REST channel has no authentication, splits answers on blank lines and cannot erase a conversation.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.logs import REQUEST, configure_logging, request_id
from bot.repeated_work import do_once
from bot.tracker_store import SnapshotTrackerStore, failures_of_turn
from bot.understanding import as_understood, limits_of

log = logging.getLogger(__name__)


class CollectingChannel(OutputChannel):
    """Keeps every message of the turn whole: text, buttons and custom JSON together."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(
            {
                "text": message.get("text") or "",
                "buttons": message.get("buttons") or [],
                "custom": message.get("custom") or {},
            }
        )


class GatewayInput(InputChannel):
    """`/webhooks/gateway/conversations/{id}`: POST `turns` to speak, DELETE to erase. Needs the service token.

    `/webhooks/gateway/understanding`: POST a text to hear what is made of it, in no conversation.
    """

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}"

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        token = (credentials or {}).get("token")
        if not token:
            raise ValueError("credentials.yml: the gateway channel needs a token (IV_SERVICE_TOKEN)")
        configure_logging()
        do_once()
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Errors are answered by status alone; nothing of the message is repeated."""
        routes = Blueprint("gateway_channel", __name__)

        @routes.listener("after_server_start")
        async def end_without_model(app: Any, _: Any) -> None:  # Any: Sanic's own
            if app.ctx.agent is None or not app.ctx.agent.is_ready():
                # Whoever runs the bot starts it again and says so; one that stayed would answer nobody, in silence.
                raise SystemExit("The model could not be loaded: train one with make train.")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            ready = _is_loaded(request)
            return response.json({"status": "ok" if ready else "loading"}, status=200 if ready else 503)

        @routes.route("/conversations/<conversation_id>/turns", methods=["POST"])
        async def turn(request: Request, conversation_id: str) -> HTTPResponse:
            if not self._is_allowed(request):
                return response.empty(401)
            text = (request.json or {}).get("text")
            if not isinstance(text, str) or not text:
                return response.empty(422)
            if not _is_loaded(request):
                return response.empty(503)
            began, asked_by = time.perf_counter(), request_id(request.headers.get("x-request-id"))
            REQUEST.set(asked_by)
            # Understood here rather than by Rasa, which would not tell: asking its store afterwards costs a reload.
            parsed = await request.app.ctx.agent.parse_message(text)
            collector = CollectingChannel()
            with failures_of_turn() as failed:
                await on_new_message(
                    UserMessage(
                        text,
                        collector,
                        conversation_id,
                        parse_data=parsed,
                        input_channel=self.name(),
                        message_id=asked_by or None,  # goes along to the actions
                    )
                )
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            log.info("turn", extra={"conversation": conversation_id, "ms": milliseconds})
            if failed:  # said without memory, or not remembered: it would not fit what comes next
                return response.empty(500)
            return response.json({"topic": parsed["intent"].get("name"), "messages": collector.messages})

        @routes.route("/understanding", methods=["POST"])
        async def understanding(request: Request) -> HTTPResponse:
            if not self._is_allowed(request):
                return response.empty(401)
            text = (request.json or {}).get("text")
            if not isinstance(text, str) or not text:
                return response.empty(422)
            if not _is_loaded(request):
                return response.empty(503)
            agent = request.app.ctx.agent
            parsed = await agent.parse_message(text)  # as Rasa's /model/parse, whose API stays off
            return response.json(as_understood(parsed) | {"limits": limits_of(agent)})

        @routes.route("/conversations/<conversation_id>", methods=["DELETE"])
        async def erase(request: Request, conversation_id: str) -> HTTPResponse:
            if not self._is_allowed(request):
                return response.empty(401)
            await _store(request).erase(conversation_id)
            return response.empty(204)

        return routes

    def _is_allowed(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), self._expected.encode())


def _store(request: Request) -> SnapshotTrackerStore:
    store = request.app.ctx.agent.tracker_store
    return cast(SnapshotTrackerStore, getattr(store, "_tracker_store", store))  # inside Rasa's fail-safe wrapper


def _is_loaded(request: Request) -> bool:
    """Whether there is a model: the port is open before it is loaded."""
    agent = request.app.ctx.agent
    return agent is not None and bool(agent.is_ready())
