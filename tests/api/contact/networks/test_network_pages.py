"""`/personal/natverk` and `/natverk`: networks with their source, and when they meet next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.catalogue.tables import Municipality
from api.contact.networks.tables import Network
from api.events.tables import Event
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import send

PATH = "/personal/natverk"
EXAMPLE = "exempelnatverket-for-underhall"
NEW = {
    "name": "Nätverket för nya svetsare",
    "about": "Nya svetsare träffas.",
    "for_whom": "Du som är ny.",
    "region": "Värmland",
    "source_title": "Nätverkets webbplats",
    "source_year": "2026",
    "status": "published",
}


def network(house: House, slug: str = EXAMPLE) -> Network | None:
    with house.database.transaction(read_only=True) as session:
        return session.scalar(select(Network).where(Network.slug == slug))


def number(house: House, slug: str = EXAMPLE) -> int:
    found = network(house, slug)
    assert found is not None
    return found.id


def event(house: House, *, slug: str = EXAMPLE, days: float = 3, status: str = "published", title: str) -> None:
    """An event of the network, some days from now."""
    with house.database.transaction() as session:
        starts = house.clock() + timedelta(days=days)
        for other in session.scalars(select(Event).where(Event.network_id == number(house, slug))):
            other.network_id = None
        session.add(
            Event(
                kind="network",
                title=title,
                host="Nätverket",
                network_id=number(house, slug),
                municipality_id=session.scalars(select(Municipality.id).limit(1)).one(),
                starts_at=starts,
                ends_at=starts + timedelta(hours=2),
                contact="Samordnaren",
                contact_email="natverk@example.org",
                status=status,
                created_at=house.clock(),
                updated_at=house.clock(),
            )
        )


async def test_a_new_network_gets_an_address_that_stays_when_its_name_changes(house: House, staff: Browser) -> None:
    assert (await send(staff, f"{PATH}/nytt", **NEW)).status_code == 303
    slug = "natverket-for-nya-svetsare"
    path = f"{PATH}/{number(house, slug)}"
    assert (await send(staff, path, name="Svetsarnas nätverk")).status_code == 303
    page = await staff.get("/natverk")
    assert "Svetsarnas nätverk" in page.text
    assert f'href="/natverk/{slug}/intresse"' in page.text
    assert "Uppgifterna är från 2026 och kan ha ändrats." in page.text


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"about": ""}, "about", "Fyll i fältet."),
        ({"name": "TechniQual"}, "name", "Det finns redan ett nätverk"),
        ({"source_title": "", "example": ""}, "source_title", "Skriv var uppgifterna kommer från"),
        ({"source_year": "19"}, "source_year", "mellan 1990 och 2100"),
        ({"source_url": "http://example.org"}, "source_url", "https://"),
        ({"checked_on": "2099-01-01"}, "checked_on", "Dagen har inte varit än."),
        ({"next_meeting": "Ring 19850212-1234"}, "next_meeting", "personnummer"),
    ],
)
async def test_what_cannot_be_used_is_told_at_the_field(
    house: House, staff: Browser, changed: dict[str, str], field: str, reason: str
) -> None:
    page = await send(staff, f"{PATH}/{number(house)}", **changed)
    assert page.status_code == 422
    assert f'href="#f-{field}"' in page.text
    assert reason in page.text


async def test_a_network_that_events_belong_to_stays(house: House, staff: Browser) -> None:
    event(house, title="Träff om lager")
    path = f"{PATH}/{number(house)}/ta-bort"
    page = await staff.get(path)
    assert "kan inte tas bort" in page.text
    assert (await staff.post(path)).status_code == 409
    assert network(house) is not None


async def test_a_network_that_nothing_belongs_to_can_be_removed(house: House, staff: Browser) -> None:
    assert (await send(staff, f"{PATH}/{number(house, 'techniqual')}/ta-bort")).status_code == 303
    assert network(house, "techniqual") is None


class TestThePublicPage:
    async def test_tells_the_nearest_published_event_that_has_not_begun(self, house: House, staff: Browser) -> None:
        event(house, title="Träff om lager")
        page = await staff.get("/natverk")
        assert "Träff om lager</a>, 26 november 2026 kl. 10.00" in page.text
        assert "/traffar/traff-om-lager-" in page.text

    @pytest.mark.parametrize(("days", "status"), [(-1, "published"), (3, "draft"), (3, "cancelled")])
    async def test_tells_the_words_when_no_event_is_coming(
        self, house: House, staff: Browser, days: float, status: str
    ) -> None:
        event(house, title="Träff om lager", days=days, status=status)
        page = await staff.get("/natverk")
        assert "Träff om lager" not in page.text
        assert "I mars. Dagen är inte bestämd." in page.text

    async def test_an_ended_network_is_shown_without_a_way_to_join_and_a_draft_not_at_all(
        self, house: House, staff: Browser
    ) -> None:
        await send(staff, f"{PATH}/{number(house, 'techniqual')}", status="ended")
        await send(staff, f"{PATH}/{number(house)}", status="draft")
        page = await staff.get("/natverk")
        assert "Avslutat" in page.text
        assert "/natverk/techniqual/intresse" not in page.text
        assert "Exempelnätverket" not in page.text
