"""What search engines and other catalogues are told about a course."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.catalogue.structured_data import course_document
from api.catalogue.tables import Course, Node, Occasion
from api.guidance.tables import Occupation

URL = "https://example.org/utbildningar/7"


def make_course(**changes: Any) -> Course:
    node = Node(
        slug="arvika", town="Arvika", name="Industrinoden i Arvika", street="Exempelgatan 1", phone="031-390 06 11",
        email="vagledning.arvika@example.org", example=False,
    )  # fmt: skip
    occupation = Occupation(slug="svetsare", title="Svetsare", ssyk="7212", ssyk_title="Svetsare och gasskärare")
    values = {"title": "Svetsare, grund", "credits": 800, "eligibility": "Inget krav.", "language_level": "sfi D",
              "description": "Du lär dig svetsa."}  # fmt: skip
    return Course(id=7, node=node, occupation=occupation, **(values | changes))


def make_occasion(**changes: Any) -> Occasion:
    values: dict[str, Any] = {
        "id": 1, "external_id": "X-1", "start_date": date(2027, 1, 11), "end_date": date(2027, 10, 15),
        "apply_from": date(2026, 10, 5), "apply_to": date(2026, 12, 4), "pace": 100, "distance": False, "places": 12,
        "status": "published", "example": False,
    }  # fmt: skip
    return Occasion(**(values | changes))


def document(course: Course, *occasions: Occasion) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The course and its programs."""
    graph = course_document(course, occasions, URL, example_label="Exempeldata", work_label="Yrkesverksamma")["@graph"]
    return graph[0], graph[1:]


def test_each_occasion_is_an_instance_of_the_course_and_a_program_with_its_last_day_to_apply():
    course, programs = document(make_course(), make_occasion(), make_occasion(id=2, apply_to=date(2027, 6, 21)))

    assert course["@type"] == "Course"
    assert [i["startDate"] for i in course["hasCourseInstance"]] == ["2027-01-11", "2027-01-11"]
    assert [p["applicationDeadline"] for p in programs] == ["2026-12-04", "2027-06-21"]
    assert {p["hasCourse"]["@id"] for p in programs} == {course["@id"]}


def test_the_occupation_is_given_as_an_ssyk_code_when_there_is_one_and_by_name_otherwise():
    coded, unknown = make_course(), make_course()
    unknown.occupation.ssyk = None

    assert document(coded, make_occasion())[1][0]["occupationalCategory"]["codeValue"] == "7212"
    assert document(unknown, make_occasion())[1][0]["occupationalCategory"] == "Svetsare"


@pytest.mark.parametrize(
    ("pace", "distance", "mode", "time"),
    [
        (100, False, ["onsite", "full-time"], "P40W"),
        (50, True, ["online", "part-time"], "P80W"),
        (75, False, ["onsite", "part-time"], "P53W"),
    ],
)
def test_time_follows_the_pace_and_mode_says_where_and_how_fast(pace, distance, mode, time):
    _, [program] = document(make_course(), make_occasion(pace=pace, distance=distance))

    assert program["educationalProgramMode"] == mode
    assert program["timeToComplete"] == time


def test_what_is_not_known_is_left_out():
    occasion = make_occasion(start_date=None, end_date=None, apply_from=None, apply_to=None, places=None)
    course, [program] = document(make_course(credits=None, eligibility="", language_level=""), occasion)

    assert not {"startDate", "endDate", "applicationDeadline", "numberOfCredits", "timeToComplete"} & program.keys()
    assert not {"coursePrerequisites", "creativeWorkStatus"} & course.keys()
    assert "maximumAttendeeCapacity" not in course["hasCourseInstance"][0]


def test_a_cancelled_occasion_says_so():
    course, _ = document(make_course(), make_occasion(status="cancelled"))

    assert course["hasCourseInstance"][0]["eventStatus"] == "https://schema.org/EventCancelled"


def test_example_data_is_marked_on_the_course_and_on_every_program():
    course, programs = document(make_course(), make_occasion(example=True), make_occasion(id=2))

    assert course["creativeWorkStatus"] == "Exempeldata"
    assert {p["disambiguatingDescription"] for p in programs} == {"Exempeldata"}


def test_a_course_without_occasions_has_no_instances():
    course, programs = document(make_course())

    assert "hasCourseInstance" not in course
    assert programs == []


def test_the_offer_says_where_and_until_when_one_applies_and_whether_there_are_places():
    values = {"apply_url": "https://example.org/ansok"}
    _, [there, full, rolling, nowhere] = document(
        make_course(apprenticeship=True),
        make_occasion(**values),
        make_occasion(**values, id=2, status="full"),
        make_occasion(**values, id=3, continuous=True),
        make_occasion(id=4),
    )

    assert there["programType"] == "apprenticeship"
    assert there["offers"] == {
        "@type": "Offer",
        "url": "https://example.org/ansok",
        "availability": "https://schema.org/InStock",
        "availabilityStarts": "2026-10-05",
        "availabilityEnds": "2026-12-04",
    }
    assert full["offers"]["availability"] == "https://schema.org/SoldOut"
    assert "availabilityEnds" not in rolling["offers"]
    assert "offers" not in nowhere
