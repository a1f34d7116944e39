"""The read API: what is in it, what is never in it, paging, ETags, reading from other sites."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from api.catalogue.tables import Course, Node, Occasion
from api.database import Base, Database
from api.guidance.tables import Occupation
from api.staff.history import Edit
from tests.api.catalogue.open_data.conftest import Client

LISTS = ["/api/v1/occasions", "/api/v1/courses", "/api/v1/nodes", "/api/v1/occupations"]
EMIL = [f"/api/v1/emil3/{name}" for name in ("educationEvents", "educationInfos", "educationProviders")]
FILES = ["/api/v1/catalogue.csv", "/api/v1/catalogue.xlsx"]


def everything(client: Client, path: str) -> list[dict[str, Any]]:
    """Every item of a list, by following its links."""
    found: list[dict[str, Any]] = []
    following: str | None = path
    while following:
        body = client.get(following).json()
        found += body["items"]
        following = body["links"]["next"]
    assert len(found) == body["total"]
    return found


@pytest.mark.parametrize("path", [*LISTS, *EMIL, *FILES, "/dcat", "/sitemap.xml"])
def test_drafts_are_nowhere(client: Client, path: str) -> None:
    answer = client.get(path, params={"size": 100} if path in [*LISTS[:2], *EMIL] else {})
    assert answer.status_code == 200
    text = answer.text
    if path.endswith("xlsx"):
        rows = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
        text = "\n".join(str(cell) for row in rows for cell in row)
    for secret in ("Hemlig kurs", "A/3", "H/1"):
        assert secret not in text


def test_the_pages_of_a_list_give_every_item_once(client: Client) -> None:
    one_by_one = [item["id"] for item in everything(client, "/api/v1/occasions?size=7")]
    at_once = [item["id"] for item in everything(client, "/api/v1/occasions?size=100")]
    assert one_by_one == at_once
    assert len(set(at_once)) == len(at_once) > 7
    courses = everything(client, "/api/v1/courses?size=5")
    assert [int(course["id"]) for course in courses] == sorted({int(course["id"]) for course in courses})


def test_links_lead_to_our_own_address_and_keep_the_filters(client: Client) -> None:
    links = client.get("/api/v1/occasions?size=2&occupation=svetsare", headers={"Host": "evil.example"}).json()["links"]
    assert links["first"] == "https://example.org/api/v1/occasions?size=2&occupation=svetsare&page=1"
    assert links["prev"] is None
    beyond = client.get("/api/v1/occasions?size=2&page=90000").json()
    assert (beyond["items"], beyond["links"]["next"]) == ([], None)


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("occupation=svetsare", lambda item: item["occupation"] == "svetsare"),
        ("municipality=Karlstad", lambda item: item["municipality"] == "Karlstad"),
        ("pace=50", lambda item: item["pace"] == 50),
        ("distance=true", lambda item: item["distance"]),
        ("open_only=true", lambda item: item["application"] in {"open", "continuous"}),
        ("term=vt2027", lambda item: item["continuous"] or "2027-01-01" <= item["start_date"] <= "2027-06-30"),
        ("start_from=2027-08-01", lambda item: item["continuous"] or item["start_date"] >= "2027-08-01"),
        ("near=Kil", lambda item: item["km"] is not None),
        ("q=svetsning", lambda item: item["occupation"]),
    ],
)
def test_the_filters_of_the_course_page_filter(client: Client, query: str, holds: Any) -> None:
    found = everything(client, f"/api/v1/occasions?size=100&{query}")
    assert found
    assert all(holds(item) for item in found)


@pytest.mark.parametrize("query", ["occupation=finns-inte", "municipality=Atlantis", "near=Atlantis"])
def test_a_filter_that_the_catalogue_does_not_know_is_an_error_not_everything(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/occasions?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "filter_unknown")
    assert answer.json()["filters"] == [query.split("=")[0]]


def test_one_occasion_and_one_course_are_found_by_their_ids(client: Client) -> None:
    occasion = client.get("/api/v1/occasions/A/1").json()
    assert (occasion["id"], occasion["example"], occasion["pace"]) == ("A/1", False, 50)
    course = client.get(f"/api/v1/courses/{occasion['course_id']}").json()
    assert {row["id"] for row in course["occasions"]} == {"A/1", "A/2", "A/4"}
    assert client.get(course["url"].removeprefix("https://example.org")).status_code == 200
    for path in ("/api/v1/occasions/A/3", "/api/v1/occasions/%00", "/api/v1/courses/999999999"):
        assert client.get(path).status_code == 404


def test_example_data_is_marked_and_what_is_real_is_not(client: Client) -> None:
    courses = everything(client, "/api/v1/courses?size=100")
    assert {course["example"] for course in courses if course["title"] == "Riktig kurs"} == {False}
    assert {course["example"] for course in courses if course["title"] != "Riktig kurs"} == {True}
    events = client.get("/api/v1/emil3/educationEvents?size=2000").json()["educationEvents"]
    marked = {event["id"] for event in events if event["content"].get("extensions")}
    assert marked == {event["id"] for event in events} - {"e.iv.A/1", "e.iv.A/2", "e.iv.A/4"}
    assert ";example\r\n" in client.get("/api/v1/catalogue.csv").content.decode("utf-8-sig")


@pytest.mark.parametrize("path", [*LISTS, *EMIL, *FILES, "/api/v1/occasions/A/1", "/dcat", "/sitemap.xml"])
def test_who_has_the_newest_gets_304_and_head_gives_no_body(client: Client, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    again = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.request("HEAD", path)
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", first.headers["ETag"])


@pytest.mark.parametrize("path", [*LISTS, *EMIL, *FILES, "/api/openapi.json", "/dcat"])
def test_any_site_may_read(client: Client, path: str) -> None:
    origin = {"Origin": "https://other.example"}
    assert client.get(path, headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    asked = {**origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "If-None-Match"}
    preflight = client.request("OPTIONS", path, headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Headers"] == "If-None-Match"


def test_the_chat_is_not_opened_by_that(client: Client) -> None:
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    assert (
        "Access-Control-Allow-Origin" not in client.request("OPTIONS", "/api/v1/conversations", headers=asked).headers
    )
    answer = client.request("POST", "/api/v1/conversations", headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", [*LISTS, *FILES])
def test_nobody_can_write(client: Client, path: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, path).status_code == 405


# --- EMIL3 ------------------------------------------------------------------------------------------------------------


def test_emil_has_susa_navets_wrapper_and_its_ids_refer_to_each_other(client: Client) -> None:
    events, infos, providers = (client.get(f"{path}?size=2000").json()[path.rpartition("/")[2]] for path in EMIL)
    assert {event["content"]["education"] for event in events} == {info["id"] for info in infos}
    assert {one for event in events for one in event["content"]["providers"]} == {node["id"] for node in providers}
    body = client.get(f"{EMIL[0]}?page=1&size=3").json()
    assert body["page"] == {
        "size": 3,
        "totalElements": len(events),
        "totalPages": -(-len(events) // 3),
        "pageNumber": 1,
    }
    assert {link["rel"] for link in body["links"]} == {"self", "first", "prev", "next", "last"}


def test_emil_says_what_we_know_of_an_occasion_and_nothing_else(client: Client) -> None:
    event = client.get("/api/v1/emil3/educationEvents/e.iv.A/1").json()
    content = event["content"]
    assert event["status"] == "published"
    assert content["execution"] == {
        "condition": {"type": "C_ExecutionCondition", "code": "1"}, "start": "2027-01-11", "end": "2027-06-11",
    }  # fmt: skip
    assert content["lastEdited"] == "2026-11-23T10:00:00"
    assert (content["places"], content["paceOfStudy"], content["isCancelled"]) == (12, {"percentage": 50.0}, False)
    assert content["application"]["last"] == "2026-12-04"
    assert not {"distance", "fees", "extensions"} & content.keys()
    assert client.get("/api/v1/emil3/educationEvents/e.iv.A/2").json()["content"]["isCancelled"] is True
    rolling = client.get("/api/v1/emil3/educationEvents/e.iv.A/4").json()
    assert (rolling["status"], rolling["content"]["execution"]["condition"]["code"]) == ("full", "2")
    assert client.get("/api/v1/emil3/educationEvents/A/1").status_code == 404


@pytest.mark.parametrize(
    ("since", "some"),
    [("2026-11-23", True), ("2026-11-23T10:00:00", True), ("2026-11-23T10:00:01", False),
     ("2026-11-23T09:00:00Z", True),
     ("0001-01-01", True), ("9999-12-31T23:59:59", False), ("2027-01-01", False)],
)  # fmt: skip
@pytest.mark.parametrize("path", EMIL)
def test_updated_since_is_a_day_or_a_moment_in_swedish_time(client: Client, path: str, since: str, some: bool) -> None:
    body = client.get(path, params={"updatedSince": since}).json()
    assert bool(body["page"]["totalElements"]) is some


# --- What is new ------------------------------------------------------------------------------------------------------

LATER = "2026-11-23T12:00:00"
"""Swedish time, two hours after everything was made."""
SHOWS: dict[type[Base], set[str]] = {
    Occasion: {EMIL[0], EMIL[1], EMIL[2]},
    Course: {EMIL[0], EMIL[1]},
    Node: {EMIL[0], EMIL[1], EMIL[2]},
    Occupation: {EMIL[1]},
}
CHANGED: dict[type[Base], dict[str, Any]] = {
    Occasion: {"places": 13},
    Course: {"description": "Du lär dig svetsa rör."},
    Node: {"phone": "031-390 06 99"},
    Occupation: {"title": "Svetsare (ny)"},
}


@pytest.mark.parametrize("model", CHANGED, ids=lambda model: model.__name__)
def test_a_change_of_what_shows_in_an_answer_is_news_to_who_asks_since(
    client: Client, seeded_both: Database, now: datetime, model: type[Any]
) -> None:
    def told(path: str) -> list[dict[str, Any]]:
        return list(client.get(path, params={"updatedSince": LATER, "size": 2000}).json()[path.rpartition("/")[2]])

    assert [told(path) for path in EMIL] == [[], [], []]
    before = client.get("/api/v1/occasions/A/1").headers["Last-Modified"]
    with seeded_both.transaction() as session:
        occasion = session.scalars(select(Occasion).where(Occasion.external_id == "A/1")).one()
        course_id = occasion.course_id
        rows = {Occasion: occasion, Course: occasion.course, Node: occasion.course.node}
        row = rows.get(model, occasion.course.occupation)
        with Edit(session, at=now + timedelta(hours=2), actor="staff:1", cause="edit") as edit:
            edit.change(row, CHANGED[model])
    news = {path: told(path) for path in EMIL}
    assert {path for path, found in news.items() if found} == SHOWS[model]
    for found in news.values():
        assert {one["content"]["lastEdited"] for one in found} <= {LATER}
    info = client.get(EMIL[1], params={"size": 2000}).json()["educationInfos"]
    assert next(one for one in info if one["id"] == f"i.iv.{course_id}")["content"]["lastEdited"] == LATER
    one = client.get("/api/v1/occasions/A/1")
    is_shown = EMIL[0] in SHOWS[model]
    assert (one.headers["Last-Modified"] != before) is is_shown
    assert one.json()["updated_at"].startswith("2026-11-23T11:00:00" if is_shown else "2026-11-23T09:00:00")
    for path in (f"/api/v1/courses/{course_id}", "/dcat"):
        assert client.get(path).headers["Last-Modified"] == "Mon, 23 Nov 2026 11:00:00 GMT"
