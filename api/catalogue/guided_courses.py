"""The courses that the job guide proposes beside its occupations."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from api.catalogue.course_replies import course_line
from api.catalogue.items import course_item
from api.catalogue.search import PUBLIC, Criteria, can_be_joined, find_occasions
from api.catalogue.tables import Course, Occasion
from api.guidance.job_guide.replies import CourseFound
from api.guidance.places import find_municipality
from api.guidance.tables import Occupation
from api.guidance.turn import Turn


class GuidedCourses:
    """The catalogue, as the job guide asks it."""

    def occasions(self, turn: Turn) -> Mapping[str, int]:
        """Slug of an occupation → how many public occasions one can still join."""
        query = (
            select(Occupation.slug, func.count(Occasion.id))
            .join(Course, Course.occupation_id == Occupation.id)
            .join(Occasion, Occasion.course_id == Course.id)
            .where(Occasion.status.in_(PUBLIC), can_be_joined(turn.today))
            .group_by(Occupation.slug)
        )
        return dict(turn.session.execute(query).all())

    def best(self, turn: Turn, occupation: str, place: str | None, *, with_sfi: bool) -> CourseFound | None:
        """The course to propose; one together with sfi, if `with_sfi` and there is one, though it lies farther away."""
        near = find_municipality(turn.session, place)
        hits = find_occasions(turn.session, Criteria(occupation=occupation, place=near), turn.today)
        preferred = [hit for hit in hits if with_sfi and hit.occasion.course.sfi_combined]
        hit = next(iter([*preferred, *hits]), None)
        if hit is None:
            return None
        line = course_line(hit, turn.today, easy=turn.easy)
        return CourseFound(line, course_item(hit, turn.today, turn.base_url))
