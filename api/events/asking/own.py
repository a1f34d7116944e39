"""What the chat says about the sign-ups of its conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from api import swedish_dates
from api.events.pages.showing import Shown
from api.events.seats import Seats
from api.events.tables import Event, EventSignup
from api.replies import NextStep, Reply
from api.texts import Texts

texts = Texts.beside(__file__)
YES = "yes"
"""The part of a button's topic that takes an offered place."""
_LONGEST_TITLE = 40
"""Characters of an event's title on a button."""


def own_replies(signups: Sequence[EventSignup], now: datetime, *, easy: bool) -> list[Reply]:
    """One message for each, with a button to take it back."""
    if not signups:
        return [Reply(text=texts.worded("own_none", easy=easy), choices=(see_events(),))]
    return [own_signup(signup, now, easy=easy) for signup in signups]


def own_signup(signup: EventSignup, now: datetime, *, easy: bool) -> Reply:
    """How it stands with one sign-up, and what can be done with it: a place that is offered is taken here too.
    Without its link, which cannot be made again from its hash."""
    title = signup.event.title
    short = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
    which = {"event_signup": str(signup.id)}
    off = NextStep(title=texts("sign_off", title=short), topic="event_list", entities=which)
    yes = NextStep(title=texts("say_yes", title=short), topic="event_list", entities=which | {"part": YES})
    free = signup.status == "waiting" and signup.told_free_at is not None
    key = {"waiting": "own_waiting", "offered": "own_offered"}.get(signup.status, "own_signed")
    key = "own_free" if free else key
    first = (yes,) if free or signup.status == "offered" else ()
    until = swedish_dates.moment(signup.offered_until) if signup.offered_until else ""
    told = words_of(signup.event, now, easy=easy) | {"reference": signup.reference, "until": until}
    return Reply(text=texts.worded(key, easy=easy, **told), choices=(*first, off, see_events()))


def too_late(signup: EventSignup, now: datetime, *, easy: bool) -> Reply:
    """The place has gone to somebody else, or the event is off."""
    told = words_of(signup.event, now, easy=easy)
    return Reply(text=texts.worded("too_late", easy=easy, **told), choices=(see_events(),))


def signed_off(signup: EventSignup, now: datetime, *, easy: bool) -> Reply:
    return Reply(
        text=texts.worded("signed_off", easy=easy, **words_of(signup.event, now, easy=easy)), choices=(see_events(),)
    )


def words_of(event: Event, now: datetime, *, easy: bool) -> dict[str, str]:
    """Title, time and place of an event for a sentence, and whether it is an example."""
    shown = Shown(event, now, Seats(event.capacity, 0, 0))
    when = shown.when_long  # easy Swedish makes a sentence of it
    return {
        "title": event.title,
        "when": when if easy else when[:1].lower() + when[1:],
        "where": shown.where[:1].lower() + shown.where[1:] if event.is_online else shown.where,
        "example": texts.worded("example", easy=easy) if event.example else "",
    }


def see_events() -> NextStep:
    return NextStep(title=texts("see_events"), topic="event_list")
