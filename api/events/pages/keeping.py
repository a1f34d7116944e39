"""Staff's form of an event: new ones, changes, publishing, and a copy to another day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute as Column
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality, Node
from api.clock import STOCKHOLM, Now, stockholm_date
from api.contact.networks.tables import Network
from api.database import ReadSession, WriteSession
from api.events import changes
from api.events.errors import CapacityTaken, EventIncomplete
from api.events.pages.access import STAFF_PATH
from api.events.pages.fields import DAY, EVENT, LABELS, as_fields, columns, wrong_together
from api.events.pages.showing import TEXTS, Shown
from api.events.seats import seats_of
from api.events.tables import EVENT_KINDS, LIVE, Event, EventSignup
from api.outbox.office import OfficeOf
from api.privacy.people import name_in
from api.staff.actors import latest_change
from api.staff.addresses import told
from api.staff.editing.attempt import Attempt, attempt
from api.staff.editing.fields import Form, blank, submitted
from api.staff.editing.fields import of_row as form_of
from api.staff.editing.sending import Question, Sent
from api.staff.editing.storing import find
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)

NEW = STAFF_PATH + "/ny"
ONE = STAFF_PATH + "/{event_id}"
_PUBLIC = ("title", "host", "description", "for_whom", "place_name", "contact", "contact_email")
"""What people read and where somebody's name might be written."""
_TOLD = ("starts_at", "ends_at", "place_name", "street", "online_url", "municipality_id")
"""What those who have signed up are told of when it changes."""


@router.api_route(NEW, methods=["GET", "HEAD"])
def new(request: Request, account: Staff, session: ReadSession, now: Now) -> HTMLResponse:
    """The empty form."""
    form = blank(EVENT, step_free="unknown", hearing_loop="unknown")
    return _page(request, account, session, now, None, Attempt(form))


@router.post(NEW)
def add(request: Request, account: Staff, session: WriteSession, now: Now, sent: Sent) -> Response:
    """Store a draft and go to it."""
    tried = _tried(session, submitted(EVENT, sent, None), sent, None, now)
    if not tried.sound:
        return _page(request, account, session, now, None, tried)
    event, _ = changes.create_event(session, columns(tried.form.values), now=now, actor=account.actor)
    return RedirectResponse(told(_path(event), "traff_upplagd"), status_code=303)


@router.api_route(ONE, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, now: Now, event_id: UUID) -> HTMLResponse:
    """One event: what can be done with it, and its form."""
    event: Event = find(session, Event, str(event_id))
    return _page(request, account, session, now, event, Attempt(form_of(EVENT, as_fields(event))))


@router.post(ONE)
def save(
    request: Request, account: Staff, session: WriteSession, now: Now, office: OfficeOf, event_id: UUID, sent: Sent
) -> Response:
    """Store what was changed; those who have signed up are told of another time or place."""
    event: Event = find(session, Event, str(event_id), to_change=True)
    form = submitted(EVENT, sent, as_fields(event))
    tried = _tried(session, form, sent, event, now)
    if not tried.sound:
        return _page(request, account, session, now, event, tried)
    values = columns(tried.form.values)
    values = {name: value for name, value in values.items() if value != getattr(event, name)}
    if not values:
        return RedirectResponse(told(_path(event), "utan_andring"), status_code=303)
    try:
        done = changes.change_event(session, event, values, now=now, actor=account.actor, office=office)
    except CapacityTaken as error:
        return _page(request, account, session, now, event, Attempt(form.wrong({"capacity": error.detail})))
    return RedirectResponse(told_all(_path(event), "traff_sparad", done), status_code=303)


@router.post(ONE + "/publicera")
def publish(account: Staff, session: WriteSession, now: Now, office: OfficeOf, event_id: UUID) -> Response:
    """Show it to everybody."""
    event: Event = find(session, Event, str(event_id), to_change=True)
    try:
        done = changes.publish(session, event, now=now, actor=account.actor, office=office)
    except EventIncomplete:
        return RedirectResponse(told(_path(event), "traff_ofardig"), status_code=303)
    return RedirectResponse(told(_path(event), "traff_publicerad", undo=done.batch), status_code=303)


@router.post(ONE + "/utkast")
def unpublish(account: Staff, session: WriteSession, now: Now, event_id: UUID) -> Response:
    """Hide it again, as long as nobody has signed up. Raises EventAttended."""
    event: Event = find(session, Event, str(event_id), to_change=True)
    done = changes.unpublish(session, event, now=now, actor=account.actor)
    return RedirectResponse(told(_path(event), "traff_utkast", undo=done.batch), status_code=303)


@router.api_route(ONE + "/kopiera", methods=["GET", "HEAD"])
def ask_copy(request: Request, account: Staff, session: ReadSession, now: Now, event_id: UUID) -> HTMLResponse:
    """To which day."""
    event: Event = find(session, Event, str(event_id))
    return _copy_page(request, account, session, now, event, blank((DAY,)))


@router.post(ONE + "/kopiera")
def copy(request: Request, account: Staff, session: WriteSession, now: Now, event_id: UUID, sent: Sent) -> Response:
    """A draft for another day, at the same hours."""
    event: Event = find(session, Event, str(event_id))
    form = submitted((DAY,), sent, None)
    day = form.values.get("day")
    if day and day < stockholm_date(now):
        form = form.wrong({"day": TEXTS("wrong_past")})
    if day is None or not form.sound:
        return _copy_page(request, account, session, now, event, form)
    clock = event.starts_at.astimezone(STOCKHOLM).timetz()
    starts_at = datetime.combine(day, clock)
    made, _ = changes.copy_event(session, event, starts_at, now=now, actor=account.actor)
    return RedirectResponse(told(_path(made), "traff_kopierad"), status_code=303)


def told_all(address: str, key: str, done: changes.Changed) -> str:
    """Where to go after a change, with how many were mailed. What was mailed about is not taken back by a button:
    whoever wants it back changes it again and reads who is told."""
    if done.mailed or done.to_call:
        return told(address, f"{key}_{'ring' if done.to_call else 'mejl'}", count=done.to_call or done.mailed)
    return told(address, key, undo=done.batch)


def _tried(session: Session, form: Form, sent: Sent, event: Event | None, now: datetime) -> Attempt:
    values = form.values
    errors = wrong_together(values)
    if "municipality_id" in values and session.get(Municipality, values["municipality_id"] or 0) is None:
        errors["municipality_id"] = TEXTS("wrong_municipality")
    for name, model in (("node_id", Node), ("network_id", Network)):
        if values.get(name) is not None and session.get(model, values[name]) is None:
            errors[name] = TEXTS("wrong_choice")
    return attempt(form.wrong(errors), _questions(session, form, event, now), sent)


def _questions(session: Session, form: Form, event: Event | None, now: datetime) -> Iterator[Question]:
    for name in _PUBLIC:
        if words := name_in(str(form.values.get(name, ""))):
            yield Question(name, form.texts[name], TEXTS("ask_name", label=LABELS[name], words=words))
    day = form.values.get("day")
    if day and day < stockholm_date(now) and (event is None or event.starts_at > now):
        yield Question("day", form.texts["day"], TEXTS("ask_past"))
    if event is not None and not form.errors and event.status == "published":
        values, (mails, calls) = columns(form.values), changes.recipients(session, event)
        moved = [str(values[name]) for name in _TOLD if values[name] != getattr(event, name)]
        if moved and (mails or calls):
            yield Question("day", " ".join(moved), TEXTS("ask_told", mails=mails, calls=calls))


def _page(
    request: Request, account: SignedIn, session: Session, now: datetime, event: Event | None, tried: Attempt
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "staff_event.html",
        status_code=tried.status,
        events_path=STAFF_PATH,
        own_path=_path(event) if event else NEW,
        one=Shown(event, now, seats_of(session, event)) if event else None,
        tried=tried,
        labels=LABELS,
        latest=latest_change(session, "event", str(event.id)) if event else "",
        status_word=TEXTS(f"status_{event.status}") if event else "",
        begun=event is not None and event.starts_at <= now,
        may_draft=event is not None and not _has_live(session, event),
        editable=event is None or event.status != "cancelled",
        kinds=[(kind, TEXTS(f"kind_{kind}")) for kind in EVENT_KINDS],
        facts=[(fact, TEXTS(f"fact_{fact}")) for fact in ("yes", "no", "unknown")],
        municipalities=_choices(session, Municipality.id, Municipality.name),
        nodes=_choices(session, Node.id, Node.name),
        networks=_choices(session, Network.id, Network.name),
    )


def _copy_page(
    request: Request, account: SignedIn, session: Session, now: datetime, event: Event, form: Form
) -> HTMLResponse:
    return staff_page(
        request,
        account,
        "staff_event_copy.html",
        status_code=422 if form.errors else 200,
        events_path=STAFF_PATH,
        one=Shown(event, now, seats_of(session, event)),
        form=form,
        labels=LABELS,
    )


def _choices(session: Session, number: Column[int], name: Column[str]) -> list[tuple[str, str]]:
    """Every row by name, after the one that chooses nothing."""
    rows = session.execute(select(number, name).order_by(name)).all()
    return [("", TEXTS("none_chosen")), *((str(key), title) for key, title in rows)]


def _has_live(session: Session, event: Event) -> bool:
    rows = select(EventSignup.id).where(EventSignup.event_id == event.id, EventSignup.status.in_(LIVE)).limit(1)
    return session.scalar(rows) is not None


def _path(event: Event) -> str:
    return f"{STAFF_PATH}/{event.id}"
