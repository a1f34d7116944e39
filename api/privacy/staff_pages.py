"""`/personal/uppgifter`: what is stored about one person, as a page and a file, and its erasure.

For administrators: whoever sees it sees everything about somebody at once. The contact that is looked for travels in
the body of each form, never in an address, and is stored nowhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import WriteSession
from api.holdings import Erasing
from api.outbox import personal as mails
from api.privacy import persons
from api.privacy.contacts import Contact, typed_contact
from api.privacy.errors import ContactInvalid
from api.privacy.pages import descriptions
from api.privacy.persons import Found
from api.privacy.showing import shown
from api.settings import Settings
from api.staff.addresses import told
from api.staff.audit import record as audit
from api.staff.frame import staff_page
from api.staff.roles import Admin
from api.staff.sessions import SignedIn
from api.texts import Texts

router = APIRouter(include_in_schema=False)
PATH = "/personal/uppgifter"
_texts = Texts.beside(__file__)

Typed = Annotated[str, Form(max_length=300)]
Chosen = Annotated[list[str] | None, Form()]


@dataclass(frozen=True)
class Asked:
    """Whom somebody looks for, and what there is."""

    contact: Contact
    found: list[Found]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Admin) -> HTMLResponse:
    """The empty form."""
    return _page(request, account, "staff_person.html")


@router.post(PATH)
def search(request: Request, account: Admin, session: WriteSession, now: Now, kontakt: Typed = "") -> HTMLResponse:
    """What is stored about whoever has this contact."""
    asked = _asked(request, session, kontakt, now)
    if asked is None:
        return _refused(request, account, kontakt)
    _note(session, account, now, "looked_up", asked)
    return _page(request, account, "staff_person.html", asked, kontakt)


@router.post(PATH + "/fil")
def export(request: Request, account: Admin, session: WriteSession, now: Now, kontakt: Typed = "") -> Response:
    """The same as a file."""
    asked = _asked(request, session, kontakt, now)
    if asked is None:
        return _refused(request, account, kontakt)
    _note(session, account, now, "exported", asked)
    text = json.dumps(persons.exported(asked.found, now), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="uppgifter.json"', "Cache-Control": "no-store"}
    return Response(text, media_type="application/json", headers=headers)


@router.post(PATH + "/radera")
def ask(
    request: Request, account: Admin, session: WriteSession, now: Now, kontakt: Typed = "", val: Chosen = None
) -> HTMLResponse:
    """What would be erased, what happens then, and what stays."""
    asked = _asked(request, session, kontakt, now)
    if asked is None:
        return _refused(request, account, kontakt)
    names = {name for one in asked.found for name, _ in one.chosen()} & set(val or ())
    if not names:
        return _page(request, account, "staff_person.html", asked, kontakt, error=_texts("nothing_chosen"), status=422)
    return _page(request, account, "staff_person_erase.html", asked, kontakt, chosen=names)


@router.post(PATH + "/raderat")
def erase(
    request: Request, account: Admin, session: WriteSession, now: Now, kontakt: Typed = "", val: Chosen = None
) -> Response:
    """Erase it."""
    asked = _asked(request, session, kontakt, now)
    if asked is None:
        return _refused(request, account, kontakt)
    settings: Settings = request.app.state.settings
    count = persons.erase(session, asked.found, set(val or ()), Erasing(now, settings, account.actor))
    mails.erase_files(session, settings, now)
    return RedirectResponse(told(PATH, "uppgifter", count=count), status_code=303)


def _asked(request: Request, session: Session, typed: str, now: datetime) -> Asked | None:
    try:
        contact = typed_contact(typed)
    except ContactInvalid:
        return None
    return Asked(contact, persons.look_up(session, request.app.state.holdings, contact, now)) if contact else None


def _note(session: Session, account: SignedIn, now: datetime, what: str, asked: Asked) -> None:
    """That somebody looked, and how much there was: never for whom."""
    rows = {one.holding.name: len(one.records) for one in asked.found}
    audit(session, at=now, actor=account.actor, action=f"privacy.{what}", subject="privacy", **rows)


def _refused(request: Request, account: SignedIn, typed: str) -> HTMLResponse:
    return _page(request, account, "staff_person.html", typed=typed[:300], error=_texts("contact_unclear"), status=422)


def _page(
    request: Request,
    account: SignedIn,
    template: str,
    asked: Asked | None = None,
    typed: str = "",
    *,
    chosen: frozenset[str] | set[str] = frozenset(),
    error: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    kinds = [(one.holding.name, shown(one)) for one in asked.found] if asked else []
    return staff_page(
        request,
        account,
        template,
        status_code=status,
        searched=asked is not None,
        typed=asked.contact.value if asked else typed,
        kinds=kinds,
        chosen=chosen,
        titles=_titles(),
        error=error,
    )


def _titles() -> dict[str, str]:
    return {name: one["title"] for name, one in descriptions().items()}
