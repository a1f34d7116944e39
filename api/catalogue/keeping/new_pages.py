"""Staff's pages for a new occasion: from nothing, or copied from one of an earlier term."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.catalogue.keeping import forms, service
from api.catalogue.keeping.copying import DAYS, Move, move_days, moves
from api.catalogue.keeping.identifiers import proposed_id
from api.catalogue.keeping.listing_form import PATH
from api.catalogue.keeping.shared import OCCASION, Number, course_address
from api.catalogue.keeping.wording import TEXTS, course_title, occasion_title
from api.catalogue.tables import Course, Occasion
from api.clock import Now, stockholm_date
from api.database import ReadSession, WriteSession
from api.staff.addresses import told
from api.staff.editing.fields import Form
from api.staff.editing.sending import Sent
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
_COPY_OF = "kopia_av"
"""Name of the hidden field that says which occasion the form was filled in from."""


@router.get(PATH + "/{course_id}/nytt-tillfalle")
def new_occasion(request: Request, account: Staff, course_id: Number, session: ReadSession) -> HTMLResponse:
    """An empty form with a proposed id."""
    course = service.get_course(session, course_id)
    form = forms.blank_occasion_form(proposed_id(session, course), {"pace": 100}, example=False)
    return _page(request, account, course, form, None)


@router.get(OCCASION + "/{occasion_id}/kopiera")
def copy_occasion(
    request: Request, account: Staff, occasion_id: Number, session: ReadSession, now: Now, terminer: int = 0
) -> HTMLResponse:
    """The form filled in for the next term, or for the one that is `terminer` ahead. Nothing is stored yet."""
    original = service.get_occasion(session, occasion_id)
    days = {name: getattr(original, name) for name in DAYS}
    ways = moves(days, stockholm_date(now))
    chosen = next((way for way in ways if way.terms == terminer), ways[0] if ways else None)
    values = {**forms.occasion_values(original), **(move_days(days, chosen) if chosen else {})}
    external_id = proposed_id(session, original.course, chosen.term.code if chosen else "")
    form = forms.blank_occasion_form(external_id, values, example=original.example)
    return _page(request, account, original.course, form, original, ways=ways, chosen=chosen)


@router.post(PATH + "/{course_id}/nytt-tillfalle")
def create_occasion(
    request: Request, account: Staff, course_id: Number, sent: Sent, session: WriteSession, now: Now
) -> object:
    """Store a new occasion, as a draft."""
    course = service.get_course(session, course_id)
    original = _original(session, course, sent.get(_COPY_OF, ""))
    example = original is not None and original.example
    form = forms.new_occasion_form(sent, example=example)
    if form.sound:
        columns = forms.columns(form.values, example=example)
        made = Occasion(course_id=course_id, status="draft", updated_at=now, **columns)
        cause = "copy" if original else "create"
        try:
            batch = service.create(session, made, at=now, actor=account.actor, cause=cause)
        except service.NotUnique:
            form = form.wrong({"external_id": TEXTS("external_id_taken")})
        else:
            done = told(course_address(course_id), "tillfalle_upplagt", undo=batch)
            return RedirectResponse(done, status_code=303)
    return _page(request, account, course, form, original, status_code=422)


def _original(session: Session, course: Course, number: str) -> Occasion | None:
    """The occasion that was copied, while it is there; the example mark follows from it."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found = session.get(Occasion, int(number))
    return found if found is not None and found.course_id == course.id else None


def _page(
    request: Request,
    account: SignedIn,
    course: Course,
    form: Form,
    original: Occasion | None,
    *,
    ways: list[Move] | None = None,
    chosen: Move | None = None,
    status_code: int = 200,
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "keep_new_occasion.html",
        status_code=status_code,
        form=form,
        course=course,
        title=course_title(course),
        original=original,
        original_title=occasion_title(original) if original else "",
        ways=ways or [],
        chosen=chosen,
        labels=forms.labels(),
    )
