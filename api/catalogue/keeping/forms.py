"""The forms of a course and an occasion: the same fields, parsers and rules as in a catalogue file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import cells
from api.catalogue.importing.names import Names
from api.catalogue.importing.rows import COURSE_COLUMNS, CatalogueRow, RowReader, contradictions
from api.catalogue.importing.stored import load_reader
from api.catalogue.keeping.copying import DAYS
from api.catalogue.keeping.wording import TEXTS, kind_word
from api.catalogue.tables import COURSE_KINDS, Course, Node, Occasion
from api.guidance.tables import Occupation
from api.staff.editing.fields import Field, Form, Posted, blank, of_row, shown, submitted
from api.staff.editing.merging import Conflict

Values = dict[str, Any]  # Any: the columns' values
COURSE_FORM = ("title", "node", "occupation", *COURSE_COLUMNS)
_COURSE_REQUIRED = ("title", "node", "occupation")
OCCASION_FORM = (*DAYS, "continuous", "pace", "distance", "places", "apply_url", "contact_email")
NO_EXAMPLE = "no_example"
"""The box that says that a row which was example data has become real."""
_NO_NAMES = Names.of((), unknown="cell_node")
_BOXES = frozenset({"continuous", "distance", "apprenticeship", "sfi_combined", NO_EXAMPLE})


@dataclass(frozen=True)
class Choices:
    """What the lists of the forms offer: slug and name, in alphabetical order."""

    nodes: Sequence[tuple[str, str]]
    occupations: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, str]] = tuple((kind, kind_word(kind)) for kind in COURSE_KINDS)

    def shown(self, name: str, text: str | None) -> str | None:
        """The text of a field as people read it."""
        if name in _BOXES and text is not None:
            return TEXTS("box_yes" if text else "box_no")
        known = {"node": self.nodes, "occupation": self.occupations, "kind": self.kinds}.get(name, ())
        return dict(known).get(text or "", text)


def load_choices(session: Session) -> Choices:
    """The nodes and occupations of the catalogue."""
    nodes = session.execute(select(Node.slug, Node.name).order_by(Node.name)).all()
    occupations = session.execute(select(Occupation.slug, Occupation.title).order_by(Occupation.title)).all()
    return Choices(nodes, occupations)


def labels() -> dict[str, str]:
    """Field → what it is called."""
    names = {**{name: name for name in COURSE_FORM}, "node": "node_id", "occupation": "occupation_id"}
    found = {name: TEXTS(f"course_{column}") for name, column in names.items()}
    found |= {name: TEXTS(f"occasion_{name}") for name in ("external_id", *OCCASION_FORM)}
    return found | {NO_EXAMPLE: TEXTS("no_example")}


def course_fields(session: Session) -> list[Field]:
    """The fields of a course."""
    reader = load_reader(session)
    return [Field(name, reader.parser(name), required=name in _COURSE_REQUIRED) for name in COURSE_FORM]


def course_values(course: Course) -> Values:
    """What is stored, by field."""
    own = {name: getattr(course, name) for name in ("title", *COURSE_COLUMNS)}
    return {**own, "node": course.node.slug, "occupation": course.occupation.slug}


def occasion_fields(*, example: bool, new: bool = False) -> list[Field]:
    """The fields of an occasion; `example` adds the box that takes the mark away, `new` the id."""
    reader = RowReader(occupations=_NO_NAMES, nodes=_NO_NAMES)
    fields = [Field(name, reader.parser(name)) for name in OCCASION_FORM]
    if example:
        fields.append(Field(NO_EXAMPLE, cells.boolean))
    return [Field("external_id", reader.parser("external_id"), required=True), *fields] if new else fields


def occasion_values(occasion: Occasion) -> Values:
    """What is stored, by field."""
    return {**{name: getattr(occasion, name) for name in OCCASION_FORM}, NO_EXAMPLE: False}


def course_form(session: Session, posted: Posted | None, course: Course | None) -> Form:
    """The form of a stored course, or what somebody sent for it (None: a new one)."""
    fields = course_fields(session)
    stored = course_values(course) if course else None
    if posted is not None:
        return checked_course(submitted(fields, posted, stored))
    return of_row(fields, stored) if stored else blank(fields)


def occasion_form(posted: Posted | None, occasion: Occasion) -> Form:
    """The form of a stored occasion, or what somebody sent for it."""
    fields = occasion_fields(example=occasion.example)
    if posted is None:
        return of_row(fields, occasion_values(occasion))
    return checked(submitted(fields, posted, occasion_values(occasion)))


def blank_occasion_form(external_id: str, values: Mapping[str, Any], *, example: bool) -> Form:
    """The form of a new occasion, filled in with `values`, by column."""
    texts = {name: shown(values[name]) for name in OCCASION_FORM if name in values}
    return blank(occasion_fields(example=example, new=True), external_id=external_id, **texts)


def new_occasion_form(posted: Posted, *, example: bool) -> Form:
    """What somebody sent for a new occasion."""
    return checked(submitted(occasion_fields(example=example, new=True), posted, None))


def checked(form: Form) -> Form:
    """The same form with what its days say against each other."""
    days = {name: form.values[name] for name in DAYS if name in form.values}
    row = CatalogueRow(external_id="", title="", occupation="", node="", status="draft", **days)
    return form.wrong({problem.column or "": problem.reason for problem in contradictions(row)})


def checked_course(form: Form) -> Form:
    """The same form with what kind and company say against each other."""
    own = {name: form.values[name] for name in ("kind", "company") if name in form.values}
    row = CatalogueRow(external_id="", title="", occupation="", node="", status="draft", **own)
    return form.wrong({"company": TEXTS("company_without_kind")} if contradictions(row) else {})


def columns(values: Mapping[str, Any], *, example: bool) -> Values:
    """What the fields say, as columns of an occasion. `example` is the mark it had."""
    own = {name: value for name, value in values.items() if name != NO_EXAMPLE}
    return {**own, "example": example and not values.get(NO_EXAMPLE, False)}


def worded(form: Form, choices: Choices) -> Form:
    """The same form with its conflicts in words that people read, for the page."""

    def in_words(one: Conflict) -> Conflict:
        say = {part: choices.shown(one.name, getattr(one, part)) for part in ("before", "theirs", "mine")}
        return Conflict(one.name, say["before"], say["theirs"] or "", say["mine"])

    return replace(form, conflicts=[in_words(one) for one in form.conflicts])
