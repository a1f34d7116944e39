"""`/om-dig`: a few voluntary questions after a booking, an event or a talk. Nothing says who answers."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.clock import Now, stockholm_date
from api.insight.background.answers import Answers
from api.insight.background.questions import AFTER, questions, read
from api.pages import render
from api.staff.editing.sending import Sent
from api.staff.visitors import OurForm, SentForm

PATH = "/om-dig"
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}
"""Not `no-referrer`: then a browser says `Origin: null` of the form on the page, and an older one nothing else."""

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def ask(request: Request, efter: str = "") -> HTMLResponse:
    """The questions. `efter` is the step that was just taken, and all that comes along."""
    return _page(request, efter)


@router.post(PATH, dependencies=[OurForm, SentForm])
def answer(request: Request, sent: Sent, now: Now) -> Response:
    """Keep the answers and thank for them; without any, ask again."""
    given, after = read(sent), sent.get("efter", "")
    if not given:
        return _page(request, after, empty=True)
    answers: Answers = request.app.state.background
    answers.take(stockholm_date(now), AFTER.get(after, "chat"), given)
    return RedirectResponse(f"{PATH}/tack", status_code=303, headers=_HEADERS)


@router.api_route(PATH + "/tack", methods=["GET", "HEAD"])
def thanks(request: Request) -> HTMLResponse:
    """What happens with the answers."""
    return render(request, "background_thanks.html", headers=_HEADERS)


def _page(request: Request, after: str, *, empty: bool = False) -> HTMLResponse:
    return render(
        request,
        "background.html",
        status_code=422 if empty else 200,
        headers=_HEADERS,
        questions=questions(),
        after=after if after in AFTER else "",
        empty=empty,
    )
