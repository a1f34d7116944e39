"""`/personal/yrken`: what the assistant knows about occupations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import ReadSession, WriteSession
from api.guidance.keeping import service
from api.guidance.keeping.errors import OccupationInUse
from api.guidance.keeping.fields import FIELDS, GUIDE, LABELS, PAIRS, RELATED, TEXTS, WEIGHTS, columns, shown_values
from api.guidance.keeping.kept import PATH
from api.guidance.keeping.readable import measured
from api.guidance.occupation_replies import job_describe
from api.guidance.tables import Occupation
from api.guidance.turn import Turn
from api.replies import Query, Reply
from api.staff.actors import latest_change
from api.staff.editing.attempt import Attempt, attempt
from api.staff.editing.fields import blank, of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId, add, as_if, find, pointing_at, remove, save
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

PREVIEW = "visa"
"""Name of the button that shows what was written and stores nothing."""

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def overview(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """Every occupation with what is missing or hard to read."""
    return staff_page(request, account, "keep_occupations.html", rows=service.occupations(session))


@router.api_route(PATH + "/nytt", methods=["GET", "HEAD"])
def new(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """The empty form."""
    weights = dict.fromkeys(GUIDE, "0")
    return _page(request, account, session, None, Attempt(blank(FIELDS, **weights)))


@router.post(PATH + "/nytt")
def create(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store a new occupation; its id is made from the title."""
    tried = _tried(session, sent, None)
    if PREVIEW in sent or not tried.sound:
        return _page(request, account, session, None, tried, previewed=PREVIEW in sent)
    values = columns(tried.form.values)
    return add(session, account, now, Occupation(slug=service.new_slug(session, values["title"]), **values), PATH)


@router.api_route(PATH + "/{occupation_id}", methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, occupation_id: RowId) -> HTMLResponse:
    """The form of an occupation."""
    row = find(session, Occupation, occupation_id)
    return _page(request, account, session, row, Attempt(of_row(FIELDS, shown_values(row))))


@router.post(PATH + "/{occupation_id}")
def change(
    request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent, occupation_id: RowId
) -> Response:
    """Store what was changed, or show it."""
    row = find(session, Occupation, occupation_id, to_change=True)
    tried = _tried(session, sent, row)
    if PREVIEW in sent:
        said = _said(request, session, now, row, tried)
        return _page(request, account, session, row, tried, previewed=True, said=said)
    if not tried.sound:
        return _page(request, account, session, row, tried)
    return save(session, account, now, row, columns(tried.form.values), f"{PATH}/{row.id}")


@router.api_route(PATH + "/{occupation_id}/ta-bort", methods=["GET", "HEAD"])
def ask_to_remove(request: Request, account: Staff, session: ReadSession, occupation_id: RowId) -> HTMLResponse:
    """What goes, or what keeps the occupation."""
    row = find(session, Occupation, occupation_id)
    held = bool(pointing_at(session, row))
    return staff_page(
        request, account, "keep_occupation_remove.html", occupation=row, held=held, own_path=f"{PATH}/{row.id}"
    )


@router.post(PATH + "/{occupation_id}/ta-bort")
def take_away(account: Staff, session: WriteSession, now: Now, occupation_id: RowId) -> Response:
    """Remove an occupation without courses. Raises OccupationInUse."""
    row = find(session, Occupation, occupation_id, to_change=True)
    if pointing_at(session, row):
        raise OccupationInUse
    return remove(session, account, now, row, PATH)


def _tried(session: Session, sent: Sent, row: Occupation | None) -> Attempt:
    form = submitted(FIELDS, sent, shown_values(row) if row else None)
    form = form.wrong(service.errors(session, form.values, row))
    return attempt(form, service.questions(form.values), sent)


def _said(request: Request, session: Session, now: datetime, row: Occupation, tried: Attempt) -> Sequence[Reply]:
    """What the assistant would say about the occupation, in standard and in easy Swedish; nothing for a wrong form."""
    if tried.form.errors:
        return ()
    with as_if(session, row, columns(tried.form.values)):
        said = Query(occupation=row.slug)
        turns = (
            Turn(session, now, request.app.state.settings.base_url, "job_describe", said, Query(), easy=easy)
            for easy in (False, True)
        )
        return [reply for turn in turns for reply in job_describe(turn).replies]


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    row: Occupation | None,
    tried: Attempt,
    *,
    previewed: bool = False,
    said: Sequence[Reply] = (),
) -> HTMLResponse:
    others = [(one.occupation.slug, one.occupation.title) for one in service.occupations(session)]
    return staff_page(
        request,
        account,
        "keep_occupation.html",
        status_code=200 if previewed and not tried.form.errors else tried.status,
        occupation=row,
        own_path=f"{PATH}/{row.id}" if row else f"{PATH}/nytt",
        tried=tried,
        previewed=previewed,
        said=said,
        labels=LABELS,
        lix=measured(tried.form.texts, ["workday", *(pair[0] for pair in PAIRS)], [pair[1] for pair in PAIRS]),
        pairs=PAIRS,
        related=RELATED,
        others=[("", ""), *(other for other in others if row is None or other[0] != row.slug)],
        guide=GUIDE,
        weights=[(weight, TEXTS(f"weight_{weight.replace('-', 'minus_')}")) for weight in WEIGHTS],
        areas=service.areas(session),
        latest=latest_change(session, "occupation", row.id) if row else "",
    )
