"""Calendar files (RFC 5545, 5546) for one meeting. Pure: values in, bytes out, the same bytes every time.

Times are plain UTC: our meetings are single events, and Outlook misreads most time zone blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vText

_PRODID = "-//Industrivagledaren//Bokning//SV"


@dataclass(frozen=True)
class Invitation:
    """What the file says. `uid` is constant for the meeting's life, `sequence` rises with every visible change,
    `stamp` is when this revision was made; all moments are aware.

    `summary` is what others see on shared calendars and locked phones: never a name, a contact or what was said.
    """

    uid: str
    sequence: int
    stamp: datetime
    start: datetime
    end: datetime
    summary: str
    description: str
    location: str
    organizer_name: str
    organizer_email: str
    attendee_name: str = ""
    attendee_email: str = ""


def request(invitation: Invitation) -> bytes:
    """METHOD:REQUEST to the attendee. Already accepted and without a wish for an answer: an answer changes nothing."""
    return _file("REQUEST", invitation, status="CONFIRMED", with_attendee=True)


def cancellation(invitation: Invitation) -> bytes:
    """METHOD:CANCEL to the attendee. The caller has raised `sequence` above the last request's."""
    return _file("CANCEL", invitation, status="CANCELLED", with_attendee=True)


def published(invitation: Invitation, *, cancelled: bool = False) -> bytes:
    """METHOD:PUBLISH, the person's own file: no attendee (RFC 5546, 3.2.1), so nobody's address is in it."""
    return _file("PUBLISH", invitation, status="CANCELLED" if cancelled else "CONFIRMED", with_attendee=False)


def _file(
    method: Literal["REQUEST", "CANCEL", "PUBLISH"], invitation: Invitation, *, status: str, with_attendee: bool
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_event(invitation, status, with_attendee))
    return bytes(calendar.to_ical(sorted=False))


def _event(invitation: Invitation, status: str, with_attendee: bool) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp)
    event.add("dtstart", invitation.start)
    event.add("dtend", invitation.end)
    event.add("summary", invitation.summary)
    event.add("description", invitation.description)
    event.add("location", invitation.location)
    event.add("status", status)
    event.add("transp", "OPAQUE" if status == "CONFIRMED" else "TRANSPARENT")
    event.add("organizer", _address(invitation.organizer_name, invitation.organizer_email))
    if with_attendee:
        attendee = _address(invitation.attendee_name, invitation.attendee_email)
        attendee.params |= {
            "ROLE": vText("REQ-PARTICIPANT"),
            "PARTSTAT": vText("ACCEPTED"),
            "RSVP": vText("FALSE"),
        }
        event.add("attendee", attendee)
    return event


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address
