"""What the assistant says to companies: which matters they can write about, each with its form."""

from __future__ import annotations

from api.contact.enquiries.matters import title_of
from api.contact.enquiries.tables import Matter
from api.guidance.answers import find_answer, reply_from
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep
from api.texts import Texts

TOPIC = "employer_contact"
PAGE = "/foretag"
"""Where a company can write without the chat."""
_OF_COMPANIES: tuple[Matter, ...] = ("staffing", "training", "receive", "council", "other")

_texts = Texts.beside(__file__)


def employer_contact(turn: Turn) -> Handled:
    """The answer that staff keep, and a button to the form of each matter."""
    answer = reply_from(find_answer(turn.session, TOPIC), easy=turn.easy)
    how = _texts.worded("write", easy=turn.easy, url=f"{turn.base_url}{PAGE}")
    matters = [
        NextStep(title=title_of(matter), topic=TOPIC, entities={"asking_kind": f"enquiry:{matter}"})
        for matter in _OF_COMPANIES
    ]
    people = [step for step in answer.choices if step.topic == "human_contact"]
    reply = answer.model_copy(
        update={"text": f"{answer.text}\n{how}", "kind": "choices", "choices": (*matters, *people)}
    )
    return Handled([reply], turn.query(carry=False))


HANDLERS: dict[str, Handler] = {TOPIC: employer_contact}
