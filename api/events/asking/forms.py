"""The form that signs up for an event: `event:<id>`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from api.asking.questionnaire import Filled, Opened, Opener, Place, Questionnaire
from api.asking.script import load_scripts
from api.chat.tables import Conversation
from api.events.asking.own import own_signup, see_events, texts, words_of
from api.events.people import Person
from api.events.seats import seats_of
from api.events.service import of_conversation, sign_up
from api.events.tables import Event
from api.outbox.office import Office
from api.replies import Reply

SCRIPT = load_scripts(Path(__file__).with_name("forms.yml"))["signup"]
_NEEDS = next(step for step in SCRIPT.steps if step.key == "needs")
_NONE, _INTERPRETER = "none", "interpreter"


def open_signup(place: Place, about: str) -> Opened:
    """The form for the event with that id; or why nobody can sign up, or that this conversation has done so."""
    event = place.session.get(Event, _uuid(about)) if _uuid(about) else None
    if event is None or event.status == "draft":
        return Reply(text=texts.worded("gone", easy=place.easy), choices=(see_events(),))
    if event.status == "cancelled":
        return Reply(text=texts.worded("cancelled_event", easy=place.easy, title=event.title), choices=(see_events(),))
    for signup in of_conversation(place.session, place.conversation_id, place.now):
        if signup.event_id == event.id:
            return own_signup(signup, place.now, easy=place.easy)
    if event.closes_at <= place.now:
        return Reply(text=texts.worded("closed", easy=place.easy, title=event.title), choices=(see_events(),))
    event_id = event.id

    def finish(place: Place, filled: Filled) -> Reply:
        return _sign_up(place, event_id, filled)

    return Questionnaire(SCRIPT, _intro(place, event), finish)


def signed_up_before(place: Place) -> Sequence[Reply]:
    """The sign-ups of this conversation that still stand."""
    own = of_conversation(place.session, place.conversation_id, place.now)
    return [own_signup(signup, place.now, easy=place.easy) for signup in own]


OPENERS: Mapping[str, Opener] = {"event": open_signup}


def _intro(place: Place, event: Event) -> str:
    seats = seats_of(place.session, event)
    left = seats.left if seats.open_to_newcomers else 0
    key = "places_none" if left == 0 else "place_left_one" if left == 1 else "places_left"
    places = "" if left is None else texts.worded(key, easy=place.easy, left=left)
    women = texts.worded("women", easy=place.easy) if event.women_only else ""
    return texts.worded(
        "intro", easy=place.easy, women=women, places=places, **words_of(event, place.now, easy=place.easy)
    )


def _sign_up(place: Place, event_id: UUID, filled: Filled) -> Reply:
    is_mail = filled.contact.kind == "email"
    person = Person(
        filled.get("name"),
        email=filled.contact.value if is_mail else None,
        phone=None if is_mail else filled.contact.value,
        needs=_needs(filled),
        language=filled.get("language").casefold() or None,
    )
    done = sign_up(
        place.session,
        event_id,
        person,
        now=place.now,
        office=Office.of(place.settings),
        conversation_id=place.conversation_id,
        key=f"{place.conversation_id}:{filled.key}",
        origin=place.session.scalar(select(Conversation.origin).where(Conversation.id == place.conversation_id)),
        by="chat",
    )
    event = done.signup.event
    if not done.url:  # somebody's sign-up with the same contact, which need not be this person's
        key = "done_before_email" if is_mail else "done_before_phone"
        whom = {"title": event.title, "contact": event.contact, "email": event.contact_email}
        return Reply(text=texts.worded(key, easy=place.easy, **whom), choices=(see_events(),))
    waiting = done.signup.status == "waiting"
    how = texts.worded("how_email" if is_mail else "how_phone", easy=place.easy)
    how_waiting = texts.worded("how_waiting_email" if is_mail else "how_waiting_phone", easy=place.easy)
    told = words_of(event, place.now, easy=place.easy) | {"reference": done.signup.reference, "url": done.url}
    key = "done_waiting" if waiting else "done_signed"
    text = texts.worded(key, easy=place.easy, how=how, how_waiting=how_waiting, **told)
    return Reply(text=text, choices=(see_events(),))


def _needs(filled: Filled) -> str:
    """What the person needs, as staff read it."""
    chosen = filled.get("needs")
    if chosen in ("", _NONE) or (chosen == _INTERPRETER and filled.get("language")):  # said by the language
        return ""
    return filled.get("needs_words") or _NEEDS.choices.get(chosen, chosen)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
