"""What each mail about a meeting says. Pure: a meeting in, a mail out.

A mail is one template in `templates/mails`, rendered twice, as plain text and as HTML, so that both say the same.
What the person asked about stands in the counsellor's mail only, and never in a calendar file or a subject line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from api.booking.mail_wording import bring, how, texts, video_link
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.booking.wording import meeting_time, meeting_time_short, place_of, type_word
from api.outbox import calendar
from api.outbox.calendar import Attendee, Invitation
from api.outbox.mail_layout import MailLayout
from api.outbox.message import CalendarMethod, Letter, Payload
from api.outbox.office import Office
from api.swedish_dates import long_time

_layout = MailLayout.beside(__file__)


@dataclass(frozen=True)
class Earlier:
    """What a meeting was before it was changed."""

    starts_at: datetime
    ends_at: datetime
    meeting_type: MeetingType
    counsellor: Counsellor

    @classmethod
    def of(cls, meeting: Meeting) -> Earlier:
        """To be taken before the row is changed."""
        return cls(meeting.starts_at, meeting.ends_at, meeting.meeting_type, meeting.counsellor)


def counsellor_booked(
    meeting: Meeting, office: Office, *, now: datetime, taken_over: bool = False, left_by: str = ""
) -> Letter:
    """The invitation. `taken_over`: another counsellor had the meeting before; `left_by` is that one's title where both
    read the same mailbox, so that it says who is to hold the meeting."""
    subject = "subject_counsellor_taken_over" if taken_over else "subject_counsellor_booked"
    subject = "subject_counsellor_new_holder" if left_by else subject
    ics = calendar.request(_invitation(meeting, office, now, "counsellor"), _counsellor(meeting.counsellor))
    values = {"taken_over": taken_over, "left_by": left_by}
    return _to_counsellor("REQUEST", "counsellor_booked", subject, meeting, office, ics, **values)


def counsellor_moved(meeting: Meeting, before: Earlier, office: Office, *, now: datetime) -> Letter:
    """The same invitation with its raised sequence: the meeting moves in the calendar."""
    ics = calendar.request(_invitation(meeting, office, now, "counsellor"), _counsellor(meeting.counsellor))
    subject = "subject_counsellor_moved"
    values = _before(before) | {"other_time": _other_time(meeting, before)}
    return _to_counsellor("REQUEST", "counsellor_moved", subject, meeting, office, ics, **values)


def counsellor_relieved(meeting: Meeting, before: Earlier, office: Office, *, now: datetime) -> Letter:
    """To the counsellor whose meeting somebody else has taken over: it leaves the calendar."""
    invitation = _invitation(meeting, office, now, "relieved", before)
    ics = calendar.cancellation(invitation, _counsellor(before.counsellor))
    subject = "subject_counsellor_relieved"
    return _to_counsellor("CANCEL", "counsellor_relieved", subject, meeting, office, ics, **_before(before))


def counsellor_readdressed(meeting: Meeting, office: Office, *, now: datetime) -> Letter:
    """To the counsellor's new address: the invitation to a meeting that was booked before."""
    ics = calendar.request(_invitation(meeting, office, now, "counsellor"), _counsellor(meeting.counsellor))
    subject = "subject_counsellor_readdressed"
    return _to_counsellor("REQUEST", "counsellor_readdressed", subject, meeting, office, ics)


def counsellor_address_left(meeting: Meeting, address: str, office: Office, *, now: datetime) -> Letter:
    """To the counsellor's old `address`: the meeting stands, but leaves the calendar behind it."""
    attendee = replace(_counsellor(meeting.counsellor), email=address)
    ics = calendar.cancellation(_invitation(meeting, office, now, "address_left"), attendee)
    subject = "subject_counsellor_address_left"
    return _to_counsellor("CANCEL", "counsellor_address_left", subject, meeting, office, ics)


def counsellor_cancelled(meeting: Meeting, office: Office, *, now: datetime) -> Letter:
    """The cancellation: the meeting leaves the calendar."""
    ics = calendar.cancellation(_invitation(meeting, office, now, "cancelled"), _counsellor(meeting.counsellor))
    subject = "subject_counsellor_cancelled"
    return _to_counsellor("CANCEL", "counsellor_cancelled", subject, meeting, office, ics)


def person_booked(meeting: Meeting, office: Office, *, manage_url: str, now: datetime, message: str = "") -> Letter:
    """The confirmation, with a link of the person's own."""
    ics = calendar.request(_invitation(meeting, office, now, "person"), _person(meeting))
    values = {"manage_url": manage_url, "message": message}
    return _to_person("CONFIRMATION", "person_booked", meeting, office, "REQUEST", ics, **values)


def person_moved(
    meeting: Meeting, before: Earlier, office: Office, *, manage_url: str, now: datetime, message: str = ""
) -> Letter:
    """The meeting has another time, or another counsellor."""
    ics = calendar.request(_invitation(meeting, office, now, "person"), _person(meeting))
    values = {"manage_url": manage_url, "message": message, **_before(before)}
    values["other_time"] = _other_time(meeting, before)
    values["other_counsellor"] = before.counsellor.id != meeting.counsellor.id
    return _to_person("CHANGE", "person_moved", meeting, office, "REQUEST", ics, **values)


def person_cancelled(meeting: Meeting, office: Office, *, now: datetime, by_person: bool, message: str = "") -> Letter:
    """The cancellation; the words depend on who cancelled."""
    ics = calendar.cancellation(_invitation(meeting, office, now, "cancelled"), _person(meeting))
    values = {"by_person": by_person, "message": message}
    return _to_person("CANCELLATION", "person_cancelled", meeting, office, "CANCEL", ics, **values)


def person_reminder(meeting: Meeting, office: Office, *, manage_url: str) -> Letter:
    """The day before. Without a calendar file: the meeting is there already."""
    return _to_person("REMINDER", "person_reminder", meeting, office, None, None, manage_url=manage_url)


def sms_reminder(meeting: Meeting) -> str:
    """The day before, in one text message, without a name."""
    return texts(
        "sms_reminder",
        time=meeting_time(meeting),
        node_phone=meeting.counsellor.node.phone,
        reference=meeting.reference,
    )


def own_calendar_file(meeting: Meeting, office: Office, *, stamp: datetime) -> bytes:
    """The person's `.ics` for download; `stamp` is when this revision was made."""
    is_cancelled = meeting.status == "cancelled"
    invitation = _invitation(meeting, office, stamp, "cancelled" if is_cancelled else "person")
    return calendar.published(invitation, cancelled=is_cancelled)


def feed_invitation(meeting: Meeting, office: Office, *, stamp: datetime, whose: bool) -> Invitation:
    """The meeting in a counsellor's or, with `whose`, a node's feed: nothing tells who has booked it."""
    summary = texts("summary", type=type_word(meeting.meeting_type))
    if whose:
        summary = texts("feed_summary", summary=summary, counsellor=meeting.counsellor.title)
    template = "cancelled" if meeting.status == "cancelled" else "feed"
    return _invitation(meeting, office, stamp, template, summary=summary)


def _to_counsellor(
    kind: CalendarMethod,
    template: str,
    subject: str,
    meeting: Meeting,
    office: Office,
    ics: bytes,
    **more: Any,  # Any: what templates may print
) -> Letter:
    values = _values(meeting, office) | {"how": how(meeting, "counsellor_"), "asked_about": meeting.asked_about} | more
    line = texts(subject, summary=values["summary"], time_short=values["time_short"])
    return Letter(kind, _payload(template, meeting, office, line, values, kind, ics))


def _to_person(
    kind: str,
    template: str,
    meeting: Meeting,
    office: Office,
    method: CalendarMethod | None,
    ics: bytes | None,
    **more: Any,
) -> Letter:
    values = _values(meeting, office) | {"message": ""} | more
    line = texts(f"subject_{template}", time=values["time"])
    if meeting.wants_easy:
        values |= {"how": how(meeting, "easy_"), "bring": bring(meeting, "easy_")}
        template += "_easy"
    return Letter(kind, _payload(template, meeting, office, line, values, method, ics))


def _payload(
    template: str,
    meeting: Meeting,
    office: Office,
    subject: str,
    values: dict[str, Any],
    method: CalendarMethod | None,
    ics: bytes | None,
) -> Payload:
    return {
        "from": office.mail_from,
        "reply_to": meeting.counsellor.node.email,
        "subject": subject,
        "text": _layout.text(template, values),
        "html": _layout.html(template, values, subject=subject),
        "ics": ics.decode() if ics else None,
        "ics_method": method,
    }


def _values(meeting: Meeting, office: Office) -> dict[str, Any]:
    counsellor = meeting.counsellor
    return {
        "time": meeting_time(meeting),
        "time_short": meeting_time_short(meeting),
        "type": type_word(meeting.meeting_type),
        "summary": texts("summary", type=type_word(meeting.meeting_type)),
        "how": how(meeting),
        "bring": bring(meeting),
        "video_link": video_link(meeting),
        "name": meeting.person_name or "",
        "contact_label": texts(f"contact_label_{meeting.contact_kind or 'email'}"),
        "contact": meeting.contact_value or "",
        "interpreter": meeting.interpreter_language or "",
        "spoken": meeting.spoken_language or "",
        "is_spoken": counsellor.speaks(meeting.spoken_language),
        "wants_easy": meeting.wants_easy,
        "asks_for_answer": counsellor.asks_for_answer,
        "counsellor": counsellor.title,
        "node": counsellor.node.name,
        "node_phone": counsellor.node.phone,
        "reference": meeting.reference,
        "base_url": office.base_url,
        "contact_days": office.contact_days,
    }


def _other_time(meeting: Meeting, before: Earlier) -> bool:
    return (before.starts_at, before.ends_at) != (meeting.starts_at, meeting.ends_at)


def _before(before: Earlier) -> dict[str, Any]:
    return {
        "before_time": long_time(before.starts_at, before.ends_at),
        "before_type": type_word(before.meeting_type),
        "before_counsellor": before.counsellor.title,
    }


def _invitation(
    meeting: Meeting,
    office: Office,
    stamp: datetime,
    template: str,
    before: Earlier | None = None,
    *,
    summary: str = "",
) -> Invitation:
    was: Earlier | Meeting = before or meeting
    values = _values(meeting, office)
    if template == "counsellor":
        values["how"] = how(meeting, "counsellor_")
    elif meeting.wants_easy:
        values["how"] = how(meeting, "easy_")
    organizer_name, organizer_email = parseaddr(office.mail_from)
    return Invitation(
        uid=meeting.ical_uid or "",
        sequence=meeting.sequence,
        stamp=stamp,
        start=was.starts_at,
        end=was.ends_at,
        summary=summary or texts("summary", type=type_word(was.meeting_type)),
        description=_layout.calendar(template, values),
        location=place_of(was.counsellor, was.meeting_type),
        organizer_name=organizer_name,
        organizer_email=organizer_email,
    )


def _counsellor(counsellor: Counsellor) -> Attendee:
    return Attendee(counsellor.title, counsellor.email, asks_for_answer=counsellor.asks_for_answer)


def _person(meeting: Meeting) -> Attendee:
    return Attendee("", meeting.contact_value or "")  # without a name: the file may lie in a shared calendar
