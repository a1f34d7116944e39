"""Asking JobSearch (Arbetsförmedlingen, JobTech): GET /search, no key needed.

The limit of time is one for everything that a question asks for: name look-up, connecting, a slow or dripping answer.
`httpx` alone limits each step, so the calls run in an event loop of their own that can be told to stop waiting.
What was found is kept for a quarter of an hour, and a failure for half a minute: a service that hangs delays one
question and not all of them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future

import httpx

from api.guidance.vacancies.memory import Recent
from api.guidance.vacancies.reading import Unreadable, read_found
from api.guidance.vacancies.wanted import Found, VacanciesUnavailable, Wanted

log = logging.getLogger(__name__)

HITS = 5
_FOUND_SECONDS = 15 * 60.0
_FAILED_SECONDS = 30.0
_MOST_KEPT = 500
_MOST_BYTES = 1_000_000
_CONNECTIONS = 10


class _Unreachable(Exception):
    """The service as a whole does not answer as it should; other searches would fare no better."""


class JobSearch:
    """The service at `url`, with `seconds` for all searches of one question. `clock` gives monotonic seconds."""

    def __init__(self, url: str, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._url, self._seconds, self._clock = f"{url.rstrip('/')}/search", seconds, clock
        self._found: Recent[Wanted, Found] = Recent(_FOUND_SECONDS, _MOST_KEPT, clock)
        self._failed: Recent[Wanted | None, str] = Recent(_FAILED_SECONDS, _MOST_KEPT, clock)
        """Searches that failed; None stands for all of them."""
        self._under_way: dict[Wanted, Future[Found]] = {}
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._http: httpx.AsyncClient | None = None
        self._thread: threading.Thread | None = None

    def look(self, *searches: Wanted) -> list[Found]:
        """See VacancySource. Blocks for `seconds` at most, whatever the service does."""
        until = time.monotonic() + self._seconds
        results: list[Found] = []
        for wanted in searches:
            try:
                results.append(self._look_for(wanted, until))
            except VacanciesUnavailable:
                if not results:
                    raise
                break
            if results[-1].vacancies:
                break
        return results

    def close(self) -> None:
        """Stop asking; searches under way fail."""
        with self._lock:
            loop, http, thread = self._loop, self._http, self._thread
            self._loop = self._http = self._thread = None
        if loop is None or http is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(_end(http), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

    def _look_for(self, wanted: Wanted, until: float) -> Found:
        with self._lock:
            known = self._found.get(wanted)
            if known is not None:
                return known
            reason = self._failed.get(None) or self._failed.get(wanted)
            if reason is not None:
                raise VacanciesUnavailable(reason)
            # Two people who ask the same at the same time wait for the same answer.
            waiting = self._under_way.get(wanted)
            if waiting is None:
                waiting = asyncio.run_coroutine_threadsafe(self._ask(wanted), self._running_loop())
                self._under_way[wanted] = waiting
        try:
            return waiting.result(max(0.0, until - time.monotonic()))
        except TimeoutError as error:
            raise self._remember_failure(None, error) from None
        except CancelledError:
            raise VacanciesUnavailable("closed") from None

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._http = httpx.AsyncClient(
                timeout=self._seconds,
                limits=httpx.Limits(max_connections=_CONNECTIONS),
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            )
            self._thread = threading.Thread(target=_run, args=(self._loop,), name="jobsearch", daemon=True)
            self._thread.start()
        return self._loop

    async def _ask(self, wanted: Wanted) -> Found:
        try:
            async with asyncio.timeout(self._seconds):
                found = read_found(json.loads(await self._body(wanted)))
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, _Unreachable) as error:
            raise self._remember_failure(None, error) from None
        except (ValueError, RecursionError) as error:  # no JSON, or not in the documented shape
            raise self._remember_failure(wanted, error) from None
        else:
            with self._lock:
                self._found.put(wanted, found)
            return found
        finally:
            with self._lock:
                self._under_way.pop(wanted, None)

    async def _body(self, wanted: Wanted) -> bytes:
        if self._http is None:
            raise _Unreachable("closed")
        body = bytearray()
        async with self._http.stream("GET", self._url, params=parameters(wanted)) as response:
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.status_code >= 500:
                raise _Unreachable(f"status {response.status_code}")
            if response.status_code != httpx.codes.OK:
                raise Unreadable(f"status {response.status_code}")
            async for part in response.aiter_raw():  # raw: a packed answer could unpack to anything
                body += part
                if len(body) > _MOST_BYTES:
                    raise Unreadable("too large")
        return bytes(body)

    def _remember_failure(self, of: Wanted | None, error: Exception) -> VacanciesUnavailable:
        reason = str(error) if isinstance(error, _Unreachable | Unreadable) else type(error).__name__
        log.warning("no vacancies", extra={"reason": reason})
        with self._lock:
            self._failed.put(of, reason)
        return VacanciesUnavailable(reason)


def parameters(wanted: Wanted) -> httpx.QueryParams:
    """The search as JobSearch's query parameters."""
    return httpx.QueryParams(
        {
            "occupation-name": wanted.names,
            "occupation-group": wanted.groups,
            "occupation-field": wanted.fields,
            "municipality": wanted.municipalities,
            "region": wanted.regions,
            "q": [wanted.words] if wanted.words else [],
            "sort": "pubdate-desc",
            "limit": HITS,
        }
    )


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


async def _end(http: httpx.AsyncClient) -> None:
    running = asyncio.all_tasks() - {asyncio.current_task()}
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await http.aclose()
