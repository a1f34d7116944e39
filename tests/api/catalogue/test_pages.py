"""The public pages as a browser gets them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from pathlib import Path
from shutil import copy
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from api import front
from api.catalogue import pages
from api.catalogue.reach import Reach
from api.catalogue.search_form import Term, read_form
from api.catalogue.tables import Course, Municipality, Node, Occasion
from api.database import Database
from api.errors import add_error_handlers
from api.guidance.tables import Occupation
from api.pages import environment, html_error, telephone_address, wants_html, web_address
from api.settings import Settings

HTML = {"Accept": "text/html"}
PLACES = {"Arvika": (59.654, 12.581), "Karlstad": (59.388, 13.509), "Kil": (59.515, 13.290)}


class Catalogue:
    """Writes rows with sensible values for what a test does not care about."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database, self.now, self.count = database, now, 0

    def course(self, title: str = "Svetsare, grund", *, node: int = 1, occupation: int = 1, **values: Any) -> int:
        with self.database.transaction() as session:
            row = Course(title=title, node_id=node, occupation_id=occupation, **({"credits": 800} | values))
            session.add(row)
            session.flush()
            return row.id

    def occasion(self, course_id: int, **values: Any) -> None:
        self.count += 1
        defaults: dict[str, Any] = {
            "external_id": f"X-{self.count}", "start_date": date(2027, 1, 11), "end_date": date(2027, 10, 15),
            "apply_from": date(2026, 10, 5), "apply_to": date(2026, 12, 4), "status": "published", "example": True,
            "apply_url": "https://example.org/ansok", "updated_at": self.now,
        }  # fmt: skip
        with self.database.transaction() as session:
            session.add(Occasion(course_id=course_id, **(defaults | values)))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """A database file with places, occupations and nodes; each test works on a copy."""
    path = Path(copy(migrated_file, tmp_path_factory.mktemp("catalogue") / "filled.db"))
    database = Database(f"sqlite:///{path}")
    with database.transaction() as session:
        for number, (name, (lat, lon)) in enumerate(PLACES.items(), start=1):
            aliases = ["Molkom"] if name == "Karlstad" else []
            session.add(
                Municipality(
                    id=number, code=f"178{number}", name=name, concept_id="x", lat=lat, lon=lon, aliases=aliases
                )
            )
        session.add(
            Occupation(id=1, slug="svetsare", title="Svetsare", summary="Du fogar ihop metall.", aliases=["svetsning"])
        )
        session.add(Occupation(id=2, slug="cnc-operator", title="CNC-operatör", aliases=["cnc"]))
        session.flush()
        for number, town in enumerate(("Arvika", "Karlstad"), start=1):
            lat, lon = PLACES[town]
            session.add(
                Node(id=number, slug=town.lower(), town=town, name=f"Industrinoden i {town}", lat=lat, lon=lon,
                     municipality_id=number, phone=f"031-390 06 1{number}", opening_hours="Måndag 8–16.",
                     email=f"vagledning.{town.lower()}@example.org", example=True)
            )  # fmt: skip
    database.dispose()
    return path


@pytest.fixture
def catalogue(filled: Path, tmp_path: Path, now: datetime) -> Iterator[Catalogue]:
    database = Database(f"sqlite:///{copy(filled, tmp_path)}")
    yield Catalogue(database, now)
    database.dispose()


@pytest.fixture
async def browser(catalogue: Catalogue, now: datetime) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.database, app.state.clock = catalogue.database, lambda: now
    app.state.settings = Settings(public_url="https://vagledaren.example.org")
    app.state.reach = Reach(catalogue.database, app.state.clock)
    app.include_router(front.router)
    app.include_router(pages.router)
    add_error_handlers(app, html_error)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://elsewhere.test", headers=HTML
    ) as client:
        yield client


def titles(page: httpx.Response) -> list[str]:
    """Titles of the hits, in order."""
    return re.findall(r'<h3><a href="/utbildningar/\d+#tillfalle-\d+">([^<]+)<', page.text)


def heading(page: httpx.Response) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r'<h2 id="traffar"[^>]*>(.*?)</h2>', page.text)[1])


class TestEveryPage:
    @pytest.fixture
    async def texts(self, browser: httpx.AsyncClient, catalogue: Catalogue) -> list[str]:
        catalogue.occasion(catalogue.course())
        paths = ("/", "/utbildningar", "/utbildningar?q=finns+inte", "/utbildningar/1", "/utbildningar/99")
        return [(await browser.get(path)).text for path in paths]

    def test_is_swedish_with_landmarks_a_skip_link_and_one_top_heading(self, texts):
        for text in texts:
            assert '<html lang="sv">' in text
            assert text.count("<h1>") == text.count("<main ") == text.count("<footer ") == 1
            assert 'href="#innehall"' in text
            assert 'id="innehall"' in text

    def test_has_no_inline_style_or_script_and_asks_no_third_party(self, texts):
        for text in texts:
            assert not re.search(r"<style|\sstyle=|\son\w+=", text)
            assert set(re.findall(r"<script ([^>]*)>", re.sub(r' data-(?:start-\w+|contact)="[^"]*"', "", text))) <= {
                'src="/static/widget/loader.js" defer', 'type="application/ld+json"',
            }  # fmt: skip
            assert not re.search(r'<(?:link rel="(?:stylesheet|icon)"|img|script)[^>]*https?://', text)

    def test_has_a_way_to_a_person_and_says_what_example_data_is(self, texts):
        for text in texts:
            assert 'href="/#kontakt"' in text
            assert "Exempeldata" in text

    def test_ids_are_unique_and_every_form_control_has_a_label(self, texts):
        for text in texts:
            ids = Counter(re.findall(r'\sid="([^"]+)"', text))
            assert max(ids.values()) == 1
            controls = set(re.findall(r'<(?:input|select)[^>]*\sid="([^"]+)"', text))
            assert controls == set(re.findall(r'<label for="([^"]+)"', text))


class TestFront:
    async def test_shows_how_to_reach_every_node_from_the_database(self, browser):
        page = await browser.get("/")

        assert page.status_code == 200
        assert page.text.count('href="tel:+4631390061') == 2
        assert "mailto:vagledning.arvika@example.org" in page.text

    async def test_offers_the_search_and_two_buttons_that_open_the_chat(self, browser):
        page = await browser.get("/")

        assert '<a class="door" href="/utbildningar">' in page.text
        assert page.text.count("data-industri-chatt") == 2
        assert page.text.count('src="/static/widget/loader.js" defer') == 1
        assert "<noscript>" in page.text

    async def test_answers_head_for_link_checkers(self, browser):
        assert (await browser.head("/")).status_code == 200

    async def test_works_before_the_catalogue_has_been_filled(self, browser, catalogue):
        with catalogue.database.transaction() as session:
            for node in session.query(Node):
                session.delete(node)

        assert (await browser.get("/")).status_code == 200


class TestSearch:
    async def test_says_when_how_and_until_when_in_words(self, browser, catalogue):
        catalogue.occasion(catalogue.course(), pace=50, distance=True)

        text = (await browser.get("/utbildningar")).text

        for words in ("11 januari 2027", "15 oktober 2027", "Halvtid (50\u00a0%)", "På distans", "800 poäng",
                      "Öppen för ansökan.", "Sök senast 4 december 2026, 11 dagar kvar."):  # fmt: skip
            assert words in text

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"apply_to": date(2026, 11, 23)}, "23 november 2026, sista dagen är i dag."),
            ({"apply_to": date(2026, 11, 24)}, "24 november 2026, 1 dag kvar."),
            ({"apply_to": None}, "Fråga om sista dagen att söka."),
            ({"apply_from": date(2026, 12, 1)}, "Ansökan öppnar 1 december 2026."),
            ({"apply_to": date(2026, 11, 22)}, "Ansökan är stängd."),
            ({"status": "full"}, "Fullt."),
            ({"continuous": True, "apply_to": None}, "Löpande antagning."),
            ({"continuous": True, "apply_to": date(2026, 11, 1)}, "Du kan söka när du vill."),
            ({"continuous": True, "apply_from": date(2026, 12, 1)}, "Ansökan öppnar 1 december 2026."),
            ({"continuous": True, "start_date": None, "apply_to": None}, "Löpande under året"),
            ({"continuous": True, "start_date": date(2026, 1, 12)}, "Löpande under året"),
        ],
    )
    async def test_the_state_of_the_application_is_written_out(self, browser, catalogue, values, words):
        catalogue.occasion(catalogue.course(), **values)

        assert words in (await browser.get("/utbildningar")).text

    async def test_drafts_cancelled_and_started_occasions_are_not_found(self, browser, catalogue):
        course = catalogue.course()
        over = {"continuous": True, "start_date": date(2026, 1, 12), "end_date": date(2026, 11, 22)}
        for values in ({"status": "draft"}, {"status": "cancelled"}, {"start_date": date(2026, 11, 22)}, over):
            catalogue.occasion(course, **values)

        assert heading(await browser.get("/utbildningar")) == "Inga utbildningstillfällen"

    async def test_the_nearest_comes_first_with_its_distance(self, browser, catalogue):
        catalogue.occasion(catalogue.course("I Arvika", node=1))
        catalogue.occasion(catalogue.course("I Karlstad", node=2))

        page = await browser.get("/utbildningar", params={"ort": "Kil"})

        assert titles(page) == ["I Karlstad", "I Arvika"]
        assert "ungefär 19 km från Kil" in page.text

    async def test_a_village_counts_as_its_municipality(self, browser):
        page = await browser.get("/utbildningar", params={"ort": "Molkom"})

        assert '<option value="Karlstad" selected>' in page.text

    @pytest.mark.parametrize(
        ("parameters", "found"),
        [
            ({"yrke": "cnc-operator"}, ["CNC, fräs"]),
            ({"distans": "ja"}, ["CNC, fräs"]),
            ({"distans": "nej"}, ["Svetsare, grund", "Svetsare, rör"]),
            ({"takt": "50"}, ["CNC, fräs"]),
            ({"termin": "ht2027"}, ["Svetsare, rör"]),
            ({"fran": "2027-02-01"}, ["CNC, fräs", "Svetsare, rör"]),
            ({"termin": "vt2027", "fran": "2027-02-01"}, ["CNC, fräs"]),
            ({"oppen": "ja"}, ["Svetsare, grund"]),
        ],
    )
    async def test_each_filter_narrows(self, browser, catalogue, parameters, found):
        catalogue.occasion(catalogue.course())
        catalogue.occasion(
            catalogue.course("CNC, fräs", occupation=2), distance=True, pace=50, start_date=date(2027, 3, 1),
            apply_from=date(2026, 12, 1), apply_to=date(2027, 1, 31),
        )  # fmt: skip
        catalogue.occasion(catalogue.course("Svetsare, rör"), start_date=date(2027, 8, 16), status="full")

        assert titles(await browser.get("/utbildningar", params=parameters)) == found

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("svetsare", ["Grundkurs", "Svetsning av rör"]),
            ("Jag vill läsa svetsning i Arvika", ["Grundkurs", "Svetsning av rör"]),
            ("kurs i Karlstad", ["PLC och styrning", "Grundkurs", "Svetsning av rör"]),
            ("plc", ["PLC och styrning"]),
            ("STYRNING plc karlstad", ["PLC och styrning"]),
            ("rör och något annat", ["Svetsning av rör"]),
            ("bagare", []),
        ],
    )
    async def test_free_words_find_by_occupation_place_and_title(self, browser, catalogue, words, found):
        catalogue.occasion(catalogue.course("Grundkurs"))
        catalogue.occasion(catalogue.course("Svetsning av rör"))
        catalogue.occasion(catalogue.course("PLC och styrning", node=2, occupation=2))

        assert titles(await browser.get("/utbildningar", params={"q": words})) == found

    async def test_pages_of_twenty_are_real_links_that_keep_the_choices(self, browser, catalogue):
        course = catalogue.course()
        for _ in range(41):
            catalogue.occasion(course)

        second = await browser.get("/utbildningar", params={"yrke": "svetsare", "sida": "2"})

        assert heading(second) == "41 utbildningstillfällen, sida 2 av 3"
        assert len(titles(second)) == 20
        assert 'rel="prev" href="/utbildningar?yrke=svetsare#traffar"' in second.text
        assert 'rel="next" href="/utbildningar?yrke=svetsare&amp;sida=3#traffar"' in second.text
        assert 'href="https://vagledaren.example.org/utbildningar?yrke=svetsare&amp;sida=2"' in second.text

    async def test_a_page_beyond_the_last_shows_the_last(self, browser, catalogue):
        catalogue.occasion(catalogue.course())

        page = await browser.get("/utbildningar", params={"sida": "99"})

        assert heading(page) == "1 utbildningstillfälle"
        assert len(titles(page)) == 1

    async def test_an_empty_result_says_what_to_do_and_each_choice_can_be_taken_away(self, browser):
        page = await browser.get("/utbildningar", params={"yrke": "svetsare", "ort": "Kil", "takt": "25"})

        assert "Ta bort ett av dina val" in page.text
        assert 'class="chip" href="/utbildningar?yrke=svetsare&amp;ort=Kil#traffar"' in page.text
        assert 'class="chip" href="/utbildningar?ort=Kil&amp;takt=25#traffar"' in page.text

    @pytest.mark.parametrize(
        "query",
        ["takt=fort", "takt=0", "takt=99999999999999999999", "takt=%D9%A1", "termin=vt", "termin=vt1999",
         "fran=2027-02-30", "distans=kanske", "oppen=1", "yrke=finns-inte", "yrke=%00x", "yrke='--", "ort=Stockholm",
         "ort=%ff%00"],
    )  # fmt: skip
    async def test_a_value_that_cannot_be_read_is_left_out_and_the_page_says_so(self, browser, catalogue, query):
        catalogue.occasion(catalogue.course())

        page = await browser.get(f"/utbildningar?{query}")

        assert page.status_code == 200
        assert len(titles(page)) == 1
        assert "Något i länken gick inte att läsa" in page.text

    @pytest.mark.parametrize(
        "query", ["q=", "sida=0", "sida=-1", "sida=x", "okand=1", f"q={'x' * 5000}", "q=%00", "&&="]
    )
    async def test_odd_addresses_still_give_a_page(self, browser, query):
        assert (await browser.get(f"/utbildningar?{query}")).status_code == 200

    async def test_what_people_write_comes_back_as_text(self, browser):
        page = await browser.get("/utbildningar", params={"q": '"><script>alert(1)</script>'})

        assert "<script>alert" not in page.text
        assert "&lt;script&gt;" in page.text


class TestCourse:
    async def test_says_what_for_whom_how_long_and_who_to_ask(self, browser, catalogue):
        course = catalogue.course(description="Du lär dig svetsa.", eligibility="Inga krav.", language_level="sfi D")
        catalogue.occasion(course)

        text = (await browser.get(f"/utbildningar/{course}")).text

        for words in ("Du lär dig svetsa.", "Inga krav.", "Svenska: sfi D.", "ungefär 40 veckor på heltid",
                      "Du fogar ihop metall.", "031-390 06 11", "data-industri-chatt"):  # fmt: skip
            assert words in text
        assert f'<link rel="canonical" href="https://vagledaren.example.org/utbildningar/{course}">' in text

    async def test_one_can_apply_only_where_the_application_is_open(self, browser, catalogue):
        course = catalogue.course()
        catalogue.occasion(course, apply_url="https://example.org/oppen")
        for values in ({"status": "full"}, {"status": "cancelled"}, {"apply_to": date(2026, 11, 1)},
                       {"apply_from": date(2026, 12, 1)}):  # fmt: skip
            catalogue.occasion(course, apply_url="https://example.org/nej", **values)

        text = (await browser.get(f"/utbildningar/{course}")).text

        assert re.findall(r'data-address="([^"]+)"', text) == ["https://example.org/oppen"]
        assert "Inställd." in text

    async def test_an_address_that_is_not_of_the_web_never_becomes_a_link(self, browser, catalogue):
        course = catalogue.course()
        catalogue.occasion(course, apply_url="javascript:alert(1)")

        assert "javascript:" not in (await browser.get(f"/utbildningar/{course}")).text

    async def test_structured_data_cannot_end_its_script_element(self, browser, catalogue):
        evil = 'Svets </script><script>alert("å")</script> <!-- '
        course = catalogue.course(evil, description=evil)
        catalogue.occasion(course)

        text = (await browser.get(f"/utbildningar/{course}")).text

        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1]
        assert "<" not in data
        assert json.loads(data)["@graph"][0]["name"] == evil
        assert "<script>alert" not in text

    async def test_example_courses_ask_search_engines_to_stay_away(self, browser, catalogue):
        course = catalogue.course()
        catalogue.occasion(course)

        assert '<meta name="robots" content="noindex">' in (await browser.get(f"/utbildningar/{course}")).text

    async def test_a_course_without_coming_occasions_says_so_and_shows_others(self, browser, catalogue):
        course = catalogue.course()
        catalogue.occasion(course, start_date=date(2026, 1, 12))

        text = (await browser.get(f"/utbildningar/{course}")).text

        assert "Inga tillfällen just nu" in text
        assert 'href="/utbildningar?yrke=svetsare"' in text

    async def test_continuous_training_that_has_begun_can_be_applied_to_and_begun_at_any_time(self, browser, catalogue):
        course = catalogue.course()
        catalogue.occasion(course, continuous=True, start_date=date(2026, 1, 12), apply_to=None)

        text = (await browser.get(f"/utbildningar/{course}")).text

        assert "Du kan börja när som helst" in text
        assert "12 januari 2026" not in text
        assert 'data-address="https://example.org/ansok"' in text

    async def test_a_course_of_drafts_is_not_public(self, browser, catalogue):
        course = catalogue.course()
        catalogue.occasion(course, status="draft")

        assert (await browser.get(f"/utbildningar/{course}")).status_code == 404

    @pytest.mark.parametrize("course_id", ["99", "0", "-1", "abc", "9" * 40, "%D9%A1", "1.5", "%00"])
    async def test_an_unknown_course_is_a_swedish_page_that_leads_on(self, browser, course_id):
        page = await browser.get(f"/utbildningar/{course_id}")

        assert page.status_code == 404
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "<h1>Sidan finns inte</h1>" in page.text
        assert 'href="/utbildningar"' in page.text


def a_request(path: str, accept: str = "text/html,*/*;q=0.8") -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "query_string": b"",
                    "app": SimpleNamespace(state=SimpleNamespace(reach=SimpleNamespace(known="", address=str))),
                    "headers": [(b"accept", accept.encode()), (b"host", b"example.org")]})  # fmt: skip


@pytest.mark.parametrize(
    ("path", "accept", "page"),
    [
        ("/utbildningar/x", "text/html", True),
        ("/apig", "text/html", True),
        ("/utbildningar/x", "*/*", False),
        ("/utbildningar/x", "application/json", False),
        ("/api/v1/conversations", "text/html", False),
        ("/internal/v1/reply", "text/html", False),
    ],
)
def test_people_get_errors_as_pages_and_programs_as_problems(path, accept, page):
    assert wants_html(a_request(path, accept)) is page


@pytest.mark.parametrize(
    ("status", "title"), [(404, "Sidan finns inte"), (429, "Det blev för många försök"), (500, "Något gick fel")]
)
def test_an_error_page_keeps_its_status_and_is_not_stored(status, title):
    page = html_error(a_request("/x"), status, "Vänta <en> stund.")

    assert page.status_code == status
    assert page.headers["cache-control"] == "no-store"
    assert f"<h1>{title}</h1>" in page.body.decode()
    assert "Vänta &lt;en&gt; stund." in page.body.decode()


def test_template_names_are_unique_across_the_capabilities():
    folders = [Path(folder) for folder in environment().loader.searchpath]
    names = Counter(path.name for folder in folders for path in folder.glob("*.html"))

    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(
    ("number", "address"),
    [("031-390 06 11", "tel:+46313900611"), ("+46 31 390 06 11", "tel:+46313900611"), ("112", "tel:112")],
)
def test_telephone_numbers_become_international_addresses(number, address):
    assert telephone_address(number) == address


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//example.org", "", None])
def test_only_web_addresses_are_linked(address):
    assert web_address(address) == ""


@pytest.mark.parametrize(
    ("day", "code", "following"),
    [(date(2027, 6, 30), "vt2027", "ht2027"), (date(2027, 7, 1), "ht2027", "vt2028")],
)
def test_a_term_is_half_a_year(day, code, following):
    assert (Term.of(day).code, Term.of(day).next.code) == (code, following)


def test_a_search_is_written_back_to_the_address_it_was_read_from():
    query = {"q": "svets", "yrke": "svetsare", "ort": "Säffle", "termin": "vt2027", "fran": "2027-01-11", "takt": "50",
             "distans": "nej", "oppen": "ja", "sida": "3"}  # fmt: skip
    address = read_form(query).address("/utbildningar")

    assert dict(httpx.URL(address).params) == query
