"""`/personal/bokningar`: how booking goes at each node, in figures without anybody's identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.booking.pages.showing import meeting_page
from api.booking.tables import Counsellor, Meeting
from api.booking.waiting import Openings, openings_by_node
from api.clock import STOCKHOLM, Now, stockholm_date
from api.database import ReadSession
from api.outbox import oversight
from api.staff.roles import Staff

router = APIRouter(include_in_schema=False)
PATH = "/personal/bokningar"
WEEKS = 6
BACK = timedelta(days=90)
_FEW = 5
"""Below so many meetings a share could point somebody out, so it is not shown."""


@dataclass(frozen=True)
class Week:
    """Meetings booked and times left in one calendar week; `first` is its Monday."""

    first: date
    booked: int
    free: int


@dataclass(frozen=True)
class NodeFigures:
    """One node. `bookable`: whether anybody there can be booked now; `failed`: mails about its meetings that did not
    arrive; `wait_days`: days until the next free time, None without one; `missed`: per cent of the meetings of the
    last 90 days where nobody came, None when they are too few to tell."""

    id: int
    town: str
    bookable: bool
    failed: int
    example: bool
    weeks: tuple[Week, ...]
    next_free: datetime | None
    next_day: date | None
    wait_days: int | None
    held: int
    missed: int | None


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, now: Now) -> HTMLResponse:
    """Every node with a counsellor, also where nobody can be booked any more."""
    return meeting_page(
        request,
        account,
        "staff_bookings.html",
        figures=figures(session, now),
        failed=oversight.count_failed(session),
        failed_elsewhere=oversight.failed_by_node(session).get(None, 0),
        few=_FEW,
    )


def figures(session: Session, now: datetime) -> list[NodeFigures]:
    """The figures of each node with a counsellor, by town."""
    everybody: dict[int, list[Counsellor]] = {}
    for one in session.scalars(select(Counsellor).order_by(Counsellor.id)).unique():
        everybody.setdefault(one.node_id, []).append(one)
    openings = {one.node.id: one for one in openings_by_node(session, now)}
    failed = oversight.failed_by_node(session)
    found = [
        _node(session, people, openings.get(number), failed.get(number, 0), now) for number, people in everybody.items()
    ]
    return sorted(found, key=lambda one: one.town)


def _node(
    session: Session, people: Sequence[Counsellor], openings: Openings | None, failed: int, now: datetime
) -> NodeFigures:
    node, starts = people[0].node, openings.starts if openings else ()
    today = stockholm_date(now)
    monday = today - timedelta(days=today.weekday())
    ours = (
        Meeting.counsellor_id.in_(select(Counsellor.id).where(Counsellor.node_id == node.id)),
        Meeting.status == "confirmed",
    )
    midnight = datetime.combine(monday, time.min, STOCKHOLM).astimezone(UTC)
    booked = Counter(
        map(_monday, session.scalars(select(Meeting.starts_at).where(*ours, Meeting.starts_at >= midnight)))
    )
    free = Counter(map(_monday, starts))
    weeks = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    past = (*ours, Meeting.starts_at >= now - BACK, Meeting.ends_at <= now)
    held = session.scalar(select(func.count()).select_from(Meeting).where(*past)) or 0
    missed = session.scalar(select(func.count()).select_from(Meeting).where(*past, Meeting.no_show)) or 0
    return NodeFigures(
        id=node.id,
        town=node.town,
        bookable=openings is not None,
        failed=failed,
        example=any(one.example for one in people),
        weeks=tuple(Week(week, booked[week], free[week]) for week in weeks),
        next_free=starts[0] if starts else None,
        next_day=stockholm_date(starts[0]) if starts else None,
        wait_days=openings.wait_days(now) if openings else None,
        held=held,
        missed=round(100 * missed / held) if held >= _FEW else None,
    )


def _monday(moment: datetime) -> date:
    day = stockholm_date(moment)
    return day - timedelta(days=day.weekday())
