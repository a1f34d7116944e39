"""EMIL3 as it is documented, as it slips, and as nobody would believe."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api import cells
from api.catalogue.susa.plain_text import one_line, paragraphs, web_address
from api.catalogue.susa.reading import (
    details,
    digest,
    event_of,
    read_event,
    read_info,
    read_provider,
    read_resource,
)
from tests.api.catalogue.susa.conftest import event, info, lang, provider


def read(**content: Any) -> Any:
    resource = read_resource(event(**content))
    assert resource is not None
    return read_event(resource)


def test_the_documented_shape_is_read_whole() -> None:
    found = read()
    assert (found.id, found.info, found.provider, found.title) == ("e.1", "i.svets", "p.karlstad", "Svetsare")
    assert (found.start, found.end) == (date(2027, 1, 11), date(2027, 10, 15))
    assert (found.apply_from, found.apply_to, found.continuous) == (date(2026, 10, 5), date(2026, 12, 4), False)
    assert (found.pace, found.places, found.distance, found.cancelled) == (100, 12, False, False)
    assert (found.areas, found.contractor) == (("1780",), "Utföraren AB")
    assert found.url == found.apply_url == "https://example.org/kurs/e.1"
    assert found.expires is not None
    assert found.expires.isoformat() == "2027-10-15T23:59:59+02:00"


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ({"title": "Svets"}, "title", "Svets"),
        ({"title": {"strings": [{"lang": "eng", "value": "Weld"}, {"lang": "swe", "content": "Sv"}]}}, "title", "Sv"),
        ({"title": {"strings": {"lang": "swe", "value": "Svets"}}}, "title", "Svets"),
        ({"title": [{"value": "Svets"}]}, "title", "Svets"),
        ({"title": lang("<![CDATA[Bagare och konditor]]>")}, "title", "Bagare och konditor"),
        ({"title": lang(None)}, "title", ""),
        ({"title": 5}, "title", ""),
        ({"paceOfStudy": {"percentage": "75.0"}}, "pace", 75),
        ({"paceOfStudy": {"percentage": "null"}}, "pace", None),
        ({"paceOfStudy": {"percentage": 37.5}}, "pace", 38),
        ({"paceOfStudy": {"percentage": 400}}, "pace", None),
        ({"paceOfStudy": {"percentage": True}}, "pace", None),
        ({"paceOfStudy": {"percentage": float("nan")}}, "pace", None),
        ({"paceOfStudy": {"percentage": 10**400}}, "pace", None),
        ({"paceOfStudy": [100]}, "pace", None),
        ({"distance": {}}, "distance", True),
        ({"distance": None}, "distance", False),
        ({"places": -1}, "places", None),
        ({"places": "12"}, "places", 12),
        ({"isCancelled": "true"}, "cancelled", False),
        ({"application": {"last": "2099-12-31"}}, "apply_to", None),
        ({"application": {"last": "2099-12-31"}}, "continuous", True),
        ({"application": {"continuous": True}}, "continuous", True),
        ({"application": {"last": "2024-11-28T23:59:59"}}, "apply_to", date(2024, 11, 28)),
        ({"application": {"url": {"urls": [{"value": "javascript:alert(1)"}]}}, "url": None}, "apply_url", ""),
        ({"application": {"url": "http://example.org/a"}, "url": None}, "apply_url", ""),
        ({"application": {"email": "<b>x@example.org"}}, "contact_email", ""),
        ({"execution": {"condition": "2", "start": "2027-02-30"}}, "start", None),
        ({"execution": {"condition": "2"}}, "continuous", True),
        ({"execution": {"start": "2027-05-01", "end": "2027-04-01"}}, "end", None),
        ({"execution": "soon"}, "start", None),
        ({"providers": "p.one"}, "provider", "p.one"),
        ({"providers": []}, "provider", ""),
        ({"education": {"id": 1}}, "info", ""),
        ({"locations": [{"areaCode": 1780}, {"areaCode": "1780"}, {"areaCode": "178"}, "Kil"]}, "areas", ("1780",)),
        ({"expires": "2026-13-01T00:00:00"}, "expires", None),
        ({"expires": "0001-01-01T00:00:00"}, "expires", None),
    ],
)  # fmt: skip
def test_slips_and_nonsense(content: dict[str, Any], name: str, expected: object) -> None:
    assert getattr(read(**content), name) == expected


def test_credits_are_those_of_upper_secondary_school() -> None:
    def credits(value: Any) -> int | None:
        resource = read_resource(info(credits=value))
        assert resource is not None
        return read_info(resource).credits

    assert credits({"system": {"type": "C_Credits", "code": "gy"}, "credits": "1400"}) == 1400
    assert credits({"system": "gy", "credits": 350.0}) == 350
    assert credits({"system": {"code": "yh"}, "credits": 400}) is None
    assert credits({"credits": 400}) is None
    assert credits(800) is None


def test_both_names_of_the_subjects_are_read() -> None:
    raw = info(subjects=None, subject=[{"type": "C_Subject_SUN", "code": "521a"}, {"code": None}, "x"])
    resource = read_resource(raw)
    assert resource is not None
    assert read_info(resource).subjects == (("C_Subject_SUN", "521a"), ("", "x"))


def test_what_was_read_is_the_same_after_it_was_stored() -> None:
    found = read()
    stored = json.loads(json.dumps(details(found)))
    assert event_of(stored) == found
    assert digest(stored) == digest(details(event_of(stored)))


HOSTILE = [
    "<script>alert(1)</script>Svets", "<img src=x onerror=alert(1)>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr<script>ipt>", "\x00\x1b[31m\u202etext", "\ud800\udfff", "x" * 100_000, "<" * 100_000, "<!--" * 1000,
    "&" * 5000 + "#x110000;", "=HYPERLINK(1)", "'=1", "SmÃ¥kÃ¶ping", "<![CDATA[<b>x</b>", "\ufdd0\uffff", "<?xml ?>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_become_plain_ones_that_a_file_may_hold(text: str) -> None:
    for found, read_cell, limit in (
        (one_line(text, 200), cells.line_text, 200),
        (paragraphs(text, 20_000), cells.long_text, 20_000),
    ):
        assert read_cell(cells.quoted(found), limit) == found
        assert "<script" not in found.lower()
        assert len(found) <= limit
        found.encode()


@given(st.text(alphabet=st.characters(codec=None)))
@settings(max_examples=300)
def test_any_text_comes_out_fit_for_a_file(text: str) -> None:
    for found, read_cell in ((one_line(text, 80), cells.line_text), (paragraphs(text, 80), cells.long_text)):
        assert read_cell(cells.quoted(found), 80) == found
        found.encode()


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "strings", "code", "x"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(event()["content"]) + sorted(info()["content"])), anything))
@settings(max_examples=300)
def test_no_content_is_an_error(content: dict[str, Any]) -> None:
    resource = read_resource({"id": "e.1", "status": content.get("title"), "content": content})
    assert resource is not None
    for found in (read_event(resource), read_info(resource), read_provider(resource)):
        json.dumps(details(found)).encode()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://a b", "https://u@example.org", "https://\u202eexample.org",
     "HTTPS://", "ftp://example.org", "https://" + "a" * 600, 5, None, "https://[::1"],
)  # fmt: skip
def test_only_whole_web_addresses_are_kept(address: object) -> None:
    assert web_address(address) == ""


def test_provider_names_and_addresses() -> None:
    resource = read_resource(provider(visitAddresses=[{"areaCode": "1715"}, {"areaCode": "1780"}]))
    assert resource is not None
    found = read_provider(resource)
    assert (found.name, found.areas, found.url) == ("Karlstads kommun", ("1780", "1715"), "https://example.org")
