"""Calendar programs fetch a feed by its secret address."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.booking.feed import service
from api.booking.feed.errors import FeedUnknown
from api.clock import Now
from api.database import ReadSession
from api.outbox.office import OfficeOf
from api.staff.visitors import CountLink

router = APIRouter(include_in_schema=False)

_HEADERS = {
    "Cache-Control": "private, max-age=900",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@router.api_route("/kalender/{token}.ics", methods=["GET", "HEAD"])
def read(
    token: str, request: Request, session: ReadSession, now: Now, office: OfficeOf, count_guess: CountLink
) -> Response:
    """The feed, or 304 when the program has it already. 404 for a wrong and for a revoked address alike.

    Only these are counted as guesses: one calendar service fetches the feeds of many people.
    """
    try:
        feed = service.find_feed(session, token)
    except FeedUnknown:
        count_guess()
        raise
    file = service.read_feed(session, feed, office, now)
    headers = _HEADERS | {"ETag": file.etag}
    if _has_it(request.headers.get("if-none-match", ""), file.etag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="vagledningssamtal.ics"'
    return Response(file.content, media_type="text/calendar; charset=utf-8", headers=headers)


def _has_it(if_none_match: str, etag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2): proxies mark what they have packed with `W/`."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in tags or "*" in tags
