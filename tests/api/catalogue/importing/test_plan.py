"""The dry run, without a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.plan import Change, Plan, Stored, course_fields, make_plan
from api.catalogue.importing.rows import CatalogueRow, RowReader

MakeFile = Callable[..., bytes]

OLD = CatalogueRow(
    external_id="K-1",
    title="Svetsare, grund",
    occupation="svetsare",
    node="karlstad",
    status="published",
    start_date=date(2027, 1, 11),
    credits=800,
    places=12,
)


def stored(*rows: CatalogueRow) -> Stored:
    return Stored({row.external_id: row for row in rows}, {row.identity: course_fields(row) for row in rows})


@pytest.fixture
def plan_of(reader: RowReader, make_file: MakeFile) -> Callable[..., Plan]:
    def plan(*rows: dict[str, str], held: Stored | None = None) -> Plan:
        return make_plan(read_sheet(make_file(*rows)), held or stored(), reader)

    return plan


PlanOf = Callable[..., Plan]


def test_a_row_that_is_not_stored_is_new(plan_of: PlanOf) -> None:
    plan = plan_of({"start_date": "11/1 2027", "pace": "50 %", "distance": "x"})
    [new] = plan.new
    assert (new.line, new.row.start_date, new.row.pace, new.row.distance) == (2, date(2027, 1, 11), 50, True)
    assert plan.counts == {"new": 1, "changed": 0, "unchanged": 0, "missing": 0, "rejected": 0}


def test_a_changed_row_tells_old_and_new_of_each_field(plan_of: PlanOf) -> None:
    plan = plan_of({"start_date": "2027-01-18", "places": "", "credits": "800"}, held=stored(OLD))
    [changed] = plan.changed
    assert changed.changes == (
        Change("start_date", date(2027, 1, 11), date(2027, 1, 18)),
        Change("places", 12, None),
    )


def test_columns_that_the_file_leaves_out_keep_what_is_stored(plan_of: PlanOf) -> None:
    plan = plan_of({}, held=stored(OLD))
    assert [planned.row for planned in plan.unchanged] == [OLD]
    assert "credits" in plan.absent_columns


def test_a_new_occasion_of_a_stored_course_keeps_the_courses_fields_that_the_file_leaves_out(plan_of: PlanOf) -> None:
    plan = plan_of({"external_id": "K-2"}, held=stored(OLD))
    assert plan.new[0].row.credits == 800


def test_what_is_stored_but_not_in_the_file_is_reported_as_missing(plan_of: PlanOf) -> None:
    plan = plan_of({"external_id": "K-2", "title": "Svetsare, fortsättning"}, held=stored(OLD))
    assert plan.missing == [OLD]


def test_a_rejected_row_is_not_missing(plan_of: PlanOf) -> None:
    plan = plan_of({"status": "öppen"}, held=stored(OLD))
    assert (plan.missing, len(plan.rejected)) == ([], 1)


def test_an_occasion_outside_the_file_is_named_when_its_course_changes(plan_of: PlanOf) -> None:
    plan = plan_of({"external_id": "K-2", "credits": "900"}, held=stored(OLD))
    assert plan.also_changed == [OLD]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({"occupation": "Bagare"}, "occupation", "Yrket finns inte"),
        ({"node": "Oslo"}, "node", "Noden finns inte"),
        ({"status": "öppen"}, "status", "published"),
        ({"start_date": "snart"}, "start_date", "inget datum"),
        ({"continuous": "ibland"}, "continuous", "ja eller nej"),
        ({"pace": "150"}, "pace", "1 till 100"),
        ({"credits": "många"}, "credits", "heltal"),
        ({"places": "-1"}, "places", "heltal"),
        ({"apply_url": "http://example.org"}, "apply_url", "https://"),
        ({"contact_email": "vagledning"}, "contact_email", "e-postadress"),
        ({"title": "x" * 201}, "title", "200 tecken"),
        ({"language_level": "x" * 201}, "language_level", "200 tecken"),
        ({"external_id": "x" * 81}, "external_id", "80 tecken"),
        ({"start_date": "2027-01-11", "end_date": "2027-01-10"}, "end_date", "före startdatumet 2027-01-11"),
        ({"apply_from": "2027-01-11", "apply_to": "2027-01-10"}, "apply_to", "ansökningsdag 2027-01-11"),
    ],
)
def test_a_bad_row_is_rejected_with_line_column_value_and_reason(
    plan_of: PlanOf, row: dict[str, str], column: str, reason: str
) -> None:
    plan = plan_of({"external_id": "OK"}, row)
    [rejected] = plan.rejected
    [problem] = rejected.problems
    assert (rejected.line, problem.column, problem.value) == (3, column, row[column])
    assert reason in problem.reason
    assert [planned.row.external_id for planned in plan.new] == ["OK"]


def test_every_problem_of_a_row_is_told_at_once(plan_of: PlanOf) -> None:
    [rejected] = plan_of({"pace": "0", "credits": "x", "start_date": "?"}).rejected
    assert {problem.column for problem in rejected.problems} == {"pace", "credits", "start_date"}


def test_dates_are_checked_against_stored_ones_that_the_file_leaves_out(plan_of: PlanOf) -> None:
    [rejected] = plan_of({"end_date": "2026-12-24"}, held=stored(OLD)).rejected
    assert rejected.problems[0].column == "end_date"


def test_a_course_may_last_one_day(plan_of: PlanOf) -> None:
    assert plan_of({"start_date": "2027-01-11", "end_date": "2027-01-11"}).new


def test_the_same_external_id_twice_rejects_the_later_row(plan_of: PlanOf) -> None:
    plan = plan_of({"places": "10"}, {"places": "11"})
    assert plan.new[0].row.places == 10
    [problem] = plan.rejected[0].problems
    assert (problem.column, "rad 2" in problem.reason) == ("external_id", True)


def test_rows_of_one_course_must_agree_on_the_courses_own_fields(plan_of: PlanOf) -> None:
    plan = plan_of(
        {"external_id": "A", "credits": "800", "places": "10"},
        {"external_id": "B", "credits": "900", "places": "11"},
        {"external_id": "C", "credits": "900", "places": "11", "node": "Säffle"},
    )
    [rejected] = plan.rejected
    [problem] = rejected.problems
    assert (rejected.external_id, problem.column, problem.value) == ("B", "credits", "900")
    assert "Rad 2" in problem.reason
    assert "800" in problem.reason
    assert [planned.row.external_id for planned in plan.new] == ["A", "C"]
