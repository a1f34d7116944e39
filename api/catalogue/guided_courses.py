"""The courses that the job guide proposes beside its occupations."""

from __future__ import annotations

from collections.abc import Mapping

from api.catalogue.course_replies import course_line
from api.catalogue.found import find_occasions
from api.catalogue.items import course_item
from api.catalogue.search import Criteria
from api.catalogue.tables import VOCATIONAL
from api.guidance.job_guide.replies import CourseFound
from api.guidance.places import find_municipality
from api.guidance.turn import Turn


class GuidedCourses:
    """The catalogue, as the job guide asks it."""

    def occasions(self, turn: Turn) -> Mapping[str, int]:
        """Slug of an occupation → how many public occasions of training for it one can still join."""
        return find_occasions(turn.session, Criteria(kind=VOCATIONAL), turn.today).by_occupation()

    def best(self, turn: Turn, occupation: str, place: str | None, *, with_sfi: bool) -> CourseFound | None:
        """The course to propose; one together with sfi, if `with_sfi` and there is one, though it lies farther away."""
        near = find_municipality(turn.session, place)
        found = find_occasions(turn.session, Criteria(occupation=occupation, place=near, kind=VOCATIONAL), turn.today)
        best = (found.with_sfi if with_sfi else found) or found
        if not best:
            return None
        hit = best.shown[0]
        line = course_line(hit, turn.today, easy=turn.easy)
        return CourseFound(line, course_item(hit, turn.today, turn.base_url))
