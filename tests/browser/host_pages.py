"""Pages of others that a chat may come to stand on: one quiet, three hostile. Their files are in host_files/."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, Route

from tests.browser.widget_site import Service
from tests.npm import installed

FILES = Path(__file__).with_name("host_files")
_TEXT = "<p>Kommunen ordnar vatten, skola och vägar.</p>" * 60
_NONCE = "c2FtbWE"


@dataclass(frozen=True)
class HostPage:
    """What the page is made of, besides the chat's one line of HTML."""

    head: str = ""
    body: str = ""
    csp: str = ""
    attributes: str = ""
    scripts: tuple[Path, ...] = field(default=())

    def put_up(self, service: Service, page: Page) -> None:
        """From now on the service's page is this one, as the browser's page gets it."""
        head = self.head + "".join(f'<script src="/host/{path.name}"></script>' for path in self.scripts)
        service.page = {"head": head, "body": self.body + _TEXT, "csp": self.csp, "attributes": self.attributes}
        for path in self.scripts:
            page.route(f"**/host/{path.name}", _sender(path))


def _sender(path: Path) -> Callable[[Route], None]:
    return lambda route: route.fulfill(path=path)


def quiet() -> HostPage:
    return HostPage()


def resets() -> HostPage:
    """Style sheets that reset everything and win every contest for the top; 1rem is 10px."""
    sheet = (FILES / "resets.css").read_text("utf-8")
    return HostPage(head=f"<style>{sheet}</style>", body='<div class="on-top">Kakor!</div>')


def strict() -> HostPage:
    """Only what carries the nonce runs, and no text becomes code or markup."""
    return HostPage(
        head=f'<style nonce="{_NONCE}">body {{ font-family: serif }}</style>',
        csp=f"default-src 'none'; script-src 'nonce-{_NONCE}'; style-src 'nonce-{_NONCE}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        attributes=f'nonce="{_NONCE}"',
    )


def old() -> HostPage:
    """jQuery 1 and what libraries of its day did to prototypes and globals."""
    jquery = installed(FILES, "host-pages") / "node_modules" / "jquery" / "dist" / "jquery.js"
    return HostPage(scripts=(jquery, FILES / "old_scripts.js"), body="<button data-industri-chatt>Fråga oss</button>")


HOSTILE = {"resets": resets, "strict": strict, "old": old}
