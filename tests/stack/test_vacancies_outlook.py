"""Vacancies from a service that stands where JobSearch does, and forecasts with and without an imported file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.api.guidance.jobsearch_server import JobSearchServer, answer, hit
from tests.bot.material import ROOT, load
from tests.stack.running import Running
from tests.stack.talk import Message, Talk

pytestmark = pytest.mark.model

SENTENCES: dict[str, str] = load(ROOT / "api/guidance/vacancies/texts.yml")
SAMPLE = ROOT / "tests/api/guidance/yrkesbarometer_sample.json"
PLATSBANKEN = "arbetsformedlingen.se"


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


@pytest.fixture
def jobsearch(real: Running) -> Iterator[JobSearchServer]:
    """The service; how it answers otherwise comes back afterwards.

    What was fetched is kept for a while, so every test asks for another occupation.
    """
    service = real.jobsearch
    before = service.respond
    service.asked.clear()
    yield service
    service.respond = before


@pytest.fixture(params=["says nothing", "is broken", "sends nonsense"])
def unusable(real: Running, jobsearch: JobSearchServer, request: pytest.FixtureRequest) -> Iterator[None]:
    """The service fails. Afterwards api is started anew, since it asks no failing service again for half a minute."""
    if request.param == "says nothing":
        jobsearch.hang = True
    elif request.param == "is broken":
        jobsearch.status = 503
    else:
        jobsearch.raw = b"<html>"
    yield
    jobsearch.hang, jobsearch.status, jobsearch.raw = False, 200, None
    real.stack.kill("api")
    real.stack.start("api")
    real.stack.wait_ready("api")


def link(message: Message) -> str:
    """The address of Platsbanken's own search in a message."""
    address = str(message["data"]["url"])
    assert urlsplit(address).hostname == PLATSBANKEN
    assert address in message["text"]
    return address


def test_the_newest_advertisements_are_shown_kept_for_a_while_and_looked_for_near_first(
    talk: Talk, jobsearch: JobSearchServer
) -> None:
    ads = [
        hit(number, headline=f"Påhittad tjänst {number}", application_deadline="2099-12-12T23:59:59")
        for number in (1, 2)
    ]
    jobsearch.respond = lambda _: answer(*ads, total=7)
    (message,) = talk.say("vilka lediga jobb finns det som svetsare i Arvika?")
    assert (message["topic"], message["kind"]) == ("job_vacancies", "vacancies")
    assert [item["title"] for item in talk.items("vacancies")] == ["Påhittad tjänst 1", "Påhittad tjänst 2"]
    assert all(urlsplit(item["url"]).hostname == PLATSBANKEN for item in talk.items("vacancies"))
    assert message["data"]["total"] == 7
    for part in ("Påhittad tjänst 1. Exempelverkstaden AB, Arvika", "12 december 2099", "7", link(message)):
        assert part in message["text"]
    assert message["source"]["url"] == link(message)
    (asked,) = jobsearch.asked
    assert asked["municipality"]
    assert asked.keys() & {"occupation-name", "occupation-group"}
    assert asked["sort"] == ["pubdate-desc"]
    talk.say("vad kostar det?")
    talk.say("finns det lediga svetsarjobb i Arvika?")
    assert len(jobsearch.asked) == 1, "fetched once"
    talk.choose("Utbildning till svetsare")
    assert talk.topics == ["course_search"]


def test_where_there_is_none_near_the_whole_region_is_searched_and_that_is_said(
    talk: Talk, jobsearch: JobSearchServer
) -> None:
    jobsearch.respond = lambda asked: answer() if "municipality" in asked else answer(hit(application_deadline=None))
    (message,) = talk.say("Finns det några lediga jobb som robotoperatör i Sunne?")
    assert message["kind"] == "vacancies"
    assert ["municipality" in asked for asked in jobsearch.asked] == [True, False]
    assert message["text"].startswith("I Sunne ")
    assert "Värmland" in message["text"]


def test_where_there_is_none_at_all_that_is_said_with_a_link(talk: Talk, jobsearch: JobSearchServer) -> None:
    jobsearch.respond = lambda _: answer()
    (message,) = talk.say("lediga tjänster som industrielektriker just nu?")
    assert message["kind"] == "text"
    assert link(message)
    assert talk.titles


def test_they_are_shown_in_easy_swedish_too(talk: Talk, jobsearch: JobSearchServer) -> None:
    talk.say("lätt svenska tack")
    (message,) = talk.say("finns det lediga jobb som CNC-operatör?")
    assert message["kind"] == "vacancies"
    assert SENTENCES["all_easy"] in message["text"]


@pytest.mark.usefixtures("unusable")
def test_a_service_that_cannot_be_used_is_said_plainly_with_a_link_to_the_same_search(talk: Talk) -> None:
    (message,) = talk.say("vilka lediga jobb finns det som montör i Kristinehamn?")
    assert (message["topic"], message["kind"]) == ("job_vacancies", "text")
    assert message["text"].startswith(SENTENCES["unavailable"].partition("{")[0])
    assert "montör" in message["text"]
    assert "Kristinehamn" in message["text"]
    assert link(message).startswith("https://")
    assert message["source"] is None, "nothing was fetched"
    assert "Boka möte" in talk.titles


@dataclass(frozen=True)
class Forecasts:
    """What was said about welders before anything was imported, and the file's rows."""

    before: Message
    rows: list[dict[str, str]]


@pytest.fixture(scope="module")
def forecasts(real: Running) -> Forecasts:
    """Arbetsförmedlingen's file, imported as staff do it."""
    (before,) = real.talk().say("Hur lätt är det att få jobb som svetsare framöver?")
    real.stack.manage("Importing the forecasts", "import-outlook", SAMPLE)
    return Forecasts(before, json.loads(SAMPLE.read_text("utf-8")))


def quotes(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("”") and line.endswith("”")]


def test_without_an_import_nothing_is_claimed(forecasts: Forecasts) -> None:
    assert forecasts.before["topic"] == "job_outlook"
    assert quotes(forecasts.before["text"]) == []
    assert forecasts.before["source"] is None
    assert "outlook" not in forecasts.before["data"]
    assert forecasts.before["choices"], "there is something to do instead"


def test_an_imported_forecast_is_quoted_word_for_word_with_period_region_and_source(
    forecasts: Forecasts, talk: Talk
) -> None:
    row = next(row for row in forecasts.rows if row["lan"] == "17" and row["ssyk"] == "7212")
    (message,) = talk.say("Hur lätt är det att få jobb som svetsare framöver?")
    assert quotes(message["text"]) == [
        f"”{row['text_jobbmojligheter']}”",
        f"”{row['text_rekryteringssituation']}”",
    ]
    assert row["omgang"] in message["text"]
    assert "Värmland" in message["text"]
    assert row["omgang"] in message["source"]["title"]
    assert message["source"]["url"].startswith("https://data.arbetsformedlingen.se/")
    assert message["source"]["checked_on"]


def test_an_occupation_without_a_forecast_of_the_region_gets_that_of_the_country(
    forecasts: Forecasts, talk: Talk
) -> None:
    (message,) = talk.say("Kommer det att behövas industrielektriker i framtiden?")
    assert message["data"]["outlook"]["region"] == "00"
    assert "hela Sverige" in message["text"]


def test_nothing_is_claimed_about_an_occupation_that_the_file_does_not_name(forecasts: Forecasts, talk: Talk) -> None:
    (message,) = talk.say("Kommer det att behövas CNC-operatörer i framtiden?")
    assert message["topic"] == "job_outlook"
    assert quotes(message["text"]) == []
    assert message["source"] is None
    talk.choose("Lediga jobb")
    assert talk.topics == ["job_vacancies"]


def test_the_words_around_a_quotation_are_easy_in_easy_swedish(forecasts: Forecasts, talk: Talk) -> None:
    talk.say("lätt svenska tack")
    (message,) = talk.say("Hur lätt är det att få jobb som svetsare framöver?")
    own = [line for line in message["text"].splitlines() if line not in quotes(message["text"])]
    assert len(quotes(message["text"])) == 2
    assert all(len(line.split()) <= 12 for line in own)
