"""Domain, rules, examples, actions and answers speak of the same topics and things."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from actions.__main__ import ACTIONS
from actions.api_client import ApiClient
from actions.asking.steps import FORM as ASKING_FORM
from actions.booking.steps import FORM, STEPS
from actions.settings import load_settings
from actions.understood import OF_THE_TALK
from tests.bot.material import (
    DOMAIN,
    FALLBACK,
    NLU,
    NO_TOPICS,
    ROOT,
    RULES,
    StrictLoader,
    answers,
    domain,
    load,
    phrases,
    rule_steps,
    topics,
)

ANSWER = "action_answer"
"""What `bot/importer.py` lets answer every topic without a rule of its own."""


def implemented() -> set[str]:
    api = ApiClient(load_settings({}))
    return {action(api).name() for action in ACTIONS}


def strings_in(folder: str) -> set[str]:
    return {
        node.value
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("path", [*DOMAIN, *NLU, *RULES], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_key_stands_twice(path: Path) -> None:
    assert load(path)["version"] == "3.1"


def test_a_key_that_stands_twice_is_noticed() -> None:
    with pytest.raises(yaml.constructor.ConstructorError, match="stands twice"):
        yaml.load("a: {b: 1, b: 2}", StrictLoader)


@pytest.mark.parametrize("part", ["actions", "entities"])
def test_the_domain_names_nothing_twice(part: str) -> None:
    names = domain()[part]
    assert sorted(names) == sorted(set(names))


def test_a_topic_has_its_examples_in_one_place() -> None:
    blocks = [block["intent"] for path in NLU for block in load(path)["nlu"]]
    assert sorted(blocks) == sorted(set(blocks))


def test_every_action_of_the_domain_is_implemented_and_every_implemented_one_is_in_the_domain() -> None:
    assert set(domain()["actions"]) == implemented()


def test_every_action_is_used_by_a_rule_or_a_form() -> None:
    named = {step["action"] for step in rule_steps() if "action" in step}
    of_forms = {f"validate_{form}" for form in domain()["forms"]}
    questions = {f"action_ask_{slot}" for form in domain()["forms"].values() for slot in form["required_slots"]}
    assert implemented() - named - of_forms - questions == {ANSWER}


def test_rules_use_only_what_there_is() -> None:
    assert {step["intent"] for step in rule_steps() if "intent" in step} - topics() == set()
    assert {step["action"] for step in rule_steps() if "action" in step} <= implemented() | set(domain()["forms"])
    loops = {step["active_loop"] for step in rule_steps() if step.get("active_loop")}
    assert loops <= set(domain()["forms"])


def test_every_step_of_a_form_has_exactly_one_question() -> None:
    for form in domain()["forms"].values():
        for slot in form["required_slots"]:
            asked = {f"utter_ask_{slot}"} & set(domain()["responses"]) | {f"action_ask_{slot}"} & implemented()
            assert len(asked) == 1, slot


def test_the_form_of_the_domain_is_the_one_the_actions_fill() -> None:
    assert tuple(domain()["forms"][FORM]["required_slots"]) == STEPS


def test_every_slot_that_the_actions_set_is_in_the_domain() -> None:
    read = {text for text in strings_in("actions") if re.fullmatch(r"(booking|asking)_[a-z]+", text)}
    read -= {FORM, ASKING_FORM}
    assert read - set(domain()["slots"]) - set(domain()["entities"]) == set()
    assert {*OF_THE_TALK, "easy"} <= set(domain()["slots"])


def test_slots_are_set_by_actions_alone_and_never_decide_what_comes_next() -> None:
    for name, slot in domain()["slots"].items():
        assert slot == {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}, name


def test_every_response_is_said_and_every_one_that_is_said_exists() -> None:
    said = {text for text in strings_in("actions") if re.fullmatch(r"utter_[a-z_]+", text)}
    asked = {f"utter_ask_{slot}" for form in domain()["forms"].values() for slot in form["required_slots"]}
    responses = set(domain()["responses"])
    easy = {response for response in responses if response.endswith("_easy")}  # `Speaker.utter(…, easy=True)`
    assert said - responses == set()
    assert responses - easy - said - asked == set()
    assert {response.removesuffix("_easy") for response in easy} <= said


def test_buttons_in_the_domain_lead_to_topics_with_known_entities() -> None:
    for name, variants in domain()["responses"].items():
        for variant in variants:
            for button in variant.get("buttons", ()):
                topic, entities = re.fullmatch(r"/(\w+)(\{.*\})?", button["payload"]).groups()
                assert topic in topics(), name
                # Rasa fills in single braces, so those that are to stay are doubled.
                assert entities is None or re.fullmatch(r"\{\{[^{}]*\}\}", entities), name
                spelt = (entities or "{}").replace("{{", "{").replace("}}", "}")
                assert set(json.loads(spelt)) <= set(domain()["entities"]), name


def test_responses_stand_alone_as_text() -> None:
    for name, variants in domain()["responses"].items():
        for variant in variants:
            assert variant["text"].strip(), name
            assert "\n\n" not in variant["text"], name


def test_every_component_of_ours_in_the_pipeline_exists() -> None:
    config = yaml.load((ROOT / "config.yml").read_text("utf-8"), StrictLoader)
    for part in [*config["importers"], *config["pipeline"]]:
        if part["name"].startswith("bot."):
            module, _, name = part["name"].rpartition(".")
            tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8"))
            assert name in {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def test_every_topic_with_examples_has_an_answer_and_every_answer_has_examples() -> None:
    assert set(answers()) == topics() | {FALLBACK, *NO_TOPICS}


def test_every_choice_of_an_answer_leads_to_a_topic() -> None:
    lost = {
        (topic, choice["topic"])
        for topic, entry in answers().items()
        for choice in entry.get("choices", ())
        if choice["topic"] not in topics()
    }
    assert lost == set()


def test_there_are_at_least_forty_examples_of_every_topic() -> None:
    assert {topic: len(lines) for topic, lines in phrases().items() if len(lines) < 40} == {}


def test_what_ends_a_booking_tells_the_chat_that_no_time_is_held() -> None:
    for name in ("utter_booking_stopped", "utter_booking_stopped_easy", "utter_booking_put_aside"):
        for variant in domain()["responses"][name]:
            assert variant["custom"]["data"] == {"held_until": None}, name
