"""`/personal/moten`: the meetings of today, this week and later, and a search among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from api.booking.pages.access import MeetingStaff, counsellors_of
from api.booking.pages.showing import PATH, meeting_page
from api.booking.tables import Counsellor, Meeting
from api.clock import STOCKHOLM, Now, stockholm_date
from api.database import ReadSession
from api.staff.sessions import SignedIn
from api.typed import typed

router = APIRouter(include_in_schema=False)

EARLIER = timedelta(days=30)
MOST = 300
FOUND = 50
"""The most meetings on a list, and among those found; the page says when there are more."""


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(
    request: Request, account: MeetingStaff, session: ReadSession, now: Now, ort: str = "", tidigare: str = ""
) -> HTMLResponse:
    """The account's meetings from today on; `tidigare` those of the last month."""
    return _page(request, account, session, now, node=ort, earlier=tidigare == "ja")


@router.post(PATH)
def search(
    request: Request,
    account: MeetingStaff,
    session: ReadSession,
    now: Now,
    sok: Annotated[str, Form(max_length=200)] = "",
) -> HTMLResponse:
    """Meetings by code, name or contact. A POST, because names do not belong in addresses."""
    return _page(request, account, session, now, text=typed(sok))


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    *,
    node: str = "",
    earlier: bool = False,
    text: str = "",
) -> HTMLResponse:
    everybody = counsellors_of(session, account)
    people = [one for one in everybody if node in ("", one.node.slug)]
    today = stockholm_date(now)
    midnight = datetime.combine(today, time.min, STOCKHOLM)
    groups: dict[str, Sequence[Meeting]] = {}
    if text:
        groups["found"], cut = _found(session, people, text, now)
    elif earlier:
        groups["earlier"], cut = _between(session, people, now - EARLIER, midnight)
    else:
        coming, cut = _between(session, people, midnight, None)
        sunday = today + timedelta(days=6 - today.weekday())
        days = [(meeting, stockholm_date(meeting.starts_at)) for meeting in coming]
        groups["today"] = [meeting for meeting, day in days if day == today]
        groups["week"] = [meeting for meeting, day in days if today < day <= sunday]
        groups["later"] = [meeting for meeting, day in days if day > sunday]
    while cut and not groups[next(reversed(groups))]:  # nothing is known of what comes after the last one shown
        groups.popitem()
    return meeting_page(
        request,
        account,
        "staff_meetings.html",
        groups=groups,
        cut=next(reversed(groups)) if cut else "",
        shown=sum(map(len, groups.values())),
        own=account.role == "counsellor",
        linked=bool(everybody),
        nodes=sorted({one.node.slug: one.node.town for one in everybody}.items(), key=lambda pair: pair[1]),
        node=node,
        searched=text,
        now=now,
    )


def _between(
    session: Session, people: Iterable[Counsellor], start: datetime, end: datetime | None
) -> tuple[Sequence[Meeting], bool]:
    """Booked meetings from `start` on, soonest first, or those until `end`, latest first; and whether it has more."""
    rows = select(Meeting).where(
        Meeting.counsellor_id.in_([one.id for one in people]),
        Meeting.status == "confirmed",
        Meeting.starts_at >= start.astimezone(UTC),
    )
    if end is None:
        rows = rows.order_by(Meeting.starts_at, Meeting.id)
    else:
        rows = rows.where(Meeting.starts_at < end.astimezone(UTC)).order_by(Meeting.starts_at.desc(), Meeting.id)
    found = session.scalars(rows.limit(MOST + 1)).all()
    return found[:MOST], len(found) > MOST


def _found(session: Session, people: Iterable[Counsellor], text: str, now: datetime) -> tuple[Sequence[Meeting], bool]:
    """By the start of the code, or a part of the name or contact, and whether there are more: coming ones first, the
    soonest of them first, then those that have been, the latest first.

    Names are compared here and not in the database: SQLite does not fold å, ä and ö. Of meetings that have lost
    their person, only those with the code are read.
    """
    wanted, digits = text.casefold(), "".join(char for char in text if char.isdigit())
    code = f"iv-{wanted.removeprefix('iv-')}"
    rows = session.execute(
        select(Meeting.id, Meeting.starts_at, Meeting.reference, Meeting.person_name, Meeting.contact_value).where(
            Meeting.counsellor_id.in_([one.id for one in people]),
            Meeting.status.in_(("confirmed", "cancelled")),
            or_(
                Meeting.person_name.is_not(None),
                Meeting.contact_value.is_not(None),
                func.lower(Meeting.reference).startswith(code, autoescape=True),
            ),
        )
    )
    matching = [
        (begins < now, abs(begins - now), number)
        for number, begins, reference, name, contact in rows
        if reference.casefold().startswith(code)
        or wanted in (name or "").casefold()
        or wanted in (contact or "").casefold()
        or (len(digits) > 4 and digits in (contact or ""))
    ]
    ids = [number for _, _, number in sorted(matching)[:FOUND]]
    found = {row.id: row for row in session.scalars(select(Meeting).where(Meeting.id.in_(ids)))}
    return [found[number] for number in ids], len(matching) > FOUND
