"""What the assistant says about events: which ones come, near the place and at the time that was asked for."""

from __future__ import annotations

from api import swedish_dates
from api.catalogue.iso_days import read_day
from api.clock import stockholm_date
from api.events.addresses import PATH
from api.events.items import event_item, last_day
from api.events.listing import Listed, nearest_first, upcoming
from api.events.pages.showing import Shown
from api.events.tables import EventKind
from api.guidance.answers import find_answer, reply_from
from api.guidance.places import find_municipality
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Query, Reply
from api.texts import Texts

LIST, VISIT = "event_list", "study_visit"
ALL = "all"
"""The part of the answer that shows every event, whatever was asked for."""
_SHOWN = 3
_MOST = 20

_texts = Texts.beside(__file__)


def event_list(turn: Turn) -> Handled:
    """The events to come; those of the place and time asked for, or the ones nearest to them."""
    return _answer(turn, LIST, ())


def study_visit(turn: Turn) -> Handled:
    """The study visits to come; open houses, where one sees a workshop too, when there is none."""
    visits = _answer(turn, VISIT, ("study_visit",))
    if visits.replies[0].kind == "events":
        return visits
    houses = _found(turn, ("open_house",))
    if not houses:
        return visits
    return Handled(
        [_reply(turn, houses, _texts.worded("houses_instead", easy=turn.easy), ("open_house",))], visits.query
    )


HANDLERS: dict[str, Handler] = {LIST: event_list, VISIT: study_visit}


def _answer(turn: Turn, topic: str, kinds: tuple[EventKind, ...]) -> Handled:
    query = turn.query(carry=False)
    found = _found(turn, kinds)
    if not found:
        return Handled([_none(turn, topic)], query)
    return Handled([_about(turn, query, topic, found, kinds)], query)


def _found(turn: Turn, kinds: tuple[EventKind, ...]) -> list[Listed]:
    """Events one can still sign up for."""
    found = upcoming(turn.session, turn.now, kinds=kinds)
    return [one for one in found if one.event.closes_at > turn.now]


def _about(turn: Turn, query: Query, topic: str, found: list[Listed], kinds: tuple[EventKind, ...]) -> Reply:
    """Those that fit what was asked for; where none does, all of them and a word about that."""
    place = find_municipality(turn.session, query.place) if turn.part != ALL else None
    key, chosen = f"{topic}_lead", found
    if place is not None:
        here = [one for one in found if one.event.municipality_id == place.id and not one.event.is_online]
        key = f"{topic}_lead_here" if here else f"{topic}_lead_near"
        chosen = nearest_first(found, place)
    if turn.part != ALL and query.start:
        in_time = [one for one in chosen if _is_within(one, query.start)]
        key = key if in_time else "lead_other_times"
        chosen = in_time or chosen
    lead = _texts.worded(key, easy=turn.easy, place=place.name if place else "")
    return _reply(turn, chosen, lead, kinds)


def _reply(turn: Turn, found: list[Listed], lead: str, kinds: tuple[EventKind, ...]) -> Reply:
    shown = found[: _MOST if turn.part == ALL else _SHOWN]
    lines = [lead, *(_line(turn, one) for one in shown)]
    lines.append(_texts.worded("page", easy=turn.easy, url=f"{turn.base_url}{PATH}"))
    if any(one.event.example for one in shown):
        lines.append(_texts("example_note"))
    items = [event_item(one, turn.now, turn.base_url) for one in shown]
    return Reply(
        kind="events",
        text="\n".join(lines),
        data={"items": items, "total": len(found), "lead": lead},
        choices=(*(_sign_up(one) for one in shown[:_SHOWN]), *_others(turn, len(found), kinds)),
    )


def _line(turn: Turn, one: Listed) -> str:
    """Everything that a card says: in the transcript, and where cards are not shown, the text stands alone."""
    shown = Shown(one.event, turn.now, one.seats)
    title, last = one.event.title, last_day(one.event)
    kind = "" if shown.kind.casefold() in title.casefold() else shown.kind
    said = [_texts.worded("last_day", easy=turn.easy, day=swedish_dates.long_day(last)) if last else ""]
    said += [kind, *(words for _, words in shown.marks)]
    return _texts.worded(
        "line",
        easy=turn.easy,
        when=shown.when_long,
        title=title,
        where=shown.where,
        places=_texts(_places_key(one), left=one.seats.left),
        more="".join(f" {words.rstrip('.')}." for words in said if words),
    )


def _places_key(one: Listed) -> str:
    if one.seats.left is None:
        return "places_unlimited"
    if not one.seats.open_to_newcomers:
        return "places_none"
    return "places_one" if one.seats.left == 1 else "places_left"


def _sign_up(one: Listed) -> NextStep:
    event = one.event
    day = swedish_dates.short_day(stockholm_date(event.starts_at)).partition(" ")[2]
    town = _texts("online") if event.is_online else event.municipality.name
    key = "choice_sign_up" if one.seats.open_to_newcomers else "choice_wait"
    return NextStep(title=_texts(key, town=town, day=day), topic=LIST, entities={"asking_kind": f"event:{event.id}"})


def _others(turn: Turn, total: int, kinds: tuple[EventKind, ...]) -> tuple[NextStep, ...]:
    if turn.part != ALL and (total > _SHOWN or kinds):
        return (NextStep(title=_texts("choice_all"), topic=LIST, entities={"part": ALL}),)
    return (NextStep(title=_texts("choice_book"), topic="book_meeting"),)


def _none(turn: Turn, topic: str) -> Reply:
    """Said as it is, before the answer that staff keep: what such an event is, and what one can do."""
    stored = reply_from(find_answer(turn.session, topic), easy=turn.easy)
    none = _texts.worded(f"{topic}_none", easy=turn.easy)
    return stored.model_copy(update={"text": f"{none}\n{stored.text}"})


def _is_within(one: Listed, window: str) -> bool:
    """Whether it starts on one of the days of `2027-01-01/2027-06-30`."""
    first, _, last = window.partition("/")
    day, start, end = stockholm_date(one.event.starts_at), read_day(first), read_day(last)
    return (start is None or start <= day) and (end is None or day <= end)
