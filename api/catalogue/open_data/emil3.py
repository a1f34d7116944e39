"""The catalogue in the JSON shape of Susa-navet's EMIL3. Pure.

What we do not know is left out, also where EMIL3 asks for it: responsible body, subject codes, configuration. Moments
are Swedish wall clock without offset, as Susa-navet writes them. Example data carries an extension that says so.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from api.catalogue.iso_days import write_day
from api.catalogue.open_data.changes import changed_at
from api.catalogue.tables import VOCATIONAL, Course, Node, Occasion
from api.clock import STOCKHOLM

Json = dict[str, Any]  # Any: EMIL3's own shape

LISTED_FOR = timedelta(days=365)
"""EMIL3 wants to know when a resource expires. What has no last day is listed for a year from its latest change."""
SCHOOL_TYPE = "VUXGY"
"""Komvux on upper-secondary level: what the catalogue is for. Not said of courses for people in work, which may be
something else."""


def event(occasion: Occasion, base_url: str) -> Json:
    """An occasion as EducationEvent."""
    course, changed = occasion.course, changed_at(occasion)
    application: Json = {
        "first": write_day(occasion.apply_from),
        "last": None if occasion.continuous else write_day(occasion.apply_to),
        "url": _url(occasion.apply_url),
        "email": occasion.contact_email,
        "continuous": occasion.continuous,
    }
    content: Json = {
        "identifier": event_id(occasion),
        "education": info_id(course),
        "providers": [provider_id(course.node)],
        "lastEdited": _moment(changed),
        "expires": _expires(occasion.end_date or occasion.start_date, changed),
        "title": _text(course.title),
        "url": _url(f"{base_url}/utbildningar/{course.id}#tillfalle-{occasion.id}"),
        "locations": [_address(course.node)],
        "languageOfInstructions": ["swe"],
        "execution": _known(
            {
                "condition": {"type": "C_ExecutionCondition", "code": _condition(occasion)},
                "start": write_day(occasion.start_date),
                "end": write_day(occasion.end_date),
            }
        ),
        "isCancelled": occasion.status == "cancelled",
        "places": occasion.places,
        "paceOfStudy": {"percentage": float(occasion.pace)},
        "isApprenticeship": course.apprenticeship,
        "application": _known(application),
        "extensions": [
            *_extensions(event_id(occasion), example=occasion.example or course.node.example),
            *_mirrored(occasion),
        ],
    }
    if occasion.distance:
        content["distance"] = {}  # present means distance, and how often one meets is not known
    return _wrapped(content, occasion.status, keep=("distance",))


def info(course: Course, changed: datetime, *, example: bool) -> Json:
    """A course as EducationInfo. `changed`: the newest of what it shows; `example`: whether one is made up."""
    occupation = {
        "type": "OccupationExtension",
        "id": f"{info_id(course)}.occupation",
        "slug": course.occupation.slug,
        "title": course.occupation.title,
        "ssyk": course.occupation.ssyk,
        "conceptIds": course.occupation.concept_ids,
    }
    content: Json = {
        "identifier": info_id(course),
        "code": str(course.id),
        "lastEdited": _moment(changed),
        "expires": _expires(None, changed),
        "title": _text(course.title),
        "description": _text(course.description),
        "type": {"code": SCHOOL_TYPE} if course.kind == VOCATIONAL else None,
        "subjects": [],
        "isVocational": True,
        "resultIsDegree": False,
        "credits": {"system": {"code": "gy"}, "credits": course.credits} if course.credits is not None else None,
        "eligibility": _text(course.eligibility),
        "recommendedPriorKnowledge": _text(course.language_level),
        "extensions": [
            _known(occupation),
            *_for_work(course),
            *_extensions(info_id(course), example=example or course.node.example),
        ],
    }
    return _wrapped(content, "published", keep=("subjects",))


def provider(node: Node, changed: datetime, base_url: str) -> Json:
    """A node as EducationProvider. `changed`: its newest change, or of what it gives."""
    content: Json = {
        "identifier": provider_id(node),
        "lastEdited": _moment(changed),
        "expires": _expires(None, changed),
        "name": _text(node.name),
        "description": _text(node.profile),
        "url": _url(f"{base_url}/#kontakt"),
        "contactAddress": _address(node),
        "visitAddresses": [_address(node)],
        "emailAddresses": [node.email] if node.email else [],
        "phones": [{"number": node.phone}] if node.phone else [],
        "extensions": _extensions(provider_id(node), example=node.example),
    }
    return _wrapped(content, "published")


def event_id(occasion: Occasion) -> str:
    return f"e.iv.{occasion.external_id}"


def info_id(course: Course) -> str:
    return f"i.iv.{course.id}"


def provider_id(node: Node) -> str:
    return f"p.iv.{node.slug}"


def _wrapped(content: Json, status: str, keep: tuple[str, ...] = ()) -> Json:
    kept = {name: content[name] for name in keep if name in content}
    return {"id": content["identifier"], "status": status, "content": _known(content) | kept}


def _condition(occasion: Occasion) -> str:
    if occasion.continuous:
        return "2"
    return "1" if occasion.start_date else "0"


def _extensions(identifier: str, *, example: bool) -> list[Json]:
    return [{"type": "ExampleDataExtension", "id": f"{identifier}.example", "example": True}] if example else []


def _for_work(course: Course) -> list[Json]:
    """That a course is for people in work, and for which company: EMIL3 has no code for it that we know."""
    if course.kind == VOCATIONAL:
        return []
    found = {"type": "ForWorkExtension", "id": f"{info_id(course)}.forWork", "company": course.company}
    return [_known(found)]


def _mirrored(occasion: Occasion) -> list[Json]:
    """Where a mirrored occasion comes from, with its id there."""
    if not occasion.source:
        return []
    original = occasion.external_id.removeprefix(f"{occasion.source}:")
    found = {
        "type": "SourceExtension",
        "id": f"{event_id(occasion)}.source",
        "source": occasion.source,
        "identifier": original,
        "url": _url(occasion.source_url),
    }
    return [_known(found)]


def _address(node: Node) -> Json:
    return _known(
        {
            "country": "SE",
            "areaCode": node.municipality.code,
            "town": node.town,
            "streetAddress": node.street,
            "wgs84": f"{node.lat},{node.lon}",
        }
    )


def _text(text: str) -> Json | None:
    return {"strings": [{"lang": "swe", "value": text}]} if text else None


def _url(address: str) -> Json | None:
    return {"urls": [{"lang": "swe", "value": address}]} if address else None


def _moment(moment: datetime) -> str:
    return moment.astimezone(STOCKHOLM).replace(tzinfo=None).isoformat(timespec="seconds")


def _expires(last: date | None, changed: datetime) -> str:
    if last:
        return datetime.combine(last, time(23, 59, 59)).isoformat()
    return _moment(changed + LISTED_FOR)


def _known(members: Json) -> Json:
    """Without what is not known."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}
