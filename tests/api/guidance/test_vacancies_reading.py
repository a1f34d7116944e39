"""JobSearch's answers are written by strangers: nothing in them can break a reply or lead anywhere else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.guidance.vacancies.reading import LONGEST_TITLE, Unreadable, plain_text, read_found
from tests.api.guidance.jobsearch_server import answer, hit


def only(**changed: Any):
    (vacancy,) = read_found(answer(hit(**changed))).vacancies
    return vacancy


def test_an_advertisement_is_read_with_swedish_days():
    vacancy = only()
    assert (vacancy.id, vacancy.title) == ("20000001", "Svetsare till påhittad verkstad 1")
    assert (vacancy.employer, vacancy.place) == ("Exempelverkstaden AB", "Arvika")
    assert (vacancy.deadline, vacancy.published) == (date(2026, 12, 12), date(2026, 11, 20))
    assert vacancy.url == "https://arbetsformedlingen.se/platsbanken/annonser/20000001"


def test_a_moment_with_offset_is_a_day_in_sweden():
    assert only(application_deadline="2026-12-12T23:30:00Z").deadline == date(2026, 12, 13)


@pytest.mark.parametrize("name", sorted(set(hit()) - {"id"}))
@pytest.mark.parametrize("value", [None, "", 7, -1, True, [], {}, [None], {"value": None}, "\x00", "x" * 10_000])
def test_any_field_may_hold_anything(name: str, value: Any):
    found = read_found(answer(hit(**{name: value})))
    assert found.total == 1
    for vacancy in found.vacancies:
        assert max(len(vacancy.title), len(vacancy.employer), len(vacancy.place)) <= LONGEST_TITLE


@pytest.mark.parametrize("name", sorted(set(hit()) - {"id"}))
def test_any_field_may_be_missing(name: str):
    changed = hit()
    del changed[name]
    assert len(read_found(answer(changed)).vacancies) == 1


def test_objects_may_be_full_of_nulls():
    vacancy = only(
        headline=None,
        employer={"name": None, "workplace": None},
        workplace_address={"municipality": None, "city": None},
        occupation={"concept_id": None, "label": None},
        application_deadline=None,
        publication_date=None,
    )
    assert (vacancy.title, vacancy.employer, vacancy.place) == ("", "", "")
    assert (vacancy.deadline, vacancy.published) == (None, None)


def test_what_is_missing_is_taken_from_its_neighbour():
    vacancy = only(headline="", employer={"workplace": "Verkstaden"}, workplace_address={"city": "Edane"})
    assert (vacancy.title, vacancy.employer, vacancy.place) == ("Svetsare, manuell", "Verkstaden", "Edane")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<b>Svetsare</b><script>alert(1)</script>", "Svetsare alert(1)"),
        ("&lt;img src=x onerror=alert(1)&gt;Montör", "Montör"),
        ("Svetsare\r\n\r\nSök\tnu\x00\x1b[31m", "Svetsare Sök nu [31m"),
        ("Svet\u00adsare\u202e\u200b", "Svetsare"),
        ("\ud800Svetsare\ufffd", "Svetsare"),
        ("Sök på https://elak.example/x nu", "Sök på nu"),
        ("www.elak.example Svetsare", "Svetsare"),
        ("[klicka](javascript:alert(1))", "[klicka]("),
        ("  Svetsare !", "Svetsare!"),
        ("{occupation} {0}", "(occupation) (0)"),
        ("Drifttekniker.", "Drifttekniker"),
        ("   ", ""),
        (None, ""),
        (["Svetsare"], ""),
    ],
)
def test_a_text_is_one_plain_line(written: Any, read: str):
    assert plain_text(written, 90) == read


def test_a_text_of_any_length_is_cut():
    assert plain_text("x" * 10_000, 20) == "x" * 19 + "…"


@given(st.text())
def test_no_text_brings_markup_line_ends_or_addresses(written: str):
    read = plain_text(written, 90)
    assert not set(read) & set("<>{}\n\r\t\x00\u2028\u202e")
    assert "://" not in read.replace("…", "") or not read.split("://")[0][-1:].isalpha()
    assert len(read) <= 90
    assert read == read.strip()
    read.encode("utf-8")


@pytest.mark.parametrize(
    "address",
    [
        "http://arbetsformedlingen.se/platsbanken/annonser/abc",
        "https://elak.example/arbetsformedlingen.se",
        "https://arbetsformedlingen.se.elak.example/",
        "https://elakarbetsformedlingen.se/",
        "https://arbetsformedlingen.se@elak.example/",
        "https://arbetsformedlingen.se:8443/",
        "https://arbetsformedlingen.se\\@elak.example/",
        "javascript:alert(1)//arbetsformedlingen.se",
        "https://[arbetsformedlingen.se/",
        "https://arbetsformedlingen.se/a b",
        "https://arbetsformedlingen.se/" + "x" * 400,
        None,
        7,
    ],
)
def test_a_link_leads_to_arbetsformedlingen_or_nowhere(address: Any):
    assert only(id="abc-1", webpage_url=address).url == ""
    assert only(webpage_url=address).url == "https://arbetsformedlingen.se/platsbanken/annonser/20000001"


def test_their_own_address_is_kept_where_the_id_is_no_number():
    address = "https://arbetsformedlingen.se/platsbanken/annonser/abc-1"
    assert only(id="abc-1", webpage_url=address).url == address


def test_withdrawn_advertisements_and_those_without_an_id_are_left_out():
    found = read_found(answer(hit(1), hit(2, removed=True), hit(3, id=None), None, "x", total=9))
    assert [vacancy.id for vacancy in found.vacancies] == ["20000001"]
    assert found.total == 9


@pytest.mark.parametrize("total", [None, {}, {"value": None}, {"value": "9"}, {"value": -1}, {"value": True}, 9, "x"])
def test_a_number_that_cannot_be_is_at_least_what_is_shown(total: Any):
    assert read_found(answer(hit(1), hit(2)) | {"total": total}).total == 2


@pytest.mark.parametrize(
    "whole", [None, [], "x", 7, {}, {"hits": None}, {"hits": {}}, {"hits": ["x", None]}, {"hits": [{"id": None}]}]
)
def test_another_shape_is_not_taken_for_an_answer(whole: Any):
    with pytest.raises(Unreadable):
        read_found(whole)


def test_no_hits_are_an_answer():
    assert read_found(answer()).total == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*hit(), "value", "label"]), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted(hit())), json_values))
def test_no_advertisement_breaks_the_reading(changed: dict[str, Any]):
    vacancies = read_found(answer(hit(), hit(2) | changed)).vacancies
    json.dumps([vacancy.title for vacancy in vacancies])
    assert all(v.url == "" or v.url.startswith("https://") for v in vacancies)
