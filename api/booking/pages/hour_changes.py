"""The history of a counsellor's hours and rules, and taking a change back. Counsellors reach only their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from api.booking.locks import lock_counsellors
from api.booking.pages.access import MeetingStaff, find_counsellor
from api.booking.pages.rules_form import NUMBERS
from api.booking.pages.showing import clock_of, meeting_page
from api.booking.tables import Availability, AvailabilityException, Counsellor
from api.booking.unfit_holds import release_unfit
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.staff import actors, history
from api.staff.addresses import told
from api.staff.editing.sending import Sent
from api.staff.errors import RowUnknown
from api.staff.kept import in_words
from api.staff.sessions import SignedIn
from api.staff.tables import RowChange
from api.swedish_dates import long_day, weekday_name
from api.texts import Texts

router = APIRouter(include_in_schema=False)
TEXTS = Texts.beside(__file__)
PATH = "/personal/tider"
_MODELS = (Availability, AvailabilityException, Counsellor)
_OWN = frozenset({*NUMBERS, "meeting_types", "languages", "video_url", "asks_for_answer"})
"""Columns of a counsellor that counsellors set themselves."""
_READ, _SHOWN = 2000, 50


@dataclass
class Made:
    """The batch of what was changed; empty when nothing was."""

    batch: str = ""


@dataclass(frozen=True)
class Event:
    """One click, in words. `batch` is empty when more than these hours and rules was changed: then staff take it back
    elsewhere."""

    at: datetime
    who: str
    what: str
    lines: list[str]
    batch: str


@contextmanager
def noted(session: Session, account: SignedIn) -> Iterator[Made]:
    """Inside the block something is changed; afterwards `Made.batch` says in which batch."""
    made = Made()
    mine = RowChange.actor == account.actor
    before = session.scalar(select(func.max(RowChange.id)).where(mine)) or 0
    yield made
    session.flush()
    made.batch = session.scalar(select(func.max(RowChange.batch)).where(mine, RowChange.id > before)) or ""


@router.api_route(PATH + "/historik", methods=["GET", "HEAD"])
def show(request: Request, account: MeetingStaff, session: ReadSession, vagledare: str = "") -> HTMLResponse:
    """What has been changed, latest first."""
    counsellor = find_counsellor(session, account, vagledare)
    changes = _changes_of(session, counsellor)
    batches = [list(rows) for _, rows in groupby(changes, key=lambda row: row.batch)][:_SHOWN]
    names = actors.titles(session, {rows[0].actor for rows in batches})
    everything = select(RowChange).where(RowChange.batch.in_([rows[0].batch for rows in batches]))
    wider = {row.batch for row in session.scalars(everything) if not _belongs(row, counsellor)}
    events = [
        Event(
            rows[0].at,
            names[rows[0].actor],
            _cause(rows[0].cause),
            [*_lines(rows)],
            "" if rows[0].batch in wider else rows[0].batch,
        )
        for rows in batches
    ]
    return meeting_page(request, account, "staff_hours_history.html", counsellor=counsellor, events=events)


@router.post(PATH + "/angra/{batch}")
def undo(account: MeetingStaff, session: WriteSession, now: Now, batch: str, sent: Sent) -> Response:
    """Take back one click. RowUnknown unless all of it is about this counsellor's hours and rules; ChangedSince."""
    counsellor = find_counsellor(session, account, sent.get("vagledare", ""))
    changes = session.scalars(select(RowChange).where(RowChange.batch == batch)).all()
    if not changes or not all(_belongs(row, counsellor) for row in changes):
        raise RowUnknown
    lock_counsellors(session, {counsellor.id})
    undone = history.undo(session, batch, _MODELS, at=now, actor=account.actor)
    session.refresh(counsellor)
    release_unfit(session, counsellor, now)
    address = f"{PATH}?vagledare={counsellor.slug}"
    return RedirectResponse(told(address, "angrat", undo=undone.batch), status_code=303)


def _belongs(change: RowChange, counsellor: Counsellor) -> bool:
    if change.kind == Counsellor.__tablename__:
        return change.key == str(counsellor.id) and set(change.diff) <= _OWN
    if change.kind in (Availability.__tablename__, AvailabilityException.__tablename__):
        return counsellor.id in change.diff.get("counsellor_id", ())
    return False


def _changes_of(session: Session, counsellor: Counsellor) -> Sequence[RowChange]:
    kinds = (Availability.__tablename__, AvailabilityException.__tablename__)
    own_row = and_(RowChange.kind == Counsellor.__tablename__, RowChange.key == str(counsellor.id))
    rows = select(RowChange).where(or_(RowChange.kind.in_(kinds), own_row)).order_by(RowChange.id.desc())
    return [row for row in session.scalars(rows.limit(_READ)) if _belongs(row, counsellor)]


def _cause(cause: str) -> str:
    return TEXTS(f"change_{cause}" if f"change_{cause}" in TEXTS.keys() else "change_other")  # noqa: SIM118 - not a dict


def _lines(rows: Sequence[RowChange]) -> Iterator[str]:
    for row in reversed(rows):
        if row.kind == Counsellor.__tablename__:
            for column, (old, new) in row.diff.items():
                label = f"rule_{column}"
                what = TEXTS(label) if label in TEXTS.keys() else TEXTS(f"column_{column}")  # noqa: SIM118
                yield TEXTS("line_changed", what=what, old=in_words(old) or "–", new=in_words(new) or "–")
            continue
        removed = row.action == "removed"
        values = {name: pair[0 if removed else 1] for name, pair in row.diff.items()}
        yield TEXTS("line_removed" if removed else "line_added", what=_what(row.kind, values))


def _what(kind: str, values: dict[str, Any]) -> str:  # Any: JSON values of the row
    start, end = (
        clock_of(time.fromisoformat(values[name])) if values.get(name) else "" for name in ("start_time", "end_time")
    )
    if kind == Availability.__tablename__:
        return TEXTS("line_hours", day=weekday_name(values["weekday"]).capitalize(), start=start, end=end)
    day = long_day(date.fromisoformat(values["day"])).capitalize()
    if values.get("opens"):
        return TEXTS("line_opened", day=day, start=start, end=end)
    return TEXTS("line_closed", day=day, start=start, end=end) if start else TEXTS("line_closed_day", day=day)
