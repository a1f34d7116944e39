"""Telling counsellor and person about a meeting: one function for each change, in the transaction of the change.

Each writes the mails into the outbox, drops what is out of date there and plans the reminder:

    mails.booked(session, meeting, office, manage_url=url, now=now)
    before = Earlier.of(meeting); …change the row, sequence += 1…
    mails.moved(session, meeting, before, office, now=now)
    mails.cancelled(session, meeting, office, now=now, by_person=True)
    mails.readdressed(session, meeting, old_address, office, now=now)

All but the last return whether the person gets a mail. If not, somebody has to phone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.booking import letters, reminders
from api.booking.letters import Earlier
from api.booking.links import new_link
from api.booking.tables import Meeting
from api.outbox import service as outbox
from api.outbox.message import Letter
from api.outbox.office import Office, message_id

__all__ = ["Earlier", "booked", "cancelled", "moved", "readdressed", "reassigned", "same_mailbox"]


def booked(session: Session, meeting: Meeting, office: Office, *, manage_url: str, now: datetime) -> bool:
    """The meeting was just confirmed. `manage_url` is the person's secret link."""
    desk = _Desk(session, meeting, office, now)
    desk.to_counsellor(letters.counsellor_booked(meeting, office, now=now))
    if told := _has_mail(meeting):
        desk.to_person(letters.person_booked(meeting, office, manage_url=manage_url, now=now))
    reminders.plan(session, meeting, office, now)
    return told


def moved(
    session: Session, meeting: Meeting, before: Earlier, office: Office, *, now: datetime, message: str = ""
) -> bool:
    """The meeting has another time, place, type or counsellor; its sequence is raised.

    `before` is what it was (`Earlier.of(meeting)` ahead of the change), `message` what the counsellor writes to the
    person, as plain text.
    """
    desk = _Desk(session, meeting, office, now)
    same = before.counsellor.id == meeting.counsellor.id
    # A shared mailbox gets the REQUEST alone: a CANCEL of the same revision could arrive after it.
    shared = not same and same_mailbox(session, meeting, before.counsellor.email, meeting.counsellor.email)
    if not same and not shared and desk.has_heard(before.counsellor.email):
        desk.to_counsellor(letters.counsellor_relieved(meeting, before, office, now=now), before.counsellor.email)
    if same and desk.has_heard(meeting.counsellor.email):
        desk.to_counsellor(letters.counsellor_moved(meeting, before, office, now=now))
    else:
        left_by = before.counsellor.title if shared and desk.has_heard(before.counsellor.email) else ""
        invitation = letters.counsellor_booked(meeting, office, now=now, taken_over=not same, left_by=left_by)
        desk.to_counsellor(invitation)
    if told := _has_mail(meeting):
        url = new_link(session, meeting, office, now)
        if desk.has_heard(meeting.contact_value or ""):
            desk.to_person(letters.person_moved(meeting, before, office, manage_url=url, now=now, message=message))
        else:
            desk.to_person(letters.person_booked(meeting, office, manage_url=url, now=now, message=message))
    reminders.plan(session, meeting, office, now)
    return told


reassigned = moved
"""Another counsellor takes the meeting over: a cancellation to the one before, an invitation to the new one."""


def cancelled(
    session: Session, meeting: Meeting, office: Office, *, now: datetime, by_person: bool, message: str = ""
) -> bool:
    """The meeting is cancelled; its sequence is raised.

    Who has never been sent anything about it needs no cancellation either, but a person whose meeting staff cancel is
    always told. `message` as in `moved`.
    """
    desk = _Desk(session, meeting, office, now)
    if desk.has_heard(meeting.counsellor.email):
        desk.to_counsellor(letters.counsellor_cancelled(meeting, office, now=now))
    told = _has_mail(meeting) and (not by_person or desk.has_heard(meeting.contact_value or ""))
    if told:
        desk.to_person(letters.person_cancelled(meeting, office, now=now, by_person=by_person, message=message))
    return told


def readdressed(session: Session, meeting: Meeting, before: str, office: Office, *, now: datetime) -> None:
    """The counsellor's address is another one than `before`, and another mailbox; the sequence is raised.

    For the person nothing has changed, so what waits for them stays as it is.
    """
    desk = _Desk(session, meeting, office, now, only=before)
    if desk.has_heard(before):
        desk.to_counsellor(letters.counsellor_address_left(meeting, before, office, now=now), before)
        desk.to_counsellor(letters.counsellor_readdressed(meeting, office, now=now))
    else:
        desk.to_counsellor(letters.counsellor_booked(meeting, office, now=now))


def same_mailbox(session: Session, meeting: Meeting, one: str, other: str) -> bool:
    """Whether mails about the meeting to the two addresses arrive in one place."""
    arrive = {outbox.address_now(session, meeting.id, address).casefold() for address in (one, other)}
    return len(arrive) == 1


class _Desk:
    """Where the mails about one change are filed; opening it takes away what is out of date and was not sent.

    With `only` the change is nobody's business but that counsellor's address: only its invitation is out of date.
    """

    def __init__(
        self, session: Session, meeting: Meeting, office: Office, now: datetime, *, only: str | None = None
    ) -> None:
        self._session, self._meeting, self._office, self._now = session, meeting, office, now
        concerned = None if only is None else {only, outbox.address_now(session, meeting.id, only)}
        heard = outbox.supersede(session, meeting.id, now, invitations_to=concerned)
        self._heard = {address.casefold() for address in heard}

    def has_heard(self, address: str) -> bool:
        """Whether anything about the meeting may ever have reached this address."""
        found = {address, outbox.address_now(self._session, self._meeting.id, address)}
        return not self._heard.isdisjoint(one.casefold() for one in found)

    def to_counsellor(self, letter: Letter, address: str | None = None) -> None:
        """To the counsellor who has the meeting, at another `address` where one is given."""
        self._file(letter, address or self._meeting.counsellor.email)

    def to_person(self, letter: Letter) -> None:
        self._file(letter, self._meeting.contact_value or "")

    def _file(self, letter: Letter, recipient: str) -> None:
        meeting = self._meeting
        outbox.enqueue(
            self._session,
            kind=letter.kind,
            recipient=outbox.address_now(self._session, meeting.id, recipient),
            payload=letter.payload,
            now=self._now,
            meeting_id=meeting.id,
            sequence=meeting.sequence,
            message_id=message_id(meeting.ical_uid or "", meeting.sequence, letter.kind),
            notify=self._office.failures_to(meeting.counsellor.node.email),
        )


def _has_mail(meeting: Meeting) -> bool:
    return meeting.contact_kind == "email" and bool(meeting.contact_value)
