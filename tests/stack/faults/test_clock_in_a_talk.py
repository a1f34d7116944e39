"""The clock jumps in the middle of a booking. Instead of the clock, all that is stored of the talk is moved in time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from tests.stack.booking import answer, assert_asks, book, go_to, new_email
from tests.stack.running import Running
from tests.stack.talk import Talk

pytestmark = pytest.mark.model


def set_clock(real: Running, talk: Talk, by: timedelta) -> None:
    """To this talk the clock seems set forward (or back, when `by` is negative)."""
    plain = talk.id.replace("-", "")
    with closing(sqlite3.connect(real.stack.data_dir / "bot.db", timeout=30)) as bot, bot:
        (state,) = bot.execute("SELECT state FROM snapshot WHERE sender_id = ?", (talk.id,)).fetchone()
        events = json.loads(state)
        for event in events:
            if event.get("timestamp") is not None:
                event["timestamp"] -= by.total_seconds()
        bot.execute(
            "UPDATE snapshot SET state = ?, saved_at = saved_at - ? WHERE sender_id = ?",
            (json.dumps(events), by.total_seconds(), talk.id),
        )
    with closing(sqlite3.connect(real.stack.data_dir / "industrivagledaren.db", timeout=30)) as api, api:
        for table, key, columns in (
            ("conversation", "id", ("created_at", "active_at")),
            ("message", "conversation_id", ("created_at",)),
            ("contact_token", "conversation_id", ("created_at",)),
            ("meeting", "conversation_id", ("created_at", "held_until")),
        ):
            for rowid, *moments in api.execute(
                f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE replace({key}, '-', '') = ?", (plain,)
            ).fetchall():
                for column, moment in zip(columns, moments, strict=True):
                    if moment is not None:
                        moved = datetime.fromisoformat(moment) - by
                        text = moved.isoformat(sep=" ", timespec="microseconds")
                        api.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (text, rowid))


def test_set_back_two_hours_the_booking_goes_on_and_is_booked_once(real: Running) -> None:
    talk = real.talk()
    go_to(talk, "contact", town="Säffle")
    set_clock(real, talk, timedelta(hours=-2))
    for step in ("contact", "interpreter", "check"):
        assert_asks(talk, step)
        answer(talk, step)
    booked = talk.of_kind("booking")["data"]["reference"]
    real.mailbox.wait_for(booked, 2)


def test_set_forward_a_day_nothing_is_booked_behind_anybodys_back_and_a_new_booking_works(real: Running) -> None:
    talk = real.talk()
    go_to(talk, "contact", town="Säffle")
    set_clock(real, talk, timedelta(days=1))
    talk.say(new_email())
    assert "booking" not in talk.kinds
    assert real.in_database(
        "SELECT count(*) FROM meeting WHERE status = 'confirmed' AND replace(conversation_id, '-', '') = ?",
        talk.id.replace("-", ""),
    ) == [(0,)]
    talk.say("börja om")
    assert book(talk, town="Säffle")["reference"]
