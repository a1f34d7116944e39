"""Asking Susa-navet (EMIL3, https://api.skolverket.se/susa-navet/emil3): lists page by page, and single resources.

A page that fails is asked for again, with longer and longer pauses; 503 means that Skolverket is renewing its data,
and its Retry-After is kept. Nothing is redirected, packed or longer than it may be.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

import httpx

from api.catalogue.susa.errors import SusaFailed
from api.catalogue.susa.paging import MAX_BYTES, Kind, NotJson, Page, WrongShape, read_json, read_page
from api.catalogue.susa.reading import Resource, read_resource
from api.clock import STOCKHOLM, Clock
from api.texts import Texts

log = logging.getLogger(__name__)

PAGE_SIZE = 2000
"""The most that Susa-navet gives at a time."""
MOST_PAGES = 2000
_TRIES = 6
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
"""Seconds; what Retry-After asks for beyond that is left to the next run."""
_PAGE_SECONDS = 180.0
_AGAIN = frozenset({429, 500, 502, 503, 504})

_TEXTS = Texts.beside(__file__)
_Parameter = tuple[str, str | int | float | bool | None]
_T = TypeVar("_T")


class _Failed(Exception):
    """One attempt. `again`: whether another one makes sense; `after`: seconds the service asks to wait."""

    def __init__(self, reason: str, *, again: bool, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.again, self.after = reason, again, after


class HttpSource:
    """The service at `url`; use it as an async context manager. `since` limits lists to what has changed since.

    `pause` waits some seconds; tests hand in one that does not.
    """

    def __init__(
        self,
        url: str,
        school_types: Sequence[str],
        clock: Clock,
        *,
        since: datetime | None = None,
        page_size: int = PAGE_SIZE,
        page_seconds: float = _PAGE_SECONDS,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url, self._clock, self._page_size, self._pause = url.rstrip("/"), clock, page_size, pause
        self._page_seconds = page_seconds
        self._filter: list[_Parameter] = [("schoolType", kind) for kind in school_types]
        self._since = since
        self._http: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        self._http = httpx.AsyncClient(
            timeout=min(60.0, self._page_seconds),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=2),
            # A packed answer could unpack to anything.
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.aclose()

    async def pages(self, kind: Kind, first: int) -> AsyncIterator[Page]:
        """See Source."""
        for number in range(first, MOST_PAGES):
            parameters = [*self._filter, ("page", number), ("size", self._page_size)]
            if self._since is not None:
                local = self._since.astimezone(STOCKHOLM).replace(tzinfo=None)
                parameters.append(("updatedSince", local.isoformat(timespec="seconds")))
            page = await self._patiently(f"/{kind}", parameters, partial(read_page, kind=kind, number=number))
            if page is None:
                raise SusaFailed(_TEXTS("reason_status", status=404))
            yield page
            told = page.total_pages
            if page.size == 0 or (number + 1 >= told if told is not None else page.size < self._page_size):
                return
        raise SusaFailed(_TEXTS("reason_endless", pages=MOST_PAGES))

    async def some(self, kind: Kind, ids: Collection[str]) -> list[Resource]:
        """See Source."""
        found: list[Resource] = []
        for identifier in ids:
            resource = await self._patiently(f"/{kind}/{quote(identifier, safe='')}", [], _one)
            if resource is not None and resource.id == identifier:
                found.append(resource)
        return found

    async def _patiently(
        self,
        path: str,
        parameters: list[_Parameter],
        read: Callable[[bytes], _T],
    ) -> _T | None:
        """What `read` makes of the answer; None for 404. Raises SusaFailed after the last attempt."""
        for attempt in range(_TRIES):
            try:
                return await self._once(path, parameters, read)
            except _Failed as error:
                reason = error.reason
                patience = min(_FIRST_PAUSE * 4**attempt, _LONGEST_PAUSE)
                wait = max(patience * random.uniform(0.5, 1.0), error.after or 0.0)  # noqa: S311 - no secret
                if not error.again or attempt + 1 == _TRIES or wait > _LONGEST_PAUSE:
                    break
                log.info("susa-navet asked again", extra={"attempt": attempt + 1, "seconds": round(wait)})
                await self._pause(wait)
        raise SusaFailed(reason)

    async def _once(
        self,
        path: str,
        parameters: list[_Parameter],
        read: Callable[[bytes], _T],
    ) -> _T | None:
        try:
            async with asyncio.timeout(self._page_seconds):
                data = await self._body(path, parameters)
        except (TimeoutError, httpx.TimeoutException):
            raise _Failed(_TEXTS("reason_slow"), again=True) from None
        except httpx.HTTPError:
            raise _Failed(_TEXTS("reason_unreachable"), again=True) from None
        except httpx.InvalidURL:
            raise _Failed(_TEXTS("reason_unreachable"), again=False) from None
        if data is None:
            return None
        try:
            return await asyncio.to_thread(read, data)
        except NotJson:
            raise _Failed(_TEXTS("reason_not_json"), again=True) from None
        except WrongShape:
            raise _Failed(_TEXTS("reason_shape"), again=False) from None

    async def _body(self, path: str, parameters: list[_Parameter]) -> bytes | None:
        if self._http is None:
            raise RuntimeError("use HttpSource as a context manager")
        body = bytearray()
        async with self._http.stream("GET", self._url + path, params=httpx.QueryParams(parameters)) as response:
            status = response.status_code
            if status == httpx.codes.NOT_FOUND:
                return None
            if status != httpx.codes.OK:
                after = _seconds(response.headers.get("Retry-After"), self._clock())
                key = "reason_busy" if status == 503 else "reason_status"
                raise _Failed(_TEXTS(key, status=status), again=status in _AGAIN, after=after)
            async for part in response.aiter_raw():
                body += part
                if len(body) > MAX_BYTES:
                    raise _Failed(_TEXTS("reason_too_large", megabytes=MAX_BYTES // 2**20), again=False)
        return bytes(body)


def _one(data: bytes) -> Resource:
    resource = read_resource(read_json(data))
    if resource is None:
        raise WrongShape
    return resource


def _seconds(header: str | None, now: datetime) -> float | None:
    """Retry-After as seconds from now: a number, or a moment."""
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit() and len(header) < 10:
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
