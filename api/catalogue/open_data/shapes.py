"""Rows → the JSON shapes of the read API. Pure."""

from __future__ import annotations

from datetime import date

from api.catalogue.application import application, next_start
from api.catalogue.open_data.changes import changed_at
from api.catalogue.open_data.schemas import CourseOut, NodeOut, OccasionOut, OccupationOut
from api.catalogue.search import Hit
from api.catalogue.tables import Course, Node
from api.guidance.tables import Occupation


def occasion_out(hit: Hit, today: date, base_url: str) -> OccasionOut:
    """An occasion as it stands on `today`, a Swedish calendar day."""
    occasion, course = hit.occasion, hit.occasion.course
    return OccasionOut(
        id=occasion.external_id,
        course_id=str(course.id),
        title=course.title,
        kind=course.kind,
        occupation=course.occupation.slug,
        node=course.node.slug,
        municipality=course.node.municipality.name,
        municipality_code=course.node.municipality.code,
        start_date=occasion.start_date,
        next_start=next_start(occasion, today),
        end_date=occasion.end_date,
        apply_from=occasion.apply_from,
        apply_to=occasion.apply_to,
        continuous=occasion.continuous,
        application=application(occasion, today).state,
        pace=occasion.pace,
        distance=occasion.distance,
        credits=course.credits,
        places=occasion.places,
        status=occasion.status,
        apply_url=occasion.apply_url,
        contact_email=occasion.contact_email,
        km=None if hit.km is None else round(hit.km, 1),
        url=f"{course_url(course, base_url)}#tillfalle-{occasion.id}",
        example=occasion.example or course.node.example,
        source=occasion.source,
        source_url=occasion.source_url,
        updated_at=changed_at(occasion),
    )


def course_out(course: Course, base_url: str, *, example: bool) -> CourseOut:
    """A course; `example` says whether one of its occasions is made up."""
    return CourseOut(
        id=str(course.id),
        title=course.title,
        occupation=course.occupation.slug,
        occupation_title=course.occupation.title,
        ssyk=course.occupation.ssyk,
        node=course.node.slug,
        municipality=course.node.municipality.name,
        municipality_code=course.node.municipality.code,
        credits=course.credits,
        apprenticeship=course.apprenticeship,
        sfi_combined=course.sfi_combined,
        kind=course.kind,
        company=course.company,
        language_level=course.language_level,
        eligibility=course.eligibility,
        description=course.description,
        url=course_url(course, base_url),
        example=example or course.node.example,
    )


def node_out(node: Node) -> NodeOut:
    """A node with its municipality."""
    return NodeOut(
        slug=node.slug,
        town=node.town,
        name=node.name,
        municipality=node.municipality.name,
        municipality_code=node.municipality.code,
        lat=node.lat,
        lon=node.lon,
        street=node.street,
        phone=node.phone,
        email=node.email,
        opening_hours=node.opening_hours,
        profile=node.profile,
        equipment=node.equipment,
        example=node.example,
    )


def occupation_out(occupation: Occupation) -> OccupationOut:
    """An occupation with its codes."""
    return OccupationOut(
        slug=occupation.slug,
        title=occupation.title,
        area=occupation.area,
        ssyk=occupation.ssyk,
        ssyk_title=occupation.ssyk_title,
        group_concept_id=occupation.group_concept_id,
        concept_ids=occupation.concept_ids,
        related=occupation.related,
        summary=occupation.summary,
    )


def course_url(course: Course, base_url: str) -> str:
    """The public page of the course."""
    return f"{base_url}/utbildningar/{course.id}"
