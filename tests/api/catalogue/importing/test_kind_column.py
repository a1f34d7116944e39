"""The columns `kind` and `company` of a catalogue file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.rows import course_kind
from api.catalogue.importing.service import apply_import
from api.catalogue.tables import Course
from api.cells import BadCell
from api.database import Database

MakeFile = Callable[..., bytes]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("", "vocational"),
        ("vocational", "vocational"),
        ("Yrkesutbildning", "vocational"),
        ("UPSKILLING", "upskilling"),
        ("för yrkesverksamma", "upskilling"),
        ("for yrkesverksamma", "upskilling"),
        ("Kompetensutveckling ", "upskilling"),
        ("fortbildning", "upskilling"),
    ],
)
def test_a_kind_is_understood_in_both_languages(written: str, kind: str) -> None:
    assert course_kind(written) == kind


def test_another_word_is_refused_with_what_to_write() -> None:
    with pytest.raises(BadCell, match="yrkesverksamma"):
        course_kind("kvällskurs")


def test_a_file_without_the_columns_leaves_them_as_they_are(
    catalogue: Database, make_file: MakeFile, now: datetime
) -> None:
    def run(*rows: dict[str, str]) -> list[str]:
        with catalogue.transaction() as session:
            applied = apply_import(session, read_sheet(make_file(*rows)), file_name="k.csv", now=now, actor="cli")
            return [problem.reason for row in applied.plan.rejected for problem in row.problems]

    def kinds() -> list[tuple[str, str]]:
        with catalogue.transaction(read_only=True) as session:
            return [tuple(row) for row in session.execute(select(Course.kind, Course.company).order_by(Course.id))]

    assert run({"external_id": "A", "kind": "yrkesverksamma", "company": "på förfrågan"}) == []
    assert kinds() == [("upskilling", "på förfrågan")]
    assert run({"external_id": "A", "credits": "50"}) == []
    assert kinds() == [("upskilling", "på förfrågan")]
    assert run({"external_id": "A", "kind": "", "company": "på förfrågan"}) != []
    assert run({"external_id": "A", "kind": "yrkesutbildning", "company": ""}) == []
    assert kinds() == [("vocational", "")]
