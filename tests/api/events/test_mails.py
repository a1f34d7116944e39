"""What people read about their sign-up, and what their calendars are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import vCalAddress
from sqlalchemy import func, select

from api.events import changes, line, mails, service
from api.events.letters import own_calendar_file
from api.events.links import signup_by_link
from api.events.tables import EventSignup
from api.outbox.office import Office
from api.outbox.tables import Outbox
from api.readability import lix
from tests.api.booking.mailing import Mail, take
from tests.api.events.signups import OFFICE, STARTS, add_event, join, leave, person

ONE, TWO, THREE = (f"person-{number}@example.org" for number in (1, 2, 3))


@pytest.fixture
def session(database):
    with database.transaction() as session:
        yield session


@pytest.fixture
def event(session):
    return add_event(session, capacity=1)


def link_in(mail: Mail) -> str:
    """The token of the secret link in a mail."""
    return mail.text.partition("/traffar/anmalan/")[2].split()[0]


def test_whoever_has_a_place_gets_a_confirmation_with_the_event_for_the_calendar(session, event, now):
    signup = join(session, event, now, needs="rullstol", language="arabiska")
    mail = take(session, now)[ONE]
    assert mail.kind == "SIGNUP"
    assert mail.message["Subject"].startswith("Du är anmäld: Öppet hus om industrijobb, torsdag 10 december kl. 17.00")
    assert mail.message["Reply-To"] == "arvika@example.org"
    for said in ("Person 1x", "Noden i Arvika, Exempelgatan 1", "arabiska", signup.reference, "30 dagar"):
        assert said.casefold() in mail.text.casefold()
        assert said.casefold() in mail.html.casefold()
    assert "rullstol" not in mail.text + mail.html, "a stranger may have typed the address, and the words"
    assert "det du har skrivit" in mail.text
    assert signup_by_link(session, link_in(mail)).id == signup.id
    assert mail.part("text/calendar")["Content-Type"].startswith('text/calendar; method="REQUEST"')
    entry = mail.event
    assert (str(entry["UID"]), int(entry["SEQUENCE"])) == (signup.ical_uid, signup.sequence)
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (STARTS, STARTS + timedelta(hours=2))
    assert str(entry["STATUS"]) == "CONFIRMED"
    attendee: vCalAddress = entry["ATTENDEE"]
    assert str(attendee) == f"mailto:{ONE}"
    assert "CN" not in attendee.params
    assert "Person" not in str(mail.calendar)


def test_whoever_waits_hears_where_they_stand_and_gets_nothing_for_the_calendar(session, event, now):
    join(session, event, now, 1)
    join(session, event, now, 2)
    join(session, event, now, 3)
    mail = take(session, now)[THREE]
    assert mail.kind == "WAITING"
    assert "som nummer 2" in mail.text
    assert not [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]


def test_an_offer_says_until_when_and_leads_to_yes_and_no(session, event, now):
    first = join(session, event, now, 1)
    second = join(session, event, now, 2)
    take(session, now)
    leave(session, first, now)
    mail = take(session, now)[TWO]
    assert mail.kind == "OFFER"
    assert mail.text.count("24 november 2026 kl. 10.00") == 2
    taken = service.accept_offer(session, signup_by_link(session, link_in(mail)), now=now, office=OFFICE)
    assert taken.id == second.id
    confirmed = take(session, now)[TWO]
    assert "Nu har du en plats" in confirmed.text
    assert int(confirmed.event["SEQUENCE"]) > 0


def test_an_offer_that_ran_out_is_told_and_the_next_one_gets_theirs(session, event, now):
    first = join(session, event, now, 1)
    join(session, event, now, 2)
    join(session, event, now, 3)
    leave(session, first, now)
    take(session, now)
    later = now + timedelta(hours=24)
    line.lapse_offers(session, later, OFFICE)
    told = take(session, later)
    assert (told[TWO].kind, told[THREE].kind) == ("LAPSED", "OFFER")
    assert "inget svar i tid" in told[TWO].text


def test_who_cancels_gets_a_cancellation_for_the_calendar(session, event, now):
    signup = join(session, event, now)
    take(session, now)
    leave(session, signup, now)
    mail = take(session, now)[ONE]
    assert (mail.kind, str(mail.calendar["METHOD"]), str(mail.event["STATUS"])) == (
        "EVENTCANCEL",
        "CANCEL",
        "CANCELLED",
    )
    assert int(mail.event["SEQUENCE"]) == signup.sequence
    assert str(mail.event["UID"]) == signup.ical_uid


def test_who_cancels_before_anything_was_sent_hears_nothing(session, event, now):
    leave(session, join(session, event, now), now)
    assert take(session, now) == {}


def test_who_leaves_the_waiting_list_gets_no_cancellation_for_the_calendar(session, event, now):
    join(session, event, now, 1)
    second = join(session, event, now, 2)
    take(session, now)
    leave(session, second, now)
    mail = take(session, now)[TWO]
    assert "lämnat kön" in mail.text
    assert not [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]


def test_staff_may_say_why_they_take_somebody_off(session, event, now):
    signup = join(session, event, now)
    service.cancel_signup(session, signup, now=now, by="staff:1", office=OFFICE, message="Du var anmäld två gånger.")
    assert "Du var anmäld två gånger." in take(session, now)[ONE].text


def test_a_second_sign_up_from_elsewhere_gets_the_link_by_mail_but_not_again_and_again(session, event, now):
    signup = join(session, event, now)
    take(session, now)
    for minutes in (10, 70, 80, 90):
        at = now + timedelta(minutes=minutes)
        assert service.sign_up(session, event.id, person(1), now=at, office=OFFICE).url == ""
    sent = take(session, now + timedelta(hours=2))
    assert list(sent) == [ONE]
    assert "redan anmäld" in str(sent[ONE].message["Subject"])
    assert signup_by_link(session, link_in(sent[ONE])).id == signup.id


class TestReminders:
    def test_comes_the_day_before_with_a_link_that_is_made_then(self, session, event, now):
        join(session, event, now)
        take(session, now)
        assert not mails.any_due(session, STARTS - timedelta(hours=25))
        at = STARTS - timedelta(hours=24)
        assert mails.any_due(session, at)
        assert mails.write_due(session, OFFICE, at) == 1
        mail = take(session, at)[ONE]
        assert mail.kind == "EVENTREMINDER"
        assert signup_by_link(session, link_in(mail)).status == "signed"

    def test_none_for_those_who_cancelled_or_only_wait(self, session, event, now):
        first = join(session, event, now, 1)
        join(session, event, now, 2)
        join(session, event, now, 3)
        leave(session, first, now)
        take(session, now)
        assert mails.write_due(session, OFFICE, STARTS - timedelta(hours=24)) == 0

    def test_none_for_whoever_signs_up_the_day_before(self, session, event, now):
        join(session, event, STARTS - timedelta(hours=30))
        assert not mails.any_due(session, STARTS - timedelta(hours=1))

    @pytest.mark.parametrize("hours", [1, 11, 13])
    def test_stands_when_something_else_is_mailed_shortly_before(self, session, event, now, hours):
        signup = join(session, event, now)
        take(session, now)
        at = STARTS - timedelta(hours=24)
        shortly = at - timedelta(hours=hours)
        mails.written(session, signup, shortly, OFFICE, subject="Parkering", text="Ställ bilen på baksidan.")
        assert take(session, shortly)[ONE].kind == "EVENTMESSAGE", "the reminder keeps nothing waiting"
        assert mails.write_due(session, OFFICE, at) == 1
        assert take(session, at)[ONE].kind == "EVENTREMINDER"
        mails.written(session, signup, at + timedelta(hours=1), OFFICE, subject="Nyckel", text="Ring på dörren.")
        assert take(session, at + timedelta(hours=1))[ONE].kind == "EVENTMESSAGE"
        assert not mails.any_due(session, STARTS), "one is enough"

    def test_moves_with_the_event(self, session, event, now):
        join(session, event, now)
        later = STARTS + timedelta(days=3)
        new = {"starts_at": later, "ends_at": later + timedelta(hours=1)}
        changes.change_event(session, event, new, now=now, actor="staff:1", office=OFFICE)
        assert not mails.any_due(session, STARTS)
        assert mails.write_due(session, OFFICE, later - timedelta(hours=24)) == 1

    def test_goes_by_text_message_where_that_is_switched_on(self, session, event, now):
        with_sms = Office(OFFICE.mail_from, OFFICE.base_url, sms=True)
        who = person(1, email=None, phone="0701740635")
        service.sign_up(session, event.id, who, now=now, office=with_sms)
        at = STARTS - timedelta(hours=24)
        mails.write_due(session, with_sms, at)
        row = session.scalars(select(Outbox)).one()
        assert (row.channel, row.recipient) == ("sms", "0701740635")
        assert row.payload["text"].startswith("Påminnelse: torsdag 10 december kl. 17.00–19.00 är det Öppet hus")


class TestThoseWithOnlyATelephone:
    """Nobody can mail them, so the function that answers for the event has to call."""

    def phone(self, session, event, now, number):
        who = person(number, email=None, phone=f"07017406{number:02}")
        return service.sign_up(session, event.id, who, now=now, office=OFFICE).signup

    def test_an_offered_place_is_told_to_the_function_without_a_name_or_number(self, session, event, now):
        first = join(session, event, now, 1)
        second = self.phone(session, event, now, 2)
        take(session, now)
        leave(session, first, now)
        mail = take(session, now)["arvika@example.org"]
        assert mail.kind == "CALLNEEDED"
        assert second.reference in mail.text
        assert f"/personal/traffar/{event.id}/deltagare" in mail.text
        assert "24 november 2026 kl. 10.00" in mail.text
        assert "Person" not in mail.text
        assert "070174" not in mail.text

    def test_one_mail_for_all_when_the_event_is_cancelled(self, session, now):
        event = add_event(session)
        both = [self.phone(session, event, now, number) for number in (1, 2)]
        done = changes.cancel_event(session, event, "Sjukdom.", now=now, actor="staff:1", office=OFFICE)
        assert (done.mailed, done.to_call) == (0, 2)
        mail = take(session, now)["arvika@example.org"]
        assert all(one.reference in mail.text for one in both)


def test_a_mail_that_is_given_up_is_told_to_the_function_with_its_code(session, event, now):
    signup = join(session, event, now)
    session.flush()
    row = session.scalars(select(Outbox).where(Outbox.kind == "SIGNUP")).one()
    assert (row.thread, row.reference, row.notify) == (signup.id, signup.reference, "arvika@example.org")


def test_the_file_to_download_names_nobody(session, event, now):
    signup = join(session, event, now)
    content = own_calendar_file(signup, OFFICE, stamp=signup.changed_at).decode()
    assert "METHOD:PUBLISH" in content
    assert "ATTENDEE" not in content
    leave(session, signup, now)
    assert "STATUS:CANCELLED" in own_calendar_file(signup, OFFICE, stamp=signup.changed_at).decode()


def test_the_address_of_an_online_event_is_told_to_those_with_a_place_only(session, now):
    room = "https://mote.example.org/rum"
    event = add_event(session, capacity=1, place_name="", street="", online_url=room)
    join(session, event, now, 1)
    join(session, event, now, 2)
    told = take(session, now)
    assert room in told[ONE].text
    assert str(told[ONE].event["LOCATION"]) == room
    assert room not in told[TWO].message.as_string()


def test_every_mail_is_plain_swedish(session, now):
    event = add_event(session, capacity=1)
    first = join(session, event, now, 1)
    second = join(session, event, now, 2)
    third = join(session, event, now, 3)
    found = take(session, now)
    leave(session, first, now)
    found |= {f"{to}-2": mail for to, mail in take(session, now).items()}
    leave(session, second, now)
    service.accept_offer(session, third, now=now, office=OFFICE)
    found |= {f"{to}-3": mail for to, mail in take(session, now).items()}
    changes.message_all(
        session, event, "Parkering", "Ställ bilen på baksidan.", now=now, actor="staff:1", office=OFFICE, waiting=True
    )
    changes.cancel_event(session, event, "Vi är sjuka.", now=now, actor="staff:1", office=OFFICE)
    found |= {f"{to}-4": mail for to, mail in take(session, now).items()}
    assert len(found) >= 7
    for mail in found.values():
        prose = "\n".join(part for part in mail.text.split("\n\n") if "http" not in part and ": " not in part)
        assert lix(prose) < 40, prose


def test_nothing_is_sent_for_what_is_rolled_back(database, now):
    def fail() -> None:
        with database.transaction() as session:
            join(session, add_event(session), now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0
        assert session.scalar(select(func.count()).select_from(EventSignup)) == 0
