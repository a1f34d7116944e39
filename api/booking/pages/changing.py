"""Moving, cancelling and handing over a meeting: each a page that says what happens to whom, and its button."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.booking import moves, service
from api.booking.errors import CounsellorUnknown, SlotTaken, SlotUnknown
from api.booking.moves import is_taken, place_of_length
from api.booking.openings import node_slots
from api.booking.pages.access import MeetingStaff, find_meeting
from api.booking.pages.one_meeting import is_own
from api.booking.pages.showing import PATH, from_form, in_form, meeting_page
from api.booking.places import colleagues
from api.booking.selection import DAYS_SHOWN
from api.booking.tables import Counsellor, Meeting
from api.clock import Now, stockholm_date
from api.database import ReadSession, WriteSession
from api.errors import ApiError
from api.outbox.office import OfficeOf
from api.staff.addresses import told
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)

Message = Annotated[str, Form(max_length=1000)]
Short = Annotated[str, Form(max_length=100)]
FreeTime = tuple[datetime, str, str]
"""When it starts, and day and clock as the form has them."""


@router.api_route(PATH + "/{meeting_id}/avboka", methods=["GET", "HEAD"])
def ask_cancel(request: Request, account: MeetingStaff, session: ReadSession, now: Now, meeting_id: UUID) -> Response:
    """What cancelling means, and a field for words to the person."""
    meeting = _open_meeting(session, account, meeting_id, now)
    return meeting_page(request, account, "staff_meeting_cancel.html", meeting=meeting)


@router.post(PATH + "/{meeting_id}/avboka")
def cancel(
    account: MeetingStaff, session: WriteSession, now: Now, office: OfficeOf, meeting_id: UUID, halsning: Message = ""
) -> Response:
    """Cancel; the words go into the mail and are kept nowhere else."""
    meeting = find_meeting(session, account, meeting_id)
    service.cancel(session, meeting, now, account.actor, office, message=_plain(halsning))
    return _done(f"{PATH}/{meeting_id}", "mote_avbokat", meeting)


@router.api_route(PATH + "/{meeting_id}/flytta", methods=["GET", "HEAD"])
def ask_move(
    request: Request,
    account: MeetingStaff,
    session: ReadSession,
    now: Now,
    meeting_id: UUID,
    dag: str = "",
    tid: str = "",
    fran: str = "",
) -> Response:
    """Free times by day, any other time, or with day and time what moving there means."""
    meeting = _open_meeting(session, account, meeting_id, now)
    return _move_page(request, account, session, now, meeting, day=dag, clock=tid, beginning=fran)


@router.post(PATH + "/{meeting_id}/flytta")
def move(
    request: Request,
    account: MeetingStaff,
    session: WriteSession,
    now: Now,
    office: OfficeOf,
    meeting_id: UUID,
    dag: Short = "",
    tid: Short = "",
    over: Short = "",
    halsning: Message = "",
) -> Response:
    """Move; onto a taken time only when it is said that it shall be a double booking."""
    meeting = _open_meeting(session, account, meeting_id, now)
    start, message = from_form(dag, tid), _plain(halsning)
    try:
        if start is None:
            raise SlotUnknown
        moves.move(session, meeting, start, now, account.actor, office, override=over == "ja", message=message)
    except (SlotTaken, SlotUnknown) as error:
        return _move_page(request, account, session, now, meeting, day=dag, clock=tid, error=error, message=message)
    return _done(f"{PATH}/{meeting_id}", "mote_flyttat", meeting)


@router.api_route(PATH + "/{meeting_id}/kollega", methods=["GET", "HEAD"])
def ask_colleague(
    request: Request, account: MeetingStaff, session: ReadSession, now: Now, meeting_id: UUID
) -> Response:
    """Who at the node could take the meeting, and whether they are free then."""
    return _colleague_page(request, account, session, now, _open_meeting(session, account, meeting_id, now))


@router.post(PATH + "/{meeting_id}/kollega")
def reassign(
    request: Request,
    account: MeetingStaff,
    session: WriteSession,
    now: Now,
    office: OfficeOf,
    meeting_id: UUID,
    kollega: Short = "",
    over: Short = "",
    halsning: Message = "",
) -> Response:
    """Hand the meeting over."""
    meeting = _open_meeting(session, account, meeting_id, now)
    message = _plain(halsning)
    chosen = next((one for one in _colleagues(session, meeting) if one.slug == kollega), None)
    try:
        if chosen is None:
            raise CounsellorUnknown
        moves.reassign(session, meeting, chosen, now, account.actor, office, override=over == "ja", message=message)
    except (SlotTaken, CounsellorUnknown) as error:
        return _colleague_page(request, account, session, now, meeting, chosen=kollega, error=error, message=message)
    # A counsellor who has handed it over does not see it any more.
    gone = account.role == "counsellor" and chosen.account_id != account.id
    return _done(PATH if gone else f"{PATH}/{meeting_id}", "mote_lamnat", meeting)


def _open_meeting(session: Session, account: SignedIn, meeting_id: UUID, now: datetime) -> Meeting:
    """MeetingNotFound, or MeetingPassed for one that has begun."""
    meeting = find_meeting(session, account, meeting_id)
    moves.check_open(meeting, now)
    return meeting


def _move_page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    meeting: Meeting,
    *,
    day: str,
    clock: str,
    beginning: str = "",
    error: ApiError | None = None,
    message: str = "",
) -> HTMLResponse:
    start = from_form(day, clock)
    if start is not None and start <= now:
        start, error = None, error or SlotUnknown()
    elif start is None and (day or clock):
        error = error or SlotUnknown()
    taken = start is not None and is_taken(session, place_of_length(meeting.counsellor, start, meeting), now, meeting)
    days = [] if start else _days(session, meeting, now)
    later = [one for one in days if one[0].isoformat() >= beginning] if beginning else days
    return meeting_page(
        request,
        account,
        "staff_meeting_move.html",
        status_code=error.status if error else 200,
        error=_why(error, taken=taken),
        meeting=meeting,
        start=start,
        end=start + (meeting.ends_at - meeting.starts_at) if start else None,
        form=(day, clock),
        taken=taken,
        days=later[:DAYS_SHOWN],
        next_day=later[DAYS_SHOWN][0].isoformat() if len(later) > DAYS_SHOWN else "",
        message=message,
    )


def _why(error: ApiError | None, *, taken: bool) -> str | None:
    # A taken time has its own words on the page: it may be taken on purpose.
    return error.detail if error and not taken else None


def _days(session: Session, meeting: Meeting, now: datetime) -> list[tuple[date, list[FreeTime]]]:
    """The counsellor's own free times, by day."""
    slots = node_slots(
        session,
        meeting.counsellor.node.slug,
        meeting.meeting_type,
        now,
        interpreter=meeting.interpreter_language is not None,
        counsellor=meeting.counsellor.slug,
        without=meeting.id,
    )
    days: dict[date, list[FreeTime]] = {}
    for slot in slots:
        if slot.start != meeting.starts_at:
            days.setdefault(stockholm_date(slot.start), []).append((slot.start, *in_form(slot.start)))
    return list(days.items())


def _colleague_page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    meeting: Meeting,
    *,
    chosen: str = "",
    error: ApiError | None = None,
    message: str = "",
) -> HTMLResponse:
    others = [
        (one, is_taken(session, place_of_length(one, meeting.starts_at, meeting), now, meeting))
        for one in _colleagues(session, meeting)
    ]
    return meeting_page(
        request,
        account,
        "staff_meeting_colleague.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        meeting=meeting,
        others=others,
        chosen=chosen,
        message=message,
        leaves=account.role == "counsellor",
        note_goes=bool(meeting.counsellor_note),
        own_note=is_own(account, meeting),
    )


def _colleagues(session: Session, meeting: Meeting) -> list[Counsellor]:
    found = colleagues(session, meeting.counsellor.node_id, meeting.meeting_type)
    return [one for one in found if one.id != meeting.counsellor_id]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _done(path: str, key: str, meeting: Meeting) -> RedirectResponse:
    """Back, with what was done and whether the person has a mail or has to be phoned."""
    way = "mejl" if meeting.contact_kind == "email" and meeting.contact_value else "ring"
    return RedirectResponse(told(path, f"{key}_{way}"), status_code=303)
