"""What staff set about when somebody can be booked: weekly hours, exceptions, a node's own days, "ledig i dag".

A closed time cancels nothing by itself. Every change that closes says which booked meetings stand in it, so that
somebody moves or cancels them; times that are only held there are let go. Every change is in the history and in the
audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.booking.errors import DayInvalid
from api.booking.locks import lock_counsellors
from api.booking.slots import Span, WeeklyHours
from api.booking.tables import Availability, AvailabilityException, Counsellor, Meeting, NodeDay
from api.booking.unfit_holds import release_unfit
from api.catalogue.tables import Node
from api.clock import STOCKHOLM, stockholm_date
from api.staff.history import Edit

_LAST_MINUTE = time(23, 59)
_FARTHEST = timedelta(days=3660)
"""Nobody plans further ahead, and calendars end."""
_RULES = frozenset(
    {
        "meeting_types",
        "languages",
        "meeting_minutes",
        "buffer_minutes",
        "slot_step_minutes",
        "notice_hours",
        "horizon_days",
        "daily_maximum",
        "interpreter_minutes",
        "video_url",
        "asks_for_answer",
        "phone",
        "active",
    }
)


@dataclass(frozen=True)
class Closing:
    """What closing a time came to: the exception (None when it was closed already) and what is booked in it."""

    exception: AvailabilityException | None
    standing: tuple[Meeting, ...]


def close_rest_of_day(session: Session, counsellor: Counsellor, now: datetime, by: str) -> Closing:
    """ "Ledig i dag": nothing more is booked with the counsellor today. A second time only tells what stands."""
    wall = now.astimezone(STOCKHOLM)
    start = wall.time().replace(second=0, microsecond=0)
    if start >= _LAST_MINUTE:
        return Closing(None, ())
    return close_time(session, counsellor, wall.date(), start, _LAST_MINUTE, now=now, by=by, cause="day_off")


def close_time(
    session: Session,
    counsellor: Counsellor,
    day: date,
    start: time | None,
    end: time | None,
    *,
    now: datetime,
    by: str,
    cause: str = "closed",
) -> Closing:
    """Close a part of a day, or all of it without times (wall clock in Stockholm). DayInvalid for a day that is over
    and for times that make no sense."""
    _check(day, start, end, now)
    lock_counsellors(session, {counsellor.id})
    closed = Span(_moment(day, start or time.min), _moment(day, end) if end else _moment(day + timedelta(1), time.min))
    exception = None
    if not _is_closed(session, counsellor, day, start, end):
        exception = AvailabilityException(counsellor_id=counsellor.id, day=day, start_time=start, end_time=end)
        with Edit(session, at=now, actor=by, cause=cause) as edit:
            edit.create(exception)
    release_holds(session, [counsellor.id], closed)
    return Closing(exception, standing_meetings(session, [counsellor.id], closed, now))


def open_time(
    session: Session, counsellor: Counsellor, day: date, start: time, end: time, *, now: datetime, by: str
) -> AvailabilityException:
    """Bookable hours on one date besides the weekly ones. They open no holiday and no day that is closed."""
    _check(day, start, end, now)
    row = AvailabilityException(counsellor_id=counsellor.id, day=day, start_time=start, end_time=end, opens=True)
    with Edit(session, at=now, actor=by, cause="opened") as edit:
        edit.create(row)
    return row


def remove_exception(session: Session, exception: AvailabilityException, now: datetime, by: str) -> None:
    """The day follows the weekly hours again. The counsellor is locked, and the exception after that."""
    counsellor = session.get_one(Counsellor, exception.counsellor_id)
    with Edit(session, at=now, actor=by, cause="exception_removed") as edit:
        edit.remove(exception)
    release_unfit(session, counsellor, now)


def set_node_day(
    session: Session, node: Node, day: date, *, opens: bool, title: str, now: datetime, by: str
) -> tuple[Meeting, ...]:
    """Close a node on a day, or keep it open on a holiday. What is booked there when it closes.

    Raises DayInvalid for a day that has been, or that nobody alive plans for.
    """
    _check_day(day, now)
    lock_counsellors(session, (), at_node=node.id)
    row = session.scalar(select(NodeDay).where(NodeDay.node_id == node.id, NodeDay.day == day))
    with Edit(session, at=now, actor=by, cause="opened" if opens else "closed") as edit:
        if row is None:
            edit.create(NodeDay(node_id=node.id, day=day, opens=opens, title=title))
        else:
            edit.change(row, {"opens": opens, "title": title})
    if opens:
        return ()
    everybody = session.scalars(select(Counsellor.id).where(Counsellor.node_id == node.id)).all()
    closed = Span(_moment(day, time.min), _moment(day + timedelta(1), time.min))
    release_holds(session, everybody, closed)
    return standing_meetings(session, everybody, closed, now)


def remove_node_day(session: Session, row: NodeDay, now: datetime, by: str) -> None:
    """The day is again what the calendar says: a holiday or not."""
    with Edit(session, at=now, actor=by, cause="node_day_removed") as edit:
        edit.remove(row)


def set_hours(session: Session, counsellor: Counsellor, hours: Iterable[WeeklyHours], now: datetime, by: str) -> None:
    """The counsellor's weekly hours from now on; what is booked stands. DayInvalid for hours that end before they
    begin."""
    wanted = set(hours)
    if any(row.end <= row.start for row in wanted):
        raise DayInvalid
    lock_counsellors(session, {counsellor.id})
    session.refresh(counsellor, ["hours"])
    with Edit(session, at=now, actor=by, cause="hours") as edit:
        for row in list(counsellor.hours):
            one = WeeklyHours(row.weekday, row.start_time, row.end_time)
            if one in wanted:
                wanted.discard(one)
            else:
                edit.remove(row)
        for one in sorted(wanted, key=lambda one: (one.weekday, one.start, one.end)):
            edit.create(
                Availability(counsellor_id=counsellor.id, weekday=one.weekday, start_time=one.start, end_time=one.end)
            )
    session.refresh(counsellor, ["hours"])
    release_unfit(session, counsellor, now)


def set_rules(
    session: Session,
    counsellor: Counsellor,
    values: Mapping[str, Any],  # Any: column values
    now: datetime,
    by: str,
) -> None:
    """Lengths, notice, horizon, types and the like, as columns of the counsellor; what is booked stands.

    ValueError for any other column. IntegrityError for lengths outside their bounds (see the table's checks).
    """
    if unknown := set(values) - _RULES:
        raise ValueError(f"not a rule of a counsellor: {sorted(unknown)}")
    lock_counsellors(session, {counsellor.id})
    with Edit(session, at=now, actor=by, cause="rules") as edit:
        edit.change(counsellor, values)
    release_unfit(session, counsellor, now)


def standing_meetings(
    session: Session, counsellor_ids: Sequence[int], closed: Span | None, now: datetime
) -> tuple[Meeting, ...]:
    """Booked meetings of these counsellors that are not over, soonest first: those in a stretch of time, or all."""
    within = (Meeting.starts_at < closed.end, Meeting.ends_at > closed.start) if closed else ()
    return tuple(
        session.scalars(
            select(Meeting)
            .where(
                Meeting.counsellor_id.in_(counsellor_ids),
                Meeting.status == "confirmed",
                Meeting.ends_at > now,
                *within,
            )
            .order_by(Meeting.starts_at)
        )
    )


def release_holds(session: Session, counsellor_ids: Sequence[int], closed: Span | None) -> None:
    """Let go of times that are held where nobody can be booked any more, or of all; those people are offered others."""
    within = (Meeting.starts_at < closed.end, Meeting.ends_at > closed.start) if closed else ()
    session.execute(
        update(Meeting)
        .where(
            Meeting.counsellor_id.in_(counsellor_ids),
            Meeting.status == "held",
            *within,
        )
        .values(status="expired", origin=None)
        .execution_options(synchronize_session="fetch")
    )


def _check(day: date, start: time | None, end: time | None, now: datetime) -> None:
    _check_day(day, now)
    if (start is None) != (end is None) or (start and end and end <= start):
        raise DayInvalid


def _check_day(day: date, now: datetime) -> None:
    if not timedelta(0) <= day - stockholm_date(now) <= _FARTHEST:
        raise DayInvalid


def _is_closed(session: Session, counsellor: Counsellor, day: date, start: time | None, end: time | None) -> bool:
    rows = session.scalars(
        select(AvailabilityException).where(
            AvailabilityException.counsellor_id == counsellor.id,
            AvailabilityException.day == day,
            AvailabilityException.opens.is_(False),
        )
    )
    return any(
        row.start_time is None
        or (start is not None and end is not None and row.start_time <= start and end <= (row.end_time or time.max))
        for row in rows
    )


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, STOCKHOLM).astimezone(UTC)
