"""The mails about a meeting: what the counsellor and the person are told when it is booked and when it is cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.booking import calendar
from api.booking.calendar import Invitation
from api.booking.office import Office
from api.booking.tables import Meeting
from api.booking.wording import how, meeting_time, meeting_time_short, place_of, texts, type_word
from api.outbox.message import CalendarMethod, Payload

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Mail:
    """One mail to one recipient; `kind` is what the outbox files it under."""

    kind: str
    recipient: str
    payload: Payload


def booked(meeting: Meeting, office: Office, *, manage_url: str, now: datetime) -> list[Mail]:
    """The invitation to the counsellor and, if the person left an e-mail address, a confirmation with a file of
    their own. The person's name and contact stand in the counsellor's mail only, outside the calendar's title."""
    values = _values(meeting, office)
    invitation = calendar.request(_invitation(meeting, office, now, "invitation_counsellor.txt", "counsellor_"))
    mails = [_to_counsellor(meeting, office, "REQUEST", "counsellor_request", values, invitation)]
    if meeting.contact_kind == "email" and meeting.contact_value:
        own_file = calendar.published(_invitation(meeting, office, now, "invitation_person.txt"))
        values |= {"manage_url": manage_url}
        mails.append(_to_person(meeting, office, "CONFIRMATION", "person_confirmation", values, own_file))
    return mails


def cancelled(meeting: Meeting, office: Office, *, now: datetime) -> list[Mail]:
    """The cancellation to both, with the meeting's raised sequence."""
    values = _values(meeting, office)
    invitation = _invitation(meeting, office, now, "invitation_cancelled.txt")
    mails = [_to_counsellor(meeting, office, "CANCEL", "counsellor_cancel", values, calendar.cancellation(invitation))]
    if meeting.contact_kind == "email" and meeting.contact_value:
        own_file = calendar.published(invitation, cancelled=True)
        mails.append(_to_person(meeting, office, "CANCELLATION", "person_cancellation", values, own_file))
    return mails


def own_calendar_file(meeting: Meeting, office: Office, *, stamp: datetime) -> bytes:
    """The person's `.ics` for download; `stamp` is when this revision was made."""
    is_cancelled = meeting.status == "cancelled"
    template = "invitation_cancelled.txt" if is_cancelled else "invitation_person.txt"
    return calendar.published(_invitation(meeting, office, stamp, template), cancelled=is_cancelled)


def _to_counsellor(
    meeting: Meeting, office: Office, kind: CalendarMethod, template: str, values: dict[str, Any], ics: bytes
) -> Mail:
    subject = texts(f"subject_{template}", summary=values["summary"], time=meeting_time_short(meeting))
    payload = _payload(meeting, office, template, values, subject=subject, ics=ics, method=kind)
    return Mail(kind, meeting.counsellor.email, payload)


def _to_person(meeting: Meeting, office: Office, kind: str, template: str, values: dict[str, Any], ics: bytes) -> Mail:
    subject = texts(f"subject_{template}", time=meeting_time(meeting))
    payload = _payload(meeting, office, template, values, subject=subject, ics=ics, method="PUBLISH")
    return Mail(kind, meeting.contact_value or "", payload)


def _payload(
    meeting: Meeting,
    office: Office,
    template: str,
    values: dict[str, Any],
    *,
    subject: str,
    ics: bytes,
    method: CalendarMethod,
) -> Payload:
    values = values | {"subject": subject}
    if method in ("REQUEST", "CANCEL"):
        values["how"] = how(meeting.counsellor, meeting.meeting_type, meeting.contact_kind, to="counsellor_")
    return {
        "from": office.mail_from,
        "reply_to": meeting.counsellor.node.email,
        "subject": subject,
        "text": _templates.get_template(f"{template}.txt").render(values),
        "html": _templates.get_template(f"{template}.html").render(values),
        "ics": ics.decode(),
        "ics_method": method,
    }


def _values(meeting: Meeting, office: Office) -> dict[str, Any]:  # Any: what templates may print
    counsellor = meeting.counsellor
    kind = meeting.contact_kind
    return {
        "time": meeting_time(meeting),
        "type": type_word(meeting.meeting_type),
        "summary": texts("summary", type=type_word(meeting.meeting_type)),
        "how": how(counsellor, meeting.meeting_type, kind),
        "name": meeting.person_name or "",
        "contact_label": texts(f"contact_label_{kind}") if kind else "",
        "contact": meeting.contact_value or "",
        "counsellor": counsellor.title,
        "node_phone": counsellor.node.phone,
        "reference": meeting.reference,
        "base_url": office.base_url,
    }


def _invitation(meeting: Meeting, office: Office, stamp: datetime, template: str, side: str = "") -> Invitation:
    values = _values(meeting, office)
    values["how"] = how(meeting.counsellor, meeting.meeting_type, meeting.contact_kind, to=side)
    organizer_name, organizer_email = parseaddr(office.mail_from)
    return Invitation(
        uid=meeting.ical_uid or "",
        sequence=meeting.sequence,
        stamp=stamp,
        start=meeting.starts_at,
        end=meeting.ends_at,
        summary=values["summary"],
        description=_templates.get_template(template).render(values).strip(),
        location=place_of(meeting.counsellor, meeting.meeting_type),
        organizer_name=organizer_name,
        organizer_email=organizer_email,
        attendee_name=meeting.counsellor.title,
        attendee_email=meeting.counsellor.email,
    )
