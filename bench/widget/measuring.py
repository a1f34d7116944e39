"""One visit after another in headless Chromium: what is fetched, and how long it takes until one can write."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, sync_playwright

from bench.figures import Times, ratio
from bench.results import Results
from bench.talk import BenchError
from bench.widget.backend import Backend, running
from bench.widget.rivals import rivals

PART = "Chat widget, opened on an empty page"
OURS = "ours"
_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_PATIENCE_S = 60
_AGAIN_S = 5
_WORDS = "Hej"

_CLICK = """() => new Promise((resolve, reject) => {
  const began = performance.now();
  const look = () => {
    const field = window.find();
    if (field && !field.disabled && !field.readOnly && field.getClientRects().length) {
      field.focus();
      if (field.getRootNode().activeElement === field) return resolve(performance.now() - began);
    }
    if (performance.now() - began > 30000) return reject(new Error('no field to write in'));
    setTimeout(look, 1);
  };
  window.launch();
  look();
})"""
"""From the click until the field has taken the focus, in ms."""


@dataclass(frozen=True)
class Visit:
    """One opening with an empty cache. Bytes are bodies on the wire, without the page itself and the talk.

    `cpu_s` is what the page's main thread worked from the click until the first message was on its way.
    """

    bytes_before: int
    bytes_after: int
    requests: int
    third_parties: tuple[str, ...]
    ready_s: float
    sent_s: float
    cpu_s: float


def measure_widget(results: Results, *, rounds: int) -> None:
    """All widgets take turns, so that other work on the machine meets them alike."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise BenchError("Chromium is not here: apt-get install chromium (.ci/run does)")
    backends = {OURS: Backend("ours.html")} | {each.name: Backend(each.page, each.read()) for each in rivals()}
    visits: dict[str, list[Visit]] = {name: [] for name in backends}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        for number in range(rounds + 1):
            for name, backend in backends.items():
                with running(backend):
                    seen = visit(browser, backend)
                if number:  # the first round only warms the machine up
                    visits[name].append(seen)
        browser.close()
    report(results, visits)


def report(results: Results, visits: dict[str, list[Visit]]) -> None:
    """Figures of each widget, then how many times ours goes into each rival's. Pure."""
    for name, seen in visits.items():
        one = seen[0]
        before, after = one.bytes_before / 1000, one.bytes_after / 1000
        results.figure(PART, f"{name}, gzipped, before it is opened", before, "kB")
        results.figure(PART, f"{name}, gzipped, in all", before + after, "kB")
        results.figure(PART, f"{name}, requests", one.requests)
        results.figure(PART, f"{name}, other hosts asked", len(set(one.third_parties)))
        results.times(PART, f"{name}, click to a field one can write in", Times.of([each.ready_s for each in seen]))
        results.times(PART, f"{name}, click to first message received", Times.of([each.sent_s for each in seen]))
        results.times(PART, f"{name}, work of the page meanwhile, CPU", Times.of([each.cpu_s for each in seen]))
    ours = visits[OURS]
    for name, seen in visits.items():
        if name != OURS:
            results.figure(PART, f"{name} : ours, bytes", ratio(_weight(seen), _weight(ours)), "x")
            for what, field in (("ready", "ready_s"), ("CPU", "cpu_s")):
                results.figure(PART, f"{name} : ours, {what}", ratio(_middle(seen, field), _middle(ours, field)), "x")


def visit(browser: Browser, backend: Backend) -> Visit:
    """Open the page, click, write a message and send it by Enter. BenchError when it does not arrive."""
    context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900})
    try:
        return _visit(context, backend)
    finally:
        context.close()


def _visit(context: BrowserContext, backend: Backend) -> Visit:
    asked: list[Request] = []

    def is_away(url: str) -> bool:
        return not url.startswith((backend.url, "data:", "blob:"))

    context.on("request", lambda request: asked.append(request))
    context.route(is_away, lambda route: route.abort())
    page = context.new_page()
    page.goto(backend.url, wait_until="load")
    before = _files(asked, backend)
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    worked = _worked(session)
    backend.received.clear()
    began = time.perf_counter()
    ready_ms = page.evaluate(_CLICK)
    _say(page, backend)
    cpu = _worked(session) - worked
    after = [request for request in _files(asked, backend) if request not in before]
    return Visit(
        bytes_before=_size(before),
        bytes_after=_size(after),
        requests=len(before) + len(after),
        third_parties=tuple(urlsplit(each.url).netloc for each in asked if is_away(each.url)),
        ready_s=ready_ms / 1000,
        sent_s=backend.received[0][0] - began,
        cpu_s=cpu,
    )


def _say(page: Page, backend: Backend) -> None:
    """Write and press Enter as a person does: again when nothing was sent: the field may be drawn anew."""
    until = time.perf_counter() + _PATIENCE_S
    while not backend.received:
        if time.perf_counter() > until:
            raise BenchError(f"{backend.page}: what was written did not arrive")
        page.evaluate("window.find().focus()")
        page.keyboard.press("Control+A")
        page.keyboard.type(_WORDS)
        page.keyboard.press("Enter")
        again = time.perf_counter() + _AGAIN_S
        while not backend.received and time.perf_counter() < again:
            page.wait_for_timeout(5)
    if backend.received[0][1] != _WORDS:
        raise BenchError(f"{backend.page}: {backend.received[0][1]!r} arrived")


def _files(asked: Sequence[Request], backend: Backend) -> list[Request]:
    """Scripts and the like; not the page, not the talk (XHR and fetch), not what other hosts were asked for."""
    skipped = {"document", "xhr", "fetch"}
    return [
        request for request in asked if request.resource_type not in skipped and request.url.startswith(backend.url)
    ]


def _size(requests: Sequence[Request]) -> int:
    return sum(request.sizes()["responseBodySize"] for request in requests)


def _worked(session: CDPSession) -> float:
    """CPU seconds of the page's main thread since it began."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def _weight(visits: Sequence[Visit]) -> float:
    return visits[0].bytes_before + visits[0].bytes_after


def _middle(visits: Sequence[Visit], field: str) -> float:
    return float(statistics.median(getattr(each, field) for each in visits))
