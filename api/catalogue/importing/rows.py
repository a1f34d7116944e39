"""One row of cells → one catalogue row. Pure: no file, no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import partial

from api import cells
from api.catalogue.importing.names import Names
from api.catalogue.importing.wording import TEXTS
from api.catalogue.tables import COURSE_KINDS, OCCASION_STATUSES, UPSKILLING, VOCATIONAL
from api.folding import fold

Value = str | int | bool | date | None
Identity = tuple[str, str, str]
"""What makes a course the same course: node slug, occupation slug, title."""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """An occasion with its course, in the columns of the catalogue file. Occupation and node are slugs."""

    external_id: str
    title: str
    occupation: str
    node: str
    status: str
    start_date: date | None = None
    end_date: date | None = None
    apply_from: date | None = None
    apply_to: date | None = None
    continuous: bool = False
    pace: int = 100
    distance: bool = False
    credits: int | None = None
    places: int | None = None
    apprenticeship: bool = False
    sfi_combined: bool = False
    language_level: str = ""
    eligibility: str = ""
    description: str = ""
    apply_url: str = ""
    contact_email: str = ""
    kind: str = VOCATIONAL
    company: str = ""

    @property
    def identity(self) -> Identity:
        return (self.node, self.occupation, self.title)


COLUMNS = tuple(field.name for field in fields(CatalogueRow))
REQUIRED = ("external_id", "title", "occupation", "node", "status")
COURSE_COLUMNS = (
    "credits", "apprenticeship", "sfi_combined", "language_level", "eligibility", "description", "kind", "company",
)  # fmt: skip
"""Columns that belong to the course: all its rows must agree on them."""

_LONG_TEXT = 20_000
_KINDS = {
    **{fold(name): name for name in COURSE_KINDS},
    **{fold(word): kind for kind in COURSE_KINDS for word in TEXTS(f"kinds_{kind}").split(",")},
}
"""What a cell may call each kind of course, folded."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected. `column` is None when the row as a whole is wrong; `reason` is Swedish."""

    column: str | None
    value: str
    reason: str


class RowReader:
    """Reads cells with the names that the catalogue knows."""

    def __init__(self, *, occupations: Names, nodes: Names) -> None:
        self._parsers: dict[str, Callable[[str], Value]] = {
            "external_id": partial(cells.line_text, limit=80),
            "title": partial(cells.line_text, limit=200),
            "occupation": occupations.slug,
            "node": nodes.slug,
            "status": status,
            "start_date": cells.swedish_date,
            "end_date": cells.swedish_date,
            "apply_from": cells.swedish_date,
            "apply_to": cells.swedish_date,
            "continuous": cells.boolean,
            "pace": cells.pace,
            "distance": cells.boolean,
            "credits": cells.integer,
            "places": cells.integer,
            "apprenticeship": cells.boolean,
            "sfi_combined": cells.boolean,
            "language_level": partial(cells.line_text, limit=200),
            "eligibility": partial(cells.long_text, limit=_LONG_TEXT),
            "description": partial(cells.long_text, limit=_LONG_TEXT),
            "apply_url": partial(cells.https_url, limit=500),
            "contact_email": partial(cells.email, limit=200),
            "kind": course_kind,
            "company": partial(cells.line_text, limit=120),
        }

    def parser(self, column: str) -> Callable[[str], Value]:
        """How the text of a column becomes its value, for a form that asks for the same; raises BadCell."""
        return self._parsers[column]

    def read(self, row: Mapping[str, str]) -> tuple[dict[str, Value], list[Problem]]:
        """The values of the known columns in `row` (column → text), and what is wrong with the others."""
        values: dict[str, Value] = {}
        problems: list[Problem] = []
        for column, text in row.items():
            try:
                if column in REQUIRED and not text.strip():
                    raise cells.bad("cell_required")
                values[column] = self._parsers[column](text)
            except cells.BadCell as error:
                problems.append(Problem(column, text, str(error)))
        return values, problems


def status(cell: str) -> str:
    """draft, published, cancelled or full, in any case."""
    text = cell.strip().casefold()
    if text not in OCCASION_STATUSES:
        raise cells.bad("cell_status")
    return text


def course_kind(cell: str) -> str:
    """vocational or upskilling, or what they are called in Swedish; blank is vocational."""
    if not cell.strip():
        return VOCATIONAL
    kind = _KINDS.get(fold(cell))
    if kind is None:
        raise cells.bad("cell_kind")
    return kind


def contradictions(row: CatalogueRow) -> list[Problem]:
    """What the row's own values say against each other."""
    found: list[Problem] = []
    if row.start_date and row.end_date and row.end_date < row.start_date:  # a course may last one day
        reason = TEXTS("row_end_before_start", start=row.start_date.isoformat())
        found.append(Problem("end_date", row.end_date.isoformat(), reason))
    if row.apply_from and row.apply_to and row.apply_to < row.apply_from:
        reason = TEXTS("row_apply_order", apply_from=row.apply_from.isoformat())
        found.append(Problem("apply_to", row.apply_to.isoformat(), reason))
    if row.company and row.kind != UPSKILLING:
        found.append(Problem("company", row.company, TEXTS("row_company_without_kind")))
    return found
