"""Telling people about their sign-up: one function for each change, in the transaction of the change.

Each drops what waits in the outbox and is out of date, files the new mail and, for those who have a place, plans the
reminder. Somebody who left only a telephone number gets no mail: the function that answers for the event is told to
call when the change is not the person's own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from api.events import letters
from api.events.letters import Earlier
from api.events.links import new_link
from api.events.tables import Event, EventSignup
from api.outbox import reminding
from api.outbox import service as outbox
from api.outbox.message import Letter, Payload
from api.outbox.office import Office, message_id
from api.outbox.reminding import is_of_use, reminder_time
from api.outbox.tables import Channel, Outbox

REMINDER = "EVENTREMINDER"
LetterOf = Callable[[str], Letter]
"""Makes a letter of the link to the person's page."""


def signed_up(session: Session, signup: EventSignup, now: datetime, office: Office, *, url: str) -> bool:
    """Somebody has signed up: for a place, or for the waiting list. Whether a mail was written."""
    desk = _Desk(session, signup, now, office)
    if signup.status == "signed":
        return desk.file(letters.signed(signup, office, now=now, url=url))
    place = select(func.count()).where(
        EventSignup.event_id == signup.event_id, EventSignup.status == "waiting", EventSignup.number <= signup.number
    )
    return desk.file(letters.waiting(signup, office, url=url, place=session.scalar(place) or 1))


def place_given(session: Session, signup: EventSignup, now: datetime, office: Office) -> None:
    """The waiting is over: a place is held until the deadline, or there is no limit any more."""
    if signup.status == "signed":
        if not accepted(session, signup, now, office):
            call(session, signup.event, "signed", [signup], now, office)
        return
    desk = _Desk(session, signup, now, office)
    if not desk.file_with_link(lambda url: letters.offer(signup, office, url=url)):
        call(session, signup.event, "offered", [signup], now, office, until=signup.offered_until)


def place_free(session: Session, signup: EventSignup, now: datetime, office: Office) -> None:
    """A place is free for whoever is first."""
    desk = _Desk(session, signup, now, office)
    if not desk.file_with_link(lambda url: letters.free_place(signup, office, url=url)):
        call(session, signup.event, "free", [signup], now, office)


def lapsed(session: Session, signup: EventSignup, now: datetime, office: Office) -> None:
    """The offer has run out."""
    _Desk(session, signup, now, office).file(letters.lapsed(signup, office))


def accepted(session: Session, signup: EventSignup, now: datetime, office: Office) -> bool:
    """Somebody who waited has a place."""
    desk = _Desk(session, signup, now, office)
    return desk.file_with_link(lambda url: letters.signed(signup, office, now=now, url=url, had_to_wait=True))


def cancelled(
    session: Session, signup: EventSignup, now: datetime, office: Office, *, had_place: bool, message: str = ""
) -> bool:
    """The sign-up is cancelled. Who did it themselves and never was sent anything hears nothing."""
    desk = _Desk(session, signup, now, office)
    if signup.ended_by == "person" and not desk.has_heard:
        return False
    return desk.file(letters.cancelled(signup, office, now=now, had_place=had_place, message=message))


def moved(
    session: Session, signup: EventSignup, before: Earlier, now: datetime, office: Office, *, message: str = ""
) -> bool:
    """The event has another time or place."""
    desk = _Desk(session, signup, now, office)
    return desk.file_with_link(lambda url: letters.moved(signup, before, office, now=now, url=url, message=message))


def written(session: Session, signup: EventSignup, now: datetime, office: Office, *, subject: str, text: str) -> bool:
    """What staff write to everybody."""
    desk = _Desk(session, signup, now, office, adds=True)
    return desk.file(letters.written(signup, office, subject=subject, message=text))


def link_again(session: Session, signup: EventSignup, now: datetime, office: Office) -> bool:
    """The way to their page, for somebody who signed up a second time."""
    desk = _Desk(session, signup, now, office, adds=True)
    return desk.file_with_link(lambda url: letters.link_again(signup, office, url=url))


def told_since(session: Session, signup: EventSignup, since: datetime) -> bool:
    """Whether a mail to this person has been written since; so that nobody can have somebody else flooded."""
    return bool(
        session.scalar(select(exists().where(Outbox.thread == signup.id, Outbox.created_at > since, ~Outbox.draft)))
    )


def call(
    session: Session,
    event: Event,
    what: str,
    signups: Iterable[EventSignup],
    now: datetime,
    office: Office,
    *,
    until: datetime | None = None,
) -> None:
    """Tell the function that answers for the event to call those who have no e-mail address, in one mail."""
    references = [signup.reference for signup in signups if not signup.email and signup.phone]
    if references:
        letter = letters.call(event, office, what=what, references=references, until=until)
        outbox.enqueue(
            session,
            kind=letter.kind,
            recipient=event.contact_email,
            message_id=f"call.{uuid4()}@{office.domain}",
            payload=letter.payload,
            now=now,
            not_after=event.ends_at,
        )


def any_due(session: Session, now: datetime) -> bool:
    """Whether `write_due` has anything to write. Only looks, so it keeps nobody waiting."""
    return outbox.has_due_drafts(session, now, REMINDER)


def write_due(session: Session, office: Office, now: datetime) -> int:
    """Write the text of every reminder whose time has come; returns how many."""

    def standing(ids: Collection[UUID]) -> dict[UUID, EventSignup]:
        own = select(EventSignup).where(EventSignup.id.in_(ids), EventSignup.status == "signed")
        return {one.id: one for one in session.scalars(own) if one.event.status == "published"}

    def mail(signup: EventSignup) -> Payload:
        return letters.reminder(signup, office, url=new_link(session, signup, office, now)).payload

    return reminding.write_due(session, REMINDER, now, standing=standing, mail=mail, sms=letters.sms_reminder)


def facts_digest(event: Event) -> str:
    """Tells whether somebody has been told of the time and place as they are."""
    facts = (event.starts_at, event.ends_at, event.place_name, event.street, event.online_url, event.municipality_id)
    return sha256("\x1f".join(map(str, facts)).encode()).hexdigest()


class _Desk:
    """Where the mail about one change of a sign-up is filed; opening it takes away what is out of date and was not
    sent, raises the sequence, and plans the reminder anew. With `adds` nothing is out of date: a reminder that was
    planned is planned again, however soon it comes, since it has to come last."""

    def __init__(
        self, session: Session, signup: EventSignup, now: datetime, office: Office, *, adds: bool = False
    ) -> None:
        self._session, self._signup, self._now, self._office = session, signup, now, office
        session.flush()
        planned = adds and self._drop_reminder()
        heard = frozenset[str]() if adds else outbox.supersede(session, signup.id, now)
        address = signup.email or ""
        self.has_heard = not heard.isdisjoint({address, outbox.address_now(session, signup.id, address)})
        signup.sequence += 1
        if not adds:
            signup.told_facts = facts_digest(signup.event)
        self._plan_reminder(again=planned)

    def file(self, letter: Letter) -> bool:
        """Put it into the outbox; False for somebody without an e-mail address."""
        if not self._signup.email:
            return False
        self._enqueue(letter.kind, self._signup.email, letter)
        return True

    def file_with_link(self, letter_of: LetterOf) -> bool:
        """The same for a letter with a link to the person's page, which is made only if the letter is."""
        if not self._signup.email:
            return False
        return self.file(letter_of(new_link(self._session, self._signup, self._office, self._now)))

    def _drop_reminder(self) -> bool:
        """Whether there was one. One that is being sent right now is left alone and keeps what follows waiting."""
        own = select(Outbox).where(Outbox.thread == self._signup.id, Outbox.kind == REMINDER, outbox.is_open(Outbox))
        free = own.where(outbox.is_free(self._now)).with_for_update().execution_options(populate_existing=True)
        planned = self._session.scalars(free).all()
        for row in planned:
            outbox.drop(row, self._now)
        return bool(planned)

    def _plan_reminder(self, *, again: bool) -> None:
        signup, event = self._signup, self._signup.event
        at = reminder_time(event.starts_at)
        if signup.status != "signed" or event.status != "published" or not (again or is_of_use(at, self._now)):
            return
        if signup.email:
            self._enqueue(REMINDER, signup.email, None, not_before=at)
        elif signup.phone and self._office.sms:
            self._enqueue(REMINDER, signup.phone, None, not_before=at, channel="sms")

    def _enqueue(
        self,
        kind: str,
        recipient: str,
        letter: Letter | None,
        *,
        not_before: datetime | None = None,
        channel: Channel = "mail",
    ) -> None:
        signup, event = self._signup, self._signup.event
        outbox.enqueue(
            self._session,
            kind=kind,
            channel=channel,
            recipient=outbox.address_now(self._session, signup.id, recipient),
            message_id=message_id(signup.ical_uid, signup.sequence, kind),
            payload=letter.payload if letter else None,
            now=self._now,
            thread=signup.id,
            reference=signup.reference,
            sequence=signup.sequence,
            not_before=not_before,
            not_after=event.starts_at if kind == REMINDER else None,
            notify=self._office.failures_to(event.contact_email),
        )
