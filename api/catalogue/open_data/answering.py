"""Answers that can be kept: ETag, Last-Modified, and 304 for who has the newest already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from math import ceil
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BaseModel

from api.catalogue.open_data.schemas import Links
from api.pages import absolute

_KEEP = "public, max-age=60"


def json_answer(request: Request, body: BaseModel, *, modified: datetime | None = None) -> Response:
    """`body` as JSON, or 304 when the request's If-None-Match names it."""
    return answer(request, body.model_dump_json().encode(), "application/json", modified=modified)


def answer(
    request: Request,
    data: bytes,
    media_type: str,
    *,
    modified: datetime | None = None,
    tag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`data`, or 304. `tag` stands for the content where its bytes differ each time they are made.

    Only the ETag decides. A Last-Modified cannot: it is the newest change of what is shown, and says nothing of what
    is no longer there.
    """
    etag = f'"{hashlib.sha256(tag.encode() if tag else data).hexdigest()[:32]}"'
    known = {"ETag": etag, "Cache-Control": _KEEP, **(headers or {})}
    if modified:
        known["Last-Modified"] = format_datetime(modified, usegmt=True)
    asked = request.headers.get("if-none-match", "")
    if asked.strip() == "*" or etag in re.findall(r'"[^"]*"', asked):
        return Response(status_code=304, headers=known)
    return Response(data, media_type=media_type, headers=known)


def pages_of(total: int, size: int) -> int:
    """How many pages `total` things fill; at least one."""
    return max(1, ceil(total / size))


def links(request: Request, page: int, pages: int) -> Links:
    """The pages around `page`, with the other parameters of the request kept."""

    def at(number: int) -> str:
        kept = {**request.query_params, "page": str(number)}
        return f"{absolute(request, request.url.path)}?{urlencode(kept)}"

    return Links(
        self=at(page),
        first=at(1),
        prev=at(min(page - 1, pages)) if page > 1 else None,
        next=at(page + 1) if page < pages else None,
        last=at(pages),
    )
