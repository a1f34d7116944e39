"""The person's own page for a meeting, behind a secret link.

Opening it changes nothing, since mail filters and previews open links too; only the button's POST cancels. The secret
in the path is what a forged form on another site cannot know, so it stands in for a CSRF token. It is kept out of
Referer headers and caches.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.booking import mails, service
from api.booking.errors import MeetingNotFound, MeetingPassed
from api.booking.office import OfficeOf
from api.booking.tables import Meeting
from api.booking.wording import how, meeting_time, type_word
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.pages import render

router = APIRouter(prefix="/mote", include_in_schema=False)

_SECRET_PAGE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@router.api_route("/{token}", methods=["GET", "HEAD"])
def show(token: str, request: Request, session: ReadSession, now: Now) -> HTMLResponse:
    """The meeting, and a button to cancel it while that is possible."""
    try:
        meeting = service.meeting_by_link(session, token)
    except MeetingNotFound:
        return _missing(request)
    return render(
        request,
        "meeting.html",
        headers=_SECRET_PAGE,
        state="cancelled" if meeting.status == "cancelled" else "passed" if meeting.starts_at <= now else "booked",
        token=token,
        meeting=meeting,
        time=meeting_time(meeting),
        type=type_word(meeting.meeting_type),
        how=how(meeting.counsellor, meeting.meeting_type, meeting.contact_kind),
    )


@router.post("/{token}/avboka")
def cancel(token: str, request: Request, session: WriteSession, now: Now, office: OfficeOf) -> Response:
    """Cancel, then show the page again. Too late or already done: the page says so."""
    try:
        service.cancel(session, service.meeting_by_link(session, token), now, "link", office)
    except MeetingNotFound:
        return _missing(request)
    except MeetingPassed:
        pass  # nothing was changed; the page says that the meeting has begun
    return RedirectResponse(f"{router.prefix}/{token}", status_code=303, headers=_SECRET_PAGE)


@router.get("/{token}/mote.ics")
def calendar_file(token: str, request: Request, session: ReadSession, office: OfficeOf) -> Response:
    """The meeting for the person's own calendar, without the counsellor's address."""
    try:
        meeting = service.meeting_by_link(session, token)
    except MeetingNotFound:
        return _missing(request)
    content = mails.own_calendar_file(meeting, office, stamp=_revised_at(meeting))
    headers = _SECRET_PAGE | {"Content-Disposition": 'attachment; filename="mote.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _revised_at(meeting: Meeting) -> datetime:
    return meeting.cancelled_at or meeting.confirmed_at or meeting.created_at


def _missing(request: Request) -> HTMLResponse:
    """The same page for a wrong, an old and an erased link."""
    return render(request, "meeting.html", status_code=404, headers=_SECRET_PAGE, state="missing")
