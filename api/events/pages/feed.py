"""Coming events as a calendar that anybody can subscribe to. Pure: nobody who has signed up is in it."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr

from api.events.pages.showing import TEXTS, Shown
from api.outbox import calendar
from api.outbox.calendar import Invitation, Status
from api.outbox.office import Office


def feed_file(shown: Iterable[Shown], office: Office) -> bytes:
    """An `.ics` with every event; cancelled ones say so until they would have been over."""
    return calendar.subscription(TEXTS("feed_name"), [(_entry(one, office), _status(one)) for one in shown])


def _status(one: Shown) -> Status:
    return "CANCELLED" if one.event.status == "cancelled" else "CONFIRMED"


def _entry(one: Shown, office: Office) -> Invitation:
    event = one.event
    name, address = parseaddr(office.mail_from)
    url = office.base_url + one.path
    key = "feed_example" if event.example else "feed_entry"
    return Invitation(
        uid=f"{event.id}@{office.domain}",
        sequence=0,
        stamp=event.updated_at,
        start=event.starts_at,
        end=event.ends_at,
        summary=event.title,
        description=TEXTS(key, kind=one.kind, host=event.host, url=url),
        location=one.where,
        organizer_name=name,
        organizer_email=address,
    )
