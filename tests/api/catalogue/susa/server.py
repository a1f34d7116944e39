"""Susa-navet as its specification describes it, as a process of its own: `python server.py FOLDER`.

Looks into FOLDER/state.json at every request: the three lists, and `faults` to be made. Writes its port to FOLDER/port
and every request to FOLDER/requests. With `generate` in the state it makes up that many events.
"""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

KINDS = ("educationEvents", "educationInfos", "educationProviders")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.used: dict[int, int] = {}


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        with (self.server.folder / "requests").open("a") as log:
            log.write(self.path + "\n")
        state = json.loads((self.server.folder / "state.json").read_text("utf-8"))
        split = urlsplit(self.path)
        parts, query = split.path.strip("/").split("/"), parse_qs(split.query)
        kind, page = parts[0], int(query.get("page", ["0"])[0])
        fault = self.fault(state, kind, page, single=len(parts) > 1)
        if fault:
            return self.misbehave(fault)
        if kind not in KINDS:
            return self.refuse(404)
        if len(parts) > 1:
            found = next((item for item in state.get(kind, []) if item["id"] == parts[1]), None)
            return self.answer(found) if found and found["status"] != "removed" else self.refuse(404)
        size = int(query.get("size", ["100"])[0])
        if not 1 <= size <= 2000:
            return self.refuse(400)
        if "generate" in state and kind == "educationEvents":
            return self.generated(int(state["generate"]), page, size)
        since = query.get("updatedSince", [""])[0]
        items = [item for item in state.get(kind, []) if visible(item, since)]
        self.answer(listed(kind, items[page * size : (page + 1) * size], len(items), page, size))

    def fault(self, state: dict[str, Any], kind: str, page: int, *, single: bool) -> dict[str, Any] | None:
        for number, fault in enumerate(state.get("faults", [])):
            if fault["list"] == kind and fault.get("page", page) == page and fault.get("single", False) == single:
                used = self.server.used.get(number, 0)
                if used < fault.get("times", 10**6):
                    self.server.used[number] = used + 1
                    return fault
        return None

    def misbehave(self, fault: dict[str, Any]) -> None:
        kind = fault["kind"]
        if isinstance(kind, int):
            return self.refuse(kind, fault.get("retry_after"))
        if kind == "slow":
            time.sleep(fault["seconds"])
            return self.send(200, b"{}")
        if kind == "drop":
            return self.connection.close()
        if kind == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if kind == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" " * 1_000_000)
            except OSError:
                return None
        body: bytes = fault["body"].encode("utf-8", "surrogatepass")
        return self.send(200, body, "text/html" if body.startswith(b"<") else "application/json")

    def generated(self, count: int, page: int, size: int) -> None:
        numbers = range(page * size, min((page + 1) * size, count))
        body = ",".join(ROW % {"number": n, "area": "1780" if n % 500 == 0 else "0180"} for n in numbers)
        about = json.dumps({"size": size, "totalElements": count, "totalPages": -(-count // size), "pageNumber": page})
        self.send(200, f'{{"links":[],"educationEvents":[{body}],"page":{about}}}'.encode())

    def refuse(self, status: int, retry_after: str | None = None) -> None:
        body = {"timestamp": "2026-11-22T03:00:00+01:00", "status": status, "type": "Error", "message": "..."}
        self.send(status, json.dumps(body).encode(), retry_after=retry_after)

    def answer(self, body: object) -> None:
        self.send(200, json.dumps(body).encode())

    def send(self, status: int, body: bytes, kind: str = "application/json", *, retry_after: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return None


def visible(item: dict[str, Any], since: str) -> bool:
    """Removed resources are listed only to those who ask what has changed."""
    if since:
        return bool(item.get("edited", "2020-01-01T00:00:00") >= since)
    return item.get("status") != "removed"


def listed(kind: str, items: list[Any], total: int, page: int, size: int) -> dict[str, Any]:
    about = {"size": size, "totalElements": total, "totalPages": -(-total // size), "pageNumber": page}
    return {"links": [{"rel": "self", "href": f"/{kind}"}], kind: items, "page": about}


ROW = json.dumps(
    {
        "id": "e.%(number)d",
        "status": "published",
        "content": {
            "identifier": "e.%(number)d",
            "education": "i.svets",
            "providers": ["p.karlstad"],
            "lastEdited": "2026-11-01T08:00:00",
            "expires": "2028-12-31T23:59:59",
            "title": {"strings": [{"lang": "swe", "value": "Svetsare %(number)d"}]},
            "description": {"strings": [{"lang": "swe", "value": "Lång text om utbildningen. " * 8}]},
            "locations": [{"town": "Karlstad", "areaCode": "%(area)s"}],
            "execution": {"condition": {"type": "C_ExecutionCondition", "code": "1"}, "start": "2027-01-11"},
            "paceOfStudy": {"percentage": 100.0},
        },
    },
    ensure_ascii=False,
)

if __name__ == "__main__":
    home = Path(sys.argv[1])
    server = Server(home)
    (home / "port.new").write_text(str(server.server_port))
    (home / "port.new").rename(home / "port")
    server.serve_forever()
