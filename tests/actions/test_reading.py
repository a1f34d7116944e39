"""What people type at the booking's steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.reading import (
    NAME_LIMIT,
    asks_for_more,
    looks_like_contact,
    read_meeting_type,
    read_name,
    read_ordinal,
    read_yes_no,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("telefon", "phone"),
        ("Ring mig", "phone"),
        ("på telefon tack", "phone"),
        ("MOBIL", "phone"),
        ("video", "video"),
        ("digitalt på teams", "video"),
        ("videosamtal", "video"),
        ("på plats", "on_site"),
        ("jag vill träffas", "on_site"),
        ("besök", "on_site"),
        ("telefon eller video", None),
        ("vad kostar det", None),
        ("kan man läsa till svetsare via telefon eller så", None),
        ("", None),
        ("plåtslagare", None),
    ],
)
def test_a_way_to_meet(text: str, kind: str | None) -> None:
    assert read_meeting_type(text) == kind


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ja", True),
        ("Japp!", True),
        ("ok", True),
        ("det stämmer", True),
        ("ja tack gärna", True),
        ("nej", False),
        ("nä", False),
        ("nej tack", False),
        ("det är fel", False),
        ("stämmer inte", None),
        ("ja eller nej", None),
        ("vad händer på mötet", None),
        ("ja men först undrar jag vad det kostar", None),
        ("", None),
        ("👍", None),
    ],
)
def test_a_yes_or_no(text: str, answer: bool | None) -> None:
    assert read_yes_no(text) is answer


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("fler tider", True),
        ("har ni några andra", True),
        ("senare", True),
        ("nästa vecka", True),
        ("den första", False),
        ("vad gör en svetsare egentligen hela dagarna mer", False),
        ("", False),
    ],
)
def test_a_wish_for_other_times(text: str, more: bool) -> None:
    assert asks_for_more(text) is more


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("den första", 0),
        ("ja den första går bra", 0),
        ("den andra", 1),
        ("tvåan", 1),
        ("tredje", 2),
        ("den sista tack", 2),
        ("den första eller den andra", None),
        ("andra tider", None),
        ("vad gör en svetsare den första dagen på jobbet", None),
        ("", None),
    ],
)
def test_one_of_the_times_shown(text: str, index: int | None) -> None:
    assert read_ordinal(text) == index


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kim", "Kim"),
        ("jag heter Kim", "Kim"),
        ("Jag heter Kim Exempel.", "Kim Exempel"),
        ("Mitt namn är: Kim", "Kim"),
        ("hej jag heter kim", "kim"),
        ("Anne-Lie O’Exempel", "Anne-Lie O’Exempel"),
        ("  Kim   Exempel  ", "Kim Exempel"),
        ("محمد", "محمد"),
        ("Олена", "Олена"),
        ("K.", "K"),
        ("Li", "Li"),
        ("Anna-Karin", "Anna-Karin"),
        ("jag heter J. R. Öst", "J. R. Öst"),
        ("vad kostar det", None),
        ("varför då?", None),
        ("avbryt", None),
        ("nej", None),
        ("/restart", None),
        ("1234", None),
        ("", None),
        ("...", None),
        ("ett två tre fyra fem", None),
        ("x" * (NAME_LIMIT + 1), None),
        ("kontakt-000000000000000000000000", None),
        ("kim@example.org", None),
        ("example.org", None),
        ("Vinn på Example.Org", None),
        ("www.x", None),
        ("jag heter https://x", None),
    ],
)
def test_a_name(text: str, name: str | None) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    ("text", "tried"),
    [("070123", True), ("kim@", True), ("070-12 34", True), ("ring mig", False), ("2 st", False), ("", False)],
)
def test_an_attempt_at_contact_data(text: str, tried: bool) -> None:
    assert looks_like_contact(text) is tried


@given(st.text())
def test_nothing_that_is_typed_breaks_the_reading(text: str) -> None:
    name = read_name(text)
    assert name is None or 1 <= len(name) <= NAME_LIMIT
    assert read_meeting_type(text) in {None, "phone", "video", "on_site"}
    assert read_yes_no(text) in {None, True, False}
    assert asks_for_more(text) in {True, False}
    assert looks_like_contact(text) in {True, False}
