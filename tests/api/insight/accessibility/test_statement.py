"""The accessibility statement: what the law asks for, kept by staff, with a form that somebody answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from api.contact.enquiries.tables import Enquiry
from api.insight.accessibility.service import waiting
from api.insight.accessibility.tables import AccessibilityGap, AccessibilityStatement
from api.outbox.tables import Outbox
from api.seed.load import seed
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import form_of, send, send_again
from tests.conftest import NOW

PAGE = "/tillganglighet"
KEEP = "/personal/tillganglighet"
WRITTEN = {"message": "Knappen läses inte upp.", "contact": "deltagare@example.org"}


def enquiries(house: House) -> list[Enquiry]:
    with house.database.transaction(read_only=True) as session:
        return list(session.scalars(select(Enquiry)))


class TestThePage:
    async def test_it_holds_everything_that_a_statement_must(self, house: House) -> None:
        page = await house.browser().get(PAGE)
        assert page.status_code == 200
        for words in (
            "Exempelutgivare",  # who is behind it
            "Tillgänglighets&shy;redogörelse för Industrivägledaren",
            "2018:1937",
            "delvis förenlig",
            "Innehåll som inte är tillgängligt",
            "Varför:",
            "Innehåll som inte omfattas av lagen",
            "Så har vi testat",
            "Tjänsten bedömdes",
            "22 november 2026",
            'href="https://www.digg.se/tdosanmalan"',
            "Säg till om något inte fungerar",
        ):
            assert words in page.text, words

    async def test_every_page_leads_to_it(self, house: House, staff: Browser) -> None:
        for path in ("/", "/utbildningar", "/chatt", PAGE, "/om-dig"):
            assert f'<a href="{PAGE}">' in (await house.browser().get(path)).text, path
        assert f'<a href="{PAGE}">' in (await staff.get("/personal")).text

    async def test_without_a_statement_the_form_is_there_all_the_same(self, house: House) -> None:
        with house.database.transaction() as session:
            session.execute(delete(AccessibilityStatement))
            session.execute(delete(AccessibilityGap))
        page = await house.browser().get(PAGE)
        assert page.status_code == 200
        assert "Vi har inte bedömt tjänsten än" in page.text
        assert form_of(page, PAGE)["nyckel"]


class TestTheForm:
    async def test_it_becomes_an_enquiry_with_a_reference_and_a_last_day(self, house: House) -> None:
        browser = house.browser()
        sent = form_of(await browser.get(PAGE), PAGE) | WRITTEN | {"page": "/chatt", "aid": "NVDA"}
        answer = await browser.client.post(PAGE, data=sent)
        assert answer.status_code == 303
        (found,) = enquiries(house)
        assert (found.matter, found.message, found.details) == (
            "accessibility",
            "Knappen läses inte upp.",
            {"page": "/chatt", "aid": "NVDA"},
        )
        assert found.due_at > NOW
        receipt = await browser.get(answer.headers["location"])
        assert found.reference in receipt.text
        with house.database.transaction(read_only=True) as session:
            assert len(list(session.scalars(select(Outbox)))) == 2  # to the function, and a receipt

    async def test_sent_twice_it_is_one(self, house: House) -> None:
        browser = house.browser()
        sent = form_of(await browser.get(PAGE), PAGE) | WRITTEN
        for _ in range(2):
            assert (await browser.client.post(PAGE, data=sent)).status_code == 303
        assert len(enquiries(house)) == 1

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"message": ""}, "f-message"),
            ({"contact": ""}, "f-contact"),
            ({"contact": "inte en adress"}, "f-contact"),
            ({"message": "x" * 1001}, "f-message"),
        ],
    )
    async def test_what_is_wrong_is_said_and_everything_typed_stays(
        self, house: House, changed: dict[str, str], said: str
    ) -> None:
        browser = house.browser()
        page = await browser.client.post(PAGE, data=WRITTEN | {"aid": "Zoomtext"} | changed)
        assert page.status_code == 422
        assert f'href="#{said}"' in page.text
        assert form_of(page, PAGE)["aid"] == "Zoomtext"
        assert "<title>Fel: " in page.text
        assert enquiries(house) == []

    async def test_an_identity_number_is_masked(self, house: House) -> None:
        await house.browser().client.post(PAGE, data=WRITTEN | {"message": "Jag är 811228-9874 och ser inte knappen."})
        assert "811228" not in enquiries(house)[0].message

    async def test_a_form_on_another_site_is_refused(self, house: House) -> None:
        browser = house.browser(**{"Sec-Fetch-Site": "cross-site"})
        assert (await browser.client.post(PAGE, data=WRITTEN)).status_code == 403


class TestKeeping:
    async def test_staff_change_the_statement_and_take_it_back(self, house: House, staff: Browser) -> None:
        answer = await send(staff, KEEP, compliance="fully", assessed_on="2026-11-23", example="")
        assert answer.status_code == 303
        page = (await house.browser().get(PAGE)).text
        assert "helt förenlig" in page
        assert "23 november 2026" in page
        done = await staff.get(answer.headers["location"])
        assert "Ångra" in done.text

    async def test_two_at_once_see_each_others_changes(self, staff: Browser, colleague: Browser) -> None:
        first = await staff.get(KEEP)
        await send(colleague, KEEP, method="Granskad av någon utomstående.")
        answer = await send_again(staff, KEEP, first, method="Egen kontroll igen.")
        assert answer.status_code == 409
        assert "Granskad av någon utomstående." in answer.text

    async def test_a_gap_is_written_shown_changed_and_removed(self, house: House, staff: Browser) -> None:
        values = {"title": "Filmer utan text", "about": "Två filmer.", "why": "Gamla.", "instead": "Ring oss."}
        answer = await send(staff, f"{KEEP}/brister/ny", reason="burden", **values)
        assert answer.status_code == 303
        page = (await house.browser().get(PAGE)).text
        assert "oskäligt betungande att anpassa" in page
        assert "Filmer utan text" in page
        with house.database.transaction(read_only=True) as session:
            number = session.scalars(select(AccessibilityGap.id).where(AccessibilityGap.title == values["title"])).one()
        await send(staff, f"{KEEP}/brister/{number}", fixed_by="våren 2027")
        assert "våren 2027" in (await house.browser().get(PAGE)).text
        answer = await staff.post(f"{KEEP}/brister/{number}/ta-bort")
        assert answer.status_code == 303
        assert "Filmer utan text" not in (await house.browser().get(PAGE)).text

    async def test_what_is_missing_is_said(self, staff: Browser) -> None:
        answer = await send(staff, f"{KEEP}/brister/ny", title="")
        assert answer.status_code == 422
        assert 'href="#f-title"' in answer.text

    async def test_the_history_can_be_read(self, staff: Browser) -> None:
        await send(staff, KEEP, compliance="not")
        assert "Inte förenlig med lagen" in (await staff.get("/personal/historik/accessibility_statement/1")).text


def test_a_statement_is_a_chore_a_year_later(house: House) -> None:
    with house.database.transaction(read_only=True) as session:
        assert [chore.count for chore in waiting(session, NOW)] == [0]
        assert [chore.count for chore in waiting(session, NOW + timedelta(days=370))] == [1]


def test_seeding_again_leaves_what_staff_have_written(house: House) -> None:
    with house.database.transaction() as session:
        row = session.scalars(select(AccessibilityStatement)).one()
        row.assessed_on = date(2027, 1, 1)
        session.execute(delete(AccessibilityGap))
        seed(session, NOW)
        assert (row.assessed_on, list(session.scalars(select(AccessibilityGap)))) == (date(2027, 1, 1), [])
