"""`/personal/tider/kalender`: the secret calendar feeds of a counsellor's meetings."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.booking.feed import service as feeds
from api.booking.pages.access import MeetingStaff, find_counsellor
from api.booking.pages.hours import PATH as HOURS
from api.booking.pages.hours import address_of
from api.booking.pages.showing import meeting_page
from api.booking.tables import Counsellor
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.outbox.office import OfficeOf
from api.staff.addresses import told
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
PATH = HOURS + "/kalender"


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: MeetingStaff, session: ReadSession, vagledare: str = "") -> HTMLResponse:
    """The secret addresses that work, without their secrets."""
    return _page(request, account, session, find_counsellor(session, account, vagledare))


@router.post(PATH)
def create(
    request: Request, account: MeetingStaff, session: WriteSession, now: Now, office: OfficeOf, sent: Sent
) -> HTMLResponse:
    """Make an address. Answered at once and not by a redirect: it is shown this one time."""
    counsellor = find_counsellor(session, account, sent.get("vagledare", ""))
    made = feeds.create_feed(session, counsellor, office, now, account.actor)
    return _page(request, account, session, counsellor, url=made.url)


@router.post(PATH + "/{feed_id}/avsluta")
def revoke(account: MeetingStaff, session: WriteSession, now: Now, feed_id: RowId, sent: Sent) -> Response:
    """End an address. FeedUnknown for another counsellor's."""
    counsellor = find_counsellor(session, account, sent.get("vagledare", ""))
    feeds.revoke_feed(session, counsellor, feed_id, now, account.actor)
    return RedirectResponse(told(f"{PATH}?vagledare={counsellor.slug}", "kalender_avslutad"), status_code=303)


def _page(
    request: Request, account: SignedIn, session: Session, counsellor: Counsellor, *, url: str = ""
) -> HTMLResponse:
    return meeting_page(
        request,
        account,
        "staff_hours_feeds.html",
        counsellor=counsellor,
        feeds=feeds.feeds_of(session, counsellor),
        url=url,
        base=PATH,
        back=address_of(counsellor),
    )
