"""`/foretag`, `/skola` and `/natverk/…/intresse`: forms that need neither an account nor a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.clock import Now
from api.contact.enquiries import service
from api.contact.enquiries.errors import EnquiryLimit
from api.contact.enquiries.matters import QUESTIONS, Questions, matters, title_of
from api.contact.enquiries.office import Promise, PromiseOf
from api.contact.enquiries.pages.form import TEXTS, by_path, drawn, empty, enquiry_of, labels, read, unknown_place
from api.contact.enquiries.routing import has_examples
from api.contact.networks.service import open_network
from api.contact.networks.tables import Network
from api.database import ReadSession, WriteSession
from api.errors import NotFound, RateLimited
from api.pages import absolute, render
from api.staff.editing.fields import Form
from api.staff.editing.sending import Sent
from api.staff.secrets import new_token
from api.staff.visitors import OurForm, VisitorLimits

COMPANIES, SCHOOLS = "/foretag", "/skola"
_KEY = "nyckel"
_KEY_LIMIT = 100

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Page:
    """One form: the matter, the address it stands at, and the network it is about, if any."""

    questions: Questions
    path: str
    network: Network | None = None


@router.api_route(COMPANIES, methods=["GET", "HEAD"])
def companies(request: Request, session: ReadSession, promise: PromiseOf) -> HTMLResponse:
    """What a company can ask us for."""
    doors = [
        (f"{COMPANIES}/{one.path}", title_of(one.matter), TEXTS(f"door_{one.matter}"))
        for one in matters()
        if one.for_companies
    ]
    return render(
        request,
        "companies.html",
        canonical=absolute(request, COMPANIES),
        doors=doors,
        example=has_examples(session),
        answer_days=promise.answer_days,
    )


@router.api_route(COMPANIES + "/{matter}", methods=["GET", "HEAD"])
def company_form(request: Request, session: ReadSession, promise: PromiseOf, matter: str) -> HTMLResponse:
    """The empty form of a matter."""
    return _form(request, session, promise, _company_page(matter))


@router.post(COMPANIES + "/{matter}", dependencies=[OurForm])
def send_company_form(
    request: Request, session: WriteSession, promise: PromiseOf, now: Now, sent: Sent, matter: str
) -> Response:
    """Send it, or show what is wrong."""
    return _send(request, session, promise, now, sent, _company_page(matter))


@router.api_route(SCHOOLS, methods=["GET", "HEAD"])
def school_form(request: Request, session: ReadSession, promise: PromiseOf) -> HTMLResponse:
    """A school asks for prao places."""
    return _form(request, session, promise, Page(QUESTIONS["school_prao"], SCHOOLS))


@router.post(SCHOOLS, dependencies=[OurForm])
def send_school_form(request: Request, session: WriteSession, promise: PromiseOf, now: Now, sent: Sent) -> Response:
    """Send it, or show what is wrong."""
    return _send(request, session, promise, now, sent, Page(QUESTIONS["school_prao"], SCHOOLS))


@router.api_route("/natverk/{slug}/intresse", methods=["GET", "HEAD"])
def interest_form(request: Request, session: ReadSession, promise: PromiseOf, slug: str) -> HTMLResponse:
    """Somebody wants to know more of a network."""
    return _form(request, session, promise, _network_page(session, slug))


@router.post("/natverk/{slug}/intresse", dependencies=[OurForm])
def send_interest_form(
    request: Request, session: WriteSession, promise: PromiseOf, now: Now, sent: Sent, slug: str
) -> Response:
    """Send it, or show what is wrong."""
    return _send(request, session, promise, now, sent, _network_page(session, slug))


def _company_page(matter: str) -> Page:
    questions = by_path(matter)
    if questions is None:
        raise NotFound
    return Page(questions, f"{COMPANIES}/{questions.path}")


def _network_page(session: Session, slug: str) -> Page:
    network = open_network(session, slug)
    if network is None:
        raise NotFound
    return Page(QUESTIONS["network_interest"], f"/natverk/{network.slug}/intresse", network)


def _send(
    request: Request, session: Session, promise: Promise, now: datetime, sent: dict[str, str], page: Page
) -> Response:
    form = read(page.questions, sent)
    form = form.wrong(unknown_place(session, form))
    key = sent.get(_KEY, "")[:_KEY_LIMIT]
    if not form.sound:
        return _form(request, session, promise, page, form, key=key, status_code=422)
    limits: VisitorLimits = request.app.state.visitor_limits
    try:
        limits.sent(request.client.host if request.client else "")
        enquiry = enquiry_of(page.questions, form.values, page.network.id if page.network else None)
        done = service.send(session, enquiry, promise, now, client_key=f"page-{key}" if key else "")
    except (RateLimited, EnquiryLimit) as error:  # what was written stays in the form
        return _form(request, session, promise, page, form.wrong({"": error.detail}), key=key, status_code=429)
    token = done.own_url.rpartition("/")[2]
    headers = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return RedirectResponse(f"/arende/{token}?klart=skickat", status_code=303, headers=headers)


def _form(
    request: Request,
    session: Session,
    promise: Promise,
    page: Page,
    form: Form | None = None,
    *,
    key: str = "",
    status_code: int = 200,
) -> HTMLResponse:
    about, who = drawn(session, page.questions)
    matter = page.questions.matter
    return render(
        request,
        "enquiry_form.html",
        status_code=status_code,
        headers={"Cache-Control": "no-store"},
        canonical=absolute(request, page.path),
        action=page.path,
        matter=matter,
        heading=TEXTS(f"heading_{matter}", network=page.network.name if page.network else ""),
        lead=TEXTS(f"lead_{matter}"),
        network=page.network,
        example=has_examples(session),
        about=about,
        who=who,
        labels=labels((*about, *who)),
        form=form or empty(page.questions),
        key=key or new_token(),
        answer_days=promise.answer_days,
        kept_days=promise.kept_days,
    )
