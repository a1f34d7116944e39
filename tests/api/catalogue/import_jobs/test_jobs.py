"""A file from upload to undo; what happens when the catalogue, a colleague or a dying process comes between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from api.catalogue.import_jobs import service
from api.catalogue.import_jobs.running import Watch
from api.catalogue.import_jobs.service import KEPT, LEASE, JobLost
from api.catalogue.import_jobs.tables import ImportJob
from api.catalogue.tables import ImportBatch, Occasion
from api.staff.history import Edit
from api.staff.tables import RowChange
from tests.api.catalogue.import_jobs.conftest import NOTHING, PATH, Office, at_once

A, B = {"external_id": "A", "places": "10"}, {"external_id": "B", "places": "20"}


def history(office: Office, cause: str) -> list[RowChange]:
    with office.database.transaction(read_only=True) as session:
        return list(session.scalars(select(RowChange).where(RowChange.cause == cause).order_by(RowChange.id)))


async def test_a_file_is_checked_shown_applied_and_undone(office: Office) -> None:
    page = await office.uploaded(A, B, {"external_id": "C", "pace": "0"})
    assert office.standing(page) == "waiting"
    await office.work()
    job = office.job(page)
    assert (office.standing(page), job.summary["counts"]["new"], job.summary["counts"]["rejected"]) == ("ready", 2, 1)
    assert office.occasions() == {}
    await office.apply(page)
    assert office.standing(page) == "applied"
    assert office.occasions() == {"A": 10, "B": 20}
    batch = office.job(page).batch_id
    assert office.house.actions()[-1] == "catalogue.import"
    assert office.house.audited()[-1].actor.startswith("staff:")
    await office.staff.post(f"{PATH}/inlasningar/{batch}/angra")
    assert office.occasions() == {}


async def test_the_file_itself_is_forgotten_once_it_is_applied(office: Office) -> None:
    await office.apply(await office.checked(A))
    assert office.stored() == {"import_job": 1, "import_piece": 0, "import_finding": 1}


async def test_every_row_that_an_import_or_its_undo_changes_gets_a_history(office: Office) -> None:
    await office.apply(await office.checked(A))
    page = await office.checked(A | {"places": "12"}, B)
    await office.apply(page)
    number = office.job(page).batch_id
    made = [row for row in history(office, "import") if row.batch == f"import-{number}"]
    assert {(row.action, row.kind) for row in made} == {("changed", "occasion"), ("created", "occasion")}
    assert next(row for row in made if row.action == "changed").diff == {"places": [10, 12]}
    await office.staff.post(f"{PATH}/inlasningar/{number}/angra")
    back = history(office, "import_undone")
    assert {row.action for row in back} == {"changed", "removed"}
    assert next(row for row in back if row.action == "changed").diff == {"places": [12, 10]}


async def test_what_was_not_shown_is_not_applied(office: Office) -> None:
    await office.apply(await office.checked(A))
    page = await office.checked(A | {"places": "12"})
    shown = office.job(page).plan_digest or ""
    with office.database.transaction() as session:
        session.execute(update(Occasion).values(places=11))
    await office.staff.post(f"{page}/genomfor", visat=shown)
    await office.work()
    job = office.job(page)
    assert (office.standing(page), job.changed_since, job.batch_id) == ("ready", True, None)
    assert office.occasions() == {"A": 11}
    text = (await office.staff.get(page)).text
    assert "Katalogen har ändrats sedan du tittade" in text
    answer = await office.staff.post(f"{page}/genomfor", visat=shown)  # an old tab
    assert answer.headers["location"] == f"{page}?sagt=hunnit"
    await office.apply(page)
    assert (office.standing(page), office.occasions()) == ("applied", {"A": 12})


async def test_rows_that_the_file_does_not_touch_may_change_meanwhile(office: Office) -> None:
    await office.apply(await office.checked(A, B))
    page = await office.checked(A | {"places": "12"})
    with office.database.transaction() as session:
        session.execute(update(Occasion).where(Occasion.external_id == "B").values(places=21))
    await office.apply(page)
    assert (office.standing(page), office.occasions()) == ("applied", {"A": 12, "B": 21})


async def test_of_two_people_who_import_the_same_row_at_once_the_later_one_sees_what_changed(office: Office) -> None:
    await office.apply(await office.checked(A))
    mine = await office.checked(A | {"places": "12"})
    theirs = await office.checked(A | {"places": "13"}, by=office.other)
    await office.staff.post(f"{mine}/genomfor", visat=office.job(mine).plan_digest or "")
    await office.other.post(f"{theirs}/genomfor", visat=office.job(theirs).plan_digest or "")
    first, second = office.take(), office.take()
    await at_once(lambda: office.carry_out(first), lambda: office.carry_out(second))
    assert sorted([office.standing(mine), office.standing(theirs)]) == ["applied", "ready"]
    late = mine if office.standing(mine) == "ready" else theirs
    assert office.job(late).changed_since
    assert office.occasions() == {"A": 13 if late == mine else 12}
    assert office.count(ImportBatch) == 2


async def test_two_people_who_import_different_rows_at_once_both_get_through(office: Office) -> None:
    mine, theirs = await office.checked(A), await office.checked(B, by=office.other)
    for page, browser in ((mine, office.staff), (theirs, office.other)):
        await browser.post(f"{page}/genomfor", visat=office.job(page).plan_digest or "")
    first, second = office.take(), office.take()
    await at_once(lambda: office.carry_out(first), lambda: office.carry_out(second))
    # The first one makes the course that both hold, so the second one's differences may be others than shown.
    for page in (mine, theirs):
        if office.standing(page) == "ready":
            await office.apply(page)
    assert office.occasions() == {"A": 10, "B": 20}


async def test_a_worker_that_is_told_to_stop_gives_the_file_back(office: Office) -> None:
    page = await office.uploaded(A)
    office.carry_out(office.take(), Watch(stopped=True))
    assert (office.standing(page), office.job(page).progress) == ("waiting", 0)
    await office.work()
    assert office.standing(page) == "ready"


async def test_a_job_whose_process_died_is_shown_as_broken_off_and_can_be_tried_again(office: Office) -> None:
    page = await office.uploaded(A)
    lost = office.take()
    assert office.standing(page) == "running"
    office.clock.move(seconds=LEASE.total_seconds())
    assert office.standing(page) == "broken"
    assert "Programmet stannade mitt i arbetet" in (await office.staff.get(page)).text
    await office.work()
    assert office.standing(page) == "broken"  # a file that kills its reader must not do so for ever
    await office.staff.post(f"{page}/igen")
    await office.work()
    assert office.standing(page) == "ready"
    before = office.job(page).plan_digest
    office.carry_out(lost)  # it was not dead after all: what it does counts for nothing
    assert (office.standing(page), office.job(page).plan_digest) == ("ready", before)


async def test_a_worker_that_was_given_up_applies_nothing(office: Office) -> None:
    page = await office.checked(A)
    await office.staff.post(f"{page}/genomfor", visat=office.job(page).plan_digest or "")
    lost = office.take()
    office.clock.move(minutes=10)
    await office.staff.post(f"{page}/igen")
    found = office.take()
    await at_once(lambda: office.carry_out(lost), lambda: office.carry_out(found))
    assert (office.standing(page), office.count(ImportBatch), office.occasions()) == ("applied", 1, {"A": 10})


async def test_a_job_that_nobody_foresaw_leaves_the_catalogue_alone_and_can_be_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await office.checked(A)
    with monkeypatch.context() as broken:
        broken.setattr("api.catalogue.importing.service.write_occasions", lambda *_, **__: 1 / 0)
        await office.apply(page)
    assert (office.standing(page), office.occasions(), office.count(ImportBatch)) == ("failed", {}, 0)
    await office.staff.post(f"{page}/igen")
    await office.work()
    assert office.standing(page) == "applied"


async def test_nothing_of_an_unreadable_file_is_kept(office: Office) -> None:
    answer = await office.upload(b"titel;ort\nSvets;Karlstad\n")
    page = answer.headers["location"]
    await office.work()
    assert office.standing(page) == "refused"
    assert office.stored() == NOTHING | {"import_job": 1}
    assert "De här kolumnerna saknas i rubrikraden" in (await office.staff.get(page)).text


async def test_a_file_is_erased_after_a_day(office: Office) -> None:
    page = await office.checked(A, {"external_id": "C", "pace": "0"})
    office.clock.move(seconds=KEPT.total_seconds())
    assert (await office.staff.client.get(page)).status_code in {303, 404}
    with office.database.transaction() as session:
        assert service.erase_expired(session, office.clock()) == 1
    assert office.stored() == NOTHING


async def test_a_file_can_be_thrown_away_but_not_while_it_is_being_applied(office: Office) -> None:
    page = await office.checked(A)
    await office.staff.post(f"{page}/genomfor", visat=office.job(page).plan_digest or "")
    answer = await office.staff.post(f"{page}/kasta")
    assert answer.headers["location"] == f"{page}?sagt=hunnit"
    await office.work()
    assert office.occasions() == {"A": 10}
    second = await office.uploaded(B)
    taken = office.take()
    assert (await office.staff.post(f"{second}/kasta")).headers["location"] == f"{PATH}?sagt=kastad"
    office.carry_out(taken)  # finds nothing, and says nothing
    assert office.stored()["import_job"] == 1


async def test_only_who_holds_the_job_may_note_its_progress(office: Office) -> None:
    page = await office.uploaded(A)
    taken = office.take()
    until = office.clock() + timedelta(minutes=1)
    with office.database.transaction() as session:
        service.note(session, taken, step="read", progress=40, until=until)
    assert office.job(page).progress == 40
    with office.database.transaction() as session:
        session.execute(update(ImportJob).values(attempt=2))
    with pytest.raises(JobLost), office.database.transaction() as session:
        service.note(session, taken, step="read", progress=50, until=until)


async def test_files_are_read_in_the_order_they_came_and_say_how_many_are_before(office: Office) -> None:
    first = await office.uploaded(A)
    office.clock.move(seconds=1)
    second = await office.uploaded(B)
    assert "Före den i kön: 1." in (await office.staff.get(second)).text
    assert str(office.take().id) == first.rpartition("/")[2]
    office.clock.move(seconds=31)
    assert "bakgrundsprocess inte är igång" in (await office.staff.get(second)).text


async def test_an_import_that_is_not_the_last_is_not_undone(office: Office) -> None:
    first = await office.checked(A)
    await office.apply(first)
    number = office.job(first).batch_id
    await office.apply(await office.checked(B))
    answer = await office.staff.post(f"{PATH}/inlasningar/{number}/angra")
    assert (answer.status_code, office.occasions()) == (409, {"A": 10, "B": 20})
    assert "inte längre den senaste" in answer.text


async def test_an_undo_that_is_refused_leads_to_the_rows_that_differ(office: Office) -> None:
    page = await office.checked(*({"external_id": f"R{number:02}"} for number in range(25)))
    await office.apply(page)
    number = office.job(page).batch_id
    with office.database.transaction() as session:
        session.execute(update(Occasion).where(Occasion.external_id != "R00").values(places=99))
        with Edit(session, at=office.clock(), actor="staff:1", cause="remove") as edit:
            edit.remove(session.scalars(select(Occasion).where(Occasion.external_id == "R01")).one())
        other = session.scalars(select(Occasion.id).where(Occasion.external_id == "R02")).one()
    answer = await office.staff.post(f"{PATH}/inlasningar/{number}/angra")
    assert answer.status_code == 409
    assert "minst 24 av dess rader" in answer.text
    assert f'href="/personal/utbildningar/tillfalle/{other}"' in answer.text
    assert f'href="/personal/historik/occasion/{other}"' in answer.text
    assert "(borttaget)" in answer.text
    assert answer.text.count("Historik<") == 20
    assert "och 4 till" in answer.text
    assert "Det här är ändrat" not in (await office.staff.get(f"{PATH}/inlasningar/{number}/angra")).text
