"""The way in: the proxy with TLS before two apis. Any of them may go, and nobody notices more than a pause."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from sqlalchemy import inspect, text

from api.database import Database
from api.migrations.runner import migrate
from deploy.local.ports import free_ports
from tests.conftest import postgres_database
from tests.stack.cluster import Cluster
from tests.stack.proxy import Proxy, adapted, needs_caddy
from tests.stack.talk import CONVERSATIONS

pytestmark = needs_caddy

CONVERSATION_LIMIT = 5
LONG_AGO = "2026_11_23_chain_report"
"""A version of the tables from before the migrations that tie new tables to those that every talk writes to."""
PAGES = ("/", "/utbildningar", "/chatt", "/api/v1/courses", "/health")
PATIENCE = 60.0
AGAIN = {502, 503, 504}
"""What the proxy answers when nobody took the request, or whoever took it died: the widget sends it again then."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two apis and a worker over PostgreSQL. No bot: what is looked at here lies before it, and the api is honest."""
    database, tracker = postgres_database("iv_proxy"), postgres_database("iv_proxy_bot")
    database.dispose()
    tracker.dispose()
    cluster = Cluster(
        tmp_path_factory.mktemp("cluster"),
        database,
        tracker,
        IV_TRUSTED_PROXIES="127.0.0.1",
        IV_PUBLIC_URL="https://localhost",
        IV_RATE_LIMIT_ENABLED="true",
        IV_RATE_LIMIT_CONVERSATIONS=f"{CONVERSATION_LIMIT}/hour",
        IV_RATE_LIMIT_MESSAGES="100000/minute",
        IV_RATE_LIMIT_ADDRESS="100000/minute",
        IV_METRICS_TOKEN="nyckel-for-matvarden",
    )
    try:
        cluster.run("prepare")
        cluster.start("api-1", "api-2", "worker-1")
        cluster.wait_ready("api-1", "api-2")
        yield cluster
    finally:
        cluster.close()


@pytest.fixture(scope="module")
def proxy(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    addresses = [f"127.0.0.1:{cluster.ports[name]}" for name in ("api-1", "api-2")]
    seconds = {"READ_HEADER_SECONDS": "1", "READ_BODY_SECONDS": "2"}
    proxy = Proxy(tmp_path_factory.mktemp("proxy"), addresses, **seconds)
    try:
        proxy.wait_ready()
        yield proxy
    finally:
        proxy.close()


@pytest.fixture
def visitor(proxy: Proxy) -> Iterator[httpx.Client]:
    with proxy.client() as client:
        yield client


class TestTheDoor:
    def test_plain_http_is_sent_on_to_tls_and_stays_there(self, proxy: Proxy, visitor: httpx.Client) -> None:
        sent_on = httpx.get(f"http://localhost:{proxy.http_port}/chatt?x=1", trust_env=False)
        assert sent_on.status_code == 308
        assert sent_on.headers["location"].startswith("https://localhost")
        assert sent_on.headers["location"].endswith("/chatt?x=1")
        assert "max-age=" in visitor.get("/").headers["strict-transport-security"]

    def test_the_headers_of_the_api_come_through_and_the_software_does_not_name_itself(
        self, visitor: httpx.Client
    ) -> None:
        for path in ("/", "/utbildningar", "/static/site.css", "/finns-inte"):
            headers = visitor.get(path).headers
            assert "default-src 'none'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-request-id"]
            assert "server" not in headers

    @pytest.mark.parametrize(
        "path",
        ["/metrics", "/metrics/", "/internal", "/internal/v1/topics", "/INTERNAL/v1/topics", "//internal/v1/topics",
         "/%69nternal/v1/topics", "/x/../internal/v1/topics", "/internal%2Fv1/topics"],
    )  # fmt: skip
    def test_what_is_for_inside_is_not_there(self, proxy: Proxy, path: str) -> None:
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Authorization: Bearer nyckel-for-matvarden"]
        answer = say(proxy, "\r\n".join([*lines, "Connection: close", "", ""]).encode())
        assert b" 404 " in answer.splitlines()[0], answer[:200]

    def test_pages_are_compressed_and_files_come_as_they_are(self, visitor: httpx.Client, cluster: Cluster) -> None:
        for path in ("/utbildningar", "/api/v1/courses", "/static/site.css"):
            assert visitor.get(path, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
        for path in ("/api/v1/catalogue.xlsx", "/api/v1/catalogue.csv", "/static/widget/loader.js"):
            direct, through = httpx.get(cluster.doors[0] + path, trust_env=False), visitor.get(path)
            assert (through.status_code, through.content) == (200, direct.content)
            for header in ("content-type", "content-disposition"):
                assert through.headers.get(header) == direct.headers.get(header)

    def test_what_a_browser_has_already_is_not_sent_again(self, visitor: httpx.Client) -> None:
        tag = visitor.get("/api/v1/courses").headers["etag"]
        assert visitor.get("/api/v1/courses", headers={"If-None-Match": tag}).status_code == 304


class TestHostileVisitors:
    def test_too_much_is_refused(self, visitor: httpx.Client) -> None:
        assert visitor.post(CONVERSATIONS, content=b"x" * 2_000_000).status_code == 413
        unannounced = visitor.post(CONVERSATIONS, content=iter([b"x" * 100_000] * 20))
        assert unannounced.status_code in {413, 502}, "the api may close the door before all has come"

    def test_the_proxy_itself_lets_through_little_but_files(self) -> None:
        found = adapted()
        limits = {match["max_size"] for match in every(json.loads(found), "max_size")}
        assert limits == {210_000_000, 1_000_000}

    def test_a_head_that_does_not_come_to_its_end_is_cut(self, proxy: Proxy) -> None:
        allowed = {match["read_header_timeout"] / 1e9 for match in every(json.loads(adapted()), "read_header_timeout")}
        assert allowed == {10.0}
        answer = say(proxy, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert b" 200 " not in answer

    def test_a_body_that_does_not_come_to_its_end_is_cut(self, proxy: Proxy) -> None:
        lines = [f"POST {CONVERSATIONS} HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        answer = say(proxy, "\r\n".join([*lines, "Content-Length: 1000", "", "{"]).encode())
        assert b"conversation_id" not in answer

    def test_each_visitor_has_a_rate_of_their_own_whoever_they_say_they_are(self, proxy: Proxy) -> None:
        """Two apis count apart, so one who goes on and on is stopped after twice the rate at the latest."""
        with proxy.client("127.0.0.91") as greedy, proxy.client("127.0.0.92") as other:
            answers = [greedy.post(CONVERSATIONS, headers=disguise(number)).status_code for number in range(12)]
            assert answers[:CONVERSATION_LIMIT] == [201] * CONVERSATION_LIMIT
            assert answers[-1] == 429
            assert other.post(CONVERSATIONS).status_code == 201

    def test_nobody_but_the_proxy_is_believed(self, cluster: Cluster) -> None:
        transport = httpx.HTTPTransport(local_address="127.0.0.93")
        with httpx.Client(base_url=cluster.doors[0], transport=transport) as stranger:
            answers = [stranger.post(CONVERSATIONS, headers=disguise(number)).status_code for number in range(6)]
        assert answers == [201] * CONVERSATION_LIMIT + [429]


class TestGrowth:
    def test_apis_that_die_or_make_room_for_new_ones_are_missed_by_nobody(self, cluster: Cluster, proxy: Proxy) -> None:
        def one_after_the_other() -> None:
            for name, end in (("api-1", cluster.kill), ("api-2", cluster.stop)):
                seen = proxy.has_seen_up(cluster.ports[name])
                end(name)
                cluster.start(name)
                cluster.wait_ready(name)
                wait_until(lambda name=name, seen=seen: proxy.has_seen_up(cluster.ports[name]) > seen)

        assert under_load(proxy, one_after_the_other)["not taken"] < 20

    def test_tables_are_brought_up_to_date_while_people_use_them(self, cluster: Cluster, proxy: Proxy) -> None:
        """From an older version of the tables, with rows in them, to the newest, while apis of then go on."""
        database = Database(cluster.setting("IV_DATABASE_URL"))
        try:
            go_back(database, LONG_AGO)
            with as_code_of_then(database, LONG_AGO):
                found = under_load(proxy, lambda: cluster.run("prepare", PGOPTIONS="-csearch_path=public"))
            assert found["not taken"] == 0
            with database.transaction(read_only=True) as session:
                tables = session.execute(text("SELECT to_regclass('event_signup')")).scalar_one()
            assert tables == "event_signup"
        finally:
            database.dispose()
        for name in ("api-1", "api-2", "worker-1"):
            assert cluster.runs(name)

    def test_the_proxy_lets_an_idle_connection_go_before_the_api_does(self) -> None:
        idle = {match["idle_timeout"] / 1e9 for match in every(json.loads(adapted()), "idle_timeout")}
        assert len(idle) == 2, "of the proxy to the api, and of people to the proxy"
        assert min(idle) < uvicorn.Config("api", log_config=None).timeout_keep_alive

    def test_when_no_api_answers_people_read_a_sentence(self, tmp_path: Path) -> None:
        nobody = Proxy(tmp_path, [f"127.0.0.1:{port}" for port in free_ports(2)])
        try:
            nobody.wait_ready(serves=False)
            with nobody.client() as visitor:
                answer = visitor.get("/utbildningar")
                visitor.post("/mote/en-hemlig-lank/avboka")
        finally:
            nobody.close()
        assert "hemlig" not in (tmp_path / "proxy.log").read_text("utf-8")
        assert answer.status_code in AGAIN
        assert "Sidan går inte att visa just nu" in answer.text
        assert "server" not in answer.headers


BEFORE = "before"
"""The schema with the tables as code of then knows them."""
Column = tuple[str, str]
"""Its name and its type, as the database writes it."""


def go_back(database: Database, revision: str) -> None:
    """Take away what has been added since `revision`, so that the tables are as they were then, with their rows."""
    then, now = shape_at(revision), _shape(database)
    added = now.keys() - then.keys()
    commands = [f'DROP TABLE "{table}" CASCADE' for table in added]
    for table in now.keys() - added:
        commands += [f'ALTER TABLE "{table}" DROP COLUMN "{name}"' for name, _ in now[table][0] - then[table][0]]
        commands += [f'DROP INDEX IF EXISTS "{name}"' for name in now[table][1] - then[table][1]]
    with database.engine.begin() as connection:
        for each in sorted(commands):
            connection.execute(text(each))
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


@contextmanager
def as_code_of_then(database: Database, revision: str) -> Iterator[None]:
    """Whoever connects reads and writes the columns of `revision` alone, whatever the tables have by now.

    Code of then names no newer column. That of today does: it gets views of the same names, in which the newer ones
    are empty, so that what reaches the tables is what code of then would send. New tables are there as they come.
    """
    then, newest = shape_at(revision), shape_at("head")
    with database.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {BEFORE}"))
        for table, (columns, _) in then.items():
            if newer := newest[table][0] - columns:
                own = ", ".join([f'"{column}"' for column, _ in sorted(columns)])
                empty = ", ".join(f'NULL::{kind} AS "{column}"' for column, kind in sorted(newer))
                connection.execute(
                    text(f'CREATE VIEW {BEFORE}."{table}" AS SELECT {own}, {empty} FROM public."{table}"')
                )
        connection.execute(text(f'ALTER DATABASE "{database.engine.url.database}" SET search_path = {BEFORE}, public'))
        connection.execute(_END_THE_OTHERS)
    try:
        yield
    finally:
        with database.engine.begin() as connection:
            connection.execute(text(f'ALTER DATABASE "{database.engine.url.database}" RESET search_path'))
            connection.execute(text(f"DROP SCHEMA {BEFORE} CASCADE"))


_END_THE_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def shape_at(revision: str) -> dict[str, tuple[set[Column], set[str]]]:
    """What `_shape` says of a database of that revision."""
    old = postgres_database("iv_proxy_old")
    try:
        migrate(old, revision)
        return _shape(old)
    finally:
        old.dispose()


def _shape(database: Database) -> dict[str, tuple[set[Column], set[str]]]:
    """Table → its columns and indexes. All of it is read before anything is changed: it would wait for the change."""
    seen = inspect(database.engine)
    return {
        table: (
            {(each["name"], each["type"].compile(database.engine.dialect)) for each in seen.get_columns(table)},
            {str(each["name"]) for each in seen.get_indexes(table)},
        )
        for table in seen.get_table_names()
    }


def disguise(number: int) -> dict[str, str]:
    """Headers by which somebody claims to be somebody else, in every way that there is."""
    address = f"203.0.113.{number}"
    return {
        "X-Forwarded-For": address,
        "X-Real-IP": address,
        "Forwarded": f"for={address}",
        "X-Client-IP": address,
        "X-Forwarded-Host": "ond.example.org",
    }


def wait_until(what: Callable[[], bool]) -> None:
    """Return when it is so; the test fails only when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def say(proxy: Proxy, content: bytes) -> bytes:
    """Send this over TLS and nothing more; what comes back until the proxy closes the connection."""
    with (
        socket.create_connection(("127.0.0.1", proxy.https_port), timeout=PATIENCE) as plain,
        proxy.trust.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(content)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received


def every(tree: Any, key: str) -> Iterator[dict[str, Any]]:
    """Each object in a JSON document that has this member."""
    if isinstance(tree, dict):
        if key in tree:
            yield tree
        for value in tree.values():
            yield from every(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from every(value, key)


_visitors = iter(range(1, 250))


def under_load(proxy: Proxy, what: Callable[[], None]) -> Counter[str]:
    """Do `what` while people read pages and talk. Pages never fail; a message is sent again, and stands once."""
    over = threading.Event()
    counted: Counter[str] = Counter()
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(work, proxy, over, counted) for work in (read, read, talk, talk)]
        try:
            what()
        finally:
            over.set()
        for each in running:
            each.result()
    assert counted["pages"] > len(PAGES)
    assert counted["messages"] > 0
    return counted


def read(proxy: Proxy, over: threading.Event, counted: Counter[str]) -> None:
    with proxy.client(f"127.0.1.{next(_visitors)}") as visitor:
        while not over.is_set():
            for path in PAGES:
                answer = visitor.get(path)
                assert answer.status_code == 200, (path, answer.status_code)
                counted["pages"] += 1


def talk(proxy: Proxy, over: threading.Event, counted: Counter[str]) -> None:
    with proxy.client(f"127.0.1.{next(_visitors)}") as visitor:
        opened = again(lambda: visitor.post(CONVERSATIONS), counted).raise_for_status().json()
        path = f"{CONVERSATIONS}/{opened['conversation_id']}/messages"
        headers = {"Authorization": f"Bearer {opened['token']}"}
        said: list[str] = []
        while not over.is_set() or not said:
            body = {"text": f"fråga nummer {len(said)}", "client_id": uuid4().hex}
            again(lambda body=body: visitor.post(path, json=body, headers=headers), counted).raise_for_status()
            said.append(body["text"])
            counted["messages"] += 1
        history = again(lambda: visitor.get(path, headers=headers), counted).json()["messages"]
    assert [message["text"] for message in history if message["sender"] == "user"] == said
    for before, after in pairwise(history):
        assert (before["sender"], after["sender"]) != ("user", "user"), "a message without an answer"


def again(send: Callable[[], httpx.Response], counted: Counter[str]) -> httpx.Response:
    """Send as the widget does: once more when nobody answered for it."""
    for _ in range(20):
        answer = send()
        if answer.status_code not in AGAIN:
            return answer
        counted["not taken"] += 1
    return answer
