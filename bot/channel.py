"""The door between api and bot: one turn in, all its messages and the understood topic out, and erasure.

Rasa's own REST channel has no authentication, splits answers on blank lines and cannot erase a conversation.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.repeated_work import do_once


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
    """`/webhooks/gateway/conversations/{id}`: POST `turns` to speak, DELETE to erase. Needs the service token."""

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
        do_once()
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Errors are answered by status alone; nothing of the message is repeated."""
        routes = Blueprint("gateway_channel", __name__)

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            ready = request.app.ctx.agent is not None and request.app.ctx.agent.is_ready()
            return response.json({"status": "ok" if ready else "loading"}, status=200 if ready else 503)

        @routes.route("/conversations/<conversation_id>/turns", methods=["POST"])
        async def turn(request: Request, conversation_id: str) -> HTTPResponse:
            if not self._is_allowed(request):
                return response.empty(401)
            text = (request.json or {}).get("text")
            if not isinstance(text, str) or not text:
                return response.empty(422)
            # Understood here rather than by Rasa, which would not tell: asking its store afterwards costs a reload.
            parsed = await request.app.ctx.agent.parse_message(text)
            collector = CollectingChannel()
            await on_new_message(
                UserMessage(text, collector, conversation_id, parse_data=parsed, input_channel=self.name())
            )
            return response.json({"topic": parsed["intent"].get("name"), "messages": collector.messages})

        @routes.route("/conversations/<conversation_id>", methods=["DELETE"])
        async def erase(request: Request, conversation_id: str) -> HTTPResponse:
            if not self._is_allowed(request):
                return response.empty(401)
            store = request.app.ctx.agent.tracker_store
            await getattr(store, "_tracker_store", store).erase(conversation_id)  # inside Rasa's fail-safe wrapper
            return response.empty(204)

        return routes

    def _is_allowed(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), self._expected.encode())
