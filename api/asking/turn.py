"""One turn of a form: what a message does to its state, and what is said then."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from api.asking import wording
from api.asking.questionnaire import Filled, Forms, Place, Questionnaire
from api.asking.reading import Answered, read_answer, step_to_change, stops
from api.asking.schemas import Heard, State, TurnAnswer
from api.asking.script import ELSEWHERE, SKIPPED, Step
from api.errors import ApiError
from api.guidance.places import find_municipality
from api.privacy.contacts import CONTACT_TOKEN, resolve_contact, written_out
from api.replies import Reply

CHECK = "check"
SEND, CHANGE, STOP = "send", "change", "stop"
_ASKS_AGAIN = {"name_invalid": "name", "contact_invalid": "contact"}
"""Refusals that one answer can mend."""


def begin(forms: Forms, place: Place, kind: str, municipality: str | None) -> TurnAnswer:
    """Open a form and ask its first question, or say why there is none to open."""
    opened = forms.open(place, kind)
    if opened is None or isinstance(opened, Reply):
        reply = opened or wording.no_such_form(easy=place.easy)
        return TurnAnswer(topic="", messages=[reply], state=None)
    answers: dict[str, str] = {}
    found = find_municipality(place.session, municipality)
    step = next((step for step in opened.script.steps if step.kind == "municipality"), None)
    if found is not None and step is not None:
        answers[step.key] = found.name
    state = State(kind=kind, key=secrets.token_hex(3), step="", answers=answers)
    return Form(place, opened, state).go_on(lead=opened.intro)


def take_turn(forms: Forms, place: Place, state: State, heard: Heard) -> TurnAnswer:
    """What a message does to the form that is open."""
    opened = forms.open(place, state.kind)
    if opened is None or isinstance(opened, Reply):  # cancelled meanwhile
        reply = opened or wording.no_such_form(easy=place.easy)
        return TurnAnswer(topic="", messages=[reply], state=None)
    return Form(place, opened, state).hear(heard)


class Form:
    """A form as it stands in one conversation."""

    def __init__(self, place: Place, questionnaire: Questionnaire, state: State) -> None:
        self._place, self._form, self._state = place, questionnaire, state
        self._script = questionnaire.script

    def hear(self, heard: Heard) -> TurnAnswer:
        """The answer to one message."""
        if heard.said is not None:
            return self._pressed(heard.said)
        if not heard.text:  # a button of something else
            return self._beside()
        asked = self._script.find(self._state.step)
        if stops(asked, heard):
            return self._stopped()
        to_change = step_to_change(self._script, heard, asked=self._state.changing)
        if to_change in self._state.answers:
            return self._again(str(to_change))
        return self._answered(asked, heard) if asked else self._checked(heard)

    def go_on(self, *, lead: str = "") -> TurnAnswer:
        """Ask the next question; when there is none left, read everything back."""
        step = self._script.next_after(self._state.answers)
        reply = self._question(step, lead) if step else self._read_back(lead)
        return self._said([reply], step=step.key if step else CHECK)

    # --- Buttons --------------------------------------------------------------------------------------------------

    def _pressed(self, said: str) -> TurnAnswer:
        key, _, rest = said.partition(":")
        name, _, value = rest.partition("=")
        if key != self._state.key:  # of another form, long ago
            return self.go_on(lead=wording.old_button(easy=self._place.easy))
        if name == STOP:
            return self._stopped()
        if name == CHANGE and value in self._state.answers:
            return self._again(value)
        if (name, value) == (CHECK, SEND) and self._script.next_after(self._state.answers) is None:
            return self._send()
        step = self._script.find(name)
        if step is None or not _can_be(step, value):
            return self.go_on()
        return self._with({name: value})

    # --- Words ----------------------------------------------------------------------------------------------------

    def _answered(self, step: Step, heard: Heard) -> TurnAnswer:
        municipality = find_municipality(self._place.session, heard.place)
        read = read_answer(step, heard, municipality.name if municipality else None)
        if isinstance(read, Answered):
            return self._with({key: value for key, value in read.values.items() if self._script.find(key)})
        if read is None:
            return self._beside()
        return self.go_on(lead=wording.not_an_answer(step, easy=self._place.easy))

    def _checked(self, heard: Heard) -> TurnAnswer:
        """Everything has been read back: yes sends it, no asks what is wrong."""
        yes = heard.yes if heard.topic not in {"affirm", "deny"} else heard.topic == "affirm"
        if yes and not self._state.changing:
            return self._send()
        if yes is False:
            reply = wording.what_to_change(self._script, self._state, easy=self._place.easy)
            return self._said([reply], step=CHECK, changing=True)
        if heard.contact and self._script.find("contact"):
            return self._with({"contact": heard.contact})
        if heard.certain:
            return self._beside()
        return self.go_on(lead=wording.say_yes_or_what(easy=self._place.easy))

    def _beside(self) -> TurnAnswer:
        """The message is about something else; the question is asked again."""
        return self.go_on().model_copy(update={"understood": False})

    # --- What comes of it -----------------------------------------------------------------------------------------

    def _with(self, values: Mapping[str, str]) -> TurnAnswer:
        answers = {**self._state.answers, **values}
        asked = {step.key for step in self._script.asked(answers)}
        # What was answered on the way to another answer is not asked for any more.
        self._state = self._state.model_copy(
            update={"answers": {key: value for key, value in answers.items() if key in asked}, "changing": False}
        )
        return self.go_on()

    def _again(self, step: str, why: str = "") -> TurnAnswer:
        """Ask a step once more that has been answered, after the reason when it was not the person's wish."""
        answers = {key: value for key, value in self._state.answers.items() if key != step}
        self._state = self._state.model_copy(update={"answers": answers, "changing": False})
        return self.go_on(lead=why)

    def _stopped(self) -> TurnAnswer:
        return self._over(wording.stopped(self._script, easy=self._place.easy))

    def _send(self) -> TurnAnswer:
        contact = resolve_contact(
            self._place.session, self._place.conversation_id, self._state.answers.get("contact", "")
        )
        if contact is None:  # its time was over before the form was sent
            return self._again("contact")
        answers = {key: self._with_contacts(value) for key, value in self._state.answers.items()}
        for step in self._script.asked(answers):
            if step.kind == "text" and len(answers[step.key]) > step.longest:
                return self._again(step.key, wording.not_an_answer(step, easy=self._place.easy))
        try:
            with self._place.session.begin_nested():
                reply = self._form.finish(self._place, Filled(answers, contact, self._state.key))
        except ApiError as refusal:
            again = _ASKS_AGAIN.get(refusal.code)
            if again is None:
                return self._over(Reply(text=refusal.detail, choices=wording.way_on(self._script)))
            return self._again(again, refusal.detail)
        return self._over(reply)

    def _with_contacts(self, words: str) -> str:
        """The words as they were written: tokens inside them are what the bot saw."""

        def written(token: str) -> str:
            contact = resolve_contact(self._place.session, self._place.conversation_id, token)
            return written_out(contact) if contact else ""

        return CONTACT_TOKEN.sub(lambda match: written(match[0]), words)

    def _question(self, step: Step, lead: str) -> Reply:
        return wording.question(self._script, step, self._state, lead=lead, easy=self._place.easy)

    def _read_back(self, lead: str) -> Reply:
        def shown(token: str) -> str:
            contact = resolve_contact(self._place.session, self._place.conversation_id, token)
            return wording.masked(contact)

        lines = {key: CONTACT_TOKEN.sub(lambda match: shown(match[0]), value) for key, value in self._lines()}
        return wording.read_back(self._script, lines, self._state, lead=lead, easy=self._place.easy)

    def _lines(self) -> Sequence[tuple[str, str]]:
        answers = self._state.answers
        return [(step.key, answers[step.key]) for step in self._script.asked(answers) if answers.get(step.key)]

    def _said(self, messages: Sequence[Reply], *, step: str, changing: bool = False) -> TurnAnswer:
        state = self._state.model_copy(update={"step": step, "changing": changing})
        return TurnAnswer(topic=self._script.topic, messages=messages, state=state)

    def _over(self, reply: Reply) -> TurnAnswer:
        return TurnAnswer(topic=self._script.topic, messages=[reply], state=None)


def _can_be(step: Step, value: str) -> bool:
    """Whether a button of that step can carry the value."""
    if value == SKIPPED:
        return step.optional
    return value in step.choices or (step.kind == "municipality" and value == ELSEWHERE)
