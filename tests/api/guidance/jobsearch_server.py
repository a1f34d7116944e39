"""A real HTTP server in this process that speaks JobSearch's documented shape, and misbehaves as it is told.

Every advertisement in it is invented.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Asked = dict[str, list[str]]


def hit(number: int = 1, **changed: Any) -> dict[str, Any]:
    """One advertisement with the fields that JobSearch documents."""
    return {
        "id": str(20000000 + number),
        "external_id": None,
        "webpage_url": f"https://arbetsformedlingen.se/platsbanken/annonser/{20000000 + number}",
        "logo_url": None,
        "headline": f"Svetsare till påhittad verkstad {number}",
        "application_deadline": "2026-12-12T23:59:59",
        "number_of_vacancies": 1,
        "description": {"text": "Påhittad annons.", "text_formatted": "<p>Påhittad annons.</p>"},
        "employment_type": {"concept_id": None, "label": None, "legacy_ams_taxonomy_id": None},
        "employer": {"name": "Exempelverkstaden AB", "workplace": "Exempelverkstaden", "url": None},
        "occupation": {"concept_id": "wf1E_nWA_EJp", "label": "Svetsare, manuell"},
        "workplace_address": {"municipality": "Arvika", "region": "Värmlands län", "city": "ARVIKA", "coordinates": []},
        "publication_date": "2026-11-20T08:00:00",
        "removed": False,
        "removed_date": None,
    } | changed


def answer(*hits: Any, total: Any = None) -> dict[str, Any]:
    """A whole answer of /search."""
    return {
        "total": {"value": len(hits) if total is None else total},
        "positions": len(hits),
        "query_time_in_millis": 1,
        "result_time_in_millis": 2,
        "stats": [],
        "freetext_concepts": {},
        "hits": list(hits),
    }


class JobSearchServer:
    """What it answers, and what it was asked (the queries of all requests, in their order)."""

    def __init__(self) -> None:
        self.respond: Callable[[Asked], Any] = lambda _: answer(hit())
        self.status = 200
        self.raw: bytes | None = None
        """Sent instead of an answer."""
        self.headers: dict[str, str] = {}
        self.hang = False
        """Take the question and say nothing until the server is closed."""
        self.drip = False
        """Send the answer one byte at a time, with a pause after each."""
        self.asked: list[Asked] = []
        self.paths: list[str] = []
        self.closing = threading.Event()
        self.address = ""


class _Handler(BaseHTTPRequestHandler):
    control: JobSearchServer

    def do_GET(self) -> None:
        control, parts = self.control, urlsplit(self.path)
        control.paths.append(parts.path)
        control.asked.append(parse_qs(parts.query))
        if control.hang:
            control.closing.wait(60)
            return
        body = control.raw
        if body is None:
            body = json.dumps(control.respond(control.asked[-1])).encode()
        try:
            self.send_response(control.status)
            for name, value in ({"Content-Type": "application/json"} | control.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not control.drip:
                self.wfile.write(body)
                return
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if control.closing.wait(0.05):
                    return
        except OSError:  # the client has seen enough
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Nothing: the tests look at `asked`."""


@contextmanager
def jobsearch_server() -> Iterator[JobSearchServer]:
    """A running server on a free port of this machine."""
    control = JobSearchServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"control": control}))
    server.daemon_threads = True
    control.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield control
    finally:
        control.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
