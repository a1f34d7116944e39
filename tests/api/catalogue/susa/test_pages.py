"""What staff see of the mirror and decide about it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from api.catalogue.susa.tables import SusaEvent, SusaProvider, SusaRun
from api.catalogue.tables import Node, Occasion
from api.main import create_app
from api.staff.tables import Audit
from tests.api.catalogue.susa.conftest import Mirror, event, info, provider
from tests.api.staff.conftest import SETTINGS, Browser, House

LIST = "/personal/susa/tillfallen"


@pytest.fixture
async def at(mirror: Mirror) -> AsyncIterator[Callable[..., Browser]]:
    """Somebody of staff at a browser."""
    houses: list[House] = []

    def enter(**settings: Any) -> Browser:
        values = mirror.settings.model_copy(update=SETTINGS | settings)
        house = House(
            create_app(values, clock=mirror.clock, database=mirror.database), mirror.database, values, mirror.clock
        )
        houses.append(house)
        return house.signed_in(house.account(f"redaktionen-{len(houses)}@example.org"))

    yield enter
    for house in houses:
        await house.app.state.bot.close()
        house.app.state.vacancies.close()


def ids(mirror: Mirror) -> dict[str, int]:
    return {name: row.id for name, row in mirror.events().items()}


def provider_id(mirror: Mirror, name: str = "p.karlstad") -> int:
    with mirror.database.transaction(read_only=True) as session:
        return session.scalars(select(SusaProvider.id).where(SusaProvider.source_id == name)).one()


def node_id(mirror: Mirror, slug: str = "karlstad") -> str:
    with mirror.database.transaction(read_only=True) as session:
        return str(session.scalars(select(Node.id).where(Node.slug == slug)).one())


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


async def test_before_anything_was_fetched_the_page_says_so(at: Callable[..., Browser]) -> None:
    page = await at().get("/personal/susa")
    assert page.status_code == 200
    assert "Inget har hämtats än." in page.text
    without = await at(susa_url="").get("/personal/susa")
    assert "Inget hämtas av sig självt." in without.text
    assert "Hämta nu" not in without.text


async def test_the_button_asks_the_worker_for_a_run_and_the_page_tells_how_it_went(
    mirror: Mirror, at: Callable[..., Browser]
) -> None:
    browser = at()
    await browser.get("/personal/susa")
    answer = await browser.post("/personal/susa/hamta")
    assert (answer.status_code, answer.headers["location"]) == (303, "/personal/susa?klart=hamtar")
    page = await browser.get("/personal/susa?klart=hamtar")
    assert "Hämtningen är beställd." in page.text
    assert "En hämtning är beställd och börjar snart." in page.text
    await mirror.run()
    page = await browser.get("/personal/susa")
    assert "Senast hämtat" in page.text
    assert "Nya som rör oss: 1" in page.text


async def test_a_failure_is_told_in_swedish(mirror: Mirror, at: Callable[..., Browser]) -> None:
    mirror.susa.says(faults=[{"list": "educationInfos", "kind": 503}])
    await mirror.run()
    page = words((await at().get("/personal/susa")).text)
    assert "Senaste hämtningen blev inte klar" in page
    assert "Susa-navet uppdaterar sina uppgifter och kan inte svara just nu (felkod 503)." in page


async def test_without_an_address_nobody_can_ask_for_a_run(mirror: Mirror, at: Callable[..., Browser]) -> None:
    browser = at(susa_url="")
    await browser.get("/personal/susa")
    assert (await browser.post("/personal/susa/hamta")).status_code == 404
    with mirror.database.transaction(read_only=True) as session:
        assert session.scalars(select(SusaRun)).all() == []


async def test_a_provider_is_let_in_with_the_node_that_is_suggested(mirror: Mirror, at: Callable[..., Browser]) -> None:
    await mirror.run()
    browser = at()
    page = await browser.get("/personal/susa")
    assert f'<option value="{node_id(mirror)}" selected>' in page.text
    assert "Förslag, eftersom kommunen har en nod." in page.text
    path = f"/personal/susa/anordnare/{provider_id(mirror)}"
    answer = await browser.post(path, beslut="publish", nod=node_id(mirror))
    assert answer.headers["location"] == "/personal/susa?sida=1&klart=anordnare&antal=1"
    assert "Tillfällen i katalogen som ändrades: 1." in (await browser.get(answer.headers["location"])).text
    assert mirror.occasions()["susa:e.1"].status == "published"
    with mirror.database.transaction(read_only=True) as session:
        told = session.scalars(select(Audit).where(Audit.action == "susa.provider")).one()
        assert told.details["decision"] == ["waiting", "publish"]
        assert told.actor.startswith("staff:")


@pytest.mark.parametrize(
    ("beslut", "nod", "words_"),
    [
        ("publish", "", "Välj först vilken nod"),
        ("approve", "x", "Välj först vilken nod"),
        ("publish", "99999", "Du har inte valt något."),
        ("whatever", "", "Du har inte valt något."),
    ],
)
async def test_a_form_about_a_provider_that_lacks_something_says_what(
    mirror: Mirror, at: Callable[..., Browser], beslut: str, nod: str, words_: str
) -> None:
    await mirror.run()
    browser = at()
    await browser.get("/personal/susa")
    page = await browser.post(f"/personal/susa/anordnare/{provider_id(mirror)}", beslut=beslut, nod=nod)
    assert page.status_code == 422
    assert words_ in page.text
    assert mirror.occasions() == {}


async def test_leaving_a_provider_out_hides_its_courses_and_letting_it_in_again_shows_them(
    mirror: Mirror, at: Callable[..., Browser]
) -> None:
    mirror.susa.says(educationEvents=[event(), event("e.full")])
    await mirror.run()
    browser = at()
    await browser.get("/personal/susa")
    path, node = f"/personal/susa/anordnare/{provider_id(mirror)}", node_id(mirror)
    await browser.post(path, beslut="publish", nod=node)
    with mirror.database.transaction() as session:
        session.scalars(select(Occasion).where(Occasion.external_id == "susa:e.full")).one().status = "full"
    await browser.post(path, beslut="approve", nod=node)
    assert {name: row.status for name, row in mirror.occasions().items()} == {
        "susa:e.1": "published",
        "susa:e.full": "full",
    }
    await browser.post(path, beslut="omit", nod=node)
    assert {row.status for row in mirror.occasions().values()} == {"draft"}
    await mirror.next_night()
    assert {row.status for row in mirror.occasions().values()} == {"draft"}
    await at().post(path, beslut="publish", nod=node)
    assert {row.status for row in mirror.occasions().values()} == {"published"}


async def test_events_wait_are_approved_and_left_out_many_at_once(mirror: Mirror, at: Callable[..., Browser]) -> None:
    mirror.susa.says(educationEvents=[event(f"e.{number}") for number in range(5)])
    await mirror.run()
    mirror.decide("approve")
    await mirror.next_night()
    assert mirror.occasions() == {}
    browser, row = at(), ids(mirror)
    page = await browser.get(LIST)
    assert page.text.count('name="valda"') == 5
    sent = {"besked": "godkann", "visa": "vantar", "valda": [str(row["e.0"]), str(row["e.1"])], "csrf": browser.csrf}
    answer = await browser.client.post(LIST, data=sent)
    assert answer.headers["location"] == f"{LIST}?visa=vantar&klart=godkann&antal=2"
    assert "Godkända tillfällen: 2." in (await browser.get(answer.headers["location"])).text
    assert mirror.occasions().keys() == {"susa:e.0", "susa:e.1"}
    await browser.post(LIST, besked="utelamna", visa="visas", valda=str(row["e.0"]))
    assert mirror.occasions()["susa:e.0"].status == "draft"
    rest = ",".join(str(row[f"e.{number}"]) for number in (2, 3, 4))
    await browser.post(LIST, besked="godkann_alla", alla=rest)
    assert len(mirror.occasions()) == 5
    await browser.post(LIST, besked="godkann", visa="utelamnade", valda=str(row["e.0"]))
    assert {each.status for each in mirror.occasions().values()} == {"published"}
    again = await browser.post(LIST, besked="godkann")
    assert again.status_code == 422
    assert "Du har inte valt något." in again.text
    await mirror.next_night(8)
    assert {each.status for each in mirror.occasions().values()} == {"published"}


async def test_what_cannot_be_placed_cannot_be_approved_until_its_occupation_is_chosen(
    mirror: Mirror, at: Callable[..., Browser]
) -> None:
    mirror.susa.says(
        educationInfos=[info(title="CNC-operatör och svetsare")],
        educationEvents=[event(title=None), event("e.2", title=None)],
    )
    await mirror.run()
    mirror.decide("approve")
    await mirror.next_night()
    browser, row = at(), ids(mirror)
    page = await browser.get(f"{LIST}?visa=oklara")
    assert "Yrket går inte att avgöra av titeln." in page.text
    assert '<option value="cnc-operator" selected>' in page.text
    stuck = await browser.post(LIST, besked="godkann", valda=str(row["e.1"]))
    assert "klart=godkann_fast&antal=0" in stuck.headers["location"]
    assert mirror.occasions() == {}
    await browser.post(f"{LIST}/{row['e.1']}/yrke", yrke="svetsare")
    await browser.post(LIST, besked="godkann", valda=str(row["e.1"]))
    await browser.post(LIST, besked="godkann", valda=str(row["e.2"]))
    assert {each.course.occupation.slug for each in mirror.occasions().values()} == {"svetsare"}
    assert len(mirror.occasions()) == 2


async def test_a_pace_that_is_not_told_waits_even_where_everything_is_shown(
    mirror: Mirror, at: Callable[..., Browser]
) -> None:
    mirror.susa.says(educationEvents=[event(paceOfStudy=None)])
    await mirror.run()
    mirror.decide("publish")
    await mirror.next_night()
    browser, row = at(), ids(mirror)
    assert "Studietakten saknas." in (await browser.get(LIST)).text
    await browser.post(LIST, besked="godkann", valda=str(row["e.1"]))
    assert mirror.occasions()["susa:e.1"].pace == 100


@pytest.mark.parametrize(("choice", "places"), [("vart", 8), ("deras", 20)])
async def test_a_field_that_both_changed_is_shown_and_settled(
    mirror: Mirror, at: Callable[..., Browser], choice: str, places: int
) -> None:
    await mirror.run()
    mirror.decide("publish")
    await mirror.next_night()
    with mirror.database.transaction() as session:
        session.scalars(select(Occasion).where(Occasion.source == "susa")).one().places = 8
    mirror.susa.says(educationEvents=[event(places=20, edited="2026-11-24T12:00:00")])
    await mirror.next_night()
    browser = at()
    page = words((await browser.get(f"{LIST}?visa=skillnader")).text)
    assert "Platser 8 20" in page
    await browser.post(f"{LIST}/{ids(mirror)['e.1']}/skillnad", val=choice)
    assert mirror.occasions()["susa:e.1"].places == places
    assert "Här finns inga tillfällen just nu." in (await browser.get(f"{LIST}?visa=skillnader")).text
    await mirror.next_night(8)
    assert mirror.occasions()["susa:e.1"].places == places


async def test_long_lists_are_paged_and_can_be_of_one_provider(mirror: Mirror, at: Callable[..., Browser]) -> None:
    many = [event(f"e.{number:03}") for number in range(65)]
    mirror.susa.says(
        educationEvents=[*many, event("e.other", providers=["p.kil"])],
        educationProviders=[provider(), provider("p.kil", "Kils kommun", "1715")],
    )
    await mirror.run()
    mirror.decide("approve")
    mirror.decide("approve", "sunne", "p.kil")
    await mirror.next_night()
    browser = at()
    assert "Sida 1 av 3" in (await browser.get(LIST)).text
    last = await browser.get(f"{LIST}?sida=99")
    assert "Sida 3 av 3" in last.text
    assert last.text.count('name="valda"') == 6
    only = await browser.get(f"{LIST}?anordnare={provider_id(mirror, 'p.kil')}")
    assert only.text.count('name="valda"') == 1
    assert "Bara från Kils kommun." in only.text


@pytest.mark.parametrize(
    "query", ["visa=x", "sida=-1", "sida=abc", "anordnare=1e9", "anordnare=99999999999", "klart=x&antal=%FF"]
)
async def test_no_address_is_an_error(at: Callable[..., Browser], query: str) -> None:
    assert (await at().get(f"{LIST}?{query}")).status_code == 200


async def test_the_start_page_tells_what_waits(mirror: Mirror, at: Callable[..., Browser]) -> None:
    await mirror.run()
    browser = at()
    assert "Anordnare från Susa-navet som ingen har bestämt om (1)" in words((await browser.get("/personal")).text)
    with mirror.database.transaction(read_only=True) as session:
        assert session.scalars(select(SusaEvent.state)).all() == ["waiting"]
