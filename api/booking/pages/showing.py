"""How pages for staff show meetings: the same words on each, and local times in forms."""

from __future__ import annotations

from datetime import UTC, datetime, time

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.booking.given_days import read_day
from api.booking.mail_wording import how
from api.booking.tables import Meeting
from api.booking.wording import meeting_time, meeting_time_short, type_word
from api.clock import STOCKHOLM
from api.staff.frame import staff_page
from api.staff.sessions import SignedIn
from api.swedish_dates import long_day, long_time, short_time

PATH = "/personal/moten"


def how_for_counsellor(meeting: Meeting) -> str:
    """Who calls whom, as the counsellor reads it."""
    return how(meeting, "counsellor_")


def meeting_page(
    request: Request, account: SignedIn, template: str, *, status_code: int = 200, **context: object
) -> HTMLResponse:
    """A page about meetings, with the words that its template puts times and types into."""
    words: dict[str, object] = {
        "long": meeting_time,
        "short": meeting_time_short,
        "type_word": type_word,
        "how": how_for_counsellor,
        "long_day": long_day,
        "long_time": long_time,
        "short_time": short_time,
        "clock": clock_of,
    }
    return staff_page(request, account, template, status_code=status_code, **words | context)


def clock_of(moment: datetime | time) -> str:
    """`13.00`, in Stockholm."""
    return f"{moment.astimezone(STOCKHOLM) if isinstance(moment, datetime) else moment:%H.%M}"


def in_form(moment: datetime) -> tuple[str, str]:
    """A moment as the fields for day and time hold it."""
    local = moment.astimezone(STOCKHOLM)
    return local.date().isoformat(), f"{local:%H:%M}"


def from_form(day: str, clock: str) -> datetime | None:
    """The moment (UTC) that the fields for day and time (Stockholm) say; None when they do not."""
    try:
        wall = datetime.combine(read_day(day), time.fromisoformat(clock.strip().replace(".", ":")))
        return wall.replace(tzinfo=STOCKHOLM, second=0, microsecond=0).astimezone(UTC)
    except ValueError:
        return None
