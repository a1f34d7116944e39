"""Staff's pages of courses: a new one, one with its occasions, its form, and removing it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.catalogue.keeping import forms, preview, service
from api.catalogue.keeping.listing_form import PATH
from api.catalogue.keeping.shared import Number, course_address
from api.catalogue.keeping.wording import TEXTS, course_title, kind_word, status_word
from api.catalogue.tables import Course
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.staff.actors import latest_change
from api.staff.addresses import told
from api.staff.editing.fields import Form
from api.staff.editing.sending import Sent
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)


@router.get(PATH + "/ny")
def new_course(request: Request, account: Staff, session: ReadSession) -> HTMLResponse:
    """An empty form."""
    return _form_page(request, account, session, forms.course_form(session, None, None), None)


@router.post(PATH + "/ny")
def create_course(request: Request, account: Staff, sent: Sent, session: WriteSession, now: Now) -> object:
    """Store a new course."""
    form = forms.course_form(session, sent, None)
    if form.sound:
        course = Course(**service.course_columns(session, form.values))
        try:
            batch = service.create(session, course, at=now, actor=account.actor)
        except service.NotUnique:
            form = form.wrong({"title": TEXTS("identity_taken")})
        else:
            return RedirectResponse(told(course_address(course.id), "utbildning_upplagd", undo=batch), status_code=303)
    return _form_page(request, account, session, form, None, sent=True)


@router.get(PATH + "/{course_id}")
def show_course(request: Request, account: Staff, course_id: Number, session: ReadSession, now: Now) -> HTMLResponse:
    """A course, its occasions, and what the assistant says about it."""
    course = service.get_course(session, course_id)
    occasions = service.occasions_of(session, course)
    base_url = request.app.state.settings.base_url
    return staff_page(
        request,
        account,
        "keep_course.html",
        course=course,
        title=course_title(course),
        occasions=occasions,
        answers=preview.about_course(session, course, now=now, base_url=base_url),
        status_word=status_word,
        kind_word=kind_word,
        refusal=service.refusal(occasions),
        # Undoing that it was made takes this page away too.
        after_undo=PATH if request.query_params.get("klart") == "utbildning_upplagd" else None,
    )


@router.get(PATH + "/{course_id}/andra")
def edit_course(request: Request, account: Staff, course_id: Number, session: ReadSession) -> HTMLResponse:
    """The form of a course."""
    course = service.get_course(session, course_id)
    return _form_page(request, account, session, forms.course_form(session, None, course), course)


@router.post(PATH + "/{course_id}/andra")
def save_course(
    request: Request, account: Staff, course_id: Number, sent: Sent, session: WriteSession, now: Now
) -> object:
    """Store a changed course, unless somebody else has changed it meanwhile."""
    course = service.get_course(session, course_id, to_change=True)
    form = forms.course_form(session, sent, course)
    if form.sound:
        try:
            values = service.course_columns(session, form.values)
            batch = service.change(session, course, values, at=now, actor=account.actor)
        except service.NotUnique:
            form = form.wrong({"title": TEXTS("identity_taken")})
        else:
            done = told(course_address(course_id), "sparad" if batch else "utan_andring", undo=batch)
            return RedirectResponse(done, status_code=303)
    return _form_page(request, account, session, form, course, sent=True)


@router.post(PATH + "/{course_id}/forhandsgranska")
def preview_course(
    request: Request, account: Staff, course_id: Number, sent: Sent, session: WriteSession, now: Now
) -> HTMLResponse:
    """What the assistant would say if the form were stored. Nothing is."""
    course = service.get_course(session, course_id)
    form = forms.course_form(session, sent, course)
    answers = []
    if not form.errors:
        try:
            with preview.supposed(session):
                service.change(
                    session, course, service.course_columns(session, form.values), at=now, actor=account.actor
                )
                base_url = request.app.state.settings.base_url
                answers = preview.about_course(session, course, now=now, base_url=base_url)
        except service.NotUnique:
            form = form.wrong({"title": TEXTS("identity_taken")})
    return _form_page(request, account, session, form, course, sent=True, answers=answers)


@router.get(PATH + "/{course_id}/ta-bort")
def ask_to_remove(request: Request, account: Staff, course_id: Number, session: ReadSession) -> HTMLResponse:
    """What goes with a course."""
    course = service.get_course(session, course_id)
    occasions = service.occasions_of(session, course)
    return staff_page(
        request,
        account,
        "keep_remove.html",
        title=course_title(course),
        page=course_address(course_id),
        occasions=occasions,
        whole_course=True,
        refusal=service.refusal(occasions),
        seen=any(service.was_public(session, occasion) for occasion in occasions),
        status_word=status_word,
    )


@router.post(PATH + "/{course_id}/ta-bort")
def remove_course(account: Staff, course_id: Number, session: WriteSession, now: Now) -> RedirectResponse:
    """Remove a course with its occasions. Raises StillPublic, MirroredRow or StillUsed."""
    course = service.get_course(session, course_id, to_change=True)
    batch = service.remove_course(session, course, at=now, actor=account.actor)
    return RedirectResponse(told(PATH, "utbildning_borttagen", undo=batch), status_code=303)


def _form_page(
    request: Request,
    account: SignedIn,
    session: Session,
    form: Form,
    course: Course | None,
    *,
    sent: bool = False,
    answers: list[preview.Answer] | None = None,
) -> HTMLResponse:
    status = 422 if form.errors else 409 if form.conflicts else 200
    choices = forms.load_choices(session)
    return staff_page(
        request,
        account,
        "keep_course_form.html",
        status_code=status if sent else 200,
        form=forms.worded(form, choices),
        course=course,
        title=course_title(course) if course else "",
        occasions=len(service.occasions_of(session, course)) if course else 0,
        choices=choices,
        labels=forms.labels(),
        latest=latest_change(session, "course", course.id) if course else "",
        answers=answers,
    )
