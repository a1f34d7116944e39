"""`/personal/traffar`: every event with how many come, and the chore of those where nobody was ticked off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import ReadSession
from api.events.attendance import unmarked
from api.events.pages.access import STAFF_PATH, EventStaff, events_of, may_change, node_of
from api.events.pages.showing import TEXTS, Shown
from api.events.seats import seats
from api.events.tables import Event, EventSignup
from api.staff.chores import Chore, Chores
from api.staff.frame import staff_page
from api.staff.tables import Account

router = APIRouter(include_in_schema=False)

VIEWS = ("kommande", "utkast", "varit", "installda")
_MOST = 200
_EARLIER = timedelta(days=365)


@router.api_route(STAFF_PATH, methods=["GET", "HEAD"])
def show(request: Request, account: EventStaff, session: ReadSession, now: Now, visa: str = "") -> HTMLResponse:
    """The events of one kind: coming, drafts, past or cancelled."""
    view = visa if visa in VIEWS and (may_change(account) or visa != "utkast") else VIEWS[0]
    own = events_of(session, account)
    views = _views(now)
    rows = _rows(session, [own, views[view]], latest_first=view in ("varit", "installda"))
    places = seats(session, rows)
    return staff_page(
        request,
        account,
        "staff_events.html",
        events_path=STAFF_PATH,
        view=view,
        counts={key: session.scalar(select(func.count(Event.id)).where(own, views[key])) for key in VIEWS},
        rows=[Shown(event, now, places[event.id]) for event in rows],
        open_offers=_counted(session, rows, EventSignup.status == "offered"),
        unticked=_counted(session, [row for row in rows if row.ends_at <= now], EventSignup.status == "signed"),
        may_change=may_change(account),
        linked=may_change(account) or node_of(session, account) is not None,
    )


def _views(now: datetime) -> dict[str, ColumnElement[bool]]:
    return {
        "kommande": (Event.status == "published") & (Event.ends_at > now),
        "utkast": Event.status == "draft",
        "varit": (Event.status == "published") & Event.ends_at.between(now - _EARLIER, now),
        "installda": (Event.status == "cancelled") & (Event.ends_at > now - _EARLIER),
    }


def _rows(session: Session, conditions: Iterable[ColumnElement[bool]], *, latest_first: bool) -> Sequence[Event]:
    order = Event.starts_at.desc() if latest_first else Event.starts_at
    return session.scalars(select(Event).where(*conditions).order_by(order, Event.id).limit(_MOST)).all()


def _counted(session: Session, events: Iterable[Event], condition: ColumnElement[bool]) -> dict[UUID, int]:
    """How many sign-ups of each event fit; events without any are left out."""
    ids = [event.id for event in events]
    rows = select(EventSignup.event_id, func.count()).where(EventSignup.event_id.in_(ids), condition)
    return dict(session.execute(rows.group_by(EventSignup.event_id)).all())


def _unticked(session: Session, now: datetime, account_id: int) -> Iterable[Chore]:
    """Events of the account that are over and where somebody was not ticked off."""
    account = session.get_one(Account, account_id)
    node = node_of(session, account)
    count = sum(may_change(account) or event.node_id == node for event in unmarked(session, now))
    yield Chore(TEXTS("chore_attendance"), count, f"{STAFF_PATH}?visa=varit")


chores = Chores(STAFF_PATH, lambda session, now: (), _unticked)
