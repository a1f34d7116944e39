"""Identity numbers never get in; what looks like a person's name is seen, and functions are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from api.cells import BadCell
from api.privacy.people import name_in, without_personal_numbers

SEED = Path(__file__).resolve().parents[3] / "api/seed"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kim Exempelsson", "Kim Exempelsson"),
        ("Ring Fatima på fredagar", "Fatima"),
        ("Studievägledare Exempelsson", "Exempelsson"),
        ("Anna-Karin svarar", "Anna-Karin"),
        ("kim.exempelsson@example.org", "kim.exempelsson"),
        ("maria@example.org", "maria"),
    ],
)
def test_names_are_seen(text: str, words: str) -> None:
    assert name_in(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Vägledningen i Karlstad",
        "Studie- och yrkesvägledare 1, Karlstad",
        "vagledning.arvika@example.org",
        "Industrinoden i Sunne, Storgatan 3",
        "Måndag–fredag 8.00–16.00",
        "Bo på elevhem. Per vecka kostar det inget.",
        "",
    ],
)
def test_functions_are_left_alone(text: str) -> None:
    assert name_in(text) is None


def test_nothing_that_a_new_installation_shows_looks_like_a_name() -> None:
    rows = [*yaml.safe_load((SEED / "nodes.yml").read_text("utf-8"))]
    rows += yaml.safe_load((SEED / "counsellors.yml").read_text("utf-8"))
    rows += yaml.safe_load((SEED / "answers.yml").read_text("utf-8")).values()
    rows += yaml.safe_load((SEED / "occupations.yml").read_text("utf-8"))
    texts = [text for row in rows for text in row.values() if isinstance(text, str)]
    assert [text for text in texts if name_in(text)] == []


@pytest.mark.parametrize("text", ["19850212-1234", "Fråga 850212-1234 om det", "tel ٨٥٠٢١٢-١٢٣٤"])
def test_an_identity_number_is_refused(text: str) -> None:
    with pytest.raises(BadCell, match="personnummer"):
        without_personal_numbers(str.strip)(text)


@pytest.mark.parametrize("text", ["031-390 06 11", "2027-01-11", "Måndag 8.00–12.00"])
def test_other_numbers_pass(text: str) -> None:
    assert without_personal_numbers(str.strip)(text) == text


@given(st.text())
def test_any_text_is_looked_through(text: str) -> None:
    found = name_in(text)
    assert found is None or found in text
