"""Whole sentences at the booking's steps: leaving, asking for other times, giving a name."""

from __future__ import annotations

import pytest

from actions.reading import asks_for_more, introduces_name, speaks_of_signing_off, wants_to_stop


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("avbryt", True),
        ("nej jag vill inte boka, sluta", True),
        ("jag har ångrat mig", True),
        ("vi struntar i det", True),
        ("nej", False),
        ("när slutar utbildningen", False),
        ("jag vill inte boka om utan bara veta vad det kostar att läsa till svetsare i Arvika", False),
        ("", False),
    ],
)
def test_a_wish_to_leave_the_booking(text: str, stops: bool) -> None:
    assert wants_to_stop(text) is stops


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("andra tider", True),
        ("fler", True),
        ("en senare dag", True),
        ("finns det andra yrken", False),
        ("mer lön", False),
    ],
)
def test_when_another_topic_is_likely_other_times_are_named(text: str, more: bool) -> None:
    assert asks_for_more(text, certainly=True) is more
    assert asks_for_more(text), "at a step about times, the word alone will do"


@pytest.mark.parametrize(
    ("text", "introduces"),
    [
        ("Mitt namn är Vera", True),
        ("jag heter Kim", True),
        ("jag är trött på vården", False),
        ("det är dyrt", False),
        ("Kim", False),
    ],
)
def test_words_that_only_a_name_follows(text: str, introduces: bool) -> None:
    assert introduces_name(text) is introduces


@pytest.mark.parametrize(
    ("text", "signs_off"),
    [
        ("avanmäl mig", True),
        ("jag vill avanmäla mig från träffen på torsdag", True),
        ("kan inte komma på träffen", True),
        ("visa mina anmälningar", True),
        ("hur avanmäler jag mig från kursen?", False),
        ("avanmälan till komvux", False),
        ("jag vill anmäla mig", False),
    ],
)
def test_signing_off_is_from_an_event_and_not_from_a_course(text: str, signs_off: bool) -> None:
    assert speaks_of_signing_off(text) is signs_off
