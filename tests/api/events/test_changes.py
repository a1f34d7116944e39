"""What staff do with an event, and who is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from api.clock import STOCKHOLM
from api.events import changes
from api.events.attendance import attendees, mark_attendance, unmarked
from api.events.errors import (
    CapacityTaken,
    EventAhead,
    EventAttended,
    EventIncomplete,
    EventPassed,
    SignupPassed,
)
from api.events.forgetting import forget_people
from api.events.letters import Earlier
from api.events.tables import Event, EventSignup, EventSignupLink
from api.outbox.tables import Outbox
from api.staff.tables import Audit, RowChange
from tests.api.booking.mailing import take
from tests.api.events.signups import OFFICE, STARTS, add_event, join, leave, statuses

BY = {"actor": "staff:1", "office": OFFICE}
AFTER = STARTS + timedelta(hours=2)


@pytest.fixture
def session(database):
    with database.transaction() as session:
        yield session


@pytest.fixture
def event(session) -> Event:
    return add_event(session, capacity=1)


class TestPublishing:
    def test_a_draft_is_published_and_taken_back_while_nobody_has_signed_up(self, session, now):
        draft = add_event(session, status="draft")
        changes.publish(session, draft, now=now, **BY)
        assert draft.status == "published"
        changes.unpublish(session, draft, now=now, actor="staff:1")
        assert draft.status == "draft"
        session.flush()
        assert [row.cause for row in session.scalars(select(RowChange).order_by(RowChange.id))] == [
            "publish",
            "unpublish",
        ]

    def test_what_has_no_place_or_is_over_is_not_published(self, session, now):
        nowhere = add_event(session, status="draft", place_name="", street="")
        for event, at in ((nowhere, now), (add_event(session, status="draft"), STARTS)):
            with pytest.raises(EventIncomplete):
                changes.publish(session, event, now=at, **BY)

    def test_somebody_who_signed_up_keeps_it_public(self, session, event, now):
        join(session, event, now)
        with pytest.raises(EventAttended):
            changes.unpublish(session, event, now=now, actor="staff:1")


class TestCapacity:
    def test_more_places_are_offered_to_those_who_wait(self, session, event, now):
        for number in range(1, 5):
            join(session, event, now, number)
        changes.change_capacity(session, event, 3, now=now, **BY)
        assert statuses(session, event) == ["signed", "offered", "offered", "waiting"]

    def test_without_a_limit_nobody_has_to_wait_or_answer(self, session, event, now):
        for number in range(1, 4):
            join(session, event, now, number)
        take(session, now)
        changes.change_capacity(session, event, None, now=now, **BY)
        assert statuses(session, event) == ["signed", "signed", "signed"]
        assert {mail.kind for mail in take(session, now).values()} == {"SIGNUP"}

    def test_fewer_than_are_taken_is_refused(self, session, now):
        event = add_event(session, capacity=3)
        for number in (1, 2):
            join(session, event, now, number)
        with pytest.raises(CapacityTaken) as refused:
            changes.change_capacity(session, event, 1, now=now, **BY)
        assert refused.value.detail.startswith("2 platser")
        changes.change_capacity(session, event, 2, now=now, **BY)
        assert event.capacity == 2


class TestMoving:
    def test_everybody_is_told_with_the_old_and_the_new_time_and_the_calendar_follows(self, session, event, now):
        first = join(session, event, now, 1)
        join(session, event, now, 2)
        take(session, now)
        later = STARTS + timedelta(days=1)
        new = {"starts_at": later, "ends_at": later + timedelta(hours=2), "place_name": "Biblioteket"}
        done = changes.change_event(session, event, new, now=now, message="Välkomna!", **BY)
        assert (done.mailed, done.to_call) == (2, 0)
        told = take(session, now)
        moved = told["person-1@example.org"]
        for said in ("fredag 11 december", "torsdag 10 december", "Biblioteket", "Noden i Arvika", "Välkomna!"):
            assert said in moved.text
        assert moved.event["DTSTART"].dt == later
        assert int(moved.event["SEQUENCE"]) == first.sequence == 2
        waiting = told["person-2@example.org"]
        assert "står kvar i kön" in waiting.text
        assert not [part for part in waiting.message.walk() if part.get_content_type() == "text/calendar"]

    def test_whoever_holds_an_offer_is_told_until_when_and_where_to_answer(self, session, event, now):
        first = join(session, event, now, 1)
        second = join(session, event, now, 2)
        take(session, now)
        leave(session, first, now)  # the offer lies in the outbox: what is told of the move takes its place
        new = {"place_name": "Biblioteket"}
        changes.change_event(session, event, new, now=now, **BY)
        mail = take(session, now)["person-2@example.org"]
        assert "Biblioteket" in mail.text
        assert mail.text.count("24 november 2026 kl. 10.00") == 2
        assert "Svara ja eller nej" in mail.text
        assert "i kön. Passar" not in mail.text
        assert "står kvar i kön" not in mail.text
        assert second.status == "offered"
        sooner = now + timedelta(hours=5)
        earlier = {"starts_at": sooner, "ends_at": sooner + timedelta(hours=2)}
        changes.change_event(session, event, earlier, now=now, **BY)
        mail = take(session, now)["person-2@example.org"]
        assert mail.text.count("23 november 2026 kl. 15.00") >= 2, "an offer cannot outlast the event"

    def test_nobody_is_told_of_another_text(self, session, event, now):
        join(session, event, now)
        take(session, now)
        done = changes.change_event(session, event, {"description": "Ny text.", "capacity": 9}, now=now, **BY)
        assert (done.mailed, take(session, now)) == (0, {})

    def test_telling_twice_tells_once(self, session, event, now):
        join(session, event, now)
        before = Earlier.of(event)
        changes.change_event(session, event, {"street": "Exempelgatan 9"}, now=now, **BY)
        assert changes.tell_changes(session, event, before, now=now, office=OFFICE) == (0, 0)

    def test_an_event_that_has_begun_or_is_cancelled_is_not_moved(self, session, event, now):
        new = {"ends_at": STARTS + timedelta(hours=5)}
        with pytest.raises(EventPassed):
            changes.change_event(session, event, new, now=STARTS, **BY)
        changes.cancel_event(session, event, "Sjukdom.", now=now, **BY)
        with pytest.raises(EventPassed):
            changes.change_event(session, event, {"title": "Nytt"}, now=now, **BY)


class TestCancelling:
    def test_everybody_is_told_why_and_it_leaves_their_calendars(self, session, event, now):
        first, second = (join(session, event, now, number) for number in (1, 2))
        take(session, now)
        done = changes.cancel_event(session, event, "Den som tar emot är sjuk.", now=now, **BY)
        assert done.mailed == 2
        assert [(one.status, one.ended_by) for one in (first, second)] == [("cancelled", "event")] * 2
        told = take(session, now)
        assert "Den som tar emot är sjuk." in told["person-1@example.org"].text
        assert str(told["person-1@example.org"].calendar["METHOD"]) == "CANCEL"
        assert told["person-2@example.org"].kind == "EVENTCANCEL"
        assert changes.cancel_event(session, event, "Igen.", now=now, **BY).mailed == 0
        assert event.cancel_reason == "Den som tar emot är sjuk."

    def test_a_draft_or_one_that_has_begun_is_not_cancelled(self, session, event, now):
        for one, at in ((event, STARTS), (add_event(session, status="draft"), now)):
            with pytest.raises(EventPassed):
                changes.cancel_event(session, one, "x", now=at, **BY)


def test_a_copy_is_a_draft_at_the_new_time_without_anybody(session, now):
    event = add_event(session, signup_until=STARTS - timedelta(days=2), women_only=True)
    join(session, event, now)
    copy, _ = changes.copy_event(session, event, STARTS + timedelta(weeks=4), now=now, actor="staff:1")
    assert (copy.status, copy.title, copy.women_only) == ("draft", event.title, True)
    assert (copy.starts_at, copy.ends_at) == (STARTS + timedelta(weeks=4), STARTS + timedelta(weeks=4, hours=2))
    assert copy.signup_until == STARTS + timedelta(weeks=4) - timedelta(days=2)
    assert copy.id != event.id
    assert statuses(session, copy) == []


@pytest.mark.parametrize(
    ("starts", "closes", "copied", "copy_closes"),
    [
        # Into summer time, out of it, and with the change between the last day to sign up and the day itself.
        ((2026, 12, 10, 17), (2026, 12, 8, 23, 59), (2027, 4, 15, 17), (2027, 4, 13, 23, 59)),
        ((2027, 4, 15, 17), (2027, 4, 13, 12, 0), (2027, 11, 18, 17), (2027, 11, 16, 12, 0)),
        ((2026, 12, 10, 17), (2026, 12, 8, 23, 59), (2027, 3, 29, 17), (2027, 3, 27, 23, 59)),
    ],
)
def test_a_copy_closes_at_the_same_clock_time_whatever_the_clocks_do_in_between(
    session, now, starts, closes, copied, copy_closes
):
    starts, closes, copied, copy_closes = (
        datetime(*one, tzinfo=STOCKHOLM) for one in (starts, closes, copied, copy_closes)
    )
    event = add_event(session, starts_at=starts, signup_until=closes)
    copy, _ = changes.copy_event(session, event, copied, now=now, actor="staff:1")
    assert copy.starts_at == copied
    assert copy.signup_until == copy_closes
    assert copy.ends_at - copy.starts_at == event.ends_at - event.starts_at


def test_a_message_reaches_all_and_the_trail_does_not_repeat_it(session, event, now):
    for number in (1, 2):
        join(session, event, now, number)
    take(session, now)
    assert changes.recipients(session, event) == (2, 0)
    assert changes.recipients(session, event, waiting=False) == (1, 0)
    for waiting, mailed in ((True, 2), (False, 1)):
        done = changes.message_all(session, event, "Parkering", "Bakom huset.", now=now, waiting=waiting, **BY)
        assert done.mailed == mailed
        told = take(session, now)
        assert len(told) == mailed
        assert str(told["person-1@example.org"].message["Subject"]) == "Parkering"
        assert "> Bakom huset." in told["person-1@example.org"].text
    session.flush()
    assert "huset" not in str([row.details for row in session.scalars(select(Audit))])


class TestAttendance:
    def test_is_ticked_off_from_two_hours_before_and_can_be_taken_back(self, session, event, now):
        signup = join(session, event, now)
        with pytest.raises(EventAhead):
            mark_attendance(session, signup, True, now=STARTS - timedelta(hours=3), actor="staff:1")
        for attended, status in ((True, "attended"), (False, "absent"), (None, "signed")):
            marked = mark_attendance(session, signup, attended, now=STARTS - timedelta(hours=2), actor="staff:1")
            assert marked.status == status
        assert [one.id for one in attendees(session, event)] == [signup.id]

    def test_is_for_those_with_a_place(self, session, event, now):
        join(session, event, now, 1)
        second = join(session, event, now, 2)
        with pytest.raises(SignupPassed):
            mark_attendance(session, second, True, now=STARTS, actor="staff:1")

    def test_an_event_waits_for_it_once_it_is_over(self, session, event, now):
        signup = join(session, event, now)
        assert unmarked(session, AFTER - timedelta(minutes=1)) == []
        assert unmarked(session, AFTER) == [event]
        mark_attendance(session, signup, True, now=AFTER, actor="staff:1")
        assert unmarked(session, AFTER) == []


class TestForgetting:
    def test_a_month_after_the_event_nobody_is_known_and_everything_is_counted(self, session, event, now):
        first = join(session, event, now, 1, needs="rullstol", phone="0701740635", language="arabiska")
        join(session, event, now, 2)
        mark_attendance(session, first, True, now=STARTS, actor="staff:1")
        coming = add_event(session, starts_at=STARTS + timedelta(days=60))
        kept = join(session, coming, now, 3)
        assert forget_people(session, AFTER) == 0
        assert forget_people(session, AFTER + timedelta(seconds=1)) == 2
        session.expire_all()
        assert statuses(session, event) == ["attended", "waiting"]
        for one in session.scalars(select(EventSignup).where(EventSignup.event_id == event.id)):
            assert (one.name, one.email, one.phone, one.needs, one.language) == (None, None, None, "", None)
        assert {row.thread for row in session.scalars(select(Outbox))} == {kept.id}
        assert {row.signup_id for row in session.scalars(select(EventSignupLink))} == {kept.id}
        assert kept.name
        assert forget_people(session, AFTER + timedelta(days=1)) == 0

    def test_the_history_of_events_holds_nobody(self, session, event, now):
        leave(session, join(session, event, now), now)
        changes.change_event(session, event, {"title": "Nytt namn"}, now=now, **BY)
        session.flush()
        assert "person" not in str([row.diff for row in session.scalars(select(RowChange))]).lower()
