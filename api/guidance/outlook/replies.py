"""What the assistant says about the chance of a job: Arbetsförmedlingen's words, or that there are none."""

from __future__ import annotations

from sqlalchemy import select

from api.catalogue.tables import Course, Region
from api.clock import stockholm_date
from api.guidance.answers import find_answer, next_steps, reply_from
from api.guidance.occupations import find_occupation
from api.guidance.outlook.service import assessments, best_outlook, quotations
from api.guidance.outlook.tables import WHOLE_COUNTRY, Outlook
from api.guidance.places import area_of
from api.guidance.tables import Occupation, in_sentence
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Query, Reply, Source
from api.texts import Texts

_texts = Texts.beside(__file__)

_PAGE = "https://data.arbetsformedlingen.se/data/yrkesbarometer/"
"""Arbetsförmedlingen's page about the file."""


def job_outlook(turn: Turn) -> Handled:
    """Yrkesbarometern's assessment of an occupation where the person is; without an occupation, the stored answer."""
    query = turn.query(carry=True)
    occupation = find_occupation(turn.session, query.occupation)
    if occupation is None:
        return Handled([_ask(turn, query)], query)
    regions = [region.code for region in area_of(turn.session, query.place).regions]
    row = best_outlook(occupation, assessments(turn.session, regions))
    steps = _steps(query, occupation)
    if row is None:
        text = _texts.worded("none", easy=turn.easy, occupation=in_sentence(occupation.title))
        return Handled([Reply(text=text, choices=steps)], query)
    return Handled([_quote(turn, row, steps)], query)


HANDLERS: dict[str, Handler] = {"job_outlook": job_outlook}


def _ask(turn: Turn, query: Query) -> Reply:
    """The stored answer, with those occupations to choose from that can be studied here and have an assessment."""
    answer = find_answer(turn.session, "job_outlook")
    rows = assessments(turn.session, list(turn.session.scalars(select(Region.code))))
    taught = turn.session.scalars(
        select(Occupation).where(Occupation.id.in_(select(Course.occupation_id))).order_by(Occupation.title)
    )
    offered = [
        NextStep(title=occupation.title, topic="job_outlook", entities=_entities(occupation, query))
        for occupation in taught
        if best_outlook(occupation, rows)
    ]
    return reply_from(answer, easy=turn.easy).model_copy(update={"choices": (*offered, *next_steps(answer))})


def _quote(turn: Turn, row: Outlook, steps: tuple[NextStep, ...]) -> Reply:
    names = {"name": in_sentence(row.name), "region": _region(turn, row.region), "period": row.period}
    lead = _texts.worded("lead", easy=turn.easy, **names)
    quotes = [_texts("quote", text=text) for text in quotations(row)]
    data = {
        "outlook": {
            "name": row.name,
            "region": row.region,
            "period": row.period,
            "possibilities": row.possibilities,
            "situation": row.situation,
            "forecast": row.forecast,
        }
    }
    source = Source(title=_texts("source", period=row.period), url=_PAGE, checked_on=stockholm_date(row.imported_at))
    text = "\n".join([lead, *quotes, _texts.worded("after", easy=turn.easy)])
    return Reply(text=text, data=data, choices=steps, source=source)


def _region(turn: Turn, code: str) -> str:
    if code == WHOLE_COUNTRY:
        return _texts("whole_country")
    return turn.session.scalars(select(Region.name).where(Region.code == code)).one()


def _entities(occupation: Occupation, query: Query) -> dict[str, str]:
    return Query(occupation=occupation.slug, place=query.place).named


def _steps(query: Query, occupation: Occupation) -> tuple[NextStep, ...]:
    entities = _entities(occupation, query)
    return (
        NextStep(title=_texts("choice_vacancies"), topic="job_vacancies", entities=entities),
        NextStep(
            title=_texts("choice_courses", occupation=in_sentence(occupation.title)),
            topic="course_search",
            entities=entities,
        ),
        NextStep(title=_texts("choice_meeting"), topic="book_meeting"),
    )
