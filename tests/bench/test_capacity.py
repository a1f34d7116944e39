"""The plan of machines follows from what was measured, and the page that shows it says the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.capacity.document import DOCUMENT, written
from bench.capacity.plan import LEAST, PROCESSES, Assumed, Measured, core_ms, plan

MEASURED = Measured(
    date="2026-11-22",
    machine="2 × Testmaskin",
    command="python -m bench",
    turn_ms={"bot": 10.0, "api": 5.0, "actions": 2.0, "worker": 0.0},
    booking_ms={"bot": 100.0, "api": 80.0, "actions": 40.0, "worker": 60.0},
    booking_turns=8,
    memory_mb={"bot": 500.0, "api": 200.0, "actions": 100.0, "worker": 150.0},
    conversation_bytes=10_000,
    booking_bytes=5_000,
    mails_per_meeting=2,
    mail_bytes=6_000,
)
ASSUMED = Assumed(turns=8, booked=0.1, peak=2.0, busy=0.5, hours=8, kept_days=90, on_disk=2.0)


def test_a_conversation_costs_its_questions_and_its_share_of_a_booking() -> None:
    assert [core_ms(MEASURED, ASSUMED, name) for name in PROCESSES] == [90.0, 48.0, 20.0, 6.0]


def test_the_busiest_minute_decides_how_many_there_are() -> None:
    need = plan(36_000, MEASURED, ASSUMED)  # 20 a second in the busiest minute
    assert need.turns_per_second == pytest.approx(20 * 8.8)
    assert need.processes == {"bot": 4, "api": 2, "actions": 2, "worker": 2}
    assert need.cores == 7  # 20 × 164 ms at half a core
    assert need.memory_gb == pytest.approx(4 * 0.5 + 2 * 0.2 + 2 * 0.1 + 2 * 0.15)
    assert need.mails_per_hour == 7_200


def test_disk_is_for_the_day_and_for_as_long_as_conversations_are_kept() -> None:
    need = plan(1_000, MEASURED, ASSUMED)
    assert need.disk_gb_per_day == pytest.approx(8 * 1_000 * (10_000 + 0.1 * 5_000) * 2 / 1e9)
    assert need.disk_gb_kept == pytest.approx(90 * need.disk_gb_per_day)


def test_a_small_service_has_two_of_each_all_the_same() -> None:
    assert set(plan(1, MEASURED, ASSUMED).processes.values()) == {LEAST}


def test_the_page_shows_what_follows_from_the_latest_measuring() -> None:
    document = DOCUMENT.read_text("utf-8")
    measured = Measured.load()
    assert written(document, measured) == document, "write it: make bench ARGS='--only capacity --save'"
    other = replace(measured, turn_ms={name: 3 * value for name, value in measured.turn_ms.items()})
    assert written(document, other) != document


def test_what_was_measured_can_be_true() -> None:
    measured = Measured.load()
    assert measured.turn_ms.keys() == measured.booking_ms.keys() == measured.memory_mb.keys() == set(PROCESSES)
    assert all(measured.turn_ms[name] > 0 for name in ("bot", "api", "actions"))
    assert all(value > 0 for value in (*measured.booking_ms.values(), *measured.memory_mb.values()))
    assert min(measured.conversation_bytes, measured.booking_bytes, measured.mail_bytes) > 1000
    assert measured.mails_per_meeting == 2
