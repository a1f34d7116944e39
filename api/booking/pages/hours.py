"""`/personal/tider`: when a counsellor can be booked, and what the one who books sees of it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import availability
from api.booking.errors import DayInvalid
from api.booking.given_days import read_day
from api.booking.locks import lock_counsellors
from api.booking.openings import choose, node_slots
from api.booking.pages import hour_changes
from api.booking.pages.access import MeetingStaff, counsellors_of, find_counsellor, own_counsellor
from api.booking.pages.hours_form import HoursForm, read_form, stored_form
from api.booking.pages.showing import meeting_page
from api.booking.slots import Span, WeeklyHours
from api.booking.tables import AvailabilityException, Counsellor
from api.clock import STOCKHOLM, Now, stockholm_date
from api.database import ReadSession, WriteSession
from api.staff.addresses import told
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId, find
from api.staff.errors import RowUnknown
from api.staff.sessions import SignedIn
from api.texts import Texts

router = APIRouter(include_in_schema=False)
PATH = "/personal/tider"
TEXTS = Texts.beside(__file__)
_DAYS_SHOWN = 7

Slug = Annotated[str, Form(max_length=60)]
Short = Annotated[str, Form(max_length=20)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: MeetingStaff, session: ReadSession, now: Now, vagledare: str = "") -> HTMLResponse:
    """Hours, exceptions and the preview of one counsellor; staff choose whose."""
    if not vagledare and own_counsellor(session, account) is None:
        return meeting_page(request, account, "staff_hours_whose.html", everybody=counsellors_of(session, account))
    return _page(request, account, session, now, find_counsellor(session, account, vagledare))


@router.api_route(PATH + "/vecka", methods=["GET", "HEAD"])
def show_week(request: Request, account: MeetingStaff, session: ReadSession, vagledare: str = "") -> HTMLResponse:
    """The form of weekly hours."""
    counsellor = find_counsellor(session, account, vagledare)
    return _week_page(request, account, counsellor, stored_form(_hours(counsellor)))


@router.post(PATH + "/vecka")
def change_week(request: Request, account: MeetingStaff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store the weekly hours; what is booked stands."""
    counsellor = find_counsellor(session, account, sent.get("vagledare", ""))
    form = read_form(sent, TEXTS("wrong_hours"), TEXTS("overlapping_hours"))
    if form.errors:
        return _week_page(request, account, counsellor, form)
    with hour_changes.noted(session, account) as made:
        availability.set_hours(session, counsellor, form.hours, now, account.actor)
    return RedirectResponse(_told(counsellor, "tider_sparade", made.batch), status_code=303)


@router.post(PATH + "/ledig")
def day_off(account: MeetingStaff, session: WriteSession, now: Now, vagledare: Slug = "") -> Response:
    """Close the rest of today, and show what is booked in it."""
    counsellor = find_counsellor(session, account, vagledare)
    with hour_changes.noted(session, account) as made:
        closing = availability.close_rest_of_day(session, counsellor, now, account.actor)
    if closing.standing:
        return RedirectResponse(standing_address(counsellor, stockholm_date(now)), status_code=303)
    return RedirectResponse(_told(counsellor, "ledig", made.batch), status_code=303)


@router.post(PATH + "/undantag")
def add_exception(
    request: Request,
    account: MeetingStaff,
    session: WriteSession,
    now: Now,
    vagledare: Slug = "",
    slag: Short = "",
    dag: Short = "",
    fran: Short = "",
    till: Short = "",
) -> Response:
    """Close a day or a part of one, or open extra hours."""
    counsellor = find_counsellor(session, account, vagledare)
    try:
        day, start, end = read_day(dag), _clock(fran), _clock(till)
        if slag == "extra" and (start is None or end is None):
            raise DayInvalid
        with hour_changes.noted(session, account) as made:
            standing = _store(session, account, counsellor, now, slag, day, start, end)
    except (ValueError, DayInvalid):
        error = TEXTS("wrong_extra" if slag == "extra" else "wrong_exception")
        texts = {"slag": slag, "dag": dag, "fran": fran, "till": till}
        return _page(request, account, session, now, counsellor, error=error, texts=texts)
    if standing:
        return RedirectResponse(standing_address(counsellor, day), status_code=303)
    return RedirectResponse(_told(counsellor, "avvikelse", made.batch), status_code=303)


@router.post(PATH + "/undantag/{exception_id}/bort")
def remove_exception(account: MeetingStaff, session: WriteSession, now: Now, exception_id: RowId) -> Response:
    """The day follows the weekly hours again. RowUnknown also for somebody else's."""
    row: AvailabilityException = find(session, AvailabilityException, exception_id)
    counsellor = session.get_one(Counsellor, row.counsellor_id)
    if account.role == "counsellor" and counsellor.account_id != account.id:
        raise RowUnknown
    lock_counsellors(session, {counsellor.id})
    row = find(session, AvailabilityException, exception_id, to_change=True)
    with hour_changes.noted(session, account) as made:
        availability.remove_exception(session, row, now, account.actor)
    return RedirectResponse(_told(counsellor, "avvikelse_bort", made.batch), status_code=303)


@router.api_route(PATH + "/bokade", methods=["GET", "HEAD"])
def standing(
    request: Request, account: MeetingStaff, session: ReadSession, now: Now, vagledare: str = "", dag: str = ""
) -> Response:
    """What is booked on a day that was closed, or at all, with what can be done about each."""
    counsellor = find_counsellor(session, account, vagledare)
    try:
        day = read_day(dag) if dag else None
    except ValueError:
        return RedirectResponse(address_of(counsellor), status_code=303)
    closed = Span(*(datetime.combine(day, clock, STOCKHOLM) for clock in (time.min, time.max))) if day else None
    meetings = availability.standing_meetings(session, [counsellor.id], closed, now)
    return meeting_page(
        request,
        account,
        "staff_hours_standing.html",
        counsellor=counsellor,
        day=day,
        meetings=meetings,
        back=address_of(counsellor),
    )


def address_of(counsellor: Counsellor) -> str:
    """The page of the counsellor's hours."""
    return f"{PATH}?vagledare={quote(counsellor.slug)}"


def standing_address(counsellor: Counsellor, day: date | None = None) -> str:
    """The page of what is booked with the counsellor: on a day, or from now on."""
    address = f"{PATH}/bokade?vagledare={quote(counsellor.slug)}"
    return f"{address}&dag={day.isoformat()}" if day else address


def _store(
    session: Session,
    account: SignedIn,
    counsellor: Counsellor,
    now: datetime,
    kind: str,
    day: date,
    start: time | None,
    end: time | None,
) -> bool:
    """Whether anything is booked where it is closed now."""
    if kind == "extra" and start and end:
        availability.open_time(session, counsellor, day, start, end, now=now, by=account.actor)
        return False
    closing = availability.close_time(session, counsellor, day, start, end, now=now, by=account.actor)
    return bool(closing.standing)


def _told(counsellor: Counsellor, key: str, batch: str) -> str:
    return told(address_of(counsellor), key, undo=batch)


def _clock(text: str) -> time | None:
    """None for an empty field; ValueError for anything but a time."""
    return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text.strip() else None


def _hours(counsellor: Counsellor) -> list[WeeklyHours]:
    return [WeeklyHours(row.weekday, row.start_time, row.end_time) for row in counsellor.hours]


def _week_page(request: Request, account: SignedIn, counsellor: Counsellor, form: HoursForm) -> HTMLResponse:
    return meeting_page(
        request,
        account,
        "staff_hours_week.html",
        status_code=422 if form.errors else 200,
        counsellor=counsellor,
        form=form,
        back=address_of(counsellor),
    )


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    counsellor: Counsellor,
    *,
    error: str | None = None,
    texts: dict[str, str] | None = None,
) -> HTMLResponse:
    today = stockholm_date(now)
    exceptions = session.scalars(
        select(AvailabilityException)
        .where(AvailabilityException.counsellor_id == counsellor.id, AvailabilityException.day >= today)
        .order_by(AvailabilityException.day, AvailabilityException.start_time)
    ).all()
    offers = []
    if counsellor.active and counsellor.meeting_types:
        way = counsellor.meeting_types[0]
        offers = node_slots(session, counsellor.node.slug, way, now, counsellor=counsellor.slug)
    days: dict[date, list[datetime]] = {}
    for offer in offers:
        days.setdefault(stockholm_date(offer.start), []).append(offer.start)
    return meeting_page(
        request,
        account,
        "staff_hours.html",
        status_code=422 if error else 200,
        error=error,
        counsellor=counsellor,
        own=counsellor.account_id == account.id,
        week=stored_form(_hours(counsellor)).days,
        exceptions=exceptions,
        texts=texts or {"slag": "", "dag": "", "fran": "", "till": ""},
        first=choose(offers),
        days=list(days.items())[:_DAYS_SHOWN],
    )
