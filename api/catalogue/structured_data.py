"""A course for search engines and other catalogues: schema.org as JSON-LD. Pure.

Neither Course nor CourseInstance has a last day to apply, so each occasion is both a CourseInstance of the course and
an EducationalOccupationalProgram of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.catalogue.iso_days import write_day
from api.catalogue.presentation import weeks
from api.catalogue.tables import UPSKILLING, Course, Node, Occasion
from api.pages import web_address

JsonObject = dict[str, Any]  # Any: JSON-LD, its shape is schema.org's

_STATUS = {"cancelled": "https://schema.org/EventCancelled"}
_AVAILABLE = {
    "published": "https://schema.org/InStock",
    "full": "https://schema.org/SoldOut",
    "cancelled": "https://schema.org/Discontinued",
}
_SCHEDULED = "https://schema.org/EventScheduled"


def course_document(
    course: Course, occasions: Iterable[Occasion], url: str, *, example_label: str, work_label: str
) -> JsonObject:
    """The JSON-LD document of a course at the address `url`.

    `example_label` marks whatever is example data, so that nobody who harvests it takes it for real. `work_label`
    is what people in work are called.
    """
    listed = list(occasions)
    label = example_label if course.node.example or any(occasion.example for occasion in listed) else None
    identity = f"{url}#course"
    node = _compact(
        {
            "@type": "Course",
            "@id": identity,
            "name": course.title,
            "description": course.description,
            "url": url,
            "inLanguage": "sv",
            "coursePrerequisites": [text for text in (course.eligibility, course.language_level) if text],
            "provider": _provider(course.node),
            "creativeWorkStatus": label,
            "audience": {"@type": "Audience", "audienceType": work_label} if course.kind == UPSKILLING else None,
            "hasCourseInstance": [_instance(course, occasion, url) for occasion in listed],
        }
    )
    programs = [_program(course, occasion, url, identity, label) for occasion in listed]
    return {"@context": "https://schema.org", "@graph": [node, *programs]}


def _instance(course: Course, occasion: Occasion, url: str) -> JsonObject:
    return _compact(
        {
            "@type": "CourseInstance",
            "@id": f"{url}#tillfalle-{occasion.id}",
            "name": course.title,
            "startDate": write_day(occasion.start_date),
            "endDate": write_day(occasion.end_date),
            "courseMode": _mode(occasion),
            "location": {"@type": "Place", "name": course.node.name, "address": _address(course.node)},
            "maximumAttendeeCapacity": occasion.places,
            "eventStatus": _STATUS.get(occasion.status, _SCHEDULED),
        }
    )


def _program(course: Course, occasion: Occasion, url: str, identity: str, label: str | None) -> JsonObject:
    return _compact(
        {
            "@type": "EducationalOccupationalProgram",
            "@id": f"{url}#program-{occasion.id}",
            "identifier": occasion.external_id,
            "name": course.title,
            "description": course.description,
            "disambiguatingDescription": label,
            "url": f"{url}#tillfalle-{occasion.id}",
            "provider": _provider(course.node),
            "startDate": write_day(occasion.start_date),
            "endDate": write_day(occasion.end_date),
            "applicationStartDate": write_day(occasion.apply_from),
            "applicationDeadline": write_day(occasion.apply_to),
            "numberOfCredits": course.credits,
            "timeToComplete": f"P{weeks(course.credits, occasion.pace)}W" if course.credits else None,
            "educationalProgramMode": _mode(occasion),
            "maximumEnrollment": occasion.places,
            "programPrerequisites": course.eligibility,
            "occupationalCategory": _category(course),
            "programType": "apprenticeship" if course.apprenticeship else None,
            "offers": _offer(occasion),
            "hasCourse": {"@id": identity},
            "sameAs": web_address(occasion.source_url),
        }
    )


def _offer(occasion: Occasion) -> JsonObject | None:
    """Where and when one applies. No price: whether something costs is not in the catalogue."""
    if not web_address(occasion.apply_url):
        return None
    return _compact(
        {
            "@type": "Offer",
            "url": occasion.apply_url,
            "availability": _AVAILABLE.get(occasion.status),
            "availabilityStarts": write_day(occasion.apply_from),
            "availabilityEnds": None if occasion.continuous else write_day(occasion.apply_to),
        }
    )


def _category(course: Course) -> JsonObject | str:
    occupation = course.occupation
    if not occupation.ssyk:
        return occupation.title
    return _compact(
        {
            "@type": "CategoryCode",
            "codeValue": occupation.ssyk,
            "name": occupation.ssyk_title,
            "inCodeSet": {"@type": "CategoryCodeSet", "name": "SSYK 2012"},
        }
    )


def _provider(node: Node) -> JsonObject:
    return _compact(
        {
            "@type": "EducationalOrganization",
            "name": node.name,
            "telephone": node.phone,
            "email": node.email,
            "address": _address(node),
        }
    )


def _address(node: Node) -> JsonObject:
    return _compact(
        {
            "@type": "PostalAddress",
            "streetAddress": node.street,
            "addressLocality": node.town,
            "addressCountry": "SE",
        }
    )


def _mode(occasion: Occasion) -> list[str]:
    return ["online" if occasion.distance else "onsite", "full-time" if occasion.pace == 100 else "part-time"]


def _compact(members: JsonObject) -> JsonObject:
    """Without what is not known: an empty value would be a statement."""
    return {key: value for key, value in members.items() if value not in (None, "", [], {})}
