"""`/foretag`, `/skola`, `/natverk/…/intresse` and `/arende/…`: whoever asks can do it without a script, and is told."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import func, select

from api.catalogue.tables import Municipality
from api.contact.enquiries import service
from api.contact.enquiries.matters import matters
from api.contact.enquiries.tables import Enquiry
from api.contact.networks.tables import Network
from api.database import Database
from tests.api.contact.enquiries.conftest import mails
from tests.api.staff.conftest import House
from tests.api.staff.desk import form_of, put_up
from tests.conftest import MovableClock

PATHS = ["/skola", *[f"/foretag/{one.path}" for one in matters() if one.for_companies]]
WHO = {"organisation": "Exempelverkstaden", "name": "Kim", "contact": "kim@verkstad.example.org"}
TRAINING = WHO | {"skill": "TIG-svetsning", "group_size": "8", "message": "Gärna på kvällar."}


@pytest.fixture
async def house(seeded: Database, clock: MovableClock) -> AsyncIterator[House]:
    """The app over the seed data."""
    async with put_up(seeded, clock) as house:
        yield house


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=house.app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


def place(house: House, name: str = "Arvika") -> str:
    with house.database.transaction(read_only=True) as session:
        return str(session.scalar(select(Municipality.id).where(Municipality.name == name)))


def stored(house: House) -> Enquiry:
    with house.database.transaction(read_only=True) as session:
        return session.scalars(select(Enquiry)).one()


async def fill(visitor: httpx.AsyncClient, path: str, **texts: str) -> httpx.Response:
    """Open a form, fill it in and send it."""
    page = await visitor.get(path)
    assert page.status_code == 200
    return await visitor.post(path, data=form_of(page, path) | texts)


async def test_a_company_chooses_what_it_wants_and_every_choice_has_a_form(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/foretag")
    for path in PATHS[1:]:
        assert f'href="{path}"' in page.text
        assert (await visitor.get(path)).status_code == 200


@pytest.mark.parametrize("path", PATHS)
async def test_a_form_that_is_sent_empty_says_what_is_missing_at_each_field(
    visitor: httpx.AsyncClient, path: str
) -> None:
    answer = await fill(visitor, path)
    assert answer.status_code == 422
    assert "<title>Fel: " in answer.text
    linked = re.findall(r'<li><a href="#(f-\w+)">', answer.text)
    assert {"f-municipality", "f-name", "f-contact"} <= set(linked)
    for field in linked:
        assert f'id="{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text


async def test_a_company_asks_for_a_course_for_a_group(house: House, visitor: httpx.AsyncClient) -> None:
    answer = await fill(visitor, "/foretag/utbilda", municipality=place(house), where="node", **TRAINING)
    assert answer.status_code == 303
    receipt = await visitor.get(answer.headers["location"])
    for shown in ("Tack, ditt ärende är skickat", "Vägledningen i Arvika", "måndag 30 november", "TIG-svetsning"):
        assert shown in receipt.text
    row = stored(house)
    assert (row.matter, row.function_email) == ("training", "vagledning.arvika@example.org")
    assert row.details == {"skill": "TIG-svetsning", "group_size": 8, "where": "node"}


async def test_a_school_asks_for_prao_places(house: House, visitor: httpx.AsyncClient) -> None:
    texts = WHO | {"grade": "8B", "pupils": "24", "weeks": "vecka 10 och 11", "municipality": place(house, "Sunne")}
    assert (await fill(visitor, "/skola", **texts)).status_code == 303
    row = stored(house)
    assert (row.matter, row.function) == ("school_prao", "Praosamordningen")
    assert row.details == {"grade": "8B", "pupils": 24, "weeks": "vecka 10 och 11"}


async def test_a_company_ticks_what_it_can_receive(house: House, visitor: httpx.AsyncClient) -> None:
    texts = WHO | {"receives.prao": "ja", "receives.study_visit": "ja", "municipality": place(house)}
    assert (await fill(visitor, "/foretag/ta-emot", **texts)).status_code == 303
    assert stored(house).details == {"receives": ["prao", "study_visit"]}


async def test_somebody_shows_interest_in_a_network_that_is_open(house: House, visitor: httpx.AsyncClient) -> None:
    with house.database.transaction() as session:
        network = session.scalars(select(Network).where(Network.status == "published")).first()
        assert network is not None
    path = f"/natverk/{network.slug}/intresse"
    assert network.name in (await visitor.get(path)).text
    texts = {"name": "Kim", "contact": "kim@example.org", "municipality": "annan"}
    assert (await fill(visitor, path, **texts)).status_code == 303
    row = stored(house)
    assert (row.network_id, row.municipality_id, row.organisation) == (network.id, None, "")
    with house.database.transaction() as session:
        session.get_one(Network, network.id).status = "ended"
    assert (await visitor.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/foretag/skola", "/foretag/finns-inte", "/natverk/finns-inte/intresse"])
async def test_what_is_no_form_is_not_found(visitor: httpx.AsyncClient, path: str) -> None:
    assert (await visitor.get(path)).status_code == 404
    assert (await visitor.post(path, data=TRAINING)).status_code == 404


async def test_what_was_written_stays_when_something_is_wrong(house: House, visitor: httpx.AsyncClient) -> None:
    texts = TRAINING | {"municipality": place(house), "contact": "ring mig", "group_size": "många"}
    answer = await fill(visitor, "/foretag/utbilda", **texts)
    assert answer.status_code == 422
    again = form_of(answer, "/foretag/utbilda")
    assert {name: again[name] for name in texts} == texts


async def test_a_form_pressed_twice_is_one_enquiry_and_both_presses_see_it(
    house: House, visitor: httpx.AsyncClient
) -> None:
    page = await visitor.get("/foretag/utbilda")
    sent = form_of(page, "/foretag/utbilda") | TRAINING | {"municipality": place(house)}
    for _ in range(2):
        answer = await visitor.post("/foretag/utbilda", data=sent)
        assert "ärende är skickat" in (await visitor.get(answer.headers["location"])).text
    assert stored(house).organisation == "Exempelverkstaden"


async def test_a_municipality_that_does_not_exist_is_asked_for_again(visitor: httpx.AsyncClient) -> None:
    for number in ("999999", "-1", "x"):
        assert (await fill(visitor, "/foretag/utbilda", municipality=number, **TRAINING)).status_code == 422


async def test_a_form_on_another_site_is_refused(house: House, visitor: httpx.AsyncClient) -> None:
    sent = TRAINING | {"municipality": place(house)}
    answer = await visitor.post("/foretag/utbilda", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    with house.database.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Enquiry)) == 0


async def test_whoever_sends_too_much_keeps_what_was_written(house: House, visitor: httpx.AsyncClient) -> None:
    sent = TRAINING | {"municipality": place(house)}
    for number in range(service.A_DAY):
        assert (await fill(visitor, "/foretag/utbilda", **sent, when=f"vecka {number}")).status_code == 303
    answer = await fill(visitor, "/foretag/utbilda", **sent, when="vecka 50")
    assert answer.status_code == 429
    assert "Vänta till i morgon" in answer.text
    assert form_of(answer, "/foretag/utbilda")["skill"] == "TIG-svetsning"


async def test_what_somebody_writes_is_shown_as_text(house: House, visitor: httpx.AsyncClient) -> None:
    texts = TRAINING | {"message": "<script>alert(1)</script> & mer text här", "organisation": "<b>Bolaget</b>"}
    answer = await fill(visitor, "/foretag/utbilda", **texts | {"municipality": place(house)})
    page = await visitor.get(answer.headers["location"])
    assert "<script>alert" not in page.text
    assert "&lt;b&gt;Bolaget" in page.text
    with house.database.transaction(read_only=True) as session:
        assert "<script>" not in mails(session, "ENQUIRY")[0].payload["html"]


async def test_the_own_page_is_kept_secret_and_says_how_it_stands(house: House, visitor: httpx.AsyncClient) -> None:
    answer = await fill(visitor, "/foretag/utbilda", municipality=place(house), **TRAINING)
    path = answer.headers["location"].partition("?")[0]
    page = await visitor.get(path)
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "svarar dig senast måndag 30 november" in page.text
    with house.database.transaction() as session:
        service.answer(session, stored(house).id, "Ja, i mars.", service_promise(house), house.clock(), "staff:1")
    assert "Ja, i mars." in (await visitor.get(path)).text


async def test_the_sender_takes_it_back_on_the_own_page(house: House, visitor: httpx.AsyncClient) -> None:
    answer = await fill(visitor, "/foretag/utbilda", municipality=place(house), **TRAINING)
    path = answer.headers["location"].partition("?")[0]
    assert (await visitor.post(f"{path}/ta-tillbaka")).status_code == 303
    assert "Ärendet är återtaget" in (await visitor.get(path)).text
    assert stored(house).status == "closed"


async def test_a_wrong_link_looks_like_an_erased_one(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/arende/gissning")
    assert page.status_code == 404
    assert "Vi hittar inte ärendet" in page.text
    assert (await visitor.post("/arende/gissning/ta-tillbaka")).status_code == 303


def service_promise(house: House) -> service.Promise:
    return service.Promise.of(house.settings)
