"""Logging in through OpenID Connect, at a real provider process; and what a broken or hostile one can do: nothing."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from api.clock import system_clock
from api.main import create_app
from api.settings import Settings
from api.staff.oidc_accounts import role_of
from tests.api.staff.conftest import SETTINGS, SITE, Browser, House
from tests.npm import installed

HERE = Path(__file__).with_name("provider")
ROOT = Path(__file__).resolve().parents[3]
SECRET = "en-hemlighet-som-bara-testet-har"
CLIENT = {"oidc_client_id": "vagledaren", "oidc_client_secret": SECRET}
MAPPING = {"oidc_role_claim": "groups", "oidc_roles": "admin=iv-admin,staff=iv-personal,counsellor=iv-syv"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the running provider."""
    folder = installed(HERE, "oidc-provider")
    shutil.copy(HERE / "server.mjs", folder)
    process = subprocess.Popen(
        ["node", "server.mjs"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(60)
    process.stdout.close()


@pytest.fixture
async def build(database) -> AsyncIterator[Callable[..., House]]:
    """Apps by the real clock, which is the provider's too."""
    houses: list[House] = []

    def make(**values: Any) -> House:
        settings = Settings(**SETTINGS | CLIENT | values)
        houses.append(House(create_app(settings, database=database), database, settings, system_clock))
        return houses[-1]

    yield make
    for house in houses:
        await house.app.state.bot.close()
        house.app.state.vacancies.close()


async def at_provider(address: str, person: str | None) -> str:
    """Log in (None: give up) at the provider as a browser would; where it sends the browser back to."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(12):
            if address.startswith(SITE):
                return address
            page = await client.get(address)
            if page.is_redirect:
                address = urljoin(address, page.headers["location"])
                continue
            assert page.status_code == 200, page.text
            prompt = "login" if 'value="login"' in page.text else "consent"
            if person is None:
                address = urljoin(address, re.search(r'href="([^"]*/abort)"', page.text)[1])
                continue
            form = {"prompt": prompt} | ({"login": person, "password": "x"} if prompt == "login" else {})
            page = await client.post(re.search(r'action="([^"]+)"', page.text)[1], data=form)
            address = urljoin(address, page.headers["location"])
    raise AssertionError(f"the provider does not come to an end: {address}")


async def log_in(browser: Browser, person: str | None, path: str = "/personal/konto") -> httpx.Response:
    """The whole way: our button, the provider, and back."""
    begun = await browser.get("/personal/oidc?" + urlencode({"vidare": path}))
    assert begun.status_code == 303, begun.text
    back = await at_provider(begun.headers["location"], person)
    return await browser.get(back.removeprefix(SITE))


class TestAtARealProvider:
    async def test_a_verified_e_mail_address_finds_the_account_and_binds_it(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer)
        number = house.account()
        browser = house.browser()
        answer = await log_in(browser, "sub-editor")
        assert (answer.status_code, answer.headers["location"]) == (303, "/personal/konto")
        assert "Redaktionen" in (await browser.get("/personal/konto")).text
        row = house.row(number)
        assert (row.oidc_issuer, row.oidc_subject) == (issuer, "sub-editor")
        assert house.actions()[-2:] == ["account_bound", "login"]
        assert house.audited()[-1].details["way"] == "oidc"
        with house.database.transaction() as session:  # from now on the subject counts, not the address
            session.merge(row).login = "nytt-namn@example.org"
        assert (await log_in(house.browser(), "sub-editor")).status_code == 303

    async def test_an_address_that_nobody_verified_finds_nothing(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer)
        number = house.account()
        browser = house.browser()
        page = await log_in(browser, "sub-unverified")
        assert page.status_code == 403
        assert "har inget konto här" in page.text
        assert house.row(number).oidc_subject is None
        assert not await browser.is_in()

    async def test_a_closed_account_stays_closed(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer)
        house.account(active=False)
        assert (await log_in(house.browser(), "sub-editor")).status_code == 403

    async def test_the_role_claim_makes_an_account_with_its_role(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer, **MAPPING)
        browser = house.browser()
        assert (await log_in(browser, "sub-admin", "/personal/konton")).headers["location"] == "/personal/konton"
        page = await browser.get("/personal/konton")
        assert "chefen@example.org" in page.text
        assert "Rollen bestäms av er inloggningstjänst." in page.text
        nameless = house.browser()
        await log_in(nameless, "sub-nameless")
        own = await nameless.get("/personal/konto")
        assert "Vägledare" in own.text
        assert "oidc-" in own.text

    async def test_who_has_no_account_and_no_role_is_told_whom_to_ask(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer, **MAPPING)
        page = await log_in(house.browser(), "sub-stranger")
        assert page.status_code == 403
        assert "Be en administratör att lägga upp dig." in page.text

    async def test_a_role_that_is_taken_away_there_ends_here(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer, **MAPPING)
        browser = house.browser()
        await log_in(browser, "sub-admin")
        moved = build(oidc_issuer=issuer, oidc_role_claim="groups", oidc_roles="staff=alla")
        again = moved.browser()
        await log_in(again, "sub-admin")
        assert not await browser.is_in()  # the session of an administrator
        assert (await again.get("/personal/konton")).status_code == 403
        gone = build(oidc_issuer=issuer, oidc_role_claim="groups", oidc_roles="staff=nobody")
        assert (await log_in(gone.browser(), "sub-admin")).status_code == 403
        assert not await again.is_in()

    async def test_giving_up_there_leads_back_to_the_form_with_a_sentence(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer)
        page = await log_in(house.browser(), None)
        assert page.status_code == 400
        assert "Inloggningen avbröts eller tog för lång tid." in page.text
        assert 'type="password"' in page.text

    async def test_a_wrong_secret_of_ours_is_refused_by_the_provider(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer, oidc_client_secret="fel")
        house.account()
        assert (await log_in(house.browser(), "sub-editor")).status_code == 400

    async def test_only_the_browser_that_began_can_end_and_only_once(self, build, issuer: str) -> None:
        house = build(oidc_issuer=issuer)
        house.account()
        browser = house.browser()
        begun = await browser.get("/personal/oidc")
        back = (await at_provider(begun.headers["location"], "sub-editor")).removeprefix(SITE)
        assert (await house.browser().get(back)).status_code == 400
        other = house.browser()
        await other.get("/personal/oidc")
        assert (await other.get(back)).status_code == 400
        assert (await browser.get(back)).status_code == 303
        assert (await browser.get(back)).status_code == 400

    async def test_what_leaves_for_the_provider_is_a_code_request_with_pkce_state_and_nonce(
        self, build, issuer: str
    ) -> None:
        begun = await build(oidc_issuer=issuer).browser().get("/personal/oidc")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == f"{SITE}/personal/oidc/svar"
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
        cookie = begun.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert cookie.startswith("__Host-iv_oidc=")


class Impostor:
    """A provider that says whatever a test wants, by real HTTP and with real signatures."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.signed_with: Any = self.key
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.metadata: dict[str, Any] = {}
        self.info: dict[str, Any] | None = None
        self.broken: dict[str, bytes] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = outer.broken.get(self.path) or json.dumps(outer.answer(self.path)).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> Any:
        if path.startswith("/.well-known"):
            own = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth"}
            own |= {"token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys"}
            own |= {"userinfo_endpoint": f"{self.issuer}/me"} if self.info is not None else {}
            return own | self.metadata
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/me":
            return self.info
        token = jwt.encode(self.header, self.claims, self.signed_with, algorithms=["RS256", "HS256", "none"])
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def impostor() -> Iterator[Impostor]:
    impostor = Impostor()
    yield impostor
    impostor.server.shutdown()
    impostor.server.server_close()


class TestAtAHostileProvider:
    async def finish(self, build, impostor: Impostor, **wrong: Any) -> httpx.Response:
        """A log-in whose token is right but for `wrong`; None takes a claim away."""
        house = build(oidc_issuer=impostor.issuer)
        if not house.actions():
            house.account()
        browser = house.browser()
        begun = await browser.get("/personal/oidc")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
        now = int(system_clock().timestamp())
        right = {"iss": impostor.issuer, "aud": "vagledaren", "sub": "x", "nonce": asked["nonce"], "iat": now}
        right |= {"exp": now + 60, "email": "redaktionen@example.org", "email_verified": True}
        impostor.claims = {name: value for name, value in (right | wrong).items() if value is not None}
        return await browser.get(f"/personal/oidc/svar?code=c&state={asked['state']}")

    async def test_a_right_token_is_taken(self, build, impostor: Impostor) -> None:
        assert (await self.finish(build, impostor)).status_code == 303

    @pytest.mark.parametrize(
        "wrong",
        [
            {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"aud": None},
            {"iss": "https://evil.example"}, {"exp": 1_600_000_000}, {"exp": None}, {"sub": None},
            {"iat": 4_000_000_000}, {"aud": ["vagledaren", "other"], "azp": "other"}, {"at_hash": "wrong"},
        ],
        ids=str,
    )  # fmt: skip
    async def test_a_token_that_is_not_for_this_log_in_is_refused(self, build, impostor: Impostor, wrong) -> None:
        page = await self.finish(build, impostor, **wrong)
        assert page.status_code == 400
        assert "Inloggningen avbröts" in page.text

    async def test_a_token_signed_by_another_key_or_not_at_all_is_refused(self, build, impostor: Impostor) -> None:
        impostor.signed_with = RSAKey.generate_key(2048, {"kid": "one"})
        assert (await self.finish(build, impostor)).status_code == 400
        impostor.signed_with, impostor.header = OctKey.import_key(SECRET), {"alg": "HS256", "kid": "one"}
        assert (await self.finish(build, impostor)).status_code == 400

    async def test_user_info_about_somebody_else_is_refused(self, build, impostor: Impostor) -> None:
        impostor.info = {"sub": "y", "email": "redaktionen@example.org", "email_verified": True}
        assert (await self.finish(build, impostor)).status_code == 400

    @pytest.mark.parametrize("path", ["/token", "/keys"])
    async def test_an_answer_that_cannot_be_read_is_a_sentence(self, build, impostor: Impostor, path: str) -> None:
        impostor.broken[path] = b"<html>"
        page = await self.finish(build, impostor)
        assert page.status_code == 503
        assert "Inloggningstjänsten svarar inte." in page.text

    @pytest.mark.parametrize("metadata", [{"issuer": "https://evil.example"}, {"token_endpoint": None}])
    async def test_addresses_of_another_provider_are_refused(self, build, impostor: Impostor, metadata) -> None:
        impostor.metadata = metadata
        assert (await build(oidc_issuer=impostor.issuer).browser().get("/personal/oidc")).status_code == 503

    async def test_one_that_hangs_is_given_up_and_asked_again_next_time(self, build) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            house = build(oidc_issuer=f"http://127.0.0.1:{port}", oidc_timeout_seconds=0.2)
            page = await house.browser().get("/personal/oidc")
            assert page.status_code == 503
            assert 'type="password"' in page.text
        assert (await house.browser().get("/personal/oidc")).status_code == 503


async def test_there_is_no_such_log_in_unless_it_is_set_up(house: House) -> None:
    assert (await house.browser().get("/personal/oidc")).status_code == 404
    assert "/personal/oidc" not in (await house.browser().get("/personal/logga-in")).text


@pytest.mark.parametrize(
    ("told", "role"),
    [
        ("iv-personal", "staff"), (["iv-syv", "iv-admin"], "admin"), (["other"], None), (None, None), (7, None),
        ({"iv-admin": True}, None), ([["iv-admin"]], None), ("", None),
    ],
)  # fmt: skip
def test_the_claim_may_be_a_word_or_a_list_and_the_first_role_counts(told: object, role: str | None) -> None:
    settings = Settings(oidc_issuer="https://login.example.org", **SETTINGS | CLIENT | MAPPING)
    assert role_of(settings, {"groups": told}) == role
