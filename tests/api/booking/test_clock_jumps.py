"""The machine's clock is set forward a day or back two hours: nothing is lost or doubled, and all of it goes on.

What waits for a moment waits at most as much longer as the clock went back.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.booking import holds, reminders
from api.booking.errors import HoldExpired, SlotTaken
from api.outbox import service as outbox
from api.outbox.delivery import FileMailer
from api.outbox.sending import send_due
from api.outbox.service import Claim
from tests.api.booking.conftest import confirm_held
from tests.api.booking.mailing import PERSON, THURSDAY, book, cancel, new, take
from tests.conftest import MovableClock

FORWARD, BACK = timedelta(days=1), timedelta(hours=-2)

pytestmark = pytest.mark.usefixtures("counsellors")


def booked(database, office, now: datetime, **values):
    with database.transaction() as session:
        meeting = new(session, **values)
        book(session, meeting, office, now)
    return meeting


class TestSetForward:
    def test_a_hold_has_run_out_and_the_time_is_free_for_others(self, database, hold, new_person, office, now):
        person, later = new_person(), now + FORWARD
        held = hold(person)
        with pytest.raises(HoldExpired), database.transaction() as session:
            confirm_held(session, held, person, "key", later, office)
        with database.transaction() as session:
            holds.expire_holds(session, later)
        hold(new_person(), at=later)

    def test_waiting_mails_leave_once_and_the_reminder_with_them(self, database, office, now):
        """The jump leads past the reminder's hour."""
        booked(database, office, now, at=THURSDAY - timedelta(days=1))
        with database.transaction() as session:
            reminders.write_due(session, office, now + FORWARD + timedelta(hours=4))
            claims = outbox.claim(session, now + FORWARD + timedelta(hours=4))
        assert Counter(claim.kind for claim in claims) == {"REQUEST": 1, "CONFIRMATION": 1, "REMINDER": 1}

    def test_nobody_is_reminded_of_a_meeting_that_is_over_all_at_once(self, database, office, now):
        booked(database, office, now, at=THURSDAY - timedelta(days=2))
        later = THURSDAY
        with database.transaction() as session:
            reminders.write_due(session, office, later)
            assert {mail.kind for mail in take(session, later).values()} == {"REQUEST", "CONFIRMATION"}

    async def test_a_jump_between_two_mails_sends_none_twice(
        self, database, office, clock: MovableClock, tmp_path: Path
    ):
        """The leases of the others are over at once: they are taken anew and not sent on the old ones."""
        for number in range(3):
            booked(database, office, clock(), email=f"{number}@example.org", at=THURSDAY + timedelta(hours=number))
        sent: list[str] = []

        class JumpsOnce(FileMailer):
            async def deliver(self, claim: Claim) -> None:
                await super().deliver(claim)
                sent.append(claim.message_id)
                if len(sent) == 1:
                    clock.move(days=1)

        await send_due(database, JumpsOnce(tmp_path), clock)
        assert len(sent) == len(set(sent)) == 6


class TestSetBack:
    def test_a_hold_stays_its_persons_and_is_booked_once(self, database, hold, new_person, office, now):
        person, earlier = new_person(), now + BACK
        held = hold(person)
        with database.transaction() as session:
            holds.expire_holds(session, earlier)
        with pytest.raises(SlotTaken):
            hold(new_person(), at=earlier)
        for _ in range(2):
            with database.transaction() as session:
                assert confirm_held(session, held, person, "key", earlier, office).meeting.id == held.id

    def test_what_was_just_written_leaves_at_once_and_once(self, database, office, now):
        booked(database, office, now)
        for moment in (now + BACK, now, now + FORWARD):
            with database.transaction() as session:
                mails = take(session, moment)
            assert len(mails) == (2 if moment == now + BACK else 0)

    def test_a_mail_that_failed_then_is_tried_again_with_the_same_pauses(self, database, office, now):
        booked(database, office, now)
        earlier = now + BACK
        with database.transaction() as session:
            claims = outbox.claim(session, earlier)
            for claim in claims:
                outbox.mark_failed(session, claim, earlier, error="451", permanent=False, jitter=0)
        with database.transaction() as session:
            assert outbox.claim(session, earlier + timedelta(seconds=1)) == []
        with database.transaction() as session:
            assert len(outbox.claim(session, earlier + timedelta(seconds=70))) == len(claims) == 2

    def test_a_reminder_does_not_come_before_its_hour(self, database, office, now):
        meeting = booked(database, office, now)
        with database.transaction() as session:
            take(session, now)
        for hours in (-2, 0, 24):
            with database.transaction() as session:
                reminders.write_due(session, office, now + timedelta(hours=hours))
                assert take(session, now + timedelta(hours=hours)) == {}
        with database.transaction() as session:
            reminders.write_due(session, office, meeting.starts_at - timedelta(days=1))
            assert list(take(session, meeting.starts_at - timedelta(days=1))) == [PERSON]

    def test_a_dead_workers_mail_is_nobodys_until_its_lease_is_over_and_then_sent(self, database, office, now):
        booked(database, office, now)
        with database.transaction() as session:
            taken = outbox.claim(session, now)
        for moment in (now + BACK, now):
            with database.transaction() as session:
                assert outbox.claim(session, moment) == []
        with database.transaction() as session:
            again = outbox.claim(session, now + outbox.LEASE + timedelta(seconds=1))
        assert [claim.message_id for claim in again] == [claim.message_id for claim in taken]

    def test_a_cancellation_written_after_the_jump_does_not_overtake_the_invitation(self, database, office, now):
        meeting = booked(database, office, now)
        with database.transaction() as session:
            invitations = outbox.claim(session, now)  # on their way when the clock is set back
        with database.transaction() as session:
            cancel(session, session.merge(meeting), office, now + BACK)
        with database.transaction() as session:
            assert outbox.claim(session, now + BACK) == []
        with database.transaction() as session:
            for claim in invitations:
                outbox.mark_sent(session, claim.id, now + BACK)
            assert {mail.kind for mail in take(session, now + BACK).values()} == {"CANCEL", "CANCELLATION"}
