"""What strangers can do with a bare connection: be slow, be large, be two things at once. A real process answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.middleware import BODY_LIMIT
from tests.api.trust.served import Served, read, served

HALF_A_HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
CONVERSATIONS = "/api/v1/conversations"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, seeded_file: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with served(folder, seeded_file, request_seconds=1, metrics_token="m" * 32) as one:
        yield one


def post(target: str, body: bytes, *lines: str) -> bytes:
    """A request that announces its length."""
    head = [f"POST {target} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


class TestSlow:
    @pytest.mark.parametrize("said", [b"", HALF_A_HEAD], ids=["nothing", "half"])
    def test_whoever_does_not_finish_the_head_is_cut_off(self, api: Served, said: bytes) -> None:
        assert api.say(said).status == 0

    def test_so_is_who_sends_it_letter_by_letter(self, api: Served) -> None:
        with api.connect() as connection:
            connection.settimeout(0.2)
            for _ in range(100):
                try:
                    connection.sendall(b"x")
                    assert connection.recv(1) == b""
                    return
                except TimeoutError:
                    continue
                except (BrokenPipeError, ConnectionResetError):
                    return
        pytest.fail("still connected after a hundred letters")

    def test_so_is_who_begins_a_second_request_slowly(self, api: Served) -> None:
        with api.connect() as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
            connection.sendall(HALF_A_HEAD)
            while connection.recv(65_536):
                pass

    @pytest.mark.parametrize("target", [CONVERSATIONS, "/personal/logga-in"])
    def test_who_does_not_finish_the_body_is_told_and_cut_off(self, api: Served, target: str) -> None:
        answer = api.say(
            f"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n{FORM}\r\n\r\na=".encode()
        )
        assert answer.status == 408
        assert "connection: close" in answer.head
        assert json.loads(answer.body)["code"] == "too_slow"

    def test_others_are_answered_meanwhile(self, api: Served) -> None:
        with ExitStack() as held, api.http() as http:
            slow = [held.enter_context(api.connect()) for _ in range(150)]
            for connection in slow:
                connection.sendall(HALF_A_HEAD)
            assert http.get("/").status_code == 200
            for connection in slow:
                assert read(connection).status == 0


class TestLarge:
    def test_a_head_without_end_is_refused(self, api: Served) -> None:
        for raw in (b"GET /" + b"x" * 200_000, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50_000):
            assert api.say(raw).status in {0, 400}  # 0: cut off while still sending

    def test_long_addresses_are_answered_or_refused(self, api: Served) -> None:
        for target in ("/" + "x" * 60_000, "/utbildningar?q=" + "svets" * 12_000, f"/mote/{'x' * 60_000}"):
            assert api.ask(target).status < 500

    def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(self, api: Served) -> None:
        answer = api.say(
            f"POST {CONVERSATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n".encode()
        )
        assert (answer.status, json.loads(answer.body)["code"]) == (413, "too_large")
        assert "connection: close" in answer.head

    def test_a_body_without_end_is_cut_off(self, api: Served) -> None:
        head = f"POST {CONVERSATIONS} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        pieces = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with api.connect() as connection, pytest.raises((BrokenPipeError, ConnectionResetError)):
            connection.sendall(head + pieces * 1_000)

    @pytest.mark.parametrize("depth", [5_000, BODY_LIMIT - 100])
    def test_deep_json_is_no_message(self, api: Served, depth: int) -> None:
        for body in (b"[" * depth, b'{"a":' * (depth // 5)):
            assert 400 <= api.say(post(CONVERSATIONS, body, JSON)).status < 500

    def test_a_huge_number_in_json_is_no_message(self, api: Served) -> None:
        assert 400 <= api.say(post(CONVERSATIONS, b'{"occupation": ' + b"9" * 60_000 + b"}", JSON)).status < 500

    @pytest.mark.parametrize("body", [b"a&" * 30_000, b"a=1&" * 1_001])
    def test_a_form_with_too_many_fields_is_refused(self, api: Served, body: bytes) -> None:
        for target in ("/personal/logga-in", "/skola", "/om-dig"):
            assert api.say(post(target, body, FORM)).status == 400

    def test_a_form_with_too_many_files_or_parts_is_refused(self, api: Served) -> None:
        part = '--b\r\nContent-Disposition: form-data; name="a"{}\r\n\r\n\r\n'
        for kind in ("", '; filename="../../x"'):
            body = (part.format(kind) * 1_001 + "--b--\r\n").encode()
            answer = api.say(post("/personal/logga-in", body, "Content-Type: multipart/form-data; boundary=b"))
            assert answer.status == 400

    def test_packed_bodies_are_not_unpacked(self, api: Served) -> None:
        bomb = gzip.compress(b" " * 50_000_000)
        assert len(bomb) < BODY_LIMIT
        for target, kind in ((CONVERSATIONS, JSON), ("/skola", FORM)):
            assert 400 <= api.say(post(target, bomb, kind, "Content-Encoding: gzip")).status < 500


class TestTwoThingsAtOnce:
    """Where a proxy and the api could read one request differently, the api refuses it."""

    @pytest.mark.parametrize(
        "lines",
        [
            ("Content-Length: 5", "Content-Length: 6"),
            ("Content-Length: 5, 6",),
            ("Content-Length: -1",),
            ("Content-Length: +5",),
            ("Transfer-Encoding: gzip, chunked",),
            ("Transfer-Encoding: xchunked",),
            ("Transfer-Encoding : chunked",),
        ],
    )
    def test_lengths_that_disagree_are_refused(self, api: Served, lines: tuple[str, ...]) -> None:
        head = [f"POST {CONVERSATIONS} HTTP/1.1", "Host: localhost", "Connection: close", *lines]
        assert 400 <= api.say("\r\n".join(head).encode() + b"\r\n\r\nhej h").status < 600

    def test_two_hosts_are_refused(self, api: Served) -> None:
        assert api.ask("/", "GET", "Host: evil.example").status == 400

    def test_what_follows_a_refused_body_is_no_request(self, api: Served) -> None:
        hidden = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
        announced = f"POST {CONVERSATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n".encode()
        assert api.say(announced + hidden).body.count(b"HTTP/1.1") == 0

    @pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "DEBUG", "x" * 200])
    @pytest.mark.parametrize("target", ["/", "/personal", "/chatt", "/mote/x", "/metrics"])
    def test_other_methods_do_nothing(self, api: Served, method: str, target: str) -> None:
        answer = api.ask(target, method, "Cookie: iv_session=hemligt")
        assert 400 <= answer.status < 500
        assert b"hemligt" not in answer.body

    @pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
    def test_no_header_changes_the_method(self, api: Served, name: str) -> None:
        assert api.ask("/chatt", "GET", f"{name}: POST").status == 200
        assert api.ask("/chatt?_method=POST", "GET").status == 200
        assert api.ask("/api/v1/catalogue.csv", "GET", f"{name}: DELETE").status == 200

    def test_there_are_no_web_sockets(self, api: Served) -> None:
        upgrade = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
        for target in ("/", CONVERSATIONS, "/internal/v1/answers"):
            head = "\r\n".join([f"GET {target} HTTP/1.1", "Host: localhost", "Connection: Upgrade, close", *upgrade])
            assert api.say(head.encode() + b"\r\n\r\n").status in {200, 401, 404, 405}


class TestWhereItLeads:
    EVIL = "evil.example"

    @pytest.mark.parametrize("target", ["/", "/utbildningar", "/sitemap.xml", "/dcat", "/api/v1/courses", "/personal",
                                        "//evil.example/%2e%2e", "/static", "/chatt/", "/personal/"])  # fmt: skip
    def test_no_header_of_a_request_ends_up_in_an_address(self, api: Served, target: str) -> None:
        lines = [f"{name}: {self.EVIL}" for name in ("X-Forwarded-Host", "X-Host", "X-Original-URL", "X-Rewrite-URL")]
        lines += [f"Forwarded: host={self.EVIL};proto=https", f"X-Forwarded-Server: {self.EVIL}"]
        head = "\r\n".join([f"GET {target} HTTP/1.1", f"Host: {self.EVIL}", "Connection: close", *lines])
        answer = api.say(head.encode() + b"\r\n\r\n")
        assert answer.status < 500
        assert self.EVIL not in answer.head
        assert self.EVIL.encode() not in answer.body

    def test_a_strangers_word_on_who_he_is_does_not_count(self, api: Served) -> None:
        """Otherwise every guess at a secret link would come from another address."""
        statuses = {
            api.ask("/mote/fel", "GET", f"X-Forwarded-For: 198.51.100.{number}", "X-Forwarded-Proto: https").status
            for number in range(125)
        }
        assert 429 in statuses

    @pytest.mark.parametrize(
        "target",
        ["/static/../main.py", "/static/..%2fmain.py", "/static/%2e%2e/main.py", "/static/..%5cmain.py",
         "/static//etc/passwd", "/static/%2fetc/passwd", "/static/widget/../../../.env.example", "/static/.%00./x",
         "/../../etc/passwd", "/static/....//....//main.py", "/static/widget/%252e%252e/x",
         "/sitemap-../../etc/passwd.xml", "/kalender/..%2f..%2fetc%2fpasswd.ics"],
    )  # fmt: skip
    def test_no_address_leads_out_of_its_folder(self, api: Served, target: str) -> None:
        answer = api.ask(target)
        assert 400 <= answer.status < 500
        for leak in (b"create_app", b"IV_SECRET_KEY", b"root:"):
            assert leak not in answer.body
