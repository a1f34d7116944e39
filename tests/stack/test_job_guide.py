"""The job guide through all four processes: by buttons, in words, left and taken up again, in easy Swedish."""

from __future__ import annotations

import pytest

from api.guidance.job_guide.questions import QUESTIONS
from api.guidance.job_guide.scoring import SUGGESTED
from tests.bot.material import ROOT, load
from tests.stack.booking import assert_asks
from tests.stack.running import Running
from tests.stack.talk import Talk

pytestmark = pytest.mark.model

SENTENCES: dict[str, str] = load(ROOT / "api/guidance/job_guide/texts.yml")
COUNT = len(QUESTIONS)
SKIP, BACK, RESTART = (SENTENCES[f"choice_{name}"] for name in ("skip", "back", "restart"))
READ = SENTENCES["choice_read"].format(occupation="")
LONGEST_EASY_SENTENCE = 12


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


def begin(talk: Talk) -> None:
    talk.say("vilket jobb skulle passa någon som mig?")
    assert_question(talk, 1)


def assert_question(talk: Talk, number: int, *, easy: bool = False) -> None:
    """The latest answer is the question with this number, with a button for each of its answers."""
    question = QUESTIONS[number - 1]
    (message,) = talk.last
    assert message["topic"] == "job_guide", talk.text
    assert message["kind"] == "choices"
    asked = SENTENCES["question"].format(number=number, count=COUNT, question=question.easy if easy else question.text)
    assert message["text"].splitlines()[-1] == asked
    assert talk.titles == [*(option.title for option in question.options), SKIP, *([BACK] if number > 1 else [])]


def assert_result(talk: Talk) -> None:
    """Three different occupations with what speaks for them, a course for some, reading on and a meeting."""
    (message,) = talk.last
    read = [title for title in talk.titles if title.startswith(READ)]
    assert message["topic"] == "job_guide"
    assert len(message["data"]["occupations"]) == len(set(message["data"]["occupations"])) == SUGGESTED
    assert len(read) == SUGGESTED
    assert talk.titles[SUGGESTED:] == ["Boka möte", RESTART]
    lines = message["text"].splitlines()
    for number, title in enumerate(read, start=1):
        (line,) = [line for line in lines if line.startswith(f"{number}. ")]
        assert title.removeprefix(READ).lower() in line.lower()
    courses = message["data"].get("items", [])
    assert [course["occupation"] in message["data"]["occupations"] for course in courses] == [True] * len(courses)
    assert all(course["url"] for course in courses)


def through(talk: Talk, which: int, *, easy: bool = False) -> None:
    """Press the same button under every question, from the first one."""
    for number, question in enumerate(QUESTIONS, start=1):
        assert_question(talk, number, easy=easy)
        talk.choose(question.options[which].title)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_it_leads_by_its_buttons_to_three_occupations_with_reasons_and_courses(talk: Talk, which: int) -> None:
    begin(talk)
    through(talk, which)
    assert_result(talk)
    reasons = {reason for question in QUESTIONS for option in question.options for reason in option.because.values()}
    suggestions = [line for line in talk.text.splitlines() if line[:2] in {"1.", "2.", "3."}]
    assert all(any(reason in line for reason in reasons) for line in suggestions), "each has a reason of the answers"
    courses = talk.last[0]["data"].get("items", [])
    assert courses, "a course for at least one of them"
    assert all(course["title"] in talk.text for course in courses)


def test_the_reasons_are_the_answers_that_were_given(talk: Talk) -> None:
    begin(talk)
    through(talk, 0)
    given = {reason for question in QUESTIONS for reason in question.options[0].because.values()}
    others = {
        reason for question in QUESTIONS for option in question.options[1:] for reason in option.because.values()
    } - given
    assert any(reason in talk.text for reason in given)
    assert not any(reason in talk.text for reason in others)


def test_the_result_leads_to_the_occupation_and_to_a_meeting(talk: Talk) -> None:
    begin(talk)
    through(talk, 1)
    first = talk.last[0]["data"]["occupations"][0]
    talk.choose(READ)
    assert talk.topics == ["job_describe"]
    assert talk.last[0]["data"]["query"]["occupation"] == first
    talk.choose("Boka möte")
    assert_asks(talk, "node")


def test_it_is_easy_to_read_from_the_first_question_to_the_result(talk: Talk) -> None:
    talk.say("lätt svenska tack")
    talk.say("hjälp mig att välja yrke")
    through(talk, 2, easy=True)
    assert_result(talk)
    own = talk.text.splitlines()
    assert own[: len(SENTENCES["result_easy"].splitlines())] == SENTENCES["result_easy"].splitlines()
    said = [reason for question in QUESTIONS for reason in question.options[2].because_easy.values()]
    assert any(reason in talk.text for reason in said)
    assert all(len(sentence.split()) <= LONGEST_EASY_SENTENCE for sentence in talk.text.replace("\n", " ").split(". "))


def test_who_passes_over_everything_gets_three_to_read_about_and_is_told_so(talk: Talk) -> None:
    begin(talk)
    for number in range(1, COUNT + 1):
        assert_question(talk, number)
        talk.choose(SKIP)
    assert_result(talk)
    assert talk.text.startswith(SENTENCES["result_skipped"])


def test_one_goes_back_and_an_old_button_goes_on_from_where_it_was_made(talk: Talk) -> None:
    begin(talk)
    early = talk.choice(QUESTIONS[0].options[1].title)
    talk.choose(QUESTIONS[0].options[0].title)
    talk.choose(BACK)
    assert_question(talk, 1)
    talk.choose(SKIP)
    talk.choose(SKIP)
    assert_question(talk, 3)
    talk.press(early)
    assert_question(talk, 2)


def test_other_questions_are_answered_first_with_the_guides_own_after_and_then_with_a_way_back(talk: Talk) -> None:
    begin(talk)
    talk.choose(QUESTIONS[0].options[0].title)
    talk.say("vad kostar utbildningen?")
    assert talk.topics == ["cost", "job_guide"]
    talk.last = talk.last[-1:]
    assert_question(talk, 2)
    talk.say("var ligger noderna?")
    assert talk.topics == ["node_list"], "the second time it does not press on"
    talk.choose(SENTENCES["choice_go_on"])
    assert_question(talk, 2)


def test_asked_for_again_it_goes_on_or_begins_anew(talk: Talk) -> None:
    begin(talk)
    talk.choose(QUESTIONS[0].options[2].title)
    talk.choose(SKIP)
    talk.say("kan jag få csn?")
    talk.say("kan du hjälpa mig att välja yrke")
    on = SENTENCES["choice_continue"].format(number=3, count=COUNT)
    assert talk.titles == [on, RESTART]
    talk.choose(on)
    assert_question(talk, 3)
    talk.say("hjälp mig välja yrke")
    talk.choose(RESTART)
    assert_question(talk, 1)


def test_when_it_is_done_the_result_can_be_seen_again(talk: Talk) -> None:
    begin(talk)
    through(talk, 0)
    result = talk.text
    talk.say("vad kostar utbildningen?")
    talk.say("kan du hjälpa mig att välja yrke")
    assert talk.titles == [SENTENCES["choice_result"], RESTART]
    talk.choose(SENTENCES["choice_result"])
    assert talk.text == result


def test_answers_may_be_typed(talk: Talk) -> None:
    begin(talk)
    for number, words in enumerate(
        (QUESTIONS[0].options[0].title.upper(), "2", "vet inte", "ja", "nej", "3", QUESTIONS[6].options[0].title),
        start=1,
    ):
        assert_question(talk, number)
        talk.say(words)
    assert_result(talk)


def test_what_is_no_answer_is_asked_again(talk: Talk) -> None:
    begin(talk)
    talk.say("blorfing flurp")
    assert talk.titles[: len(QUESTIONS[0].options)] == [option.title for option in QUESTIONS[0].options]
    talk.say("1")
    assert_question(talk, 2)


def test_nothing_of_it_is_kept_but_a_code(real: Running, talk: Talk) -> None:
    begin(talk)
    through(talk, 1)
    ((state,),) = real.in_tracker("SELECT state FROM snapshot WHERE sender_id = ?", talk.id)
    state = state if isinstance(state, str) else bytes(state).decode("utf-8", "replace")
    assert not any(option.title in state for question in QUESTIONS for option in question.options)
