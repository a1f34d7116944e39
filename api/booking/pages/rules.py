"""`/personal/tider/regler`: lengths, notice, ways to meet."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.booking import availability
from api.booking.pages import hour_changes
from api.booking.pages.access import MeetingStaff, find_counsellor
from api.booking.pages.hours import PATH, address_of
from api.booking.pages.rules_form import FIELDS, LABELS, LANGUAGES, TYPES, column_values, shown_values
from api.booking.pages.showing import meeting_page
from api.booking.tables import Counsellor
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.staff.actors import latest_change
from api.staff.addresses import told
from api.staff.editing.attempt import Attempt
from api.staff.editing.fields import of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import find
from api.staff.sessions import SignedIn
from api.texts import Texts

router = APIRouter(include_in_schema=False)
TEXTS = Texts.beside(__file__)
RULES = PATH + "/regler"


@router.api_route(RULES, methods=["GET", "HEAD"])
def show_rules(request: Request, account: MeetingStaff, session: ReadSession, vagledare: str = "") -> HTMLResponse:
    """The form of the rules."""
    counsellor = find_counsellor(session, account, vagledare)
    return _rules_page(request, account, counsellor, Attempt(of_row(FIELDS, shown_values(counsellor))), "")


@router.post(RULES)
def change_rules(request: Request, account: MeetingStaff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store the rules; what is booked stands."""
    slug = find_counsellor(session, account, sent.get("vagledare", "")).id
    counsellor: Counsellor = find(session, Counsellor, slug, to_change=True)
    form = submitted(FIELDS, sent, shown_values(counsellor))
    if form.sound and not any(form.values[f"type_{one}"] for one in TYPES):
        form = form.wrong({"type_phone": TEXTS("wrong_types")})
    tried = Attempt(form)
    if not tried.sound:
        latest = latest_change(session, "counsellor", counsellor.id)
        return _rules_page(request, account, counsellor, tried, latest)
    with hour_changes.noted(session, account) as made:
        availability.set_rules(session, counsellor, column_values(counsellor, form.values), now, account.actor)
    key = "sparad" if made.batch else "utan_andring"
    return RedirectResponse(told(address_of(counsellor), key, undo=made.batch), status_code=303)


def _rules_page(
    request: Request, account: SignedIn, counsellor: Counsellor, tried: Attempt, latest: str
) -> HTMLResponse:
    return meeting_page(
        request,
        account,
        "staff_hours_rules.html",
        status_code=tried.status,
        counsellor=counsellor,
        tried=tried,
        labels=LABELS,
        latest=latest,
        types=[f"type_{one}" for one in TYPES],
        languages=[f"language_{one}" for one in LANGUAGES],
        back=address_of(counsellor),
    )
