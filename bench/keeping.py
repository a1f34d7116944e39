"""Staff's list of occasions at two sizes of catalogue, and many occasions changed at once."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from api.catalogue.keeping import bulk, listing
from api.catalogue.keeping.listing_form import PATH, read_list_form
from api.catalogue.keeping.tables import BulkPlan
from api.catalogue.tables import Course, Occasion
from api.database import Database
from api.staff import history
from api.staff.tables import Account
from bench.catalogue import fill
from bench.figures import Times
from bench.results import Results
from bench.searching import database_of

SIZES = (200, 20_000)
MANY = 5_000
PART = "Staff's list of occasions"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ASKED: tuple[dict[str, str], ...] = (
    {},
    {"sida": "7"},
    {"sida": "99999"},
    {"q": "svets"},
    {"q": "b-199"},
    {"q": "svetsare karlstad grund"},
    {"q": "finns inte"},
    {"yrke": "svetsare", "status": "published"},
    {"nod": "karlstad", "ordning": "start"},
    {"status": "draft"},
    {"lage": "kommande", "ordning": "start"},
    {"lage": "avslutade", "ordning": "sista-dag", "sida": "3"},
    {"visa": "ansokan-gatt"},
    {"visa": "utkast-nara"},
    {"visa": "utan-tillfallen"},
    {"kalla": "egen", "ordning": "titel"},
)


def measure_keeping(folder: Path, results: Results, *, rounds: int) -> None:
    """Times of one page with all its counts, on SQLite and, where tests have it, on PostgreSQL; and 5,000 rows changed
    at once and taken back."""
    for kind in ("SQLite", *(["PostgreSQL"] if os.environ.get("IV_TEST_POSTGRES_URL") else [])):
        times = {size: _measure_size(folder, kind, size, results, rounds) for size in SIZES}
        results.compare(PART, f"{kind}, {SIZES[1]} : {SIZES[0]}", times[SIZES[1]], times[SIZES[0]])


def _measure_size(folder: Path, kind: str, size: int, results: Results, rounds: int) -> Times:
    with database_of(folder, f"{kind}", size) as database:
        fill(database, size)
        _analyse(database)
        seconds = []
        for _ in range(rounds):
            for asked in ASKED:
                with database.transaction(read_only=True) as session:
                    began = time.perf_counter()
                    listing.find(session, read_list_form(asked), NOW)
                    seconds.append(time.perf_counter() - began)
        times = Times.of(seconds)
        results.times(PART, f"{kind}, {size}", times)
        if size > MANY:
            _measure_many(database, f"{kind}, {MANY} rows of {size}", results)
        return times


def _measure_many(database: Database, name: str, results: Results) -> None:
    with database.transaction() as session:
        account = Account(login="bench", title="Bench", role="staff", created_at=NOW)
        session.add(account)
        session.flush()
        number = account.id
    began = time.perf_counter()
    with database.transaction() as session:
        ids = listing.chosen_ids(session, read_list_form({}), NOW, most=bulk.MOST)[:MANY]
        change = {"status": "cancelled"}
        plan_id = bulk.prepare(session, ids, change, account_id=number, back=PATH, at=NOW).id
    results.figure(PART, f"{name}, what would change", time.perf_counter() - began, "s")
    began = time.perf_counter()
    with database.transaction() as session:
        plan = session.get_one(BulkPlan, plan_id, with_for_update=True)
        batch = bulk.carry_out(session, plan, at=NOW, actor="staff:1").batch
    results.figure(PART, f"{name}, changing them", time.perf_counter() - began, "s")
    began = time.perf_counter()
    with database.transaction() as session:
        history.undo(session, batch, [Occasion, Course], at=NOW, actor="staff:1")
    results.figure(PART, f"{name}, taking it back", time.perf_counter() - began, "s")


def _analyse(database: Database) -> None:
    """What a database does by itself after a while."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
