"""Whatever Susa-navet were to send, the pages, the API and the export stay clean, and the mirror goes on."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from api.catalogue.exporting.service import FileKind, export
from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.service import apply_import, dry_run
from api.catalogue.tables import Course, Occasion
from api.main import create_app
from tests.api.catalogue.susa.conftest import Mirror, event, info, lang, provider
from tests.api.staff.conftest import SETTINGS, House

NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>\x00\x1b\u202e\ud800 &lt;b&gt; =1+1 "
LINK = {"urls": [{"lang": "swe", "value": "javascript:alert(3)"}]}


def nasty(mirror: Mirror) -> None:
    """Everything that may hold a text holds a hostile one, beside an event that is as it should be."""
    text = lang("Svetsare " + NASTY + "x" * 100_000)
    where = {"areaCode": "1780", "town": NASTY}
    mirror.susa.says(
        educationInfos=[info(title=text, description=text, eligibility=text, url=LINK), info("i.fine", "Svets, bra")],
        educationProviders=[provider(title="Kommun " + NASTY + "y" * 100_000, url=LINK)],
        educationEvents=[
            event(
                "e.<script>",
                title=text,
            ),
            event(
                "e.bad",
                title=text,
                description=text,
                url=LINK,
                locations=[where],
                application={"url": LINK, "email": "x@example.org<script>", "first": NASTY, "last": [NASTY]},
                extensions=[{"type": NASTY, "contractor": NASTY}],
                places=NASTY,
            ),
            event("e.fine", education="i.fine"),
        ],
    )


async def bring(mirror: Mirror) -> None:
    nasty(mirror)
    await mirror.run()
    mirror.decide("publish")
    await mirror.next_night()


async def test_nothing_of_it_reaches_a_page(mirror: Mirror) -> None:
    await bring(mirror)
    assert mirror.occasions().keys() == {"susa:e.bad", "susa:e.fine"}
    app = create_app(mirror.settings.model_copy(update=SETTINGS), clock=mirror.clock, database=mirror.database)
    house = House(app, mirror.database, app.state.settings, mirror.clock)
    browser = house.signed_in(house.account())
    bad = mirror.occasions()["susa:e.bad"]
    assert (bad.apply_url, bad.source_url, bad.contact_email, bad.places) == ("", "", "", None)
    assert len(bad.course.title) <= 200
    pages = ["/personal/susa", f"/utbildningar/{bad.course_id}", "/utbildningar", "/api/v1/occasions"]
    pages += [f"/personal/susa/tillfallen?visa={view}" for view in ("vantar", "visas", "oklara", "skillnader")]
    pages += ["/api/v1/emil3/educationEvents", f"/api/v1/courses/{bad.course_id}"]
    for path in pages:
        page = await browser.get(path)
        assert page.status_code == 200, path
        for sign in ("<script>alert", "onerror=alert(2)>", "javascript:", "\x00", "\x1b", "\u202e"):
            assert sign not in page.text, (path, sign)
    await app.state.bot.close()
    app.state.vacancies.close()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_an_export_of_it_is_read_back_without_a_change(mirror: Mirror, kind: FileKind) -> None:
    await bring(mirror)
    with mirror.database.transaction(read_only=True) as session:
        plan = dry_run(session, read_sheet(export(session, kind, drafts=True)))
    assert plan.rejected == []
    assert (plan.unknown_columns, plan.absent_columns) == ((), ())
    assert (plan.counts["new"], plan.counts["changed"], plan.counts["missing"]) == (0, 0, 0)


async def test_a_file_without_mirrored_rows_does_not_miss_them(mirror: Mirror) -> None:
    await bring(mirror)
    header = "external_id;title;occupation;node;status\n"
    with mirror.database.transaction(read_only=True) as session:
        plan = dry_run(session, read_sheet((header + "NY-1;Ny kurs;Svetsare;Karlstad;draft\n").encode()))
        ours = session.scalars(select(Occasion.external_id).where(Occasion.source == "")).all()
    assert {row.external_id for row in plan.missing} == set(ours)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("susa:e.fine;Svets, bra;Svetsare;Karlstad;draft", "hämtas från Susa-navet"),
        ("susa:e.fine;Annan titel;Svetsare;Karlstad;published", "hämtas från Susa-navet"),
        ("susa:e.new;Ny;Svetsare;Karlstad;draft", "börjar med susa:"),
    ],
)
async def test_a_file_cannot_change_a_mirrored_row_or_make_one(mirror: Mirror, row: str, words: str) -> None:
    await bring(mirror)
    before = mirror.occasions()["susa:e.fine"]
    sheet = read_sheet(("external_id;title;occupation;node;status\n" + row + "\n").encode())
    with mirror.database.transaction() as session:
        plan = apply_import(session, sheet, file_name="x.csv", now=mirror.clock(), actor="cli").plan
    assert [words in problem.reason for rejected in plan.rejected for problem in rejected.problems] == [True]
    after = mirror.occasions()
    assert after.keys() == {"susa:e.bad", "susa:e.fine"}
    assert (after["susa:e.fine"].status, after["susa:e.fine"].course.title) == (before.status, before.course.title)


async def test_a_file_that_changes_the_course_of_a_mirrored_row_says_so(mirror: Mirror) -> None:
    await bring(mirror)
    sheet = "external_id;title;occupation;node;status;credits\nNY-1;Svets, bra;Svetsare;Karlstad;draft;123\n"
    with mirror.database.transaction() as session:
        plan = apply_import(
            session, read_sheet(sheet.encode()), file_name="x.csv", now=mirror.clock(), actor="cli"
        ).plan
        assert [row.external_id for row in plan.also_changed] == ["susa:e.fine"]
        assert session.scalars(select(Course.credits).where(Course.title == "Svets, bra")).all() == [123]
    await mirror.next_night(8)
    with mirror.database.transaction(read_only=True) as session:
        # The source has not changed, so what the file set stays.
        assert session.scalars(select(Course.credits).where(Course.title == "Svets, bra")).all() == [123]


async def test_the_open_data_say_where_a_row_comes_from(mirror: Mirror) -> None:
    await bring(mirror)
    app = create_app(mirror.settings.model_copy(update=SETTINGS), clock=mirror.clock, database=mirror.database)
    house = House(app, mirror.database, app.state.settings, mirror.clock)
    browser = house.browser()
    fine = mirror.occasions()["susa:e.fine"]
    out = (await browser.client.get("/api/v1/occasions/susa:e.fine")).json()
    assert (out["source"], out["source_url"]) == ("susa", "https://example.org/kurs/e.fine")
    page = (await browser.get(f"/utbildningar/{fine.course_id}")).text
    assert "Hämtat från Susa-navet (Skolverket)." in page
    assert 'href="https://example.org/kurs/e.fine"' in page
    emil = (await browser.client.get("/api/v1/emil3/educationEvents/e.iv.susa:e.fine")).json()
    sources = [each for each in emil["content"]["extensions"] if each["type"] == "SourceExtension"]
    assert [(each["source"], each["identifier"]) for each in sources] == [("susa", "e.fine")]
    with mirror.database.transaction(read_only=True) as session:
        text = export(session, "csv", drafts=False).decode("utf-8-sig")
    assert text.splitlines()[0].endswith(";source")
    assert "susa https://example.org/kurs/e.fine" in text
    assert json.dumps(out)
    await app.state.bot.close()
    app.state.vacancies.close()
