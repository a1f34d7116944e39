"""What the assistant says about prao: in general, for each of those who ask, and which companies receive."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from api.catalogue.geo import kilometres
from api.catalogue.tables import Municipality
from api.contact.hosts import service
from api.contact.hosts.pages import PATH
from api.contact.hosts.tables import ReceivingCompany
from api.guidance.answers import find_answer, reply_from
from api.guidance.places import find_municipality
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Query, Reply
from api.texts import Texts

TOPIC = "prao"
FORM = "enquiry:school_prao"
"""What the form for a school's request is called (`asking_kind`)."""
WHO = ("pupil", "guardian", "school")
COMPANIES = "companies"

_texts = Texts.beside(__file__)
_SHOWN = 3


def prao(turn: Turn) -> Handled:
    """What prao is, with a button for each who may ask; with a place or on request the companies that receive."""
    query = turn.query(carry=turn.part == COMPANIES)
    if turn.part in WHO:
        return Handled([_for(turn, query, turn.part)], query)
    if turn.part == COMPANIES or query.place:
        return Handled([_listing(turn, query)], query)
    answer = reply_from(find_answer(turn.session, TOPIC), easy=turn.easy)
    steps = (*(_step(who, query) for who in WHO), _step(COMPANIES, query))
    return Handled([answer.model_copy(update={"choices": steps})], query)


HANDLERS: dict[str, Handler] = {TOPIC: prao}


def _for(turn: Turn, query: Query, who: str) -> Reply:
    """The part for one of those who ask, and what they do next."""
    lines = [_texts.worded(f"prao_{who}", easy=turn.easy)]
    steps = [_step(COMPANIES, query)]
    if who == "school":
        lines.append(_texts("prao_school_page", url=f"{turn.base_url}/skola"))
        steps.insert(0, NextStep(title=_texts("choice_request"), topic=TOPIC, entities={"asking_kind": FORM}))
    else:
        lines.append(_texts("prao_more", url=_page(turn, None)))
        steps.append(NextStep(title=find_answer(turn.session, "job_overview").title, topic="job_overview"))
    return Reply(text="\n".join(lines), choices=tuple(steps))


def _listing(turn: Turn, query: Query) -> Reply:
    """The companies in the municipality, or else the nearest; some of all when no place is known."""
    place = find_municipality(turn.session, query.place)
    every = service.open_companies(turn.session, service.Wanted(receives="prao"))
    here = [row for row in every if place and row.municipality_id == place.id]
    rows = here or (_nearest(every, place) if place else every)
    lines = [_heading(rows, place, here=bool(here))]
    for row in rows[:_SHOWN]:
        values = {"name": row.name, "place": row.municipality.name, "does": row.does}
        lines.append(_texts.worded("prao_company", easy=turn.easy, **values))
    if rows:
        lines.append(_texts("prao_more", url=_page(turn, place if here else None)))
    if any(row.example for row in rows[:_SHOWN]):
        lines.append(_texts("example_note"))
    steps = (
        NextStep(title=_texts("choice_request"), topic=TOPIC, entities={"asking_kind": FORM}),
        _step("pupil", query),
        _step("guardian", query),
    )
    return Reply(text="\n".join(lines), choices=steps)


def _heading(rows: Sequence[ReceivingCompany], place: Municipality | None, *, here: bool) -> str:
    if not rows:
        return _texts("prao_companies_none")
    if place is None:
        return _texts("prao_companies_one") if len(rows) == 1 else _texts("prao_companies_all", count=len(rows))
    return _texts("prao_companies_here" if here else "prao_companies_elsewhere", place=place.name)


def _nearest(rows: Sequence[ReceivingCompany], place: Municipality) -> list[ReceivingCompany]:
    def km(row: ReceivingCompany) -> float:
        return kilometres(place.lat, place.lon, row.municipality.lat, row.municipality.lon)

    return sorted(rows, key=lambda row: (km(row), row.name))


def _step(part: str, query: Query) -> NextStep:
    entities = {"part": part} | ({"place": query.place} if query.place else {})
    return NextStep(title=_texts(f"choice_{part}"), topic=TOPIC, entities=entities)


def _page(turn: Turn, place: Municipality | None) -> str:
    return f"{turn.base_url}{PATH}" + (f"?{urlencode({'ort': place.name})}" if place else "")
