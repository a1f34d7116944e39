"""How the bot's figures become words."""

from __future__ import annotations

import pytest

from api.chat.schemas import Understanding
from api.chat.service import bot_message
from api.chat.trial.service import Tried
from api.chat.trial.understood import Verdict, share, verdict
from api.replies import Reply
from tests.api.chat.trial.conftest import Json, entity, understanding

TITLES = {"cost": "Kostnad", "csn": "Studiemedel från CSN", "course_search": "Hitta utbildning", "nlu_fallback": "Va"}
OCCUPATIONS = {"svetsare": "Svetsare"}


def of(understood: Json, sent: str = "", kind: str = "text") -> Verdict:
    reply = Reply(text="Svar", kind=kind)  # type: ignore[arg-type]  # the kinds that tests name
    messages = (bot_message(reply, "cost", {}),)
    tried = Tried("text", sent, sent, Understanding.model_validate(understood), messages)
    return verdict(tried, TITLES, OCCUPATIONS)


@pytest.mark.parametrize(
    ("confidence", "said"),
    [(0.0, "under 1 %"), (0.009, "under 1 %"), (0.01, "1 %"), (0.254, "25 %"), (0.99, "99 %"), (0.9951, "över 99 %")],
)
def test_a_share_is_never_said_to_be_nothing_or_all(confidence: float, said: str) -> None:
    assert share(confidence).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("confidence", "sure"),
    [(0.25, "ganska osäker"), (0.59, "ganska osäker"), (0.6, "säker"), (0.84, "säker"), (0.85, "mycket säker")],
)
def test_certainty_has_words(confidence: float, sure: str) -> None:
    assert of(understanding(("cost", confidence))).sure == sure


def test_below_the_limit_no_topic_is_chosen_and_both_figures_are_told() -> None:
    found = of(understanding(("nlu_fallback", 0.25), ("cost", 0.2461), ("csn", 0.1)), kind="choices")
    assert found.topic is None
    assert found.sure == "för osäker för att svara"
    assert found.why[0].startswith("Det troligaste ämnet är ”Kostnad” med 24,6")
    assert "Under 25" in found.why[0]
    assert found.why[1].startswith("Därför frågar den")
    assert [row.title for row in found.others] == ["Kostnad", "Studiemedel från CSN"]


def test_two_that_are_too_close_are_named_with_what_lies_between() -> None:
    found = of(understanding(("nlu_fallback", 0.25), ("cost", 0.401), ("csn", 0.39)), kind="choices")
    assert "”Kostnad” och ”Studiemedel från CSN”" in found.why[0]
    assert "bara 1,1 procentenheter" in found.why[0]
    assert "mindre än 2" in found.why[0]


def test_when_nothing_is_known_that_is_the_reason() -> None:
    found = of(understanding(("nlu_fallback", 0.25)))
    assert found.why == ("Assistenten kände inte igen ett enda ord.", "Därför säger den att den inte förstod.")
    assert found.sure == found.share == ""


def test_a_topic_that_a_rule_set_is_not_given_a_share() -> None:
    names = [entity("follow_up", "yes"), entity("occupation", "svetsare", 0, 5)]
    found = of(understanding(("course_search", 0.5), ("cost", 0.1), entities=names), "svets")
    assert (found.sure, found.share) == ("bestämt av en fast regel", "")
    assert found.why[0].startswith("Frågan nämner bara")


def test_a_message_of_names_whose_topic_was_certain_anyway_is_no_rule() -> None:
    found = of(understanding(("cost", 0.7), entities=[entity("follow_up", "yes")]))
    assert found.sure == "säker"
    assert found.why[0].startswith("Assistenten var tillräckligt säker")


@pytest.mark.parametrize(
    ("confidence", "code", "said"),
    [
        (0.95, "en", "Frågan är skriven på engelska."),
        (0.95, "und", "Frågan är skriven på ett annat språk."),
        (0.8, "so", "Frågan gäller ett annat språk: somaliska."),
    ],
)
def test_another_language_is_named(confidence: float, code: str, said: str) -> None:
    found = of(understanding(("other_language", confidence), entities=[entity("language", code)]))
    assert any(sentence.startswith(said) for sentence in found.why)


def test_a_second_question_is_named() -> None:
    found = of(understanding(("cost", 0.7), entities=[entity("second_topic", "csn")]))
    assert found.why[-1] == "Det är två frågor i en. Den andra gäller ”Studiemedel från CSN”."


def test_what_was_recognised_comes_in_the_order_of_the_text_with_its_words() -> None:
    sent = "till våren i arvikka, svets på halvtid eller kvällar"
    entities = [
        entity("pace", "50", 31, 38),
        entity("place", "Arvika", 13, 20, 0.8),
        entity("occupation", "svetsare", 22, 27),
        entity("start", "2027-01-01/2027-06-30", 0, 10),
        entity("follow_up", "yes", 0, len(sent)),
        entity("pace", "kväll", 45, 52),
    ]
    found = of(understanding(("cost", 0.7), entities=entities), sent).recognised
    assert [(each.label, each.value, each.words, each.roughly) for each in found] == [
        ("Start", "1 januari 2027 till 30 juni 2027", "till våren", False),
        ("Ort", "Arvika", "arvikka", True),
        ("Yrke", "Svetsare", "svets", False),
        ("Takt", "50 procent", "halvtid", False),
        ("Takt", "kvällar", "kvällar", False),
    ]
