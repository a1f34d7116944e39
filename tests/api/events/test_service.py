"""Signing up, cancelling and taking an offered place."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from api.chat.tables import Conversation
from api.events import line, service
from api.events.addresses import event_path
from api.events.errors import (
    EventNotFound,
    NeedsTooLong,
    OfferGone,
    SignupClosed,
    SignupConflict,
    SignupNotFound,
    SignupPassed,
)
from api.events.links import event_by_address, signup_by_link
from api.events.seats import seats_of
from api.events.tables import Event, EventSignup
from api.outbox.tables import Outbox
from api.privacy.errors import ContactInvalid, NameInvalid
from api.staff.tables import Audit
from tests.api.events.signups import OFFICE, STARTS, add_event, check_line, join, leave, person, statuses


@pytest.fixture
def session(database):
    with database.transaction() as session:
        yield session


@pytest.fixture
def event(session) -> Event:
    return add_event(session)


def sign_up(session, event, who, now, **values) -> service.SignedUp:
    return service.sign_up(session, event.id, who, now=now, office=OFFICE, **values)


class TestSigningUp:
    def test_there_is_a_place_until_all_are_taken_and_then_a_waiting_list(self, session, event, now):
        for number in range(1, 5):
            join(session, event, now, number)
        assert statuses(session, event) == ["signed", "signed", "waiting", "waiting"]
        places = seats_of(session, event)
        assert (places.taken, places.waiting, places.left, places.open_to_newcomers) == (2, 2, 0, False)

    def test_without_a_limit_everybody_has_a_place(self, session, now):
        event = add_event(session, capacity=None)
        for number in range(1, 31):
            join(session, event, now, number)
        assert set(statuses(session, event)) == {"signed"}
        assert seats_of(session, event).left is None

    @pytest.mark.parametrize("email", ["person-1@example.org", "PERSON-1@Example.org"])
    def test_the_same_address_twice_is_the_first_sign_up_and_gives_no_link_away(self, session, event, now, email):
        first = sign_up(session, event, person(1), now)
        again = sign_up(session, event, person(2, email=email), now)
        assert (again.signup.id, again.repeated, again.url) == (first.signup.id, True, "")
        assert len(statuses(session, event)) == 1

    def test_the_same_phone_number_twice_is_the_first_sign_up(self, session, event, now):
        first = sign_up(session, event, person(1, email=None, phone="0701740635"), now)
        again = sign_up(session, event, person(2, phone="0701740635"), now)
        assert again.signup.id == first.signup.id

    def test_a_form_sent_twice_gives_the_same_sign_up_and_a_link_that_works(self, session, event, now):
        first = sign_up(session, event, person(1), now, key="form-1")
        again = sign_up(session, event, person(1), now, key="form-1")
        assert again.repeated
        assert again.url != first.url
        for url in (first.url, again.url):
            assert signup_by_link(session, url.rpartition("/")[2]).id == first.signup.id

    def test_a_form_sent_again_after_a_cancellation_signs_up_anew(self, session, event, now):
        leave(session, sign_up(session, event, person(1), now, key="form-1").signup, now)
        again = sign_up(session, event, person(1), now, key="form-1")
        assert (again.signup.status, again.signup.number, again.repeated) == ("signed", 2, False)

    def test_a_key_belongs_to_one_event(self, session, event, now):
        sign_up(session, event, person(1), now, key="form-1")
        with pytest.raises(SignupConflict):
            sign_up(session, add_event(session), person(1), now, key="form-1")

    def test_the_same_conversation_gets_its_link_again(self, session, event, now):
        conversation = Conversation(id=uuid4(), token_hash="x", created_at=now, active_at=now)
        session.add(conversation)
        session.flush()
        sign_up(session, event, person(1), now, conversation_id=conversation.id)
        assert sign_up(session, event, person(1), now, conversation_id=conversation.id).url
        assert [one.status for one in service.of_conversation(session, conversation.id, now)] == ["signed"]

    def test_who_cancelled_may_sign_up_again_and_stands_last(self, session, event, now):
        first = join(session, event, now, 1)
        join(session, event, now, 2)
        join(session, event, now, 3)
        leave(session, first, now)
        join(session, event, now, 1)
        assert statuses(session, event) == ["cancelled", "signed", "offered", "waiting"]

    @pytest.mark.parametrize("values", [{"status": "draft"}, {"status": "cancelled"}])
    def test_nobody_signs_up_for_a_draft_or_a_cancelled_event(self, session, now, values):
        with pytest.raises(SignupClosed):
            join(session, add_event(session, **values), now)

    def test_sign_up_closes_at_its_own_time_or_when_the_event_starts(self, session, event, now):
        closing = add_event(session, signup_until=STARTS - timedelta(days=3))
        with pytest.raises(SignupClosed):
            join(session, closing, STARTS - timedelta(days=3))
        join(session, closing, STARTS - timedelta(days=3, seconds=1))
        with pytest.raises(SignupClosed):
            join(session, event, STARTS)

    def test_what_is_wrong_with_a_person_is_said(self, session, event, now):
        for error, values in (
            (ContactInvalid, {"email": None}),
            (ContactInvalid, {"email": " "}),
            (NameInvalid, {"name": ""}),
            (NeedsTooLong, {"needs": "x" * 301}),
        ):
            with pytest.raises(error):
                join(session, event, now, **values)
        with pytest.raises(EventNotFound):
            service.sign_up(session, uuid4(), person(), now=now, office=OFFICE)
        assert statuses(session, event) == []

    def test_identity_numbers_in_needs_are_masked(self, session, event, now):
        signup = join(session, event, now, needs="rullstol,  19900101-1239")
        assert "1990" not in signup.needs
        assert signup.needs.startswith("rullstol, ")

    def test_the_audit_trail_names_nobody(self, session, event, now):
        leave(session, join(session, event, now), now)
        session.flush()
        rows = session.scalars(select(Audit)).all()
        assert [row.action for row in rows] == ["event.signed_up", "event.signup_cancelled"]
        assert "person" not in str([(row.subject, row.details) for row in rows]).lower()


class TestAFreedPlace:
    def test_is_offered_to_the_first_who_waits_for_a_day(self, session, event, now):
        first, *_ = [join(session, event, now, number) for number in range(1, 5)]
        leave(session, first, now)
        assert statuses(session, event) == ["cancelled", "signed", "offered", "waiting"]
        offered = session.scalars(select(EventSignup).where(EventSignup.status == "offered")).one()
        assert offered.offered_until == now + timedelta(hours=24)

    def test_goes_to_nobody_new_while_it_is_held(self, session, event, now):
        first, *_ = [join(session, event, now, number) for number in range(1, 4)]
        leave(session, first, now)
        assert join(session, event, now, 9).status == "waiting"

    def test_is_taken_by_a_yes_and_a_second_yes_changes_nothing(self, session, event, now):
        first, _, third = [join(session, event, now, number) for number in range(1, 4)]
        leave(session, first, now)
        assert service.may_take(session, third, now)
        for _ in range(2):
            assert service.accept_offer(session, third, now=now, office=OFFICE).status == "signed"
        assert statuses(session, event) == ["cancelled", "signed", "signed"]

    def test_goes_on_after_a_no(self, session, event, now):
        first, _, third, _ = [join(session, event, now, number) for number in range(1, 5)]
        leave(session, first, now)
        leave(session, third, now)
        assert statuses(session, event) == ["cancelled", "signed", "cancelled", "offered"]

    def test_goes_on_when_nobody_answers_in_time(self, session, event, now):
        first, _, third, fourth = [join(session, event, now, number) for number in range(1, 5)]
        leave(session, first, now)
        later = now + timedelta(hours=24)
        assert line.to_move_on(session, later) == [event.id]
        assert line.lapse_offers(session, later, OFFICE) == 2
        assert statuses(session, event) == ["cancelled", "signed", "cancelled", "offered"]
        assert third.ended_by == "lapsed"
        assert fourth.offered_until == later + timedelta(hours=24)
        with pytest.raises(OfferGone):
            service.accept_offer(session, third, now=later, office=OFFICE)

    def test_a_late_yes_is_refused_even_before_the_worker_has_been(self, session, event, now):
        first, _, third = [join(session, event, now, number) for number in range(1, 4)]
        leave(session, first, now)
        with pytest.raises(OfferGone):
            service.accept_offer(session, third, now=now + timedelta(hours=24), office=OFFICE)

    def test_a_newcomer_does_not_wait_for_the_worker(self, session, event, now):
        """An offer that has run out with nobody behind it: the place is free at that very moment."""
        first, _, _ = [join(session, event, now, number) for number in range(1, 4)]
        leave(session, first, now)
        assert join(session, event, now + timedelta(hours=24), 4).status == "signed"

    def test_an_offer_ends_two_hours_before_sign_up_closes(self, session, now):
        event = add_event(session, capacity=1, starts_at=now + timedelta(hours=20))
        first, second = [join(session, event, now, number) for number in (1, 2)]
        leave(session, first, now)
        assert second.offered_until == now + timedelta(hours=18)


class TestTooLateToHold:
    @pytest.fixture
    def event(self, session, now) -> Event:
        """One place, and sign-up closes in three hours: nobody could be given two hours to answer."""
        return add_event(session, capacity=1, starts_at=now + timedelta(hours=3))

    def test_everybody_who_waits_hears_that_the_first_one_gets_it(self, session, event, now):
        first, second, third = [join(session, event, now, number) for number in (1, 2, 3)]
        leave(session, first, now)
        assert statuses(session, event) == ["cancelled", "waiting", "waiting"]
        assert second.told_free_at == third.told_free_at == now
        assert service.accept_offer(session, third, now=now, office=OFFICE).status == "signed"
        with pytest.raises(OfferGone):
            service.accept_offer(session, second, now=now, office=OFFICE)
        assert not service.may_take(session, second, now)

    def test_a_newcomer_waits_and_hears_of_it_an_hour_later(self, session, event, now):
        first, _ = [join(session, event, now, number) for number in (1, 2)]
        leave(session, first, now)
        newcomer = join(session, event, now, 3)
        assert newcomer.status == "waiting"
        with pytest.raises(OfferGone):
            service.accept_offer(session, newcomer, now=now, office=OFFICE)
        assert line.lapse_offers(session, now + timedelta(minutes=59), OFFICE) == 0
        assert line.lapse_offers(session, now + timedelta(hours=1), OFFICE) == 1
        assert service.accept_offer(session, newcomer, now=now + timedelta(hours=1), office=OFFICE).status == "signed"

    def test_the_next_free_place_is_told_of_anew(self, session, event, now):
        first, second, third = [join(session, event, now, number) for number in (1, 2, 3)]
        leave(session, first, now)
        service.accept_offer(session, second, now=now, office=OFFICE)
        assert third.told_free_at is None
        leave(session, second, now + timedelta(minutes=5))
        assert third.told_free_at == now + timedelta(minutes=5)
        mails = select(func.count()).where(Outbox.thread == third.id, Outbox.kind == "FREEPLACE")
        assert session.scalar(mails) == 2

    def test_with_nobody_waiting_a_newcomer_gets_it_until_sign_up_closes(self, session, event, now):
        leave(session, join(session, event, now, 1), now)
        assert join(session, event, now, 2).status == "signed"


class TestCancelling:
    def test_a_second_time_changes_nothing(self, session, event, now):
        signup = leave(session, join(session, event, now), now)
        changed = signup.changed_at
        leave(session, signup, now + timedelta(hours=1))
        assert (signup.changed_at, signup.ended_by) == (changed, "person")

    def test_nothing_is_cancelled_once_the_event_has_begun(self, session, event, now):
        with pytest.raises(SignupPassed):
            leave(session, join(session, event, now), STARTS)

    def test_who_waits_may_leave_and_nobody_is_offered_anything(self, session, event, now):
        *_, third = [join(session, event, now, number) for number in range(1, 4)]
        leave(session, third, now)
        assert statuses(session, event) == ["signed", "signed", "cancelled"]

    def test_a_cancelled_event_gives_no_place(self, session, now):
        event = add_event(session, capacity=1)
        first, second = [join(session, event, now, number) for number in (1, 2)]
        event.status = "cancelled"
        leave(session, first, now)
        assert second.status == "waiting"
        with pytest.raises(SignupClosed):
            service.accept_offer(session, second, now=now, office=OFFICE)


class TestFinding:
    def test_an_event_by_the_end_of_its_address_whatever_the_title_was(self, session, event):
        address = event_path(event).rpartition("/")[2]
        for name in (address, f"ett-annat-namn-{address.rpartition('-')[2]}"):
            assert event_by_address(session, name).id == event.id
        for name in ("", "oppet-hus", f"x-{'0' * 10}", "x-zzzzzzzzzz"):
            with pytest.raises(EventNotFound):
                event_by_address(session, name)

    def test_a_draft_has_no_public_address(self, session):
        draft = add_event(session, status="draft")
        with pytest.raises(EventNotFound):
            event_by_address(session, event_path(draft).rpartition("/")[2])

    def test_a_wrong_link_leads_nowhere(self, session, event, now):
        join(session, event, now)
        with pytest.raises(SignupNotFound):
            signup_by_link(session, "AAAAAAAAAAAAAAAAAAAAAA")
        with pytest.raises(SignupNotFound):
            service.signup_of(session, uuid4())


def test_somebody_who_just_comes_is_let_in_whatever_the_capacity(session, event, now):
    for number in (1, 2):
        join(session, event, now, number)
    walk_in = service.add_walk_in(session, event.id, person(3, email=None), now=STARTS, office=OFFICE, by="staff:1")
    same = service.add_walk_in(session, event.id, person(1), now=STARTS, office=OFFICE, by="staff:1")
    assert (walk_in.status, same.number) == ("attended", 1)
    assert statuses(session, event) == ["attended", "signed", "attended"]
    assert session.scalar(select(func.count()).where(Outbox.thread == walk_in.id)) == 0


def test_places_in_the_line_are_counted_from_one(session, event, now):
    signups = [join(session, event, now, number) for number in range(1, 6)]
    assert [line.place_in_line(session, one) for one in signups] == [0, 0, 1, 2, 3]
    check_line(session, event)
