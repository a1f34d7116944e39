"""Turns become figures of the day, once, and in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.chat.tables import Conversation, Message
from api.clock import stockholm_date
from api.database import Database
from api.insight.asked import rolling
from api.insight.asked.tables import InsightDay, Phrase, PlaceDay, TopicDay
from api.insight.asked.turns import Asked
from api.privacy.retention import erase_old_conversations
from api.settings import Settings
from tests.api.insight.talks import MISSED, Said, local, many, say, talk
from tests.conftest import MovableClock

SETTINGS = Settings()
TODAY = date(2026, 11, 23)
MORNING = local(2026, 11, 23, 8)


def roll(database: Database, clock: MovableClock, settings: Settings = SETTINGS) -> None:
    rolling.roll_up(database, settings, clock)


def figures(session: Session, day: date = TODAY) -> dict[tuple[str, str], tuple[int, ...]]:
    """(topic, municipality) → turns, talks, not understood, thumbs up, thumbs down, dead ends."""
    return {
        (row.topic, row.municipality): (
            row.turns,
            row.talks,
            row.not_understood,
            row.thumbs_up,
            row.thumbs_down,
            row.dead_ends,
        )
        for row in session.scalars(select(TopicDay).where(TopicDay.day == day))
    }


def phrases(session: Session) -> list[Phrase]:
    return list(session.scalars(select(Phrase).order_by(Phrase.id)))


def test_turns_are_counted_by_topic_and_named_municipality(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        talk(session, MORNING, Said("vad kostar det"), Said("och i Arvika?", "cost", "Arvika", thumb="up"))
        talk(session, MORNING, Said("pris i Arvika", "cost", "Arvika"), Said("pris?", "cost", "Arvika", thumb="down"))
        talk(session, MORNING, Said("hej", "greet"))
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        assert figures(session) == {
            ("cost", ""): (1, 1, 0, 0, 0, 0),
            ("cost", "Arvika"): (3, 2, 0, 1, 1, 1),
            ("greet", ""): (1, 1, 0, 0, 0, 0),
        }
        assert [(row.municipality, row.talks) for row in session.scalars(select(PlaceDay))] == [("Arvika", 2)]


def test_counting_again_changes_nothing(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        talk(session, MORNING, Said("blorf", MISSED), Said("vad kostar det"))
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        first = figures(session), [phrase.id for phrase in phrases(session)]
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        assert (figures(session), [phrase.id for phrase in phrases(session)]) == first


@pytest.mark.parametrize(
    ("turns", "dead"),
    [
        ([Said("a1", MISSED)], [True]),
        ([Said("a1", MISSED), Said("a2")], [False, False]),
        ([Said("a1", MISSED), Said("a2", MISSED), Said("a3")], [False, True, False]),
        ([Said("a1", MISSED), Said("a2", MISSED), Said("a3", MISSED)], [False, True, True]),
        ([Said("a1"), Said("a2", thumb="down")], [False, True]),
        ([Said("a1", thumb="down"), Said("a2")], [False, False]),
        ([Said("a1", thumb="up")], [False]),
        ([Said("a1", MISSED, down=True)], [False]),
    ],
)
def test_a_dead_end_is_a_talk_that_ended_in_vain_or_two_misses_in_a_row(
    database: Database, turns: list[Said], dead: list[bool]
) -> None:
    with database.transaction() as session:
        talk(session, MORNING, *turns)
        assert [one.dead_end for one in rolling.turns_of(session, TODAY)] == dead


def test_what_the_assistant_could_not_hear_is_not_counted_as_a_miss(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        talk(session, MORNING, Said("vad kostar det", MISSED, down=True))
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        assert figures(session) == {("unavailable", ""): (1, 1, 0, 0, 0, 0)}
        assert phrases(session) == []


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (local(2026, 11, 22, 23, 59), date(2026, 11, 22)),
        (local(2026, 11, 23, 0, 0), date(2026, 11, 23)),
        (local(2026, 10, 25, 0, 30), date(2026, 10, 25)),  # the day of 25 hours
        (local(2026, 10, 25, 23, 30), date(2026, 10, 25)),
        (local(2026, 10, 26, 0, 0), date(2026, 10, 26)),
        (local(2026, 3, 29, 23, 30), date(2026, 3, 29)),  # the day of 23 hours
        (local(2026, 3, 30, 0, 0), date(2026, 3, 30)),
        (local(2026, 12, 31, 23, 59), date(2026, 12, 31)),
    ],
)
def test_a_day_is_a_day_in_sweden(database: Database, clock: MovableClock, at: datetime, day: date) -> None:
    with database.transaction() as session:
        talk(session, at, Said("vad kostar det", after=timedelta()))
    clock.now = at + timedelta(hours=1)
    settings = Settings(retention_conversation_days=3650)
    roll(database, clock, settings)
    with database.transaction(read_only=True) as session:
        assert set(session.scalars(select(TopicDay.day))) == {day}


def test_days_without_a_worker_are_made_up_for_and_closed(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        for days in (9, 5, 1, 0):
            talk(session, MORNING - timedelta(days=days), Said("vad kostar det"))
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        counted = set(session.scalars(select(TopicDay.day)))
        assert counted == {TODAY - timedelta(days=days) for days in (9, 5, 1, 0)}
        closed = {row.day for row in session.scalars(select(InsightDay)) if row.closed}
        assert closed == {TODAY - timedelta(days=days) for days in range(2, 10)}
        assert rolling.open_days(session, clock()) == [TODAY - timedelta(days=1), TODAY]
    clock.move(days=40)
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        days = [row.day for row in session.scalars(select(InsightDay).order_by(InsightDay.day))]
        assert days == [TODAY - timedelta(days=9) + timedelta(days=number) for number in range(50)]


def test_a_closed_day_keeps_its_figures_when_its_conversations_are_erased(
    database: Database, clock: MovableClock
) -> None:
    with database.transaction() as session:
        many(session, MORNING, 3, Said("blorf", MISSED))
    roll(database, clock)
    clock.move(days=2)
    roll(database, clock)
    with database.transaction() as session:
        session.execute(delete(Conversation))
    clock.move(days=1)
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        assert figures(session)[MISSED, ""][0] == 3


def test_with_a_retention_of_one_day_no_figure_is_lost(database: Database, clock: MovableClock) -> None:
    settings = Settings(retention_conversation_days=1)
    with database.transaction() as session:
        many(session, local(2026, 11, 23, 0, 5), 3, Said("blorf", MISSED))
        many(session, local(2026, 11, 23, 22), 2, Said("vad kostar det"))
    clock.now = local(2026, 11, 23, 23, 59)
    for _ in range(80):  # hour by hour, as the worker does it: first the figures, then the erasing
        roll(database, clock, settings)
        with database.transaction() as session:
            erase_old_conversations(session, settings, clock())
        clock.move(hours=1)
    with database.transaction(read_only=True) as session:
        assert {key: row[0] for key, row in figures(session).items()} == {(MISSED, ""): 3, ("cost", ""): 2}


def test_a_talk_that_goes_on_past_midnight_is_no_dead_end(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        number = talk(session, local(2026, 11, 22, 23, 50), Said("blorf", MISSED))
    roll(database, clock)
    with database.transaction() as session:
        assert figures(session, date(2026, 11, 22))[MISSED, ""][5] == 1
        say(session, session.get_one(Conversation, number), local(2026, 11, 23, 0, 10), Said("vad kostar det"))
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        assert figures(session, date(2026, 11, 22))[MISSED, ""] == (1, 1, 1, 0, 0, 0)
        assert [phrase.dead_end for phrase in phrases(session)] == [False]


def test_nobody_who_writes_waits_while_a_day_is_read(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite whoever reads in a write transaction keeps every writer waiting for as long as it takes."""
    impatient = Database(database.engine.url.render_as_string(hide_password=False), patience=0.2)
    with database.transaction() as session:
        talk(session, MORNING, Said("blorf", MISSED))
    read = rolling.turns_of

    def read_while_somebody_writes(session: Session, day: date) -> Iterator[Asked]:
        with impatient.transaction() as other:
            talk(other, MORNING, Said("vad kostar det"))
        return read(session, day)

    monkeypatch.setattr(rolling, "turns_of", read_while_somebody_writes)
    roll(database, clock)
    monkeypatch.undo()
    impatient.dispose()
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        assert figures(session)[MISSED, ""][0] == 1
        assert figures(session)["cost", ""][0] == 1


def test_what_is_erased_between_reading_and_storing_is_not_copied(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        gone, kept = (talk(session, MORNING, Said(text, MISSED)) for text in ("blorf", "flurp"))
    with database.transaction(read_only=True) as session:
        found = rolling.collect(session, TODAY, SETTINGS, clock())
    with database.transaction() as session:
        session.delete(session.get_one(Conversation, gone))
    with database.transaction() as session:
        rolling.keep(session, found, SETTINGS, clock())
    with database.transaction(read_only=True) as session:
        assert [(phrase.conversation_id, phrase.text) for phrase in phrases(session)] == [(kept, "flurp")]
        assert figures(session)[MISSED, ""][0] == 2, "it was asked all the same"


def test_messages_to_look_at_are_copied_with_the_beginning_of_the_answer(
    database: Database, clock: MovableClock
) -> None:
    with database.transaction() as session:
        talk(
            session,
            MORNING,
            Said("vad kostar det"),
            Said("fel svar", "csn", "Arvika", thumb="down", comment="Jag frågade om annat"),
            Said("Blorfing, flurp!", MISSED),
        )
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        first, second = phrases(session)
        assert (first.text, first.answered, first.comment, first.municipality, first.topic) == (
            "fel svar",
            "Svar om csn",
            "Jag frågade om annat",
            "Arvika",
            "csn",
        )
        assert (first.not_understood, first.thumbs_down, first.dead_end) == (False, True, False)
        assert (second.plain, second.not_understood, second.dead_end) == ("blorfing flurp", True, True)


def test_what_looks_like_a_command_or_has_no_words_is_not_copied(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        talk(session, MORNING, Said("/restart", MISSED), Said("???", MISSED))
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        assert phrases(session) == []
        assert figures(session)[MISSED, ""][0] == 2


def test_a_thumb_that_is_taken_back_takes_the_copy_along_unless_somebody_dealt_with_it(
    database: Database, clock: MovableClock
) -> None:
    with database.transaction() as session:
        talk(session, MORNING, Said("ett", thumb="down"), Said("två", thumb="down"), Said("tack", "thank"))
    roll(database, clock)
    with database.transaction() as session:
        phrases(session)[1].state = "handled"
        for message in session.scalars(select(Message)):
            message.feedback = None
    roll(database, clock)
    with database.transaction(read_only=True) as session:
        assert [phrase.text for phrase in phrases(session)] == ["två"]


def test_a_copy_goes_with_its_conversation_and_when_its_time_is_over(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        gone = talk(session, MORNING, Said("blorf", MISSED))
        talk(session, MORNING, Said("flurp", MISSED))
    roll(database, clock)
    with database.transaction() as session:
        session.delete(session.get_one(Conversation, gone))
        session.flush()
        assert [phrase.text for phrase in phrases(session)] == ["flurp"]
    clock.move(days=SETTINGS.retention_phrases_days + 1)
    with database.transaction() as session:
        assert rolling.erase_old_phrases(session, SETTINGS, clock()) == 1
    assert stockholm_date(clock()) > TODAY
