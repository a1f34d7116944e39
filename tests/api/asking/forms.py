"""A form of the tests' own, and somebody who fills it in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.asking.questionnaire import Filled, Forms, Opened, Place, Questionnaire
from api.asking.schemas import Heard, State, TurnAnswer
from api.asking.script import Script
from api.asking.turn import begin, take_turn
from api.privacy.contacts import make_safe
from api.replies import Reply
from api.settings import Settings


def step(key: str, kind: str, **more: Any) -> dict[str, Any]:
    """A step whose wording is made of its key."""
    worded = {"ask": f"{key}?", "easy": f"{key}, lätt?", "label": key.capitalize(), "change": f"Ändra {key}"}
    return worded | {"key": key, "kind": kind} | more


SCRIPT = Script(
    topic="event_list",
    check="Stämmer det?",
    check_easy="Rätt?",
    send="Ja, skicka",
    steps=[
        step("municipality", "municipality", called=["ort"]),
        step("work", "text", longest=60),
        step(
            "needs",
            "choice",
            choices={"none": "Nej, inget", "interpreter": "Tolk", "other": "Något annat"},
            also={"interpreter": ["översättare"]},
            own_words=True,
        ),
        step("language", "text", when={"needs": ["interpreter"]}, takes=["other_language"]),
        step("people", "number", most=50, optional=True),
        step("name", "name", called=["namn", "namnet"]),
        step("contact", "contact", called=["nummer", "numret"]),
    ],
)


@dataclass
class Visitor:
    """Somebody in a conversation. `sent` is what forms were sent, `last` the latest answer."""

    session: Session
    conversation_id: UUID
    now: datetime
    easy: bool = False
    sent: list[Filled] = field(default_factory=list)
    refusal: Exception | None = None
    last: TurnAnswer | None = None

    @property
    def forms(self) -> Forms:
        return Forms({"test": self._open})

    @property
    def place(self) -> Place:
        return Place(self.session, self.conversation_id, self.now, Settings(), self.easy)

    @property
    def state(self) -> State:
        assert self.last is not None
        assert self.last.state is not None, "the form is over"
        return self.last.state

    @property
    def reply(self) -> Reply:
        assert self.last is not None
        return self.last.messages[-1]

    @property
    def titles(self) -> list[str]:
        return [choice.title for choice in self.reply.choices]

    def begin(self, kind: str = "test:one", municipality: str | None = None) -> None:
        self.last = begin(self.forms, self.place, kind, municipality)

    def hear(self, text: str, **heard: Any) -> None:
        """Write something; contacts in it become tokens as the gateway makes them."""
        safe = make_safe(self.session, self.conversation_id, text, self.now).for_bot
        token = next((word for word in safe.split() if word.startswith("kontakt-")), None)
        self.last = take_turn(self.forms, self.place, self.state, Heard(text=safe, contact=token, **heard))

    def press(self, title: str) -> None:
        """Press the button whose title begins like this."""
        self.press_said(next(c.entities["asking_say"] for c in self.reply.choices if c.title.startswith(title)))

    def press_said(self, said: str) -> None:
        """Press a button that stands for this."""
        self.last = take_turn(self.forms, self.place, self.state, Heard(said=said))

    def fill_in(self) -> None:
        """The straight way to the check."""
        self.begin()
        self.hear("Arvika", place="Arvika")
        self.hear("svetsa och slipa")
        self.press("Nej, inget")
        self.press("Hoppa över")
        self.hear("Kim", name="Kim")
        self.hear("kim@example.org")

    def _open(self, place: Place, about: str) -> Opened:
        if about == "gone":
            return Reply(text="Borta")
        return Questionnaire(SCRIPT, "Välkommen.", self._finish)

    def _finish(self, place: Place, filled: Filled) -> Reply:
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(filled)
        return Reply(text="Skickat")
