"""A Susa-navet of our own, and what its resources look like."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.catalogue.susa.running import mirror_when_due
from api.catalogue.susa.tables import SusaEvent, SusaProvider, SusaRun
from api.catalogue.tables import Node, Occasion
from api.database import Database
from api.settings import Settings
from tests.conftest import MovableClock

Json = dict[str, Any]
KARLSTAD, KIL = "1780", "1715"


def lang(text: Any) -> Json:
    return {"strings": [{"lang": "swe", "value": text}]}


def info(name: str = "i.svets", title: Any = "Svetsare", *, status: str = "published", **content: Any) -> Json:
    own = {
        "identifier": name,
        "code": "SVET",
        "lastEdited": "2026-11-01T08:00:00",
        "title": lang(title),
        "type": {"type": "C_SchoolType", "code": "VUXGY"},
        "subjects": [{"type": "C_Subject_SUN", "code": "521a"}],
        "resultIsDegree": False,
        "credits": {"system": {"type": "C_Credits", "code": "gy"}, "credits": 800.0},
        "eligibility": lang("Du ska ha fyllt 20 år."),
        "description": {"strings": [{"lang": "swe", "content": "<p>Du lär dig svetsa.</p><p>Mycket.</p>"}]},
    }
    return {"id": name, "status": status, "content": own | content}


def provider(name: str = "p.karlstad", title: Any = "Karlstads kommun", area: str = KARLSTAD, **content: Any) -> Json:
    own = {
        "identifier": name,
        "lastEdited": "2026-11-01T08:00:00",
        "name": lang(title),
        "url": {"urls": [{"lang": "swe", "value": "https://example.org"}]},
        "contactAddress": {"town": "Karlstad", "areaCode": area},
        "emailAddresses": ["komvux@example.org"],
    }
    return {"id": name, "status": "published", "content": own | content}


def event(name: str = "e.1", *, status: str = "published", edited: str = "2026-11-01T08:00:00", **content: Any) -> Json:
    own = {
        "identifier": name,
        "education": "i.svets",
        "providers": ["p.karlstad"],
        "lastEdited": edited,
        "expires": "2027-10-15T23:59:59",
        "title": lang("Svetsare"),
        "url": {"urls": [{"lang": "swe", "value": f"https://example.org/kurs/{name}"}]},
        "locations": [{"town": "Karlstad", "areaCode": KARLSTAD}],
        "execution": {
            "condition": {"type": "C_ExecutionCondition", "code": "1"},
            "start": "2027-01-11",
            "end": "2027-10-15",
        },
        "places": 12,
        "paceOfStudy": {"percentage": 100.0, "individual": None},
        "application": {"first": "2026-10-05", "last": "2026-12-04", "email": "komvux@example.org"},
        "isCancelled": None,
        "extensions": [{"type": "KVEventExtension", "id": "x", "contractor": "Utföraren AB"}],
    }
    return {"id": name, "status": status, "edited": edited, "content": own | content}


@dataclass
class Susa:
    """The process, and what it says next."""

    folder: Path
    url: str = ""
    state: Json = field(default_factory=dict)

    def says(self, **state: Any) -> None:
        """Replace some of the lists, or the faults."""
        self.state |= state
        new = self.folder / "state.new"
        new.write_text(json.dumps(self.state), "utf-8")
        new.rename(self.folder / "state.json")

    @property
    def requests(self) -> list[str]:
        file = self.folder / "requests"
        return file.read_text().splitlines() if file.exists() else []

    def forget_requests(self) -> None:
        (self.folder / "requests").unlink(missing_ok=True)


@contextmanager
def serving(folder: Path) -> Iterator[Susa]:
    """The process at work, with one event of one provider."""
    folder.mkdir()
    here = Susa(folder)
    here.says(educationInfos=[info()], educationProviders=[provider()], educationEvents=[event()], faults=[])
    process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("server.py")), str(folder)])
    for _ in range(400):
        if (folder / "port").exists():
            break
        time.sleep(0.05)
    here.url = f"http://127.0.0.1:{(folder / 'port').read_text()}"
    yield here
    process.terminate()
    process.wait(60)


@pytest.fixture
def susa(tmp_path: Path) -> Iterator[Susa]:
    with serving(tmp_path / "susa") as here:
        yield here


@dataclass
class Mirror:
    """The mirror of that server in a seeded database."""

    database: Database
    susa: Susa
    clock: MovableClock
    settings: Settings
    page_size: int = 2000
    pauses: list[float] = field(default_factory=list)

    async def run(self) -> SusaRun | None:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        return await mirror_when_due(self.database, self.settings, self.clock, page_size=self.page_size, pause=pause)

    async def next_night(self, days: float = 1) -> SusaRun:
        """Tomorrow's run; it must end well."""
        self.clock.move(days=days)
        run = await self.run()
        assert run is not None
        assert (run.state, run.error) == ("done", "")
        return run

    def decide(self, decision: str = "publish", node: str | None = "karlstad", name: str = "p.karlstad") -> None:
        """What staff would say about a provider, before its events are looked at again."""
        with self.database.transaction() as session:
            row = session.scalars(select(SusaProvider).where(SusaProvider.source_id == name)).one()
            row.decision = decision
            row.node_id = session.scalar(select(Node.id).where(Node.slug == node)) if node else None
            for each in session.scalars(select(SusaEvent).where(SusaEvent.provider_id == row.id)):
                each.dirty = True

    def occasions(self) -> dict[str, Occasion]:
        with self.database.transaction(read_only=True) as session:
            rows = session.scalars(select(Occasion).where(Occasion.source == "susa"))
            return {row.external_id: row for row in rows}

    def events(self) -> dict[str, SusaEvent]:
        with self.database.transaction(read_only=True) as session:
            return {row.source_id: row for row in session.scalars(select(SusaEvent))}


@pytest.fixture
def mirror(seeded_both: Database, susa: Susa, clock: MovableClock) -> Mirror:
    return Mirror(seeded_both, susa, clock, Settings(susa_url=susa.url))
