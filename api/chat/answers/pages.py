"""`/personal/svar`: the answers, their sources, and when they are to be checked again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from api.chat.answers import listing, service
from api.chat.answers.fields import FIELDS, LABELS, ROWS, TEXTS, columns, shown_values
from api.chat.answers.listing import PATH, Filter, Order
from api.chat.answers.preview import Preview, previews
from api.chat.person import CRISIS
from api.chat.topics import HANDLERS
from api.clock import Now, stockholm_date
from api.database import ReadSession, WriteSession
from api.guidance.answers import FALLBACK_TOPIC
from api.guidance.keeping.readable import measured
from api.guidance.tables import Answer
from api.staff.actors import latest_change
from api.staff.addresses import told
from api.staff.editing.attempt import Attempt, attempt
from api.staff.editing.fields import of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import find, save
from api.staff.frame import staff_page
from api.staff.history import Edit
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

PREVIEW = "visa"
"""Name of the button that shows what was written and stores nothing."""

_EXPLAINED = frozenset({service.WELCOME, CRISIS, FALLBACK_TOPIC, service.OTHER_LANGUAGE})
_DOES_SOMETHING = frozenset(
    {"book_meeting", "cancel_meeting", "my_meeting", "reschedule_meeting", "restart", "simplify"}
)
"""The bot has a rule of its own for these (data/rules)."""

Topic = Annotated[str, Path(pattern="^[a-z0-9_]{1,60}$")]

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def overview(
    request: Request,
    account: Staff,
    session: ReadSession,
    now: Now,
    sok: str = "",
    visa: Filter = "",
    ordning: Order = "granskning",
) -> HTMLResponse:
    """Every answer, or those with certain words or in need of something."""
    every = listing.rows(session, stockholm_date(now))
    return staff_page(
        request,
        account,
        "keep_answers.html",
        rows=listing.chosen(every, sok, visa, ordning),
        counts=listing.counts(every),
        words=sok,
        only=visa,
        order=ordning,
    )


@router.api_route(PATH + "/{topic}", methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, now: Now, topic: Topic) -> HTMLResponse:
    """The form of an answer, and how the chat shows it."""
    row = find(session, Answer, topic)
    said = previews(session, row, {}, now, request.app.state.settings.base_url)
    return _page(request, account, session, row, Attempt(of_row(FIELDS, shown_values(row))), said, now)


@router.post(PATH + "/{topic}")
def change(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent, topic: Topic) -> Response:
    """Store what was changed, or show it."""
    row = find(session, Answer, topic, to_change=True)
    steps = service.goals(session, row)
    form = submitted(FIELDS, sent, shown_values(row))
    values = service.completed(form.values)
    form = form.wrong(service.errors(values, steps, row, stockholm_date(now)))
    tried = attempt(form, service.questions(values, row), sent)
    if PREVIEW not in sent and tried.sound:
        return save(session, account, now, row, columns(values, steps, row), f"{PATH}/{topic}")
    said: Sequence[Preview] = ()
    if not form.errors:
        said = previews(session, row, columns(values, steps, row), now, request.app.state.settings.base_url)
    return _page(request, account, session, row, tried, said, now, previewed=PREVIEW in sent)


@router.post(PATH + "/{topic}/kontrollerat")
def checked(account: Staff, session: WriteSession, now: Now, topic: Topic) -> Response:
    """The text agrees with its source today; it is to be checked again within a year."""
    row = find(session, Answer, topic, to_change=True)
    today = stockholm_date(now)
    if not row.source_title:
        return RedirectResponse(f"{PATH}/{topic}", status_code=303)
    with Edit(session, at=now, actor=account.actor, cause="checked") as edit:
        edit.change(row, {"checked_on": today, "review_on": service.a_year_after(today)})
    said = (
        told(f"{PATH}/{topic}", "kontrollerad", undo=edit.batch)
        if edit.count
        else told(f"{PATH}/{topic}", "oforandrad")
    )
    return RedirectResponse(said, status_code=303)


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    row: Answer,
    tried: Attempt,
    said: Sequence[Preview],
    now: Now,
    *,
    previewed: bool = False,
) -> HTMLResponse:
    steps = service.goals(session, row)
    today = stockholm_date(now)
    return staff_page(
        request,
        account,
        "keep_answer.html",
        status_code=200 if previewed and not tried.form.errors else tried.status,
        answer=row,
        own_path=f"{PATH}/{row.topic}",
        about=_about(row.topic),
        guarded=row.topic == CRISIS,
        overdue=row.review_on is not None and row.review_on <= today,
        tried=tried,
        previewed=previewed,
        previews=said,
        titles={step.topic: step.title for step in steps.values() if not step.entities},
        labels=LABELS,
        lix=measured(tried.form.texts, ["text"], ["easy"]),
        buttons=ROWS,
        goals=[("", ""), *((payload, step.title) for payload, step in steps.items())],
        latest=latest_change(session, "answer", row.topic),
    )


def _about(topic: str) -> str:
    if topic in _EXPLAINED:
        return TEXTS(f"about_{topic}")
    if topic in _DOES_SOMETHING:
        return TEXTS("about_action")
    return TEXTS("about_composed") if topic in HANDLERS else ""
