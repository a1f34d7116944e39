"""Staff's pages of one occasion: the form, what the assistant answers, and what takes one click."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.catalogue.keeping import forms, preview, service
from api.catalogue.keeping.attention import missing
from api.catalogue.keeping.errors import StatusUnknown
from api.catalogue.keeping.shared import OCCASION, Number, back_to, course_address, occasion_address
from api.catalogue.keeping.wording import TEXTS, occasion_title, status_word
from api.catalogue.search import PUBLIC
from api.catalogue.tables import OCCASION_STATUSES, Occasion
from api.clock import Now, stockholm_date
from api.database import ReadSession, WriteSession
from api.staff.actors import latest_change
from api.staff.addresses import told
from api.staff.editing.fields import Form as Fields
from api.staff.editing.sending import Sent
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)

Short = Annotated[str, Form(max_length=2000)]
_DONE = {"draft": "utkast", "published": "publicerad", "full": "full", "cancelled": "installd"}


@router.get(OCCASION + "/{occasion_id}")
def show_occasion(
    request: Request, account: Staff, occasion_id: Number, session: ReadSession, now: Now
) -> HTMLResponse:
    """An occasion: its form, its status, and what the assistant answers now."""
    occasion = service.get_occasion(session, occasion_id)
    base_url = request.app.state.settings.base_url
    answer = preview.about_occasion(session, occasion, now=now, base_url=base_url)
    return _page(request, account, session, now, occasion, forms.occasion_form(None, occasion), answer=answer)


@router.post(OCCASION + "/{occasion_id}")
def save_occasion(
    request: Request, account: Staff, occasion_id: Number, sent: Sent, session: WriteSession, now: Now
) -> object:
    """Store a changed occasion, unless somebody else has changed it meanwhile."""
    occasion = service.get_occasion(session, occasion_id, to_change=True)
    form = forms.occasion_form(sent, occasion)
    if not form.sound:
        return _page(request, account, session, now, occasion, form, sent=True)
    columns = forms.columns(form.values, example=occasion.example)
    batch = service.change(session, occasion, columns, at=now, actor=account.actor)
    done = told(occasion_address(occasion_id), "sparad" if batch else "utan_andring", undo=batch)
    return RedirectResponse(done, status_code=303)


@router.post(OCCASION + "/{occasion_id}/forhandsgranska")
def preview_occasion(
    request: Request, account: Staff, occasion_id: Number, sent: Sent, session: WriteSession, now: Now
) -> HTMLResponse:
    """What the assistant would answer if the form were stored and published. Nothing is."""
    occasion = service.get_occasion(session, occasion_id)
    form, answer = forms.occasion_form(sent, occasion), None
    if not form.errors:
        columns = forms.columns(form.values, example=occasion.example)
        status = occasion.status if occasion.status in PUBLIC else "published"
        with preview.supposed(session):
            service.change(session, occasion, {**columns, "status": status}, at=now, actor=account.actor)
            base_url = request.app.state.settings.base_url
            answer = preview.about_occasion(session, occasion, now=now, base_url=base_url)
    return _page(request, account, session, now, occasion, form, sent=True, answer=answer)


@router.post(OCCASION + "/{occasion_id}/status")
def set_status(
    request: Request,
    account: Staff,
    occasion_id: Number,
    session: WriteSession,
    now: Now,
    till: Short = "",
    fran: Short = "",
    anda: Short = "",
    here: Short = "",
) -> object:
    """Publish, cancel, mark as full or make a draft, by one click.

    Asks first when something is missing for publishing, or when it has another status than the page showed (`fran`).
    """
    occasion = service.get_occasion(session, occasion_id, to_change=True)
    if till not in OCCASION_STATUSES:
        raise StatusUnknown
    lacks = missing(occasion, occasion.course.description, stockholm_date(now)) if till == "published" else []
    if occasion.status == till:
        lacks = []
    moved = fran != occasion.status and occasion.status != till
    if moved or (lacks and anda != "ja"):
        return staff_page(
            request,
            account,
            "keep_ask.html",
            status_code=409 if moved else 200,
            occasion=occasion,
            title=occasion_title(occasion),
            till=till,
            moved=moved,
            latest=latest_change(session, "occasion", occasion_id),
            lacks=[TEXTS(f"missing_{key}") for key in lacks],
            status_word=status_word,
            back=back_to(here, occasion_address(occasion_id)),
        )
    batch = service.set_status(session, occasion, till, at=now, actor=account.actor)
    done = told(back_to(here, occasion_address(occasion_id)), _DONE[till], undo=batch)
    return RedirectResponse(done, status_code=303)


@router.get(OCCASION + "/{occasion_id}/ta-bort")
def ask_to_remove(request: Request, account: Staff, occasion_id: Number, session: ReadSession) -> HTMLResponse:
    """What goes, and whether somebody may have seen it."""
    occasion = service.get_occasion(session, occasion_id)
    return staff_page(
        request,
        account,
        "keep_remove.html",
        title=occasion_title(occasion),
        page=occasion_address(occasion_id),
        occasions=[occasion],
        whole_course=False,
        refusal=service.refusal([occasion]),
        seen=service.was_public(session, occasion),
        status_word=status_word,
    )


@router.post(OCCASION + "/{occasion_id}/ta-bort")
def remove_occasion(account: Staff, occasion_id: Number, session: WriteSession, now: Now) -> RedirectResponse:
    """Remove an occasion. Raises StillPublic or MirroredRow."""
    occasion = service.get_occasion(session, occasion_id, to_change=True)
    course = course_address(occasion.course_id)
    batch = service.remove_occasion(session, occasion, at=now, actor=account.actor)
    return RedirectResponse(told(course, "borttaget", undo=batch), status_code=303)


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: Now,
    occasion: Occasion,
    form: Fields,
    *,
    sent: bool = False,
    answer: preview.Answer | None = None,
) -> HTMLResponse:
    today = stockholm_date(now)
    lacks = missing(occasion, occasion.course.description, today) if occasion.status != "cancelled" else []
    return staff_page(
        request,
        account,
        "keep_occasion.html",
        status_code=(422 if form.errors else 409 if form.conflicts else 200) if sent else 200,
        form=forms.worded(form, forms.Choices((), ())),
        occasion=occasion,
        title=occasion_title(occasion),
        labels=forms.labels(),
        latest=latest_change(session, "occasion", occasion.id),
        lacks=[TEXTS(f"missing_{key}") for key in lacks],
        answer=answer,
        supposed=sent and answer is not None,
        status_word=status_word,
        page=occasion_address(occasion.id),
        refusal=service.refusal([occasion]),
    )
