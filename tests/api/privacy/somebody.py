"""People who have used everything: a talk, meetings, sign-ups and enquiries, with mails that have left as files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from api.booking import holds, service
from api.booking.openings import node_slots
from api.chat.service import add_turn, start_conversation, user_message
from api.contact.enquiries.office import Promise
from api.contact.enquiries.service import send
from api.database import Database
from api.events import service as events
from api.events.people import Person
from api.insight.asked.tables import Phrase
from api.outbox.office import Office
from api.privacy.contacts import Contact, make_safe
from api.settings import Settings
from tests.api.contact.enquiries.conftest import TRAINING
from tests.api.events.signups import add_event
from tests.api.privacy.planting import dump

TOKEN = re.compile(r"kontakt-[0-9a-f]{24}")


@dataclass
class Somebody:
    """A person with a word of their own in everything that they leave."""

    name: str
    email: str
    talk: UUID = field(default_factory=lambda: UUID(int=0))
    token: str = ""

    @property
    def words(self) -> list[str]:
        """What must not be found once they are erased."""
        return [self.name, self.email, self.name.lower()]


KIM = Somebody("Kimzon", "kimzon@example.org")
ALEX = Somebody("Alexzon", "alexzon@example.org")


def live_through(
    database: Database, settings: Settings, who: Somebody, now: datetime, *, by_form: bool = True
) -> Somebody:
    """A talk with a booking in it, a booking that was cancelled, a place at an event, one in its waiting list, an
    enquiry from the talk and, unless `by_form` is False, one by a form."""
    office, promise = Office.of(settings), Promise.of(settings)
    who = replace(who)
    with database.transaction() as session:
        talk, who.token = start_conversation(session, now)
        who.talk = talk.id
        text = f"Jag heter {who.name}, mejla {who.email}"
        safe = make_safe(session, talk.id, text, now)
        add_turn(session, talk, user_message(safe.for_storage, None), [], now)
        about = {"turn": 1, "said_at": now, "plain": who.name.lower(), "state": "open"}
        flags = {"not_understood": True, "thumbs_down": False, "dead_end": False}
        session.add(Phrase(conversation_id=talk.id, text=who.name, **about, **flags))
        found = TOKEN.search(safe.for_bot)
        assert found
        cancelled = _book(session, talk.id, who, found[0], office, now)
        service.cancel(session, cancelled, now, "link", office)
        _book(session, talk.id, who, found[0], office, now)
        me = Person(who.name, email=who.email, needs=f"rullstol {who.name}")
        for capacity, more in ((10, {}), (1, {"title": "Full träff"})):
            event = add_event(session, capacity=capacity, starts_at=now + timedelta(days=17), **more)
            if capacity == 1:
                events.sign_up(session, event.id, Person("Först", email="forst@example.org"), now=now, office=office)
            events.sign_up(session, event.id, me, now=now, office=office, conversation_id=talk.id)
        for talk_id in (talk.id, None) if by_form else (talk.id,):
            asks = replace(TRAINING, name=who.name, contact=Contact("email", who.email), message=f"Hälsar {who.name}")
            send(session, replace(asks, conversation_id=talk_id), promise, now, client_key=f"{who.name} {talk_id}")
    return who


def _book(session: Session, talk: UUID, who: Somebody, token: str, office: Office, now: datetime):
    slot = node_slots(session, "karlstad", "phone", now, now + timedelta(days=2))[0]
    held = holds.hold(session, slot.id, "phone", talk, now)
    key = f"{who.name}-{held.id}"
    return service.confirm(
        session,
        held.id,
        conversation_id=talk,
        name=who.name,
        contact_token=token,
        idempotency_key=key,
        now=now,
        office=office,
        asked_about=f"{who.name} frågade om svets",
    ).meeting


def everything(database: Database, settings: Settings) -> str:
    """Database and mail folder as one text, in lower case."""
    files = [path.read_text("utf-8") for path in sorted(settings.mail_dir.glob("*"))]
    return "\n".join([dump(database), *files]).lower()
