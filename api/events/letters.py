"""What each mail about an event says. Pure: a sign-up in, a mail out.

A mail is one template in `templates/mails`, rendered twice, as plain text and as HTML. The words are plain enough for
everybody. A calendar file goes only to those who have a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from api.events.addresses import event_path
from api.events.pages.showing import where_of
from api.events.tables import Event, EventSignup
from api.outbox import calendar
from api.outbox.calendar import Attendee, Invitation
from api.outbox.mail_layout import MailLayout
from api.outbox.message import CalendarMethod, Letter, Payload
from api.outbox.office import Office
from api.swedish_dates import long_time, moment
from api.texts import Texts

_layout = MailLayout.beside(__file__)
texts = Texts(Path(__file__).with_name("mails.yml"))


@dataclass(frozen=True)
class Earlier:
    """When and where an event was before it was changed."""

    time: str
    where: str

    @classmethod
    def of(cls, event: Event) -> Earlier:
        """To be taken before the row is changed."""
        return cls(_time(event), _where(event))


def signed(signup: EventSignup, office: Office, *, now: datetime, url: str, had_to_wait: bool = False) -> Letter:
    """There is a place, with a calendar file. `had_to_wait`: it comes after time on the waiting list."""
    ics = calendar.request(_invitation(signup, office, now), _attendee(signup))
    return _letter("SIGNUP", "signed", signup, office, "REQUEST", ics, url=url, had_to_wait=had_to_wait)


def waiting(signup: EventSignup, office: Office, *, url: str, place: int) -> Letter:
    """On the waiting list, as number `place`."""
    return _letter("WAITING", "waiting", signup, office, url=url, place=place)


def offer(signup: EventSignup, office: Office, *, url: str) -> Letter:
    """A place is held until the deadline; the page has the buttons for yes and no."""
    until = moment(signup.offered_until) if signup.offered_until else ""
    return _letter("OFFER", "offer", signup, office, url=url, until=until)


def free_place(signup: EventSignup, office: Office, *, url: str) -> Letter:
    """A place is free, and the first who takes it has it."""
    return _letter("FREEPLACE", "free_place", signup, office, url=url)


def lapsed(signup: EventSignup, office: Office) -> Letter:
    """The deadline passed, and the place went on."""
    return _letter("LAPSED", "lapsed", signup, office)


def moved(
    signup: EventSignup, before: Earlier, office: Office, *, now: datetime, url: str, message: str = ""
) -> Letter:
    """Another time or place, with the calendar file anew for those who have a place. Who is offered one is told until
    when once more: an offer that was not sent yet is replaced by this."""
    has_place = signup.status == "signed"
    ics = calendar.request(_invitation(signup, office, now), _attendee(signup)) if has_place else None
    method: CalendarMethod | None = "REQUEST" if has_place else None
    values = {
        "url": url,
        "message": message,
        "has_place": has_place,
        "until": moment(signup.offered_until) if signup.status == "offered" and signup.offered_until else "",
        "before_time": before.time if before.time != _time(signup.event) else "",
        "before_where": before.where if before.where != _where(signup.event) else "",
    }
    return _letter("EVENTCHANGE", "moved", signup, office, method, ics, **values)


def cancelled(signup: EventSignup, office: Office, *, now: datetime, had_place: bool, message: str = "") -> Letter:
    """The person, staff, or the event itself has cancelled; takes it out of the calendar if it was there."""
    ics = calendar.cancellation(_invitation(signup, office, now, cancelled=True), _attendee(signup))
    template = "event_cancelled" if signup.ended_by == "event" else "cancelled"
    method: CalendarMethod | None = "CANCEL" if had_place else None
    values = {"by_person": signup.ended_by == "person", "had_place": had_place, "message": message}
    return _letter("EVENTCANCEL", template, signup, office, method, ics if had_place else None, **values)


def reminder(signup: EventSignup, office: Office, *, url: str) -> Letter:
    """The day before. Without a calendar file: the event is there already."""
    return _letter("EVENTREMINDER", "reminder", signup, office, url=url)


def sms_reminder(signup: EventSignup) -> str:
    """The day before, in one text message, without a name."""
    event = signup.event
    phone = event.contact_phone or event.contact_email
    return texts("sms_reminder", time=_time(event), title=event.title, contact=phone, reference=signup.reference)


def link_again(signup: EventSignup, office: Office, *, url: str) -> Letter:
    """To somebody who signed up a second time: they are there already, and here is the way to their page."""
    return _letter("EVENTMESSAGE", "link_again", signup, office, url=url, state=texts(f"state_{signup.status}"))


def written(signup: EventSignup, office: Office, *, subject: str, message: str) -> Letter:
    """What staff write to everybody."""
    letter = _letter("EVENTMESSAGE", "written", signup, office, message=message)
    return Letter(letter.kind, {**letter.payload, "subject": subject})


def call(event: Event, office: Office, *, what: str, references: list[str], until: datetime | None = None) -> Letter:
    """To the function that answers for the event: those who left only a telephone number have to be called. Says which
    sign-ups, not who: names and numbers stand on staff's page."""
    values = _of_event(event, office) | {
        "what": texts(f"call_{what}"),
        "references": ", ".join(references),
        "until": moment(until) if until else "",
        "staff_url": f"{office.base_url}/personal/traffar/{event.id}/deltagare",
    }
    subject = texts("subject_call", title=event.title)
    return Letter("CALLNEEDED", _payload("call", event, office, subject, values))


def own_calendar_file(signup: EventSignup, office: Office, *, stamp: datetime) -> bytes:
    """The person's `.ics` for download; `stamp` is when this revision was made."""
    gone = signup.status == "cancelled"
    return calendar.published(_invitation(signup, office, stamp, cancelled=gone), cancelled=gone)


def _letter(
    kind: str,
    template: str,
    signup: EventSignup,
    office: Office,
    method: CalendarMethod | None = None,
    ics: bytes | None = None,
    **more: Any,  # Any: what templates may print
) -> Letter:
    event = signup.event
    values = _of_event(event, office) | {
        "name": signup.name or "",
        "needs": signup.needs,
        "language": signup.language or "",
        "reference": signup.reference,
        "online_url": _online_url(signup),
        **more,
    }
    subject = texts(f"subject_{template}", title=event.title, time=values["time"])
    return Letter(kind, _payload(template, event, office, subject, values, method, ics))


def _payload(
    template: str,
    event: Event,
    office: Office,
    subject: str,
    values: dict[str, Any],
    method: CalendarMethod | None = None,
    ics: bytes | None = None,
) -> Payload:
    return {
        "from": office.mail_from,
        "reply_to": event.contact_email,
        "subject": subject,
        "text": _layout.text(template, values),
        "html": _layout.html(template, values, subject=subject),
        "ics": ics.decode() if ics else None,
        "ics_method": method,
    }


def _of_event(event: Event, office: Office) -> dict[str, Any]:
    return {
        "title": event.title,
        "time": _time(event),
        "where": _where(event),
        "online_url": "",
        "host": event.host,
        "for_whom": event.for_whom,
        "women_only": event.women_only,
        "event_url": f"{office.base_url}{event_path(event)}",
        "events_url": f"{office.base_url}/traffar",
        "contact": event.contact,
        "contact_phone": event.contact_phone,
        "reason": event.cancel_reason,
        "example": event.example,
        "days": office.event_days,
    }


def _time(event: Event) -> str:
    """`torsdag 26 november kl. 13.00–15.00`, with the days of both ends when it goes on over midnight."""
    if event.starts_at.date() == event.ends_at.date():
        return long_time(event.starts_at, event.ends_at)
    return texts("time_over_days", start=moment(event.starts_at), end=moment(event.ends_at))


def _where(event: Event) -> str:
    return where_of(event)


def _online_url(signup: EventSignup) -> str:
    """Where it is held on the net; empty for whoever has no place: the address opens the door."""
    return signup.event.online_url if signup.status == "signed" else ""


def _invitation(signup: EventSignup, office: Office, stamp: datetime, *, cancelled: bool = False) -> Invitation:
    event = signup.event
    organizer_name, organizer_email = parseaddr(office.mail_from)
    online_url = _online_url(signup)
    values = _of_event(event, office) | {"reference": signup.reference, "online_url": online_url}
    return Invitation(
        uid=signup.ical_uid,
        sequence=signup.sequence,
        stamp=stamp,
        start=event.starts_at,
        end=event.ends_at,
        summary=event.title,
        description=_layout.calendar("cancelled" if cancelled else "signup", values),
        location=online_url if event.is_online and online_url else _where(event),
        organizer_name=organizer_name,
        organizer_email=organizer_email,
    )


def _attendee(signup: EventSignup) -> Attendee:
    return Attendee("", signup.email or "")  # without a name: the file may lie in a shared calendar
