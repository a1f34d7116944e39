"""`/personal/tillganglighet`: staff keep the accessibility statement and what it lists."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.clock import Now, stockholm_date
from api.database import ReadSession, WriteSession
from api.insight.accessibility import service
from api.insight.accessibility.fields import COMPLIANCE, GAP, GAP_LABELS, REASONS, STATEMENT, STATEMENT_LABELS
from api.insight.accessibility.service import PATH, THE_ONE
from api.insight.accessibility.tables import AccessibilityGap, AccessibilityStatement
from api.staff.actors import latest_change
from api.staff.editing.attempt import Attempt
from api.staff.editing.fields import blank, of_row, submitted
from api.staff.editing.sending import Sent
from api.staff.editing.storing import RowId, add, find, remove, save
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
_GAPS = PATH + "/brister"


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, now: Now) -> HTMLResponse:
    """The form of the statement, and everything that is not accessible."""
    row = service.statement(session)
    today = stockholm_date(now).isoformat()
    form = of_row(STATEMENT, row) if row else blank(STATEMENT, assessed_on=today, reviewed_on=today)
    return _statement_page(request, account, session, Attempt(form))


@router.post(PATH)
def store(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store the statement."""
    row = session.get(AccessibilityStatement, THE_ONE, with_for_update=True)
    tried = Attempt(submitted(STATEMENT, sent, row))
    if not tried.sound:
        return _statement_page(request, account, session, tried)
    if row is None:
        return add(session, account, now, AccessibilityStatement(id=THE_ONE, **tried.form.values), PATH)
    return save(session, account, now, row, tried.form.values, PATH)


@router.api_route(_GAPS + "/ny", methods=["GET", "HEAD"])
def new_gap(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """The empty form."""
    return _gap_page(request, account, session, None, Attempt(blank(GAP, reason="gap")))


@router.post(_GAPS + "/ny")
def add_gap(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store something new that is not accessible."""
    tried = Attempt(submitted(GAP, sent, None))
    if not tried.sound:
        return _gap_page(request, account, session, None, tried)
    return add(session, account, now, AccessibilityGap(**tried.form.values), PATH)


@router.api_route(_GAPS + "/{gap_id}", methods=["GET", "HEAD"])
def show_gap(request: Request, account: Staff, session: ReadSession, gap_id: RowId) -> HTMLResponse:
    """The form of one thing that is not accessible."""
    row = find(session, AccessibilityGap, gap_id)
    return _gap_page(request, account, session, row, Attempt(of_row(GAP, row)))


@router.post(_GAPS + "/{gap_id}")
def save_gap(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent, gap_id: RowId) -> Response:
    """Store what was changed."""
    row = find(session, AccessibilityGap, gap_id, to_change=True)
    tried = Attempt(submitted(GAP, sent, row))
    if not tried.sound:
        return _gap_page(request, account, session, row, tried)
    return save(session, account, now, row, tried.form.values, f"{_GAPS}/{row.id}")


@router.post(_GAPS + "/{gap_id}/ta-bort")
def remove_gap(account: Staff, session: WriteSession, now: Now, gap_id: RowId) -> Response:
    """Take it off the list: it has been put right. "Ångra" puts it back."""
    return remove(session, account, now, find(session, AccessibilityGap, gap_id, to_change=True), PATH)


def _statement_page(request: Request, account: SignedIn, session: Session, tried: Attempt) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "keep_accessibility.html",
        status_code=tried.status,
        tried=tried,
        labels=STATEMENT_LABELS,
        compliance=COMPLIANCE,
        gaps=service.gaps(session),
        reasons=dict(REASONS),
        latest=latest_change(session, "accessibility_statement", THE_ONE),
        own_path=PATH,
    )


def _gap_page(
    request: Request, account: SignedIn, session: Session, row: AccessibilityGap | None, tried: Attempt
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "keep_accessibility_gap.html",
        status_code=tried.status,
        tried=tried,
        labels=GAP_LABELS,
        reasons=REASONS,
        gap=row,
        latest=latest_change(session, "accessibility_gap", row.id) if row else "",
        own_path=f"{_GAPS}/{row.id}" if row else f"{_GAPS}/ny",
        back=PATH,
    )
