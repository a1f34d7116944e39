"""`/personal/moten/{id}`: one meeting, its history, the counsellor's note, and that nobody came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import desk
from api.booking.pages.access import MeetingStaff, find_meeting
from api.booking.pages.showing import PATH, meeting_page
from api.booking.tables import Counsellor, Meeting
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.staff import actors
from api.staff.addresses import told
from api.staff.sessions import SignedIn
from api.staff.tables import Audit
from api.swedish_dates import moment
from api.texts import Texts

router = APIRouter(include_in_schema=False)
TEXTS = Texts.beside(__file__)


@dataclass(frozen=True)
class Event:
    """One line of a meeting's history, in words."""

    at: datetime
    what: str
    who: str


@router.api_route(PATH + "/{meeting_id}", methods=["GET", "HEAD"])
def show(request: Request, account: MeetingStaff, session: ReadSession, now: Now, meeting_id: UUID) -> HTMLResponse:
    """Everything the account may know of the meeting, and what can be done with it."""
    meeting = find_meeting(session, account, meeting_id)
    return meeting_page(
        request,
        account,
        "staff_meeting.html",
        meeting=meeting,
        state=state_of(meeting, now),
        own=is_own(account, meeting),
        note=desk.note_of(session, meeting, account.actor),
        events=history_of(session, meeting),
    )


@router.post(PATH + "/{meeting_id}/anteckning")
def note(
    account: MeetingStaff,
    session: WriteSession,
    now: Now,
    meeting_id: UUID,
    note: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Store the counsellor's own note; staff neither see nor write it."""
    meeting = find_meeting(session, account, meeting_id)
    if is_own(account, meeting):
        desk.write_note(session, meeting, note.replace("\r\n", "\n"), now, account.actor)
    return RedirectResponse(told(f"{PATH}/{meeting_id}", "anteckning"), status_code=303)


@router.post(PATH + "/{meeting_id}/uteblev")
def no_show(
    account: MeetingStaff,
    session: WriteSession,
    now: Now,
    meeting_id: UUID,
    uteblev: Annotated[str, Form(max_length=5)] = "ja",
) -> Response:
    """Mark that nobody came, or take the mark away."""
    meeting = find_meeting(session, account, meeting_id)
    missed = uteblev == "ja"
    desk.mark_no_show(session, meeting, now, account.actor, missed=missed)
    return RedirectResponse(told(f"{PATH}/{meeting_id}", "uteblev" if missed else "kom"), status_code=303)


def state_of(meeting: Meeting, now: datetime) -> str:
    """`cancelled`, `begun` or `coming`."""
    if meeting.status == "cancelled":
        return "cancelled"
    return "begun" if meeting.starts_at <= now else "coming"


def is_own(account: SignedIn, meeting: Meeting) -> bool:
    """Whether it is the account's own counsellor who has the meeting."""
    return meeting.counsellor.account_id == account.id


def history_of(session: Session, meeting: Meeting) -> list[Event]:
    """What has happened to the meeting, latest first."""
    rows = session.scalars(
        select(Audit).where(Audit.subject == f"meeting:{meeting.id}").order_by(Audit.id.desc())
    ).all()
    names = actors.titles(session, {row.actor for row in rows})
    titles = dict(session.execute(select(Counsellor.slug, Counsellor.title)).all())
    known = TEXTS.keys()
    return [
        Event(
            row.at,
            _what(row, titles),
            TEXTS(f"by_{row.actor}") if f"by_{row.actor}" in known else names[row.actor],
        )
        for row in rows
    ]


def _what(row: Audit, titles: dict[str, str]) -> str:
    key, details = row.action.removeprefix("meeting."), row.details
    if key == "no_show" and not details.get("missed", True):
        key = "showed_up"
    if f"did_{key}" not in TEXTS.keys():  # noqa: SIM118 - not a dict
        key = "other"
    sentence = TEXTS(
        f"did_{key}",
        was=_moment(details.get("from_starts_at")),
        time=_moment(details.get("starts_at")),
        before=titles.get(details.get("from_counsellor", ""), ""),
        counsellor=titles.get(details.get("counsellor", ""), ""),
    )
    return f"{sentence} {TEXTS('double_booking')}" if details.get("double_booking") else sentence


def _moment(text: str | None) -> str:
    return moment(datetime.fromisoformat(text)) if text else ""
