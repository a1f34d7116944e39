"""What a form says: its questions, everything read back, and what is said in between. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from api.asking.schemas import State
from api.asking.script import ELSEWHERE, SKIPPED, Script, Step
from api.privacy.contacts import Contact
from api.privacy.masking import mask_contact
from api.replies import Kind, NextStep, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)


def question(script: Script, step: Step, state: State, *, lead: str, easy: bool) -> Reply:
    """The question of a step with its buttons, after `lead` when there is something to say first."""
    ask = step.easy if easy else step.ask
    choices = [_button(script, state, title, step.key, value) for value, title in step.choices.items()]
    if step.kind == "municipality":
        choices.append(_button(script, state, _texts("elsewhere"), step.key, ELSEWHERE))
    if step.optional:
        choices.append(_button(script, state, _texts("skip"), step.key, SKIPPED))
    choices.append(_button(script, state, _texts("stop"), "stop", ""))
    text = f"{lead}\n{ask}" if lead else ask
    # Of the kind `choices` a typed number or "nej" is one of the buttons; elsewhere it is an answer of its own.
    kind: Kind = "choices" if step.kind in ("choice", "municipality") else "text"
    return Reply(text=text, kind=kind, choices=tuple(choices))


def read_back(script: Script, lines: Mapping[str, str], state: State, *, lead: str, easy: bool) -> Reply:
    """All answers, with a button to change each, and the yes that sends them."""
    told = [f"{step.label}: {_told(step, lines[step.key])}" for step in script.steps if step.key in lines]
    ask = script.check_easy if easy else script.check
    return Reply(
        text="\n".join([*([lead] if lead else []), *told, ask]),
        kind="choices",
        choices=(_button(script, state, script.send, "check", "send"), *_changes(script, state)),
    )


def what_to_change(script: Script, state: State, *, easy: bool) -> Reply:
    """Something is wrong: what?"""
    return Reply(text=_texts.worded("what_to_change", easy=easy), kind="choices", choices=_changes(script, state))


def not_an_answer(step: Step, *, easy: bool) -> str:
    """What is said before a question is asked again."""
    own = step.wrong_easy if easy else step.wrong
    return own or _texts.worded(f"wrong_{step.kind}", easy=easy, longest=step.longest, most=step.most)


def say_yes_or_what(*, easy: bool) -> str:
    return _texts.worded("say_yes_or_what", easy=easy)


def old_button(*, easy: bool) -> str:
    """A button of a form that was left is pressed in the middle of another."""
    return _texts.worded("old_button", easy=easy)


def stopped(script: Script, *, easy: bool) -> Reply:
    return Reply(text=_texts.worded("stopped", easy=easy), choices=way_on(script))


def over(*, easy: bool) -> Reply:
    """A button is pressed of a form that is not open any more and was not sent."""
    return Reply(text=_texts.worded("over", easy=easy), choices=_other_ways())


def no_such_form(*, easy: bool) -> Reply:
    return Reply(text=_texts.worded("no_such_form", easy=easy), choices=_other_ways())


def way_on(script: Script) -> tuple[NextStep, ...]:
    """Where somebody can go who has left the form."""
    return (
        NextStep(title=_texts("begin_again"), topic=script.topic),
        _human(),
    )


def _human() -> NextStep:
    return NextStep(title=_texts("human"), topic="human_contact")


def masked(contact: Contact | None) -> str:
    """Enough of a contact for its owner to recognise it."""
    return mask_contact(contact.kind, contact.value) if contact else _texts("contact_gone")


def _told(step: Step, value: str) -> str:
    if value == ELSEWHERE and step.kind == "municipality":
        return _texts("elsewhere")
    return step.choices.get(value, value)


def _changes(script: Script, state: State) -> tuple[NextStep, ...]:
    steps = [step for step in script.asked(state.answers) if step.key in state.answers]
    return (
        *(_button(script, state, step.change, "change", step.key) for step in steps),
        _button(script, state, _texts("stop"), "stop", ""),
    )


def _button(script: Script, state: State, title: str, name: str, value: str) -> NextStep:
    return NextStep(title=title, topic=script.topic, entities={"asking_say": f"{state.key}:{name}={value}"})


def _other_ways() -> tuple[NextStep, ...]:
    return (
        NextStep(title=_texts("events"), topic="event_list"),
        NextStep(title=_texts("employers"), topic="employer_contact"),
        _human(),
    )
