"""`/personal/insikt/oforstadda`: messages to look at, without a trace of who sent them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import ReadSession, WriteSession
from api.insight.asked import phrases
from api.insight.asked.pages import PATH as ABOVE
from api.insight.asked.wording import TEXTS, topic_choices, topic_titles
from api.insight.examples import service as examples
from api.insight.examples.checking import TEXTS as EXAMPLE_TEXTS
from api.insight.examples.choosing import topic_of
from api.insight.examples.known_phrases import known
from api.staff.addresses import told
from api.staff.chores import Chore, Chores
from api.staff.editing.storing import RowId
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

PATH = f"{ABOVE}/oforstadda"

router = APIRouter(include_in_schema=False)

Ids = Annotated[list[str], Form()]
Text = Annotated[str, Form(max_length=400)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(
    request: Request, account: Staff, session: ReadSession, visa: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Groups of messages that are alike, the largest first."""
    reason = visa if visa in phrases.REASONS else ""
    groups, total = phrases.groups(session, reason)
    return staff_page(request, account, "staff_phrases.html", groups=groups, total=total, reason=reason)


@router.api_route(PATH + "/{phrase_id}", methods=["GET", "HEAD"])
def show_group(request: Request, account: Staff, session: ReadSession, now: Now, phrase_id: RowId) -> Response:
    """One group, with the form that says what it is about."""
    return _group(request, account, session, now, phrase_id)


@router.post(PATH + "/{phrase_id}")
def decide(
    request: Request,
    account: Staff,
    session: WriteSession,
    now: Now,
    phrase_id: RowId,
    val: Ids = [],  # noqa: B006 - FastAPI copies it
    amne: Text = "",
    nytt: Text = "",
    gor: Text = "",
) -> Response:
    """Make examples of the chosen messages, or dismiss them."""
    ids = [int(each) for each in val if each.isascii() and each.isdigit() and len(each) < 10]
    if gor == "avfarda" and ids:
        count = phrases.dismiss(session, ids, at=now, actor=account.actor)
        return RedirectResponse(told(PATH, "avfardade", count=count), 303)
    about, wrong = topic_of(amne, nytt, [topic for topic, _ in topic_choices(session)])
    chosen = phrases.chosen(session, ids)
    if not chosen or wrong:
        wrong = wrong if chosen else EXAMPLE_TEXTS("error_nothing")
        field = "amne" if chosen else "val"
        return _group(request, account, session, now, phrase_id, error=wrong, field=field, about=about, ticked=ids)
    count = examples.propose(session, chosen, *about, account=account, at=now)
    return RedirectResponse(told(PATH, "foreslagna", count=count), 303)


def _group(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    phrase_id: int,
    *,
    error: str = "",
    field: str = "",
    about: tuple[str, str] = ("", ""),
    ticked: Iterable[int] | None = None,
) -> Response:
    said = phrases.group_of(session, phrase_id, now)
    topics = topic_choices(session)
    likely = known().topic_like(said[0].text)
    chosen = set(ticked) if ticked is not None else {one.id for one in said}
    return staff_page(
        request,
        account,
        "staff_phrase_group.html",
        status_code=422 if error else 200,
        error=error or None,
        field=field,
        said=said,
        ticked=chosen,
        topics=topics,
        likely=likely if likely in dict(topics) else "",
        titles=topic_titles(session),
        topic=about[0],
        new_topic=about[1],
        own_path=f"{PATH}/{phrase_id}",
    )


def _waiting(session: Session, now: datetime) -> Iterable[Chore]:
    yield Chore(TEXTS("chore"), phrases.count_open(session), PATH)


CHORES = Chores(ABOVE, _waiting)
"""What the start page says of messages that nobody has looked at."""
