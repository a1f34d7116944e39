"""robots.txt, sitemap and the DCAT description."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from api.catalogue.open_data import crawling
from api.catalogue.open_data.rdf import PREFIXES, Iri, Literal, Resource, to_turtle, to_xml
from tests.api.catalogue.open_data.conftest import Client

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RDF = f"{{{PREFIXES['rdf']}}}"


def addresses(client: Client, path: str) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(client.get(path).text).iter(f"{SITEMAP}loc")]


def test_robots_are_told_of_the_sitemap_and_kept_from_private_pages(client: Client) -> None:
    text = client.get("/robots.txt").text
    assert "Sitemap: https://example.org/sitemap.xml" in text
    assert "Disallow: /mote/" in text
    assert "Disallow: /personal" in text


def test_the_sitemap_has_pages_that_may_be_indexed_and_no_example(client: Client) -> None:
    found = addresses(client, "/sitemap.xml")
    courses = client.get("/api/v1/courses?size=100").json()["items"]
    pages = ["/", "/utbildningar", "/traffar", "/prao", "/natverk", "/integritet"]
    assert found[: len(pages)] == [f"https://example.org{path}" for path in pages]
    assert set(found[len(pages) :]) == {course["url"] for course in courses if not course["example"]} != set()
    for address in found:
        page = client.get(address.removeprefix("https://example.org"))
        assert (page.status_code, "noindex" in page.text) == (200, False)


def test_a_long_sitemap_becomes_several(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = addresses(client, "/sitemap.xml")
    monkeypatch.setattr(crawling, "MAX_ADDRESSES", len(at_once) - 2)
    parts = addresses(client, "/sitemap.xml")
    assert parts == ["https://example.org/sitemap-1.xml", "https://example.org/sitemap-2.xml"]
    assert [one for part in parts for one in addresses(client, part.removeprefix("https://example.org"))] == at_once
    assert client.get("/sitemap-3.xml").status_code == client.get("/sitemap-0.xml").status_code == 404


def statements(xml: str) -> set[tuple[str, str, str]]:
    """(subject, predicate, object) of RDF/XML as we write it."""
    found = set()
    for resource in ElementTree.fromstring(xml):
        subject = resource.get(f"{RDF}about") or ""
        found.add((subject, "type", resource.tag))
        for said in resource:
            found.add((subject, said.tag, said.get(f"{RDF}resource") or said.text or ""))
    return found


def name(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"


REQUIRED = {
    "dcat:Catalog": {"dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:license", "dcat:dataset"},
    "dcat:Dataset": {"dcterms:title", "dcterms:description", "dcterms:publisher", "dcat:contactPoint",
                     "dcat:distribution", "dcat:theme", "dcat:keyword", "dcterms:accessRights"},
    "dcat:Distribution": {"dcat:accessURL", "dcterms:format", "dcterms:license"},
    "dcat:DataService": {"dcterms:title", "dcat:endpointURL", "dcat:endpointDescription", "dcat:servesDataset",
                         "dcterms:publisher", "dcat:contactPoint", "dcterms:license"},
    "foaf:Agent": {"foaf:name"},
    "vcard:Organization": {"vcard:fn", "vcard:hasEmail"},
}  # fmt: skip


def test_every_resource_of_the_description_has_what_the_profile_asks_for(client: Client) -> None:
    found = statements(client.get("/dcat").text)
    for kind, wanted in REQUIRED.items():
        subjects = {subject for subject, said, value in found if said == "type" and value == name(kind)}
        assert subjects, kind
        for subject in subjects:
            given = {said for one, said, _ in found if one == subject}
            assert {name(one) for one in wanted} - given == set(), subject


def test_what_the_description_refers_to_is_there(client: Client) -> None:
    found = statements(client.get("/dcat.rdf").text)
    subjects = {subject for subject, _, _ in found}
    assert {value for _, _, value in found if value.startswith("https://example.org/dcat#")} - subjects == set()
    for _, said, value in found:
        if said in {name("dcat:accessURL"), name("dcat:endpointDescription")}:
            assert client.get(value.removeprefix("https://example.org")).status_code == 200


def test_the_description_says_that_there_are_examples_and_comes_in_both_forms(client: Client) -> None:
    xml, turtle = client.get("/dcat"), client.get("/dcat", headers={"Accept": "text/turtle"})
    assert xml.headers["Content-Type"].startswith("application/rdf+xml")
    assert turtle.headers["Content-Type"].startswith("text/turtle")
    assert turtle.text == client.get("/dcat.ttl").text
    for text in (xml.text, turtle.text):
        assert "(exempeldata)" in text
        assert "mailto:oppnadata@example.org" in text
    written = {subject for subject, _, _ in statements(xml.text)}
    assert set(re.findall(r"^<([^>]+)> a ", turtle.text, re.MULTILINE)) == written


def test_signs_that_mean_something_in_xml_and_turtle_are_escaped() -> None:
    resource = Resource('https://example.org/?a=1&b="2"', "foaf:Agent", {"foaf:name": [Literal('<b> & "å"\n\\')]})
    [(subject, _, text)] = [one for one in statements(to_xml([resource])) if one[1] != "type"]
    assert (subject, text) == (resource.iri, '<b> & "å"\n\\')
    turtle = to_turtle([resource, Resource("https://example.org/x", "foaf:Agent", {"foaf:page": [Iri("a> <b")]})])
    assert 'foaf:name "<b> & \\"å\\"\\n\\\\"@sv .' in turtle
    assert "<a%3E%20%3Cb>" in turtle
