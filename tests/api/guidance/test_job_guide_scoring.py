"""Which occupations the job guide proposes to whom, and why: over the occupations of a new installation."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from api.guidance.job_guide.questions import QUESTIONS, Option, read_questions
from api.guidance.job_guide.scoring import SUGGESTED, Candidate, Suggestion, reasons_for, score, suggest
from api.guidance.tables import GUIDE_TRAITS

OPTIONS = {f"{question.id}.{option.id}": option for question in QUESTIONS for option in question.options}
SEED = Path("api/seed")


def candidates() -> list[Candidate]:
    with (SEED / "catalogue.csv").open(encoding="utf-8") as lines:
        occasions = Counter(row["occupation"] for row in csv.DictReader(lines, delimiter=";"))
    entries = yaml.safe_load((SEED / "occupations.yml").read_text("utf-8"))
    return [Candidate(e["slug"], e["title"], e["guide"], occasions[e["title"]]) for e in entries]


ALL = candidates()
TRAITS = {candidate.slug: candidate.traits for candidate in ALL}

PERSONS = {
    "loves to mend motors and is never bored": (
        ["likes.build", "strength.solves", "day.varied", "lifting.fine", "shifts.fine", "studying.year"],
        ["underhallsmekaniker"],
    ),
    "likes computers and wants it quiet": (
        ["likes.computers", "day.calm", "lifting.some"],
        ["automationstekniker", "cnc-operator", "robotoperator"],
    ),
    "likes computers, is careful, and wants each day alike": (
        ["likes.computers", "strength.careful", "day.same", "shifts.fine"],
        ["cnc-operator"],
    ),
    "has a bad back and looks for something that begins soon": (
        ["lifting.none", "studying.short"],
        ["montor", "robotoperator", "truckforare"],
    ),
    "wants to work soon, with the hands, and has just begun to read Swedish": (
        ["likes.build", "lifting.fine", "shifts.fine", "studying.short", "swedish.learning"],
        ["montor"],
    ),
    "likes electricity and can study for long": (
        ["likes.power", "strength.solves", "studying.longer", "swedish.well"],
        ["industrielektriker", "automationstekniker"],
    ),
    "fetches the children and works days only, likes to build": (
        ["likes.build", "shifts.days_only"],
        ["montor", "svetsare", "underhallsmekaniker"],
    ),
    "wants to weld and build, strong, reads little": (
        ["likes.build", "strength.careful", "lifting.fine", "shifts.days_only", "swedish.learning"],
        ["svetsare", "montor"],
    ),
    "likes company and that no day is like another": (
        ["strength.together", "day.varied", "lifting.some"],
        ["industritekniker"],
    ),
    "cannot lift and works days only, likes computers": (
        ["likes.computers", "lifting.none", "shifts.days_only"],
        ["automationstekniker"],
    ),
}


def proposed(*answers: str) -> list[Suggestion]:
    return suggest([OPTIONS[answer] for answer in answers], ALL)


@pytest.mark.parametrize("person", PERSONS)
def test_a_person_is_shown_what_suits(person: str) -> None:
    answers, expected = PERSONS[person]
    slugs = [suggestion.slug for suggestion in proposed(*answers)]
    assert set(expected) <= set(slugs)
    assert slugs[0] in expected


def every_choice(questions: int) -> Iterator[list[Option]]:
    """Every way to answer so many of the questions and pass over the others."""
    for asked in combinations(QUESTIONS, questions):
        for chosen in product(*(question.options for question in asked)):
            yield list(chosen)


def assert_sound(chosen: list[Option]) -> None:
    found = suggest(chosen, ALL)
    assert len({suggestion.slug for suggestion in found}) == SUGGESTED
    assert len({suggestion.title for suggestion in found}) == SUGGESTED
    weighed = any(option.is_weighed for option in chosen)
    for suggestion in found:
        assert bool(suggestion.reasons) == weighed
        for reason in suggestion.reasons:
            assert reason.option in chosen
            amount = TRAITS[suggestion.slug].get(reason.trait, 0)
            assert reason.strength == max(reason.option.weights[reason.trait] * amount, 0)
            assert reason.strength or amount <= reason.option.limit.get(reason.trait, 0)
            assert reason.sentence(easy=False)
            assert reason.sentence(easy=True)
        for option in chosen:
            for trait, most in option.limit.items():
                assert TRAITS[suggestion.slug].get(trait, 0) <= most
        assert len(suggestion.warnings(easy=False)) == len(suggestion.warnings(easy=True))


@pytest.mark.parametrize("questions", range(4))
def test_up_to_three_answers_always_give_three_occupations_with_reasons_from_them(questions: int) -> None:
    for chosen in every_choice(questions):
        assert_sound(chosen)


@given(st.tuples(*(st.sampled_from([None, *question.options]) for question in QUESTIONS)))
@settings(max_examples=400, deadline=None)
def test_any_answers_give_three_occupations_with_reasons_from_them(answers: tuple[Option | None, ...]) -> None:
    assert_sound([option for option in answers if option])


@given(
    st.tuples(*(st.sampled_from([None, *question.options]) for question in QUESTIONS)), st.permutations(range(len(ALL)))
)
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_occupations_are_stored_does_not_matter(
    answers: tuple[Option | None, ...], order: list[int]
) -> None:
    chosen = [option for option in answers if option]
    assert suggest(chosen, [ALL[index] for index in order]) == suggest(chosen, ALL)


def test_equals_come_in_the_order_of_their_titles() -> None:
    same = [Candidate(title.lower(), title, {"hands": 1}, 1) for title in ("Ö", "B", "A")]
    assert [s.title for s in suggest([OPTIONS["likes.build"]], same)] == ["A", "B", "Ö"]


def test_answers_that_weigh_nothing_give_those_with_most_to_apply_to_and_no_reasons() -> None:
    found = proposed("lifting.fine", "shifts.fine", "swedish.well")
    assert found == proposed()
    counts = sorted((candidate.occasions for candidate in ALL), reverse=True)
    assert [next(c.occasions for c in ALL if c.slug == s.slug) for s in found] == counts[:3]


def test_an_occupation_without_courses_ranks_lower_but_is_not_left_out() -> None:
    with_courses = Candidate("a", "A", {"electricity": 2}, 1)
    without = replace(with_courses, slug="b", title="0", occasions=0)
    assert [s.slug for s in suggest([OPTIONS["likes.power"]], [without, with_courses])] == ["a", "b"]
    wanted = [OPTIONS["likes.power"], OPTIONS["strength.careful"], OPTIONS["day.calm"]]
    assert suggest(wanted, ALL)[0].slug == "elektronikreparator"
    assert score(without, wanted) < score(with_courses, wanted)


def test_a_limit_is_broken_only_when_nothing_else_is_left_and_is_then_said() -> None:
    heavy = [Candidate(slug, slug, {"hands": 2, "heavy": amount}, 1) for slug, amount in (("b", 2), ("a", 1))]
    light = Candidate("c", "c", {}, 0)
    found = suggest([OPTIONS["lifting.none"], OPTIONS["likes.build"]], [*heavy, light])
    assert [s.slug for s in found] == ["c", "a", "b"]
    assert [bool(s.warnings(easy=False)) for s in found] == [False, True, True]


def test_what_goes_against_an_answer_is_said() -> None:
    told = (OPTIONS["studying.short"].warning["short_training"], OPTIONS["swedish.learning"].warning["swedish"])
    found = proposed("lifting.none", "shifts.days_only", "studying.short", "swedish.learning")
    warnings = {suggestion.slug: suggestion.warnings(easy=False) for suggestion in found}
    assert warnings["automationstekniker"] == told
    assert warnings["montor"] == ()


def test_the_same_answer_is_not_the_first_reason_for_all_three_where_there_are_others() -> None:
    found = proposed("likes.build", "strength.solves", "day.varied", "studying.short")
    assert len({suggestion.reasons[0].option.id for suggestion in found}) > 1


def test_an_occupation_without_traits_can_still_be_there() -> None:
    (only,) = suggest([OPTIONS["likes.build"]], [Candidate("ny", "Ny", {}, 3)])
    assert (only.slug, only.reasons) == ("ny", ())
    assert suggest([OPTIONS["likes.build"]], []) == []


class TestTheQuestions:
    def test_there_are_six_to_eight_with_two_or_three_answers_each(self) -> None:
        assert 6 <= len(QUESTIONS) <= 8
        for question in QUESTIONS:
            assert 2 <= len(question.options) <= 3

    def test_titles_fit_on_a_button_and_differ(self) -> None:
        for question in QUESTIONS:
            titles = [option.title for option in question.options]
            assert len(set(titles)) == len(titles)
            assert max(map(len, titles)) <= 40

    def test_every_trait_that_is_told_of_is_weighed_or_limited_and_both_wordings_exist(self) -> None:
        for option in OPTIONS.values():
            for plain, easy in (
                (option.because, option.because_easy),
                (option.within, option.within_easy),
                (option.warning, option.warning_easy),
            ):
                assert set(plain) == set(easy)
                assert set(plain) <= set(option.weights)
            assert set(option.limit) <= set(option.warning)
            assert set(option.within) <= set(option.because)
            assert bool(option.because) == option.is_weighed

    def test_a_yes_and_a_no_stand_in_one_question_once_at_most(self) -> None:
        for question in QUESTIONS:
            meant = [option.means for option in question.options if option.means]
            assert len(set(meant)) == len(meant)

    def test_every_answer_that_weighs_is_a_reason_for_three_occupations_at_least(self) -> None:
        for option in OPTIONS.values():
            if option.is_weighed:
                assert sum(bool(reasons_for(candidate, [option])) for candidate in ALL) >= SUGGESTED

    def test_a_trait_that_occupations_do_not_have_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "questions.yml"
        option = {"id": "a", "title": "A", "weights": {"wings": 1}}
        path.write_text(yaml.safe_dump([{"id": "x", "text": "X?", "easy": "X?", "options": [option]}]))
        with pytest.raises(ValueError, match="wings"):
            read_questions(path)

    def test_every_trait_of_the_occupations_is_known(self) -> None:
        assert {trait for traits in TRAITS.values() for trait in traits} <= set(GUIDE_TRAITS)
