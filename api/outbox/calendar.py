"""Calendar files (RFC 5545, 5546) for meetings. Pure: values in, bytes out, the same bytes every time.

Times are plain UTC: our meetings are single events, and Outlook misreads most time zone blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_PRODID = "-//Industrivagledaren//Bokning//SV"
Status = Literal["CONFIRMED", "CANCELLED"]


@dataclass(frozen=True)
class Attendee:
    """Whom an invitation is for: always one, who also gets the mail, so that nobody sees another's address."""

    name: str
    email: str
    asks_for_answer: bool = False
    """Whether the calendar asks for yes or no. Without it the meeting counts as accepted: an answer changes nothing."""


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


def request(invitation: Invitation, attendee: Attendee) -> bytes:
    """METHOD:REQUEST: a new meeting, or with a raised sequence a changed one (RFC 5546, 3.2.2)."""
    return _file("REQUEST", _event(invitation, "CONFIRMED", attendee))


def cancellation(invitation: Invitation, attendee: Attendee) -> bytes:
    """METHOD:CANCEL: takes the meeting out of the attendee's calendar (RFC 5546, 3.2.5). The caller has raised
    `sequence` above the last request's."""
    return _file("CANCEL", _event(invitation, "CANCELLED", attendee))


def published(invitation: Invitation, *, cancelled: bool = False) -> bytes:
    """METHOD:PUBLISH, a file to download: no attendee (RFC 5546, 3.2.1), so nobody's address is in it."""
    return _file("PUBLISH", _event(invitation, "CANCELLED" if cancelled else "CONFIRMED"))


def subscription(name: str, invitations: Iterable[tuple[Invitation, Status]]) -> bytes:
    """Many meetings under one name, for a calendar program that fetches them again and again. No attendees."""
    calendar = _calendar("PUBLISH")
    refresh = vDuration(timedelta(hours=1))
    refresh.params["VALUE"] = vText("DURATION")
    calendar.add("x-wr-calname", vText(_text(name)))
    calendar.add("x-wr-timezone", vText("Europe/Stockholm"))
    calendar.add("refresh-interval", refresh)
    calendar.add("x-published-ttl", vDuration(timedelta(hours=1)))
    for invitation, status in invitations:
        calendar.add_component(_event(invitation, status))
    return bytes(calendar.to_ical(sorted=False))


def _file(method: Literal["REQUEST", "CANCEL", "PUBLISH"], event: Event) -> bytes:
    calendar = _calendar(method)
    calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(invitation: Invitation, status: Status, attendee: Attendee | None = None) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp)
    event.add("dtstart", invitation.start)
    event.add("dtend", invitation.end)
    event.add("summary", _text(invitation.summary))
    event.add("description", _text(invitation.description))
    event.add("location", _text(invitation.location))
    event.add("status", status)
    event.add("transp", "OPAQUE" if status == "CONFIRMED" else "TRANSPARENT")
    event.add("organizer", _address(invitation.organizer_name, invitation.organizer_email))
    if attendee:
        # What an invitation says of a person is for its recipient, not for those who share the calendar.
        event.add("class", "PRIVATE")
        event.add("attendee", _attendee(attendee, status))
    return event


def _text(text: str) -> str:
    """The text with line ends of every kind as `\\n`, which the library escapes, and without control characters: RFC
    5545 allows none, and one would keep a program from reading the whole file."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def _attendee(attendee: Attendee, status: Status) -> vCalAddress:
    asks = attendee.asks_for_answer and status == "CONFIRMED"
    address = _address(attendee.name, attendee.email)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION" if asks else "ACCEPTED")
    address.params["RSVP"] = vText("TRUE" if asks else "FALSE")
    return address


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    # Quotes and line breaks can be written here (RFC 6868), but hardly any calendar reads them.
    if name:
        address.params["CN"] = vText(" ".join(name.replace('"', "'").split()))
    return address
