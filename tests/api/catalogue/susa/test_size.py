"""The whole country in bounded memory: 272,000 events by a process of its own, whose memory is measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from api.database import Database
from tests.api.catalogue.susa.conftest import Susa

EVENTS = 272_000
MOST_MEGABYTES = 120
"""How much the process may grow while it reads; one page of 2,000 such events takes about 30 MB while it is read."""

MEASURED = """
import asyncio, json, resource
import api.tables
from api.catalogue.susa.running import mirror_when_due
from api.clock import system_clock
from api.database import Database
from api.settings import load_settings

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

settings = load_settings()
database = Database(settings.resolved_database_url)
before = peak()
run = asyncio.run(mirror_when_due(database, settings, system_clock))
print(json.dumps({"grown": peak() - before, "state": run.state, "error": run.error, **run.counts}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units elsewhere")
def test_the_whole_country_is_read_in_bounded_memory(seeded: Database, susa: Susa) -> None:
    susa.says(generate=EVENTS)
    url = seeded.engine.url.render_as_string(hide_password=False)
    env = {name: value for name, value in os.environ.items() if not name.startswith("IV_")}
    env |= {"IV_DATABASE_URL": url, "IV_SUSA_URL": susa.url}
    done = subprocess.run([sys.executable, "-c", MEASURED], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["state"], found["error"]) == ("done", "")
    assert (found["read"], found["new"]) == (EVENTS, EVENTS // 500)
    assert found["grown"] < MOST_MEGABYTES, found
