"""What people read about vacant jobs, with the real seed data and a JobSearch server of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.catalogue.tables import Region
from api.chat.topics import handle
from api.database import Database
from api.guidance.tables import Occupation
from api.guidance.turn import Handled, Turn
from api.guidance.vacancies.jobsearch import JobSearch
from api.guidance.vacancies.platsbanken import search_url
from api.guidance.vacancies.wanted import Wanted
from api.main import create_app
from api.replies import Query, Reply
from api.settings import EXAMPLE_SECRET, Settings
from tests.api.guidance.jobsearch_server import JobSearchServer, answer, hit, jobsearch_server

PLATSBANKEN = "https://arbetsformedlingen.se/platsbanken/annonser"
VARMLAND = "EVVp_h6U_GSZ"
ARVIKA = "yGue_F32_wev"


@pytest.fixture
def server() -> Iterator[JobSearchServer]:
    with jobsearch_server() as started:
        yield started


@pytest.fixture
def session(seeded: Database) -> Iterator[Session]:
    with seeded.transaction() as session:
        yield session


@pytest.fixture
def ask(session: Session, now: datetime, server: JobSearchServer):
    jobs = JobSearch(server.address, 30)

    def ask(*, easy: bool = False, context: dict[str, str] | None = None, off: bool = False, **said: str) -> Handled:
        return handle(
            Turn(
                session,
                now,
                "https://vagledaren.example.org",
                "job_vacancies",
                Query(**said),
                Query(**(context or {})),
                easy=easy,
                vacancies=None if off else jobs,
            )
        )

    yield ask
    jobs.close()


def only(handled: Handled) -> Reply:
    (reply,) = handled.replies
    assert not re.search(r"[{}]|\bNone\b|  |\.\.|\s[.,]|<|>", reply.text), reply.text
    assert {choice.topic for choice in reply.choices} == {"course_search", "job_outlook", "book_meeting"}
    links = re.findall(r"\S+://\S+", reply.text)
    assert links == [reply.data["url"]]
    assert links[0].startswith(PLATSBANKEN)
    assert reply.text.splitlines()[-1] == links[0]
    return reply


def linked(reply: Reply) -> dict[str, list[str]]:
    return parse_qs(urlsplit(reply.data["url"]).query, separator="&")


def test_the_text_says_everything_about_each_advertisement_and_how_many_there_are(ask, server):
    server.respond = lambda _: answer(
        hit(1), hit(2, headline="Rörsvetsare.", employer={}, workplace_address=None, application_deadline=None), total=7
    )
    reply = only(ask(occupation="svetsare", place="Arvika"))
    lead, first, second, more, link = reply.text.splitlines()
    assert lead == "Just nu finns 7 lediga jobb som svetsare i Arvika. Det här är de 2 nyaste:"
    assert first == ("Svetsare till påhittad verkstad 1. Exempelverkstaden AB, Arvika. Sök senast 12 december 2026.")
    assert second == "Rörsvetsare."
    assert "Platsbanken" in more
    assert reply.kind == "vacancies"
    assert (reply.data["lead"], reply.data["total"], reply.data["url"]) == (lead, 7, link)
    assert reply.data["items"] == [
        {
            "id": "20000001",
            "title": "Svetsare till påhittad verkstad 1",
            "employer": "Exempelverkstaden AB",
            "place": "Arvika",
            "deadline": "2026-12-12",
            "published": "2026-11-20",
            "url": f"{PLATSBANKEN}/20000001",
        },
        {
            "id": "20000002",
            "title": "Rörsvetsare",
            "employer": None,
            "place": None,
            "deadline": None,
            "published": "2026-11-20",
            "url": f"{PLATSBANKEN}/20000002",
        },
    ]


def test_the_source_is_platsbanken_today(ask, now):
    source = only(ask(occupation="svetsare")).source
    assert source.title.startswith("Platsbanken")
    assert source.url.startswith(PLATSBANKEN)
    assert source.checked_on == now.date()


@pytest.mark.parametrize(
    ("hits", "begins"),
    [
        (1, "Just nu finns ett ledigt jobb inom industri och teknik i Värmland:\n"),
        (2, "Just nu finns 2 lediga jobb inom industri och teknik i Värmland:\n"),
    ],
)
def test_when_nothing_is_known_all_of_industry_in_the_region_is_searched(ask, server, hits, begins):
    server.respond = lambda _: answer(*map(hit, range(hits)))
    assert only(ask()).text.startswith(begins)
    assert len(server.asked[0]["occupation-field"]) == 3
    assert server.asked[0]["region"] == [VARMLAND]


def test_an_occupation_is_looked_for_by_its_names_in_the_municipality(ask, server):
    reply = only(ask(occupation="svetsare", place="Arvika"))
    assert server.asked[0]["occupation-name"] == ["wf1E_nWA_EJp", "CsB1_HC2_EbL", "fcGC_Px4_Ygm"]
    assert server.asked[0]["municipality"] == [ARVIKA]
    assert "region" not in server.asked[0]
    assert linked(reply)["l"] == [f"3:{ARVIKA}"]


@pytest.mark.parametrize(
    ("group", "asked", "link"),
    [
        ("Kxm9_N3V_shF", {"occupation-group": ["Kxm9_N3V_shF"]}, {"p": ["5:Kxm9_N3V_shF"]}),
        (None, {"q": ["Montör"]}, {"q": ["Montör"]}),
    ],
)
def test_an_occupation_without_names_is_looked_for_by_its_group_or_its_title(ask, server, session, group, asked, link):
    occupation = session.scalars(select(Occupation).where(Occupation.slug == "montor")).one()
    occupation.concept_ids, occupation.group_concept_id = [], group
    session.flush()
    reply = only(ask(occupation="montor"))
    assert server.asked[0] == asked | {"region": [VARMLAND], "sort": ["pubdate-desc"], "limit": ["5"]}
    assert linked(reply) == link | {"l": [f"2:{VARMLAND}"]}


def test_nothing_near_is_said_and_the_region_is_searched_once(ask, server):
    server.respond = lambda asked: answer(hit()) if "region" in asked else answer()
    reply = only(ask(occupation="svetsare", place="Eda"))
    assert reply.text.startswith(
        "I Eda hittar jag inget ledigt jobb som svetsare just nu. Jag har letat i hela Värmland i stället.\n"
        "Just nu finns ett ledigt jobb som svetsare i Värmland:\n"
    )
    assert reply.data["lead"] in reply.text
    assert len(server.asked) == 2
    assert linked(reply)["l"] == [f"2:{VARMLAND}"]


def test_nothing_anywhere_is_said_with_the_link_of_the_region(ask, server):
    server.respond = lambda _: answer()
    reply = only(ask(occupation="svetsare", place="Eda"))
    assert reply.text.startswith("Just nu hittar jag inget ledigt jobb som svetsare i Värmland.")
    assert (reply.kind, reply.source, len(server.asked)) == ("text", None, 2)
    assert linked(reply)["l"] == [f"2:{VARMLAND}"]


def test_when_only_the_place_could_be_searched_no_more_is_claimed(ask, server):
    server.respond = lambda asked: "no answer" if "region" in asked else answer()
    reply = only(ask(occupation="svetsare", place="Eda"))
    assert "I Eda hittar jag inget ledigt jobb som svetsare just nu, och" in reply.text
    assert linked(reply)["l"] == [f"2:{VARMLAND}"]


@pytest.mark.parametrize("easy", [False, True])
@pytest.mark.parametrize("said", [{}, {"occupation": "cnc-operator"}, {"occupation": "svetsare", "place": "Arvika"}])
def test_a_failing_service_is_said_plainly_with_the_way_to_platsbanken(ask, server, said, easy):
    server.status = 503
    reply = only(ask(easy=easy, **said))
    assert reply.text.startswith("Jag kan inte hämta annonserna just nu.")
    assert (reply.kind, reply.source) == ("text", None)


def test_what_has_closed_is_not_shown(ask, server):
    late = "2026-11-22T23:59:59"
    server.respond = lambda _: answer(hit(1, application_deadline=late), hit(2), total=2)
    reply = only(ask(occupation="svetsare"))
    assert reply.data["total"] == 1
    assert reply.text.startswith("Just nu finns ett ledigt jobb")
    server.respond = lambda _: answer(hit(1, application_deadline=late))
    assert only(ask(occupation="montor")).kind == "text"


@pytest.mark.parametrize("off", [True, False])
def test_switched_off_or_without_a_region_the_stored_answer_leads_to_platsbanken(ask, server, session, off):
    if not off:
        session.execute(delete(Region))
    reply = only(ask(occupation="svetsare", off=off))
    assert "Platsbanken" in reply.text
    assert "som svetsare" in reply.text
    assert server.asked == []


def test_the_talk_goes_on_about_occupation_and_place(ask):
    handled = ask(context={"occupation": "svetsare", "place": "Arvika"})
    assert (handled.query.occupation, handled.query.place) == ("svetsare", "Arvika")
    assert "som svetsare i Arvika" in only(handled).text


def test_what_is_none_of_ours_is_left_out(ask):
    handled = ask(occupation="astronaut", place="Malmö")
    assert "inom industri och teknik i Värmland" in only(handled).text
    assert handled.query.occupation is None


@pytest.mark.parametrize("case", ["found", "near", "none", "failing"])
def test_easy_swedish_has_short_sentences(ask, server, case):
    full = {"found": True, "near": False, "none": False, "failing": True}[case]
    server.respond = lambda asked: (
        answer(*map(hit, range(5)), total=9) if full or (case == "near" and "region" in asked) else answer()
    )
    server.status = 500 if case == "failing" else 200
    reply = only(ask(easy=True, occupation="svetsare", place="Kil"))
    ours = reply.data.get("lead", reply.text.rpartition("\n")[0])
    sentences = [part for line in ours.splitlines() for part in re.split(r"(?<=[.:])\s", line)]
    assert max(len(sentence.split()) for sentence in sentences) <= 12


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "x" * 10_000,
        "\x00\x1b[2J\u202e",
        "Sök på https://elak.example/ nu",
        "{0} {x}",
        ". , ;",
    ],
)
def test_nothing_nasty_reaches_the_text(ask, server, nasty):
    server.respond = lambda _: answer(
        hit(headline=nasty, employer={"name": nasty}, workplace_address={"municipality": nasty}, webpage_url=nasty)
    )
    reply = only(ask(occupation="svetsare"))
    assert "elak" not in reply.text
    assert len(reply.text) < 600
    assert all(item["url"].startswith(PLATSBANKEN) for item in reply.data["items"])


@pytest.mark.parametrize(
    ("wanted", "title", "address"),
    [
        (Wanted(fields=("a", "b"), regions=("r",)), "", f"{PLATSBANKEN}?p=4:a;4:b&l=2:r"),
        (Wanted(groups=("g",), municipalities=("m",)), "Svetsare", f"{PLATSBANKEN}?p=5:g&l=3:m"),
        (Wanted(names=("n",), regions=("r",)), "Montör å", f"{PLATSBANKEN}?q=Mont%C3%B6r+%C3%A5&l=2:r"),
        (Wanted(words="a&b=c#d"), "", f"{PLATSBANKEN}?q=a%26b%3Dc%23d"),
        (Wanted(), "", PLATSBANKEN),
    ],
)
def test_the_address_of_the_same_search_at_platsbanken(wanted, title, address):
    assert search_url(wanted, title) == address


@pytest.mark.parametrize("on", [True, False])
async def test_the_action_server_gets_vacancies_over_http_as_the_settings_say(
    seeded_both: Database, server: JobSearchServer, on: bool
):
    app = create_app(Settings(jobsearch_url=server.address if on else ""), database=seeded_both)
    server.respond = lambda _: answer(hit(application_deadline=None))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
    ):
        response = await client.post(
            "/internal/v1/answers",
            json={"topic": "job_vacancies", "said": {"occupation": "svetsare"}},
            headers={"Authorization": f"Bearer {EXAMPLE_SECRET}"},
        )
    (answered,) = response.json()["answers"]
    (message,) = answered["messages"]
    assert message["kind"] == ("vacancies" if on else "text")
    assert bool(server.asked) is on


def settings_error(**values: Any) -> str:
    with pytest.raises(ValueError) as error:
        Settings(**values)
    return str(error.value)


def test_the_limit_of_time_stays_below_the_bots_and_the_address_is_one():
    assert "jobsearch_timeout_seconds" in settings_error(jobsearch_timeout_seconds=3)
    assert "jobsearch_timeout_seconds" in settings_error(jobsearch_timeout_seconds=0)
    assert "jobsearch_url" in settings_error(jobsearch_url="somewhere")
