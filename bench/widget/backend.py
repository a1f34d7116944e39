"""What answers behind each widget, in the words of its own protocol, and all alike: at once, the words that came."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from api.scripts import LeanFiles

_PAGES = Path(__file__).with_name("pages")
_STATIC = Path(__file__).resolve().parents[2] / "api" / "static"
GREETING = "Hej! Jag är en automatisk assistent."
Json = dict[str, Any]  # Any: JSON


@dataclass
class Backend:
    """One widget's service. `script` is a rival's, packed once as its maker's own servers would."""

    page: str
    script: bytes = b""
    received: list[tuple[float, str]] = field(default_factory=list)
    """When (time.perf_counter) and what people said."""
    activities: list[Json] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.packed = gzip.compress(self.script)

    def answer(self, text: str) -> str:
        self.received.append((time.perf_counter(), text))
        return f"Svar på: {text}"

    async def show(self, request: Request) -> Response:
        return FileResponse(_PAGES / self.page, media_type="text/html")

    async def rival(self, request: Request) -> Response:
        return Response(self.packed, media_type="text/javascript", headers={"Content-Encoding": "gzip"})

    # Ours

    async def start(self, request: Request) -> Response:
        greeting = _message("1", GREETING)
        return JSONResponse({"conversation_id": "1", "token": "1", "messages": [greeting]}, 201)

    async def send(self, request: Request) -> Response:
        answer = self.answer((await request.json())["text"])
        return JSONResponse({"turn": 1, "messages": [_message("2", answer)]})

    # deep-chat

    async def deep_chat(self, request: Request) -> Response:
        return JSONResponse({"text": self.answer((await request.json())["messages"][-1]["text"])})

    # Direct Line, of botframework-webchat

    async def converse(self, request: Request) -> Response:
        self.activities = [_activity("0", "bot", GREETING)]
        return JSONResponse({"conversationId": "1", "token": "token", "expires_in": 1800}, 201)

    async def post_activity(self, request: Request) -> Response:
        said = await request.json()
        number = str(len(self.activities))
        self.activities.append({**said, "id": number})
        if said.get("type") == "message":
            self.activities.append(_activity(f"{number}a", "bot", self.answer(said["text"])))
        return JSONResponse({"id": number})

    async def get_activities(self, request: Request) -> Response:
        mark = int(request.query_params.get("watermark") or 0)
        return JSONResponse({"activities": self.activities[mark:], "watermark": str(len(self.activities))})


def _message(number: str, text: str) -> Json:
    return {"id": number, "sender": "bot", "kind": "text", "text": text, "topic": None, "choices": [], "data": {}}


def _activity(number: str, sender: str, text: str) -> Json:
    return {
        "type": "message", "id": number, "text": text, "from": {"id": sender, "role": sender},
        "timestamp": "2026-11-22T08:00:00Z", "conversation": {"id": "1"},
    }  # fmt: skip


def application(backend: Backend) -> Starlette:
    """The page, the scripts and the three protocols."""
    ours, direct = "/api/v1/conversations", "/directline/conversations"
    return Starlette(
        routes=[
            Route("/", backend.show),
            Route("/rival.js", backend.rival),
            Mount("/static", GZipMiddleware(LeanFiles(directory=_STATIC))),
            Route(ours, backend.start, methods=["POST"]),
            Route(f"{ours}/1/messages", backend.send, methods=["POST"]),
            Route("/deep-chat", backend.deep_chat, methods=["POST"]),
            Route(direct, backend.converse, methods=["POST"]),
            Route(f"{direct}/1/activities", backend.post_activity, methods=["POST"]),
            Route(f"{direct}/1/activities", backend.get_activities),
        ]
    )


@contextmanager
def running(backend: Backend) -> Iterator[Backend]:
    """The service on a free port of this machine; its `url` is set."""
    config = uvicorn.Config(application(backend), host="127.0.0.1", port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    backend.url = f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield backend
    finally:
        server.should_exit = True
        thread.join(10)
