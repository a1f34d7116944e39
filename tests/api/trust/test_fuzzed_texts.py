"""Arbitrary text in every field of every public form and of the chat: never an error of ours, and nothing comes alive.

Text is anything: control signs, NUL, half surrogate pairs, bytes that are no UTF-8, our hostile strings. On both
databases, because each refuses something else. What was stored is looked at on the pages of staff afterwards.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.database import Database
from api.main import create_app
from api.settings import Settings
from tests.api.chat.conftest import Bot
from tests.api.staff.conftest import SETTINGS, SITE, House
from tests.api.trust.crawling import Form, forms_of
from tests.api.trust.payloads import PAYLOADS
from tests.api.trust.reading import faults_of
from tests.api.trust.test_strange_values import QUERIES
from tests.conftest import MovableClock

HOSTILE = tuple(one.format(m="z1z") for one in PAYLOADS)
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.text("\x00\ud800\u202e\x1b[]{}<>\"'&=+@-\r\n\t/0:kontak", max_size=30),
)
RAW = st.one_of(TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=30))
"""What a form may hold, once the per cent signs are read."""
SOUND = {
    "namn": "Kim", "kontakt": "kim@example.org", "name": "Kim", "contact": "kim@example.org", "message": "Hej på er",
    "organisation": "Exempelverkstaden", "work": "svetsare", "skill": "svetsa", "trade": "svets", "grade": "8",
    "pupils": "3", "weeks": "vecka 10", "page": "startsidan", "aid": "NVDA", "receives": "prao", "where": "any",
    "people": "2", "group_size": "4", "when": "i vår", "sprak": "arabiska", "behov": "hörslinga", "text": "hej",
}  # fmt: skip
"""With these a form is taken; one field at a time, or more, gets something else."""
ONLY_FIXED = settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck), derandomize=True)
_LINKS = re.compile(r"/personal/(?:arenden|traffar)/[0-9a-f-]{36}(?:/deltagare)?")
STORED = ("/personal/arenden", "/personal/arenden/arenden.csv", "/personal/insikt/oforstadda", "/personal/utskick",
          "/personal/traffar")  # fmt: skip


class Stranger:
    """Somebody at the public pages, on an event loop of its own: Hypothesis calls plain functions."""

    def __init__(self, runner: asyncio.Runner, house: House, forms: list[Form]) -> None:
        self.runner, self.house, self.forms = runner, house, forms
        self.client = house.browser().client

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        """The answer, looked at."""
        answer = self.runner.run(self.client.request(method, path, **more))  # type: ignore[arg-type]
        assert answer.status_code < 500
        assert faults_of(answer)[0] == []
        assert answer.headers.get("location", "/").startswith(("/", SITE))
        assert not answer.headers.get("location", "/").startswith("//")
        return answer


@pytest.fixture
def stranger(seeded_both: Database, clock: MovableClock, tmp_path: Path) -> Iterator[Stranger]:
    with asyncio.Runner() as runner:
        own = Settings(**SETTINGS | {"rate_limit_enabled": False, "data_dir": tmp_path, "jobsearch_url": ""})
        app = create_app(own, clock=clock, database=seeded_both, bot_transport=httpx.MockTransport(Bot()))
        house = House(app, seeded_both, own, clock)
        forms = runner.run(forms_of(house.browser()))
        yield Stranger(runner, house, [form for form in forms.values() if not form.action.startswith("/personal")])
        runner.run(app.state.bot.close())


def test_no_text_in_a_public_form_breaks_anything(stranger: Stranger) -> None:
    posted = [form for form in stranger.forms if form.method == "post"]
    assert {"/chatt", "/skola", "/tillganglighet", "/om-dig"} <= {form.action for form in posted}
    assert any(form.action.startswith("/traffar/") for form in posted)

    @ONLY_FIXED
    @given(form=st.sampled_from(posted), data=st.data())
    def send(form: Form, data: st.DataObject) -> None:
        sound = {name: SOUND.get(name, value).encode() for name, value in form.fields.items()}
        changed = data.draw(st.dictionaries(st.sampled_from(sorted(sound)), RAW, max_size=2) if sound else st.just({}))
        body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in {**sound, **changed}.items())
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        stranger.ask("POST", form.action, content=body.encode(), headers=headers)

    send()
    assert _looks(stranger) >= len(STORED), "the pages of staff were there"


def test_no_text_in_a_query_comes_back_alive(stranger: Stranger) -> None:
    public = {path: names for path, names in QUERIES.items() if not path.startswith(("/personal", "/internal"))}
    forms = {form.action: set(form.fields) for form in stranger.forms if form.method == "get"}
    every = [(path, sorted(names)) for path, names in {**public, **forms}.items() if names and "{" not in path]
    assert len(every) > 5

    @ONLY_FIXED
    @given(one=st.sampled_from(every), data=st.data())
    def look(one: tuple[str, list[str]], data: st.DataObject) -> None:
        path, names = one
        query = "&".join(f"{name}={quote_from_bytes(data.draw(RAW))}" for name in names)
        stranger.ask("GET", f"{path.partition('?')[0]}?{query}")

    look()


def test_no_text_in_a_field_of_the_chat_breaks_anything(stranger: Stranger) -> None:
    begun = stranger.ask("POST", "/api/v1/conversations").json()
    address = f"/api/v1/conversations/{begun['conversation_id']}"
    key = {"Authorization": f"Bearer {begun['token']}", "Content-Type": "application/json"}
    said = stranger.ask("POST", f"{address}/messages", json={"text": "hej"}, headers=key).json()["messages"][0]["id"]
    start = st.fixed_dictionaries({"topic": TEXT, "occupation": TEXT, "place": TEXT})
    message = st.fixed_dictionaries({}, optional={"text": TEXT, "choice": TEXT, "client_id": TEXT})
    thumb = st.fixed_dictionaries({"value": st.sampled_from(["up", "down"])}, optional={"comment": TEXT})
    bodies = st.one_of(
        st.tuples(st.just("/api/v1/conversations"), start),
        st.tuples(st.just(f"{address}/messages"), message),
        st.tuples(st.just(f"{address}/messages/{said}/feedback"), thumb),
    )

    @ONLY_FIXED
    @given(sent=bodies)
    def send(sent: tuple[str, dict[str, str]]) -> None:
        path, body = sent
        stranger.ask("POST", path, content=json.dumps(body).encode(), headers=key)

    send()
    history = stranger.ask("GET", f"{address}/messages", headers=key).json()["messages"]
    assert len(history) > 8, "much of it was taken"
    stranger.ask("GET", f"{address}/transcript.txt", headers=key)


def _looks(stranger: Stranger) -> int:
    """Staff look at what has come in; how many pages there were."""
    house = stranger.house
    desk = house.signed_in(house.account())
    public, stranger.client = stranger.client, desk.client
    pages = [stranger.ask("GET", path) for path in STORED]
    links = {link for page in pages for link in _LINKS.findall(page.text)}
    assert any("/arenden/" in link for link in links), "something has come in"
    pages += [stranger.ask("GET", link) for link in sorted(links)[:40]]
    stranger.client = public
    return sum(page.status_code == 200 for page in pages)
