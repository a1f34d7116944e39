"""`/tillganglighet`: the accessibility statement, and a form for whoever meets a hindrance.

What it must hold: Digg, "Skapa en tillgänglighetsredogörelse" (digg.se, read in November 2026). The form makes an
enquiry, so that it has a reference, somebody who answers, and a last day.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.catalogue.search import nodes_by_distance
from api.clock import Now
from api.contact.enquiries.errors import EnquiryLimit
from api.contact.enquiries.mails import OWN_PAGE
from api.contact.enquiries.office import Promise, PromiseOf
from api.contact.enquiries.service import NewEnquiry, send
from api.database import ReadSession, WriteSession
from api.errors import RateLimited
from api.insight.accessibility import service
from api.insight.accessibility.fields import FEEDBACK, FEEDBACK_LABELS, MESSAGE_LIMIT
from api.pages import absolute, render
from api.staff.editing.fields import Form, blank, submitted
from api.staff.editing.sending import Sent
from api.staff.secrets import new_token
from api.staff.visitors import OurForm, VisitorLimits

router = APIRouter(include_in_schema=False)
PATH = "/tillganglighet"
REPORT_TO = "https://www.digg.se/tdosanmalan"
"""Where the law's supervisor takes reports (Digg, same page)."""
_KEY_LIMIT = 100


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, session: ReadSession, promise: PromiseOf) -> HTMLResponse:
    """The statement, and the empty form."""
    return _page(request, session, promise, blank(FEEDBACK))


@router.post(PATH, dependencies=[OurForm])
def report(request: Request, session: WriteSession, promise: PromiseOf, now: Now, sent: Sent) -> Response:
    """Send what somebody writes to the function that answers, and lead to their own page about it."""
    form = submitted(FEEDBACK, sent, None)
    if not form.sound:
        return _page(request, session, promise, form, key=sent.get("nyckel", "")[:_KEY_LIMIT], status_code=422)
    limits: VisitorLimits = request.app.state.visitor_limits
    key = sent.get("nyckel", "")[:_KEY_LIMIT]
    try:
        limits.sent(request.client.host if request.client else "")
        enquiry = _enquiry(form)
        done = send(session, enquiry, promise, now, client_key=f"accessibility-{key}" if key else "")
    except (RateLimited, EnquiryLimit) as error:  # what was written stays in the form
        return _page(request, session, promise, form.wrong({"": error.detail}), key=key, status_code=429)
    token = done.own_url.rpartition("/")[2]
    headers = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return RedirectResponse(f"{OWN_PAGE}/{token}?klart=skickat", status_code=303, headers=headers)


def _enquiry(form: Form) -> NewEnquiry:
    return NewEnquiry(
        matter="accessibility",
        name=form.values["name"],
        contact=form.values["contact"],
        message=form.values["message"],
        details={name: form.values[name] for name in ("page", "aid")},
    )


def _page(
    request: Request, session: Session, promise: Promise, form: Form, *, key: str = "", status_code: int = 200
) -> HTMLResponse:
    return render(
        request,
        "accessibility.html",
        status_code=status_code,
        headers={"Cache-Control": "no-store"},  # the form's key is for one visitor
        canonical=absolute(request, PATH),
        statement=service.statement(session),
        gaps=service.gaps(session),
        publisher=request.app.state.settings.publisher_name,
        report_to=REPORT_TO,
        answer_days=promise.answer_days,
        kept_days=promise.kept_days,
        form=form,
        labels=FEEDBACK_LABELS,
        limit=MESSAGE_LIMIT,
        key=key or new_token(),
        nodes=[node for node, _ in nodes_by_distance(session, None)],
    )
