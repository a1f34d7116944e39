"""The api alone with a stand-in for the bot, which says whatever kind of message it is asked for by name.

`python -m tests.browser.chatt_site FOLDER` takes pictures of the plain page for people to look at.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.staff_site import staff_site
from tests.browser.visitor import Visitor
from tests.browser.widget_kinds import KINDS
from tests.browser.widget_site import Json, message


def turn(text: str) -> Json:
    """What Rasa's channel hands over for the text: the kind of that name, or an echo."""
    said = KINDS.get(text) or message(f"Svar på: {text}", choices=("Vad kostar det?", "Boka möte"))
    buttons = [{"title": title, "payload": "/affirm"} for title in said["choices"]]
    custom = {"kind": said["kind"], "data": said["data"], "source": said["source"]}
    return {"topic": "affirm", "messages": [{"text": said["text"], "buttons": buttons, "custom": custom}]}


class _Bot(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(200, json.dumps(turn(asked["text"])).encode())

    def do_DELETE(self) -> None:
        self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def chatt_site(data_dir: Path) -> Iterator[str]:
    """The address of an api whose bot is the stand-in."""
    bot = ThreadingHTTPServer(("127.0.0.1", 0), _Bot)
    threading.Thread(target=bot.serve_forever, daemon=True).start()
    settings = {"IV_BOT_URLS": f"http://127.0.0.1:{bot.server_port}", "IV_RATE_LIMIT_ENABLED": "false"}
    try:
        with staff_site(data_dir, settings=settings) as url:
            yield url
    finally:
        bot.shutdown()
        bot.server_close()


def write(visitor: Visitor, text: str) -> None:
    """Fill the field and send it; done when the page that follows is there with its looks."""
    visitor.page.locator("#text").fill(text)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Skicka", exact=True).click()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, TemporaryDirectory() as data, chatt_site(Path(data)) as url:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        likes: dict[str, Json] = {"light": {}, "dark": {"color_scheme": "dark"}, "forced": {"forced_colors": "active"}}
        for width in (1280, 360):
            for like, options in likes.items():
                with Visitor.new(browser, url, width=width, java_script_enabled=False, **options) as visitor:
                    visitor.go("/chatt")
                    visitor.page.screenshot(path=folder / f"greeting-{width}-{like}.png", full_page=True)
                    for kind in KINDS:
                        write(visitor, kind)
                        newest = visitor.page.locator("#senaste")
                        newest.screenshot(path=folder / f"{kind}-{width}-{like}.png")
                    visitor.page.screenshot(path=folder / f"whole-{width}-{like}.png", full_page=True)
                    write(visitor, "")
                    visitor.page.screenshot(path=folder / f"error-{width}-{like}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
