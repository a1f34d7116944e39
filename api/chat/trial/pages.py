"""The page “Prova en fråga”. What is written goes and comes back in the body of a request, never in an address."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, FastAPI, Form, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api.chat.errors import AssistantDown
from api.chat.incoming import MESSAGE_LIMIT
from api.chat.topics import HANDLERS
from api.chat.trial.service import Trials, Tried
from api.chat.trial.shown import shown
from api.chat.trial.understood import answer_topics, verdict
from api.clock import Now, stockholm_date
from api.errors import ApiError
from api.guidance.tables import Answer, Occupation
from api.staff.frame import staff_page
from api.staff.roles import Staff, declared
from api.staff.sessions import SignedIn

PATH = "/personal/prova"
_ANSWER_PAGE = re.compile(r"(/personal/svar/)\{[^/{}]+\}")

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Form()]
"""Without a limit of its own: what is too long is said at the field."""


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff) -> Response:
    """The empty form."""
    return _page(request, account)


@router.post(PATH)
async def try_out(
    request: Request, account: Staff, now: Now, afterwards: BackgroundTasks, text: Typed = "", easy: Typed = ""
) -> Response:
    """The form with its text once more, and below what the assistant understood and answers."""
    trials: Trials = request.app.state.trials
    try:
        tried = await trials.try_out(text, easy=bool(easy), afterwards=afterwards)
    except ApiError as error:
        return _page(request, account, error, text=text, easy=bool(easy))
    return await run_in_threadpool(_answered, request, account, now, tried, text, bool(easy))


def _answered(request: Request, account: SignedIn, now: datetime, tried: Tried, text: str, easy: bool) -> Response:
    base_url = request.app.state.settings.base_url
    with request.app.state.database.transaction(read_only=True) as session:
        titles = {answer.topic: answer.title for answer in session.scalars(select(Answer))}
        occupations = {each.slug: each.title for each in session.scalars(select(Occupation))}
    page = _answer_page(request.app, account)
    edited = [topic if topic in titles and page else None for topic in answer_topics(tried)]
    return _page(
        request,
        account,
        text=text,
        easy=easy,
        tried=tried,
        verdict=verdict(tried, titles, occupations),
        replies=[shown(message, stockholm_date(now), base_url) for message in tried.messages],
        edited=[{"path": f"{page}{topic}", "composed": topic in HANDLERS} if topic else None for topic in edited],
        titles=titles,
    )


def _page(
    request: Request,
    account: SignedIn,
    error: ApiError | None = None,
    *,
    text: str = "",
    easy: bool = False,
    tried: Tried | None = None,
    **context: object,
) -> Response:
    return staff_page(
        request,
        account,
        "staff_trial.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        wrong="" if error is None or isinstance(error, AssistantDown) else "text",
        text=text,
        easy=easy,
        limit=MESSAGE_LIMIT,
        tried=tried,
        **context,
    )


def _answer_page(app: FastAPI, account: SignedIn) -> str | None:
    """Where answers are edited, once there is such a page and the account may open it."""
    for method, path, guard in declared(app):
        found = _ANSWER_PAGE.fullmatch(path)
        if found and method == "GET" and guard is not None and guard.allows(account.role):
            return found[1]
    return None
