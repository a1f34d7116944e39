"""A small service that speaks the chat contract and does what a test asks: answers late, fails, says anything.

The files and the security headers are the real ones; only what answers is stood in for.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from api.main import _STATIC
from api.middleware import SecurityHeaders
from api.scripts import LeanFiles

Json = dict[str, Any]

GREETING = "Hej! Jag är Industrivägledaren, en automatisk assistent, inte en människa. Jag kan svara på frågor om jobb."
PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Kommunen</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">{head}</head>
<body><header><h1>Kommunen</h1></header><main><p>Text på sidan.</p><p><a href="#x" id="x">En länk på sidan</a></p>{body}
</main><script src="{src}/static/widget/loader.js" defer {attributes}></script></body></html>"""


def message(text: str = "Ett svar.", *, choices: tuple[str, ...] = (), kind: str = "text", **more: Any) -> Json:
    """What the service says; ids are given when it is said."""
    return {"text": text, "kind": kind, "choices": list(choices), "data": {}, "source": None} | more


@dataclass
class Service:
    """What is said, what came in, and what goes wrong. Thread-safe enough: one visitor at a time."""

    answer: Callable[[str], list[Json]] = lambda text: [message(f"Svar på: {text}")]
    greeting: list[Json] = field(default_factory=lambda: [message(GREETING, choices=("Hitta utbildning", "Boka möte"))])
    delay_s: float = 0.0
    broken: list[int] = field(default_factory=list)
    """Statuses of the next answers to messages, before anything is stored."""
    lost: int = 0
    """How many of the next answers are stored but never reach the visitor."""
    received: list[Json] = field(default_factory=list)
    started: list[Json] = field(default_factory=list)
    feedback: list[Json] = field(default_factory=list)
    talks: dict[str, list[Json]] = field(default_factory=dict)
    done: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    page: Json = field(default_factory=dict)
    """What the page at / is made of: head, body, src, attributes, csp."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def reset(self) -> None:
        """As new: nothing said, nothing wrong."""
        self.__init__()  # type: ignore[misc]

    def said(self, sender: str, said: Json) -> Json:
        number = next(self._numbers)
        choices = [{"id": f"{number}-{i}", "title": title} for i, title in enumerate(said["choices"])]
        return {**said, "id": f"m{number}", "sender": sender, "topic": None, "choices": choices}

    async def start(self, request: Request) -> Response:
        self.started.append(await request.json())
        number = f"t{next(self._numbers)}"
        self.talks[number] = [self.said("bot", each) for each in self.greeting]
        body = {"conversation_id": number, "token": f"secret-{number}", "messages": self.talks[number]}
        return JSONResponse(body, 201)

    async def send(self, request: Request) -> Response:
        talk = request.path_params["id"]
        if not self.knows(request):
            return self.problem(401, "unauthorized")
        body = await request.json()
        self.received.append(body)
        if self.broken:
            return self.problem(self.broken.pop(0), "broken")
        await asyncio.sleep(self.delay_s)
        key = (talk, body["client_id"])
        if key not in self.done:
            offered = {c["id"]: c["title"] for said in self.talks[talk] for c in said["choices"]}
            text = body.get("text") or offered[body["choice"]]
            bot = [self.said("bot", each) for each in self.answer(text)]
            self.talks[talk] += [self.said("user", message(text)), *bot]
            self.done[key] = bot
        if self.lost:
            self.lost -= 1
            return self.problem(504, "lost")
        return JSONResponse({"turn": len(self.done), "messages": self.done[key]})

    async def messages(self, request: Request) -> Response:
        if not self.knows(request):
            return self.problem(401, "unauthorized")
        return JSONResponse({"messages": self.talks[request.path_params["id"]]})

    async def transcript(self, request: Request) -> Response:
        names = {"user": "Du", "bot": "Assistenten"}
        lines = [f"{names[said['sender']]}: {said['text']}" for said in self.talks[request.path_params["id"]]]
        return PlainTextResponse("\n\n".join(lines))

    async def rate(self, request: Request) -> Response:
        given = await request.json()
        self.feedback.append(given | {"message": request.path_params["message"]})
        for said in self.talks[request.path_params["id"]]:
            if said["id"] == request.path_params["message"]:
                said["feedback"] = given["value"]
        return Response(status_code=204)

    async def erase(self, request: Request) -> Response:
        self.talks.pop(request.path_params["id"], None)
        return Response(status_code=204)

    async def show(self, request: Request) -> Response:
        made = {"head": "", "body": "", "src": "", "attributes": ""} | self.page
        headers = {"Content-Security-Policy": made["csp"] or "img-src 'self' data:"} if "csp" in made else {}
        return HTMLResponse(PAGE.format(**{k: v for k, v in made.items() if k != "csp"}), headers=headers)

    async def plain(self, request: Request) -> Response:
        return PlainTextResponse("Den enkla chatten.")

    def knows(self, request: Request) -> bool:
        talk = request.path_params["id"]
        return talk in self.talks and request.headers.get("Authorization") == f"Bearer secret-{talk}"

    @staticmethod
    def problem(status: int, code: str) -> Response:
        detail = "Tjänsten svarar inte just nu." if status >= 500 else "Det gick inte."
        return JSONResponse({"status": status, "code": code, "detail": detail}, status)


@dataclass(frozen=True)
class WidgetSite:
    """A running service. `url` and `other` are two origins of the same."""

    service: Service
    url: str
    other: str


def application(service: Service) -> Starlette:
    root = "/api/v1/conversations"
    return Starlette(
        routes=[
            Route("/", service.show),
            Route("/sida", service.show),
            Route("/chatt", service.plain),
            Route(root, service.start, methods=["POST"]),
            Route(f"{root}/{{id}}", service.erase, methods=["DELETE"]),
            Route(f"{root}/{{id}}/messages", service.send, methods=["POST"]),
            Route(f"{root}/{{id}}/messages", service.messages),
            Route(f"{root}/{{id}}/messages/{{message}}/feedback", service.rate, methods=["POST"]),
            Route(f"{root}/{{id}}/transcript.txt", service.transcript),
            Mount("/static", GZipMiddleware(LeanFiles(directory=_STATIC))),
        ],
        middleware=[
            Middleware(SecurityHeaders, https=False),
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]),
        ],
    )


@contextmanager
def widget_site() -> Iterator[WidgetSite]:
    """A service of its own on a free port."""
    service = Service()
    config = uvicorn.Config(application(service), host="127.0.0.1", port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield WidgetSite(service, f"http://localhost:{port}", f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(10)
