"""Asking JobSearch over real HTTP: what is remembered, what counts as a failure, and that nothing waits too long."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from api.guidance.vacancies.jobsearch import JobSearch
from api.guidance.vacancies.memory import Recent
from api.guidance.vacancies.wanted import VacanciesUnavailable, Wanted
from tests.api.guidance.jobsearch_server import JobSearchServer, answer, hit, jobsearch_server

WELDERS = Wanted(names=("wf1E_nWA_EJp", "CsB1_HC2_EbL"), municipalities=("yGue_F32_wev",))
REGION = Wanted(names=("wf1E_nWA_EJp",), regions=("EVVp_h6U_GSZ",))
SHORT = 0.2
"""Seconds, where the time runs out."""
LONG = 30.0
"""Seconds, where it must not."""


@dataclass
class Seconds:
    passed: float = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def server() -> Iterator[JobSearchServer]:
    with jobsearch_server() as started:
        yield started


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def connect(server: JobSearchServer, clock: Seconds) -> Iterator[Callable[..., JobSearch]]:
    opened: list[JobSearch] = []

    def connect(address: str = "", seconds: float = LONG) -> JobSearch:
        opened.append(JobSearch(address or server.address, seconds, clock=clock))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def test_a_search_asks_for_ids_place_the_newest_and_few(connect, server):
    (found,) = connect().look(WELDERS)
    assert [vacancy.place for vacancy in found.vacancies] == ["Arvika"]
    assert server.paths == ["/search"]
    assert server.asked == [
        {
            "occupation-name": ["wf1E_nWA_EJp", "CsB1_HC2_EbL"],
            "municipality": ["yGue_F32_wev"],
            "sort": ["pubdate-desc"],
            "limit": ["5"],
        }
    ]


def test_groups_fields_words_and_regions_have_their_parameters(connect, server):
    connect(f"{server.address}/").look(Wanted(groups=("g",), fields=("f",), words="å & ä", regions=("r",)))
    asked = server.asked[0]
    assert (asked["occupation-group"], asked["occupation-field"]) == (["g"], ["f"])
    assert (asked["q"], asked["region"]) == (["å & ä"], ["r"])
    assert server.paths == ["/search"]


def test_the_next_search_is_made_only_when_the_first_found_nothing(connect, server):
    jobs = connect()
    assert len(jobs.look(WELDERS, REGION)) == 1
    server.respond = lambda asked: answer(hit()) if "region" in asked else answer()
    near, wide = jobs.look(Wanted(words="x"), REGION)
    assert (near.total, wide.total) == (0, 1)


def test_what_was_found_is_kept_for_a_quarter_of_an_hour(connect, server, clock):
    jobs = connect()
    jobs.look(WELDERS)
    clock.passed = 15 * 60 - 1
    jobs.look(WELDERS)
    assert len(server.asked) == 1
    clock.passed = 15 * 60
    jobs.look(WELDERS)
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_failing_service_is_left_alone_for_half_a_minute_whatever_is_asked(connect, server, clock, status):
    jobs = connect()
    server.status = status
    with pytest.raises(VacanciesUnavailable):
        jobs.look(WELDERS, REGION)
    server.status = 200
    with pytest.raises(VacanciesUnavailable):
        jobs.look(REGION)
    assert len(server.asked) == 1
    clock.passed = 30
    assert jobs.look(REGION)[0].total == 1


def test_what_is_remembered_is_given_while_the_service_fails(connect, server):
    jobs = connect()
    jobs.look(WELDERS)
    server.status = 500
    with pytest.raises(VacanciesUnavailable):
        jobs.look(REGION)
    assert jobs.look(WELDERS)[0].total == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>Underh\xc3\xa5ll</html>",
        b"\xff\xfe\x00",
        b"[]",
        b'{"hits": "x"}',
        b"[" * 200_000,
        b'{"total": {"value": ' + b"9" * 10_000 + b'}, "hits": []}',
        b'{"hits": [' + b" " * 1_100_000 + b"]}",
        gzip.compress(json.dumps(answer(hit())).encode()),
    ],
    ids=["nothing", "html", "no text", "list", "shape", "deep", "endless number", "huge", "packed"],
)
def test_an_answer_that_cannot_be_read_is_a_failure_of_that_search_alone(connect, server, clock, raw):
    jobs = connect()
    server.raw = raw
    with pytest.raises(VacanciesUnavailable):
        jobs.look(WELDERS)
    server.raw = None
    with pytest.raises(VacanciesUnavailable):
        jobs.look(WELDERS)
    assert jobs.look(REGION)[0].total == 1
    clock.passed = 30
    assert jobs.look(WELDERS)[0].total == 1


@pytest.mark.parametrize("status", [204, 301, 302, 400, 403, 404])
def test_every_other_status_is_a_failure_and_nobody_is_sent_elsewhere(connect, server, status):
    server.status, server.headers = status, {"Location": f"{server.address}/elsewhere"}
    with pytest.raises(VacanciesUnavailable):
        connect().look(WELDERS)
    assert server.paths == ["/search"]


@pytest.mark.parametrize("way", ["hang", "drip"])
def test_a_slow_service_is_given_up_and_then_left_alone(connect, server, way):
    setattr(server, way, True)
    jobs = connect(seconds=SHORT)
    with pytest.raises(VacanciesUnavailable):
        jobs.look(WELDERS, REGION)
    with pytest.raises(VacanciesUnavailable):
        jobs.look(REGION)
    assert len(server.asked) <= 1  # on a machine under load not even the first one gets there


def test_a_second_search_that_fails_leaves_the_result_of_the_first(connect, server):
    server.respond = lambda asked: "no answer" if "region" in asked else answer()
    (only,) = connect().look(WELDERS, REGION)
    assert only.total == 0


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://no-such-host.invalid", "http://[::1]:1"])
def test_nobody_there_is_a_failure(connect, address):
    with pytest.raises(VacanciesUnavailable):
        connect(address).look(WELDERS)


def test_those_who_ask_the_same_at_the_same_time_share_one_question(connect, server):
    go_on = threading.Event()

    def respond(_):
        go_on.wait(LONG)
        return answer(hit())

    server.respond = respond
    jobs = connect()
    with ThreadPoolExecutor(8) as people:
        asking = [people.submit(jobs.look, WELDERS) for _ in range(8)]
        while not server.asked:
            pass
        go_on.set()
        assert {task.result()[0].total for task in asking} == {1}
    assert len(server.asked) == 1


def test_closing_ends_a_question_under_way_and_may_be_repeated(connect, server):
    server.hang = True
    jobs = connect()
    with ThreadPoolExecutor(1) as people:
        asking = people.submit(jobs.look, WELDERS)
        while not server.asked:
            pass
        jobs.close()
        jobs.close()
        with pytest.raises(VacanciesUnavailable):
            asking.result()


def test_the_reason_in_the_log_holds_nothing_of_the_answer(connect, server, caplog):
    server.raw = b"Kim 0701740635"
    with pytest.raises(VacanciesUnavailable):
        connect().look(WELDERS)
    assert "no vacancies" in caplog.text
    assert "Kim" not in caplog.text + str([vars(record) for record in caplog.records])


def test_the_oldest_are_forgotten_when_there_are_too_many(clock):
    kept: Recent[int, str] = Recent(60, 3, clock)
    for number in (1, 2, 3, 1, 4):
        kept.put(number, "x")
    assert [kept.get(number) for number in (1, 2, 3, 4)] == ["x", None, "x", "x"]
    assert len(kept) == 3
