"""The yearly report, put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from api.insight.background.figures import Background, background
from api.insight.days import Period, year_before, year_of
from api.insight.report.changes import changes
from api.insight.report.events import Events, events
from api.insight.report.groups import share
from api.insight.report.meetings import Meetings, Wait, all_waits, meetings, waits
from api.insight.report.reach import Reach, reach
from api.insight.report.spread import Spread
from api.insight.small_groups import LEAST


@dataclass(frozen=True)
class Report:
    """A year, or the days of it that are over; `compared` are the days of the year before that `changes` is about."""

    year: int
    period: Period
    compared: Period
    reach: Reach
    meetings: Meetings
    waits: list[Wait]
    wait: Spread | None
    events: Events
    background: list[Background]
    changes: list[str]


def report(session: Session, year: int, today: date) -> Report:
    """The report of a year as it stands on `today`, a Swedish calendar day; figures go up to the day before."""
    period = year_of(year).until(today)
    compared = year_before(period)
    found = _figures(session, period)
    return Report(
        year=year,
        period=period,
        compared=compared,
        reach=found.reach,
        meetings=found.meetings,
        waits=waits(session, period),
        wait=found.wait,
        events=found.events,
        background=background(session, period),
        changes=changes(_measures(_figures(session, compared)), _measures(found)),
    )


@dataclass(frozen=True)
class _Figures:
    reach: Reach
    meetings: Meetings
    wait: Spread | None
    events: Events


def _figures(session: Session, period: Period) -> _Figures:
    return _Figures(
        reach(session, period), meetings(session, period), all_waits(session, period), events(session, period)
    )


def _measures(figures: _Figures) -> dict[str, int | None]:
    """The figures that are compared, as `changes.UNITS` names them."""
    outcomes, at_a_place = figures.meetings.outcomes, sum(figures.events.step_free.values())
    return {
        "talks": figures.reach.talks,
        "meetings": outcomes.part("held").count,
        "wait": figures.wait.median if figures.wait else None,
        "interpreter": figures.meetings.interpreter.part("with").share,
        "missed": outcomes.part("missed").share,
        "cancelled": outcomes.part("cancelled").share,
        "guests": figures.events.guests.total,
        "step_free": share(figures.events.step_free.get("yes", 0), at_a_place) if at_a_place >= LEAST else None,
        "easy": figures.reach.easy.share,
        "not_understood": figures.reach.not_understood,
    }
