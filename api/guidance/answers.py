"""The answers that staff keep, as replies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.guidance.tables import Answer
from api.replies import NextStep, Reply, Source

FALLBACK_TOPIC = "nlu_fallback"


def find_answer(session: Session, topic: str) -> Answer:
    """The answer to `topic`, or the one that says we did not understand."""
    answer = session.get(Answer, topic) or session.get(Answer, FALLBACK_TOPIC)
    if answer is None:
        raise LookupError("the answers are missing from the database: run `python -m api.manage seed`")
    return answer


def next_steps(answer: Answer) -> tuple[NextStep, ...]:
    """The buttons of an answer."""
    return tuple(NextStep.model_validate(choice) for choice in answer.choices)


def source_of(answer: Answer) -> Source | None:
    """Where the answer's facts come from, when it states any."""
    if not (answer.source_title and answer.source_url and answer.checked_on):
        return None
    return Source(title=answer.source_title, url=answer.source_url, checked_on=answer.checked_on)


def reply_from(answer: Answer, *, easy: bool = False, lead: str = "") -> Reply:
    """The answer as a reply, in easy Swedish on request, after `lead` when there is something particular to say."""
    body = (answer.easy if easy else "") or answer.text
    return Reply(text=f"{lead}\n{body}" if lead else body, choices=next_steps(answer), source=source_of(answer))


def titles(session: Session, topics: Sequence[str]) -> dict[str, str]:
    """Topic → the short title that stands on buttons, for those that have an answer."""
    found = (session.get(Answer, topic) for topic in topics)
    return {answer.topic: answer.title for answer in found if answer}
