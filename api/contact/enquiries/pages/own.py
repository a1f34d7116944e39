"""`/arende/{token}`: the sender's own page, where the receipt is shown first. It can be taken back here.

It changes nothing on GET, and its address, which is the secret, is told to no other site.
"""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.clock import Now
from api.contact.enquiries import service
from api.contact.enquiries.errors import EnquiryNotFound
from api.contact.enquiries.mails import OWN_PAGE
from api.contact.enquiries.matters import title_of, told
from api.contact.enquiries.office import PromiseOf
from api.contact.enquiries.tables import Enquiry
from api.contact.enquiries.wording import TEXTS, deadline, on_day
from api.database import ReadSession, WriteSession
from api.pages import render
from api.staff.visitors import OpenedLink, OurForm

router = APIRouter(prefix=OWN_PAGE, include_in_schema=False, dependencies=[OpenedLink])
_SECRET_PAGE = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""Not `no-referrer`: then a browser says `Origin: null` of the form on the page, and an older one nothing else."""


@router.api_route("/{token}", methods=["GET", "HEAD"])
def show(
    token: str, request: Request, session: ReadSession, now: Now, promise: PromiseOf, klart: str = ""
) -> HTMLResponse:
    """How it stands with the enquiry."""
    enquiry = _find(session, token)
    if enquiry is None:  # the same page for a wrong, an old and an erased link
        return render(request, "enquiry_own.html", status_code=404, headers=_SECRET_PAGE, state="missing")
    facts = [
        (TEXTS("fact_municipality"), enquiry.municipality.name if enquiry.municipality else TEXTS("elsewhere")),
        (TEXTS("fact_organisation"), enquiry.organisation),
        *told(enquiry.matter, enquiry.details),
        (TEXTS("fact_name"), enquiry.name),
        (TEXTS("fact_contact"), enquiry.email or enquiry.phone),
    ]
    return render(
        request,
        "enquiry_own.html",
        headers=_SECRET_PAGE,
        state="taken_back" if enquiry.taken_back else enquiry.status,
        just_sent=klart == "skickat" and enquiry.status == "new",
        token=token,
        enquiry=enquiry,
        matter=title_of(enquiry.matter),
        answer_by=deadline(enquiry.due_at, now),
        late=enquiry.due_at < now,
        sent_on=on_day(enquiry.created_at),
        facts=[fact for fact in facts if fact[1]],
        answers=[(on_day(one.at), one.text) for one in enquiry.notes if one.kind == "answer"],
        kept_days=promise.kept_days,
    )


@router.post("/{token}/ta-tillbaka", dependencies=[OurForm])
def take_back(token: str, session: WriteSession, now: Now, promise: PromiseOf) -> Response:
    """Withdraw it, then show the page again."""
    with suppress(EnquiryNotFound):  # the page says so
        service.take_back(session, token, promise, now)
    return RedirectResponse(f"{OWN_PAGE}/{token}", status_code=303, headers=_SECRET_PAGE)


def _find(session: Session, token: str) -> Enquiry | None:
    try:
        return service.by_link(session, token)
    except EnquiryNotFound:
        return None
