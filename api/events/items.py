"""An event as programs read it: the items of a message of kind `events`. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from api.clock import STOCKHOLM, stockholm_date
from api.events.listing import Listed
from api.events.pages.showing import Shown
from api.events.tables import Event
from api.texts import Texts

Item = dict[str, Any]  # Any: JSON
_texts = Texts.beside(__file__)


def event_item(one: Listed, now: datetime, base_url: str) -> Item:
    """Moments with Stockholm's offset. `places_left` counts for somebody who signs up now: 0 where there is a waiting
    list, null without a limit. `deadline` is the last day to sign up where that is before the day itself; `text` says
    what no other field of a card does."""
    event, shown, last = one.event, Shown(one.event, now, one.seats), last_day(one.event)
    return {
        "id": str(event.id),
        "kind": event.kind,
        "title": event.title,
        "start": _local(event.starts_at),
        "end": _local(event.ends_at),
        "place": shown.where,
        "address": event.street,
        "municipality": event.municipality.name,
        "node": event.node.town if event.node else None,
        "host": event.host,
        "places_left": shown.places_left,
        "waiting_list": shown.places_left == 0,
        "step_free": event.step_free,
        "hearing_loop": event.hearing_loop,
        "interpreter": list(event.interpreter),
        "women_only": event.women_only,
        "signup_until": _local(event.closes_at),
        "deadline": last.isoformat() if last else None,
        "status": event.status,
        "text": _words(shown),
        "url": f"{base_url}{shown.path}",
        "example": event.example,
    }


def _local(moment: datetime) -> str:
    return moment.astimezone(STOCKHOLM).isoformat()


def last_day(event: Event) -> date | None:
    """The last day to sign up, where that is before the day itself."""
    last = stockholm_date(event.closes_at)
    return last if last < stockholm_date(event.starts_at) else None


def _words(shown: Shown) -> str:
    """`Studiebesök. Bara för kvinnor. Utan trappsteg.`"""
    said = [shown.kind, *(words for _, words in shown.marks)]
    if shown.places_left == 0:
        said.append(_texts("places_none"))
    return " ".join(f"{words.rstrip('.')}." for words in said)
