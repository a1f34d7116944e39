"""`/personal/exempel`: what one person proposed, another approves; what is approved can be withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import ReadSession, WriteSession
from api.insight.asked.wording import topic_choices, topic_titles
from api.insight.examples import service
from api.insight.examples.checking import TEXTS
from api.insight.examples.choosing import topic_of
from api.insight.examples.tables import LONGEST, LONGEST_TOPIC
from api.staff.addresses import told
from api.staff.chores import Chore, Chores
from api.staff.editing.storing import RowId
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

PATH = "/personal/exempel"
MOST_WAITING = 25
"""Shown at once, the oldest first."""

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=2000)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession) -> Response:
    """What waits, what is approved, and which topics are missed."""
    return _list(request, account, session)


@router.api_route(PATH + "/{example_id}", methods=["GET", "HEAD"])
def edit(request: Request, account: Staff, session: ReadSession, example_id: RowId) -> Response:
    """The form of one that waits."""
    one = service.one(session, example_id, topic_titles(session))
    return _form(request, account, session, example_id, one.row.text, (one.row.topic, one.row.new_topic))


@router.post(PATH + "/{example_id}")
def change(
    request: Request,
    account: Staff,
    session: WriteSession,
    now: Now,
    example_id: RowId,
    text: Text = "",
    amne: Text = "",
    nytt: Text = "",
) -> Response:
    """Store other words or another topic."""
    text = " ".join(text.split())
    about, wrong = topic_of(amne, nytt, [topic for topic, _ in topic_choices(session)])
    if wrong:
        return _form(request, account, session, example_id, text, about, error=wrong, field="amne")
    wrong = service.change(session, example_id, text, about, topic_titles(session), account=account, at=now)
    if wrong:
        return _form(request, account, session, example_id, text, about, error=wrong, field="text")
    return RedirectResponse(told(PATH, "exempel_andrat"), 303)


@router.post(PATH + "/{example_id}/godkann")
def approve(
    request: Request, account: Staff, session: WriteSession, now: Now, example_id: RowId, visat: Text = ""
) -> Response:
    """Take it into the next training."""
    wrong = service.approve(session, example_id, visat, topic_titles(session), account=account, at=now)
    if wrong:
        return _list(request, account, session, error=wrong, field=f"exempel-{example_id}")
    return RedirectResponse(told(PATH, "exempel_godkant"), 303)


@router.post(PATH + "/{example_id}/ta-inte-med")
def reject(account: Staff, session: WriteSession, now: Now, example_id: RowId) -> Response:
    """Throw away what waits."""
    service.remove(session, example_id, "waiting", account=account, at=now)
    return RedirectResponse(told(PATH, "exempel_borta"), 303)


@router.post(PATH + "/{example_id}/dra-tillbaka")
def withdraw(account: Staff, session: WriteSession, now: Now, example_id: RowId) -> Response:
    """Leave an approved one out of the next training."""
    service.remove(session, example_id, "approved", account=account, at=now)
    return RedirectResponse(told(PATH, "exempel_tillbaka"), 303)


def _list(request: Request, account: SignedIn, session: Session, *, error: str = "", field: str = "") -> Response:
    titles = topic_titles(session)
    return staff_page(
        request,
        account,
        "staff_examples.html",
        status_code=422 if error else 200,
        error=error or None,
        field=field,
        waiting=service.waiting(session, titles, most=MOST_WAITING),
        count=service.count_waiting(session),
        approved=service.approved(session, new=False),
        missed=service.approved(session, new=True),
        titles=titles,
    )


def _form(
    request: Request,
    account: SignedIn,
    session: Session,
    example_id: int,
    text: str,
    about: tuple[str, str],
    *,
    error: str = "",
    field: str = "",
) -> Response:
    return staff_page(
        request,
        account,
        "staff_example.html",
        status_code=422 if error else 200,
        error=error or None,
        field=field,
        text=text,
        topic=about[0],
        new_topic=about[1],
        topics=topic_choices(session),
        limit=LONGEST,
        topic_limit=LONGEST_TOPIC,
        own_path=f"{PATH}/{example_id}",
    )


def _for_somebody_else(session: Session, now: datetime, account_id: int) -> Iterable[Chore]:
    yield Chore(TEXTS("chore"), service.count_waiting(session, for_account=account_id), PATH)


def _nothing(session: Session, now: datetime) -> Iterable[Chore]:
    return ()


CHORES = Chores(PATH, _nothing, _for_somebody_else)
"""What the start page says of examples: those that this account may approve."""
