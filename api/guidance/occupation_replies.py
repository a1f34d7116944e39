"""What the assistant says about occupations."""

from __future__ import annotations

from sqlalchemy import select

from api.guidance.answers import find_answer, next_steps, reply_from
from api.guidance.tables import Occupation, in_sentence
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)


def job_describe(turn: Turn) -> Handled:
    """What one does in an occupation; asks which one when it is not known."""
    query = turn.query(carry=True)
    occupation = turn.session.scalar(select(Occupation).where(Occupation.slug == query.occupation))
    if occupation is None:
        return Handled([Reply(kind="choices", text=_texts("ask_occupation"), choices=_every_occupation(turn))], query)
    text = (
        _texts("occupation_easy", title=occupation.title, easy=occupation.easy)
        if turn.easy
        else _texts("occupation", summary=occupation.summary, workday=occupation.workday)
    )
    search = NextStep(
        title=_texts("choice_courses", occupation=in_sentence(occupation.title)),
        topic="course_search",
        entities={"occupation": occupation.slug},
    )
    data = {"slug": occupation.slug, "title": occupation.title, "ssyk": occupation.ssyk, "traits": occupation.traits}
    steps = tuple(step for step in next_steps(find_answer(turn.session, "job_describe")) if step.topic != search.topic)
    return Handled([Reply(kind="occupation", text=text, data=data, choices=(search, *steps[:2]))], query)


def job_overview(turn: Turn) -> Handled:
    """Which occupations there are, each a button."""
    reply = reply_from(find_answer(turn.session, "job_overview"), easy=turn.easy)
    return Handled([reply.model_copy(update={"choices": _every_occupation(turn)})], turn.query(carry=False))


HANDLERS: dict[str, Handler] = {"job_describe": job_describe, "job_overview": job_overview}


def _every_occupation(turn: Turn) -> tuple[NextStep, ...]:
    occupations = turn.session.scalars(select(Occupation).order_by(Occupation.title))
    return tuple(NextStep(title=o.title, topic="job_describe", entities={"occupation": o.slug}) for o in occupations)
