"""What the mirror brings from a real server, and what becomes of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from api.catalogue.susa.tables import SusaCourse, SusaProvider
from api.catalogue.tables import Occasion
from api.staff.tables import Audit, RowChange
from tests.api.catalogue.susa.conftest import KIL, Mirror, event, info, lang, provider


async def test_a_new_provider_waits_and_nothing_is_shown_before_somebody_decides(mirror: Mirror) -> None:
    run = await mirror.run()
    assert run is not None
    assert (run.kind, run.state, run.error) == ("full", "done", "")
    assert mirror.occasions() == {}
    row = mirror.events()["e.1"]
    assert (row.state, row.problem, row.occasion_id) == ("waiting", "place", None)
    with mirror.database.transaction(read_only=True) as session:
        told = session.scalars(select(SusaProvider)).one()
        assert (told.name, told.decision, told.municipality_code) == ("Karlstads kommun", "waiting", "1780")


async def test_a_provider_that_is_let_out_gives_courses_and_occasions_with_their_source(mirror: Mirror) -> None:
    await mirror.run()
    mirror.decide("publish")
    await mirror.next_night()
    made = mirror.occasions()["susa:e.1"]
    assert (made.status, made.source, made.source_url) == ("published", "susa", "https://example.org/kurs/e.1")
    assert (made.start_date, made.end_date) == (date(2027, 1, 11), date(2027, 10, 15))
    assert (made.apply_from, made.apply_to, made.places) == (date(2026, 10, 5), date(2026, 12, 4), 12)
    assert (made.course.title, made.course.credits, made.course.occupation.slug) == ("Svetsare", 800, "svetsare")
    assert made.course.description == "Du lär dig svetsa.\n\nMycket."
    assert made.course.node.slug == "karlstad"


async def published(mirror: Mirror) -> None:
    """The first event, out in the catalogue."""
    await mirror.run()
    mirror.decide("publish")
    await mirror.next_night()


async def test_a_change_at_the_source_changes_the_occasion_and_stands_in_its_history(mirror: Mirror) -> None:
    await published(mirror)
    made = mirror.occasions()["susa:e.1"]
    mirror.susa.says(educationEvents=[event(places=20, edited="2026-11-24T12:00:00")])
    run = await mirror.next_night()
    assert (run.kind, run.counts["changed"], run.counts["updated"]) == ("changes", 1, 1)
    assert mirror.occasions()["susa:e.1"].places == 20
    with mirror.database.transaction(read_only=True) as session:
        told = session.scalars(select(RowChange).where(RowChange.key == str(made.id), RowChange.cause == "susa")).all()
        assert [(row.kind, row.cause, row.actor, row.diff) for row in told] == [
            ("occasion", "susa", "system", {"places": [12, 20]})
        ]


async def test_that_a_row_was_made_stands_in_the_audit_trail_once_for_all(mirror: Mirror) -> None:
    mirror.susa.says(educationEvents=[event(f"e.{number}") for number in range(30)])
    await published(mirror)
    assert len(mirror.occasions()) == 30
    with mirror.database.transaction(read_only=True) as session:
        made = session.scalars(select(Audit).where(Audit.action == "susa.created")).all()
        assert [row.details for row in made] == [{"rows": 30}]
        assert session.scalars(select(RowChange).where(RowChange.cause == "susa")).all() == []


def edit(mirror: Mirror, **values: object) -> None:
    """What staff do by hand."""
    with mirror.database.transaction() as session:
        occasion = session.scalars(select(Occasion).where(Occasion.external_id == "susa:e.1")).one()
        for name, value in values.items():
            setattr(occasion, name, value)


async def test_what_staff_changed_by_hand_stays_as_long_as_the_source_says_the_same(mirror: Mirror) -> None:
    await published(mirror)
    edit(mirror, places=8, apply_to=date(2026, 12, 18), status="full")
    mirror.susa.says(educationEvents=[event(edited="2026-11-24T12:00:00", paceOfStudy={"percentage": 50})])
    await mirror.next_night()
    now = mirror.occasions()["susa:e.1"]
    assert (now.places, now.apply_to, now.status, now.pace) == (8, date(2026, 12, 18), "full", 50)
    assert not mirror.events()["e.1"].differs


async def test_a_field_that_both_changed_stays_as_staff_have_it_and_is_told(mirror: Mirror) -> None:
    await published(mirror)
    edit(mirror, places=8)
    mirror.susa.says(educationEvents=[event(places=20, edited="2026-11-24T12:00:00")])
    run = await mirror.next_night()
    assert run.counts["conflicts"] == 1
    assert mirror.occasions()["susa:e.1"].places == 8
    assert mirror.events()["e.1"].conflicts == {"places": [8, 20]}
    await mirror.next_night(7)
    assert mirror.events()["e.1"].conflicts == {"places": [8, 20]}
    edit(mirror, places=20)
    mirror.susa.says(educationEvents=[event(places=20, edited="2026-12-03T12:00:00", isApprenticeship=True)])
    await mirror.next_night(1)
    assert mirror.events()["e.1"].conflicts == {}


async def test_courses_follow_their_info_the_same_way(mirror: Mirror) -> None:
    await published(mirror)
    mirror.susa.says(educationInfos=[info(title="Svetsare, år ett", lastEdited="2026-11-24T12:00:00")])
    await mirror.next_night(8)
    course = mirror.occasions()["susa:e.1"].course
    assert course.title == "Svetsare, år ett"
    with mirror.database.transaction() as session:
        session.merge(course).description = "Vår egen beskrivning."
    mirror.susa.says(educationInfos=[info(title="Svetsare, år ett", description=lang("Ny"), credits={"credits": 700})])
    await mirror.next_night(8)
    now = mirror.occasions()["susa:e.1"].course
    assert (now.description, now.credits) == ("Vår egen beskrivning.", None)


async def test_a_new_title_that_another_course_has_is_told_and_not_set(mirror: Mirror) -> None:
    await published(mirror)
    mirror.susa.says(educationInfos=[info(title="Svetsare, grund")])
    await mirror.next_night(8)
    assert mirror.occasions()["susa:e.1"].course.title == "Svetsare"
    with mirror.database.transaction(read_only=True) as session:
        assert session.scalars(select(SusaCourse.conflicts)).all() == [{"title": ["Svetsare", "Svetsare, grund"]}]


@pytest.mark.parametrize("how", ["told", "missing"])
async def test_an_event_that_is_removed_becomes_cancelled_and_comes_back(mirror: Mirror, how: str) -> None:
    await published(mirror)
    gone = [event(status="removed", edited="2026-11-24T12:00:00")] if how == "told" else []
    mirror.susa.says(educationEvents=[*gone, event("e.2")])
    run = await mirror.next_night(1 if how == "told" else 8)
    assert (run.kind, run.counts["gone"]) == ("changes" if how == "told" else "full", 1)
    assert mirror.occasions()["susa:e.1"].status == "cancelled"
    assert mirror.events()["e.1"].gone == "removed"
    with mirror.database.transaction(read_only=True) as session:
        assert [row.diff for row in session.scalars(select(RowChange).where(RowChange.cause == "susa"))] == [
            {"status": ["published", "cancelled"]}
        ]
        assert "occasion.susa" in session.scalars(select(Audit.action)).all()
    mirror.susa.says(educationEvents=[event(edited="2026-12-03T12:00:00"), event("e.2")])
    await mirror.next_night(1)
    assert mirror.occasions()["susa:e.1"].status == "published"


async def test_an_event_that_slipped_between_two_pages_is_asked_for_before_it_is_taken_for_gone(
    mirror: Mirror,
) -> None:
    await published(mirror)
    page = '{"educationEvents":[],"page":{"totalPages":1}}'
    mirror.susa.says(faults=[{"list": "educationEvents", "kind": "body", "body": page}])
    run = await mirror.next_night(8)
    assert mirror.susa.requests[-1] == "/educationEvents/e.1"
    assert run.counts.get("gone", 0) == 0
    assert mirror.occasions()["susa:e.1"].status == "published"


async def test_when_most_events_are_missing_at_once_nothing_is_cancelled(mirror: Mirror) -> None:
    everything = [event(f"e.{number}") for number in range(20)]
    mirror.susa.says(educationEvents=everything)
    await published(mirror)
    mirror.susa.says(educationEvents=[event("e.0", places=30)])
    mirror.clock.move(days=8)
    run = await mirror.run()
    assert run is not None
    assert run.state == "failed"
    assert "19 av 20 tillfällen saknas" in run.error
    assert {row.status for row in mirror.occasions().values()} == {"published"}
    assert mirror.occasions()["susa:e.0"].places == 30


async def test_an_expired_event_is_shown_no_longer_and_not_called_cancelled(mirror: Mirror) -> None:
    mirror.susa.says(
        educationEvents=[
            event("e.soon", expires="2026-12-01T00:00:00"),
            event(
                "e.over",
                expires="2026-12-01T00:00:00",
                execution={"condition": {"code": "1"}, "start": "2026-11-24", "end": "2026-11-30"},
            ),
        ]
    )
    await published(mirror)
    mirror.susa.says(educationEvents=[])
    await mirror.next_night(8)
    made = mirror.occasions()
    assert (made["susa:e.soon"].status, made["susa:e.over"].status) == ("draft", "published")
    assert {row.gone for row in mirror.events().values()} == {"expired"}


async def test_an_expired_event_shows_again_when_it_is_renewed_and_is_cancelled_only_when_it_says_so(
    mirror: Mirror,
) -> None:
    names = ("e.renewed", "e.cancelled", "e.old")
    mirror.susa.says(educationEvents=[event(name, expires="2026-12-01T00:00:00") for name in names])
    await published(mirror)
    mirror.clock.move(days=2)
    mirror.susa.says(
        educationEvents=[
            event("e.renewed", expires="2026-12-01T00:00:00"),
            event("e.cancelled", expires="2026-11-24T00:00:00", isCancelled=True, edited="2026-11-24T12:00:00"),
            event("e.old", expires="2026-12-01T00:00:00"),
        ]
    )
    await mirror.next_night()
    assert mirror.occasions()["susa:e.cancelled"].status == "cancelled"
    mirror.clock.move(days=8)
    await mirror.next_night()
    assert {mirror.occasions()[f"susa:{name}"].status for name in ("e.renewed", "e.old")} == {"draft"}
    mirror.susa.says(educationEvents=[event("e.renewed", expires="2027-12-01T00:00:00", edited="2026-12-04T12:00:00")])
    await mirror.next_night(8)
    assert mirror.occasions()["susa:e.renewed"].status == "published"
    assert mirror.occasions()["susa:e.old"].status == "draft"


async def test_a_cancelled_event_is_cancelled_here(mirror: Mirror) -> None:
    mirror.susa.says(educationEvents=[event("e.1"), event("e.2", isCancelled=True)])
    await published(mirror)
    mirror.susa.says(educationEvents=[event("e.1", isCancelled=True, edited="2026-11-24T12:00:00")])
    await mirror.next_night()
    assert {name: row.status for name, row in mirror.occasions().items()} == {"susa:e.1": "cancelled"}


async def test_an_event_whose_place_or_occupation_is_not_certain_is_never_published(mirror: Mirror) -> None:
    mirror.susa.says(
        educationInfos=[info(), info("i.both", "CNC-operatör och svetsare"), info("i.vague", "Yrkespaket industri")],
        educationEvents=[
            event("e.both", education="i.both", title=None),
            event("e.vague", education="i.vague", title=None),
            event("e.two", locations=[{"areaCode": "1784"}, {"areaCode": "1766"}]),
            event("e.notime", paceOfStudy=None),
            event("e.fine"),
        ],
    )
    await published(mirror)
    assert mirror.occasions().keys() == {"susa:e.fine"}
    problems = {name: row.problem for name, row in mirror.events().items()}
    assert problems == {
        "e.both": "occupation",
        "e.vague": "occupation",
        "e.two": "place",
        "e.notime": "pace",
        "e.fine": "",
    }


async def test_the_node_is_where_the_event_is_given(mirror: Mirror) -> None:
    mirror.susa.says(
        educationEvents=[
            event("e.arvika", locations=[{"areaCode": "1784"}]),
            event("e.kil", locations=[{"areaCode": KIL}]),
            event("e.nowhere", locations=None, distance={}),
        ]
    )
    await published(mirror)
    nodes = {name: row.course.node.slug for name, row in mirror.occasions().items()}
    assert nodes == {"susa:e.arvika": "arvika", "susa:e.kil": "karlstad", "susa:e.nowhere": "karlstad"}
    assert mirror.occasions()["susa:e.nowhere"].distance


async def test_only_what_the_settings_ask_for_is_kept(mirror: Mirror) -> None:
    mirror.susa.says(
        educationInfos=[
            info(),
            info("i.care", "Undersköterska"),
            info("i.gy", "Svetsare", type={"code": "GY"}),
            info("i.code", "Grundpaket", subjects=[{"type": "C_Subject_ISCED2013", "code": "0715"}]),
        ],
        educationEvents=[
            event("e.stockholm", locations=[{"areaCode": "0180"}]),
            event("e.care", education="i.care", title=lang("Undersköterska")),
            event("e.gy", education="i.gy"),
            event("e.code", education="i.code", title=None),
            event("e.1"),
        ],
    )
    await mirror.run()
    assert mirror.events().keys() == {"e.1", "e.code"}


async def test_an_info_or_provider_that_the_lists_lack_is_asked_for_by_its_id(mirror: Mirror) -> None:
    far = provider("p.far", "Folkuniversitetet", "0180")
    late = info("i.late", "Förberedande kurs")
    mirror.susa.says(
        educationInfos=[info(), late],
        educationProviders=[provider(), far],
        educationEvents=[event("e.far", providers=["p.far"], education="i.late", title=lang("CNC-operatör"))],
    )
    await mirror.run()
    assert {"/educationInfos/i.late", "/educationProviders/p.far"} <= set(mirror.susa.requests)
    assert mirror.events()["e.far"].provider.name == "Folkuniversitetet"
    mirror.decide("publish", name="p.far")
    await mirror.next_night()
    assert mirror.occasions()["susa:e.far"].course.occupation.slug == "cnc-operator"


async def test_a_course_of_ours_with_the_same_name_gets_the_occasion_and_keeps_its_texts(mirror: Mirror) -> None:
    await published(mirror)
    with mirror.database.transaction() as session:
        own = session.scalars(select(Occasion).where(Occasion.source == "")).first()
        assert own is not None
        title, occupation, description = own.course.title, own.course.occupation.title, own.course.description
        node = own.course.node.slug
    mirror.susa.says(
        educationInfos=[info(), info("i.same", title, description=lang("Deras text."))],
        educationEvents=[event(), event("e.same", education="i.same", title=lang(occupation))],
        educationProviders=[provider(), provider("p.same", "Samma", KIL)],
    )
    mirror.susa.state["educationEvents"][1]["content"] |= {"providers": ["p.same"], "locations": [{"areaCode": KIL}]}
    mirror.susa.says()
    await mirror.next_night(8)
    mirror.decide("publish", node, "p.same")
    await mirror.next_night()
    made = mirror.occasions()["susa:e.same"]
    assert (made.course.title, made.course.description) == (title, description)


async def test_the_same_again_changes_nothing(mirror: Mirror) -> None:
    await published(mirror)
    before = mirror.occasions()["susa:e.1"].updated_at
    run = await mirror.next_night(8)
    assert (run.kind, run.counts.get("changed", 0), run.counts.get("updated", 0)) == ("full", 0, 0)
    assert mirror.occasions()["susa:e.1"].updated_at == before
