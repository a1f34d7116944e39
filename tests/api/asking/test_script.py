"""The forms that there are: plain Swedish in two versions, and only what their receivers can take."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.asking.script import Script, Step, load_scripts
from api.contact.asking.forms import SCRIPTS
from api.contact.enquiries.matters import QUESTIONS
from api.contact.enquiries.service import MESSAGE_LIMIT
from api.contact.enquiries.tables import MATTERS
from api.events.asking.forms import SCRIPT
from api.events.people import LONGEST_NEEDS
from api.readability import EASY_LIMIT, STANDARD_LIMIT, lix
from tests.bot.material import topics

PERSON = {"organisation", "municipality", "name", "contact", "message"}
FORMS = {"signup": SCRIPT, **SCRIPTS}
LONGEST_TITLE = 30
"""Characters on a button."""
EASY_WORDS = 10


@pytest.mark.parametrize("name", FORMS)
def test_it_belongs_to_a_topic_and_asks_name_and_contact_once(name: str) -> None:
    form = FORMS[name]
    assert form.topic in topics()
    keys = [step.key for step in form.steps]
    assert len(set(keys)) == len(keys)
    assert {"name", "contact"} <= set(keys)
    assert form.send.startswith("Ja, "), "a typed yes means it"


@pytest.mark.parametrize("name", FORMS)
def test_its_questions_are_plain_and_their_other_version_easy(name: str) -> None:
    form = FORMS[name]
    said = [form.check, *([form.intro] if form.intro else []), *(step.ask for step in form.steps)]
    easy = [form.check_easy, *([form.intro_easy] if form.intro_easy else []), *(step.easy for step in form.steps)]
    assert lix("\n".join(said)) < STANDARD_LIMIT
    assert lix("\n".join(easy)) < EASY_LIMIT
    sentences = [part for text in easy for part in text.replace("?", ".").replace("!", ".").split(".")]
    assert [part for part in sentences if len(part.split()) > EASY_WORDS] == []


@pytest.mark.parametrize("name", FORMS)
def test_its_buttons_are_short_and_told_apart(name: str) -> None:
    form = FORMS[name]
    titles = [step.change for step in form.steps]
    assert len(set(titles)) == len(titles)
    for title in [*titles, form.send, *(title for step in form.steps for title in step.choices.values())]:
        assert len(title) <= LONGEST_TITLE, title


def test_every_matter_of_the_chat_has_a_form() -> None:
    assert set(SCRIPTS) == set(MATTERS) - {"accessibility"}, "what is wrong with our own pages is told on them"


@pytest.mark.parametrize("matter", SCRIPTS)
def test_what_a_form_asks_is_what_the_matter_takes(matter: str) -> None:
    questions = QUESTIONS[matter]
    fields = {asked.name: asked for asked in questions.asked}
    steps = {step.key: step for step in SCRIPTS[matter].steps}
    assert steps.keys() - PERSON <= fields.keys()
    needed = {name for name, asked in fields.items() if asked.field.required}
    assert needed <= {key for key, step in steps.items() if not step.optional}
    for key in steps.keys() - PERSON:
        step, field = steps[key], fields[key]
        assert step.kind != "text" or step.longest <= field.limit
        assert {part for value in step.choices for part in value.split()} <= set(field.choices)
    if questions.needs_organisation:
        assert not steps["organisation"].optional
    if questions.needs_message:
        assert not steps["message"].optional
    if "message" in steps:
        assert steps["message"].longest <= MESSAGE_LIMIT


def test_what_somebody_needs_has_room_in_a_sign_up() -> None:
    assert all(step.longest <= LONGEST_NEEDS for step in SCRIPT.steps if step.key.startswith("needs"))


@pytest.mark.parametrize(
    "step",
    [
        {"kind": "choice"},
        {"kind": "text", "choices": {"a": "A"}},
        {"kind": "choice", "choices": {"a": "A"}, "also": {"b": ["c"]}},
        {"kind": "guess"},
        {"kind": "text", "asks": "?"},
    ],
)
def test_a_step_that_makes_no_sense_is_noticed(step: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Step.model_validate({"key": "x", "ask": "?", "easy": "?", "label": "X", "change": "Ändra x"} | step)


def test_a_common_step_may_be_worded_otherwise_in_one_form(tmp_path: Path) -> None:
    path = tmp_path / "forms.yml"
    path.write_text(
        """
common:
  name: {kind: name, ask: "Vad heter du?", easy: "Ditt namn?", label: Namn, change: Ändra namn}
forms:
  one: {topic: x, check: "Rätt?", check_easy: "Rätt?", send: "Ja, skicka", steps: [name]}
  two: {topic: x, check: "Rätt?", check_easy: "Rätt?", send: "Ja, skicka", steps: [{key: name, ask: "Vem är du?"}]}
""",
        "utf-8",
    )
    one, two = load_scripts(path).values()
    assert isinstance(one, Script)
    assert [one.steps[0].ask, two.steps[0].ask] == ["Vad heter du?", "Vem är du?"]
    assert two.steps[0].label == "Namn"
