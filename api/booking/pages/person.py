"""The person's own pages for a meeting, behind a secret link.

Opening them changes nothing, since mail filters and previews open links too; only a button's POST moves or cancels.
The secret in the path is what a forged form on another site cannot know, so it stands in for a CSRF token. It is kept
out of Referer headers, caches, logs and search engines.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.booking import letters, moves, service
from api.booking.errors import MeetingNotFound, MeetingPassed, MoveLimit, SlotTaken, SlotUnknown
from api.booking.mail_wording import Side, bring, how, video_link
from api.booking.moves import MOVES
from api.booking.pages.times import Asked, times_to_move_to
from api.booking.tables import Meeting
from api.booking.wording import meeting_time, type_word
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.outbox.office import Office, OfficeOf
from api.pages import render
from api.staff.visitors import OpenedLink

router = APIRouter(prefix="/mote", include_in_schema=False, dependencies=[OpenedLink])

_SECRET_PAGE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@router.api_route("/{token}", methods=["GET", "HEAD"])
def show(
    token: str, request: Request, session: ReadSession, now: Now, office: OfficeOf, klart: str = ""
) -> HTMLResponse:
    """The meeting, and what can be done with it."""
    meeting = _find(session, token)
    if meeting is None:
        return _missing(request)
    side: Side = "easy_" if meeting.wants_easy else ""
    return render(
        request,
        "meeting.html",
        headers=_SECRET_PAGE,
        **_meeting_values(meeting, token, now),
        how=how(meeting, side),
        bring=bring(meeting, side),
        video_link=video_link(meeting),
        can_move=meeting.own_moves < MOVES,
        moved=klart == "bytt",
        contact_days=office.contact_days,
    )


@router.api_route("/{token}/tider", methods=["GET", "HEAD"])
def times(
    token: str,
    request: Request,
    session: ReadSession,
    now: Now,
    efter: str = "",
    dag: str = "",
    dagar: str = "",
    tid: str = "",
    vagledare: str = "",
) -> Response:
    """Times to move to: three, later ones, the days that have any, one day, or one time to say yes to; of whoever is
    free, or of one counsellor."""
    meeting = _find(session, token)
    if meeting is None:
        return _missing(request)
    if not _is_open(meeting, now) or meeting.own_moves >= MOVES:
        return _back(token)
    return _times(request, session, meeting, token, now, Asked(efter, dag, dagar, tid, counsellor=vagledare))


@router.post("/{token}/byt")
def move(
    token: str,
    request: Request,
    session: WriteSession,
    now: Now,
    office: OfficeOf,
    tid: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Move the meeting to the time. A taken one: the nearest free ones instead."""
    meeting = _find(session, token)
    if meeting is None:
        return _missing(request)
    try:
        moves.move_to_slot(session, meeting, tid, now, "link", office)
    except (SlotTaken, SlotUnknown):
        return _times(request, session, meeting, token, now, Asked(slot=tid, taken=True), status_code=409)
    except (MeetingNotFound, MeetingPassed, MoveLimit):
        return _back(token)  # nothing was changed; the page says how it stands
    return _back(token, "?klart=bytt")


@router.post("/{token}/avboka")
def cancel(token: str, request: Request, session: WriteSession, now: Now, office: OfficeOf) -> Response:
    """Cancel, then show the page again. Too late or already done: the page says so."""
    meeting = _find(session, token)
    if meeting is None:
        return _missing(request)
    with suppress(MeetingNotFound, MeetingPassed):  # then nothing was changed; the page says that it has begun
        service.cancel(session, meeting, now, "link", office)
    return _back(token)


@router.get("/{token}/mote.ics")
def calendar_file(token: str, request: Request, session: ReadSession, office: OfficeOf) -> Response:
    """The meeting for the person's own calendar, without the counsellor's address."""
    meeting = _find(session, token)
    if meeting is None:
        return _missing(request)
    content = _own_file(meeting, office)
    headers = _SECRET_PAGE | {"Content-Disposition": 'attachment; filename="mote.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _find(session: Session, token: str) -> Meeting | None:
    try:
        return service.meeting_by_link(session, token)
    except MeetingNotFound:
        return None


def _is_open(meeting: Meeting, now: datetime) -> bool:
    return meeting.status == "confirmed" and meeting.starts_at > now


def _times(
    request: Request,
    session: Session,
    meeting: Meeting,
    token: str,
    now: datetime,
    asked: Asked,
    *,
    status_code: int = 200,
) -> HTMLResponse:
    return render(
        request,
        "meeting_times.html",
        status_code=status_code,
        headers=_SECRET_PAGE,
        **_meeting_values(meeting, token, now),
        times=times_to_move_to(session, meeting, now, asked),
    )


def _meeting_values(meeting: Meeting, token: str, now: datetime) -> dict[str, Any]:  # Any: what a template shows
    """What both pages show of the meeting."""
    cancelled, open_ = meeting.status == "cancelled", _is_open(meeting, now)
    return {
        "state": "cancelled" if cancelled else "booked" if open_ else "passed",
        "token": token,
        "meeting": meeting,
        "easy": meeting.wants_easy,
        "time": meeting_time(meeting),
        "type": type_word(meeting.meeting_type),
    }


def _own_file(meeting: Meeting, office: Office) -> bytes:
    revised_at = meeting.cancelled_at or meeting.confirmed_at or meeting.created_at
    return letters.own_calendar_file(meeting, office, stamp=revised_at)


def _back(token: str, query: str = "") -> RedirectResponse:
    return RedirectResponse(f"{router.prefix}/{token}{query}", status_code=303, headers=_SECRET_PAGE)


def _missing(request: Request) -> HTMLResponse:
    """The same page for a wrong, an old and an erased link."""
    return render(request, "meeting.html", status_code=404, headers=_SECRET_PAGE, state="missing", easy=False)
