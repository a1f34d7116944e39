"""One page of a list of Susa-navet, wherever its bytes come from. Pure."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from api.catalogue.susa.reading import Resource, read_resource

Kind = Literal["educationInfos", "educationProviders", "educationEvents"]
KINDS: tuple[Kind, ...] = ("educationInfos", "educationProviders", "educationEvents")
"""The lists, in the order they are read: events point at infos and providers."""
MAX_BYTES = 32 * 1024 * 1024
"""Largest page that is read; 2,000 events are a few megabytes."""


class NotJson(ValueError):
    """The bytes are no JSON: an answer that was cut off, or a page for people."""


class WrongShape(ValueError):
    """JSON, but not the list that was asked for."""


@dataclass(frozen=True)
class Page:
    """`total_pages` and `total` are what the source says; None when it does not. `unreadable` items had no id."""

    number: int
    resources: Sequence[Resource]
    unreadable: int
    total_pages: int | None
    total: int | None

    @property
    def size(self) -> int:
        """How many items it had, readable or not."""
        return len(self.resources) + self.unreadable


class Source(Protocol):
    """Where pages come from: the network or a folder."""

    def pages(self, kind: Kind, first: int) -> AsyncIterator[Page]:
        """The pages of a list from number `first`. Raises SusaFailed."""
        ...

    async def some(self, kind: Kind, ids: Collection[str]) -> list[Resource]:
        """These resources, as far as they exist. Raises SusaFailed."""
        ...


def read_json(data: bytes) -> Any:
    """Any JSON value. Raises NotJson."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):  # ValueError: bad JSON, bad UTF-8, numbers of thousands of digits
        raise NotJson from None


def read_page(data: bytes, kind: Kind, number: int) -> Page:
    """The page with the number asked for. Raises NotJson or WrongShape."""
    body = read_json(data)
    items = body.get(kind) if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise WrongShape
    resources = [read_resource(item) for item in items]
    readable = [resource for resource in resources if resource is not None]
    about = body.get("page") if isinstance(body.get("page"), dict) else {}
    return Page(
        number=number,
        resources=readable,
        unreadable=len(items) - len(readable),
        total_pages=_count(about.get("totalPages")),
        total=_count(about.get("totalElements")),
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
