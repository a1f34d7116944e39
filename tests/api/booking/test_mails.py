"""The mails about a meeting as they leave, parsed back: what they say, to whom, and the rules of iTIP and iMIP."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.booking import mails
from api.outbox import service as outbox
from tests.api.booking.mailing import COUNSELLOR, PERSON, Mail, book, cancel, move, new, other_counsellor, take

pytestmark = pytest.mark.usefixtures("counsellors")


def assert_by_the_rules(mail: Mail, *, method: str, sequence: int) -> None:
    """RFC 5546 (3.2.2, 3.2.5), RFC 6047 (2.4–2.6) and RFC 5545 (3.1), for one mail with an invitation."""
    assert [part.get_content_type() for part in mail.message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    part, copy = mail.part("text/calendar"), mail.part("application/ics")
    assert part.get_param("method") == method
    assert str(part.get_param("charset")).lower() == "utf-8"
    assert part["Content-Transfer-Encoding"] == "base64"
    raw = part.get_payload(decode=True)
    assert copy.get_payload(decode=True) == raw
    assert copy.get_filename() == "kalender.ics"
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    for line in raw.split(b"\r\n"):
        line.decode()
    lines = raw.replace(b"\r\n ", b"").decode().split("\r\n")
    names = [re.split("[;:]", line)[0] for line in lines]
    for once in ("METHOD", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "ORGANIZER", "ATTENDEE"):
        assert names.count(once) == 1, once
    assert names.index("METHOD") < names.index("BEGIN", 1), "METHOD belongs to the calendar, not to the event"
    for never in ("VALARM", "TZID", "VTIMEZONE", "RRULE"):
        assert never not in raw.decode()
    assert mail.calendar["METHOD"] == method
    assert mail.event["STATUS"] == ("CANCELLED" if method == "CANCEL" else "CONFIRMED")
    assert mail.event["SEQUENCE"] == sequence
    assert mail.event["ORGANIZER"] == "mailto:boka@example.org"
    assert mail.event["ATTENDEE"] == f"mailto:{mail.to}", "nobody sees another's address"
    assert mail.event["ORGANIZER"] != mail.event["ATTENDEE"]
    assert re.fullmatch(r"[0-9a-f-]{36}@example\.org", mail.event["UID"])
    assert mail.event["SUMMARY"].startswith("Vägledningssamtal, ")
    assert mail.message["Reply-To"] == "vagledning.karlstad@example.org"


class TestBooked:
    def test_both_are_invited_by_the_rules(self, database, office, now):
        with database.transaction() as session:
            url = book(session, new(session), office, now)
            sent = take(session, now)
        assert {to: mail.kind for to, mail in sent.items()} == {COUNSELLOR: "REQUEST", PERSON: "CONFIRMATION"}
        for mail in sent.values():
            assert_by_the_rules(mail, method="REQUEST", sequence=0)
        assert sent[COUNSELLOR].event["UID"] == sent[PERSON].event["UID"]
        assert sent[COUNSELLOR].message["Message-ID"] != sent[PERSON].message["Message-ID"]
        assert url in sent[PERSON].text
        assert url in sent[PERSON].html
        assert url not in sent[COUNSELLOR].message.as_string()

    def test_the_confirmation_says_when_how_what_to_have_at_hand_and_whom_to_call(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            mail = take(session, now)[PERSON]
        for part in (
            "Hej Kim Öberg!",
            "torsdag 26 november kl. 13.00–13.30",
            "Du ringer vägledaren på 031-390 06 21",
            "betyg",
            "031-390 06 13",
            meeting.reference,
            "30 dagar efter mötet",
        ):
            assert part in mail.text
            assert part in mail.html

    def test_only_the_counsellor_learns_the_contact_and_never_in_what_others_see(self, database, office, now):
        with database.transaction() as session:
            book(session, new(session, asked_about="Svetsare i Arvika. Hur lång utbildningen är."), office, now)
            sent = take(session, now)
        mail = sent[COUNSELLOR]
        assert PERSON in mail.text
        assert PERSON in mail.event["DESCRIPTION"]
        assert mail.event["CLASS"] == "PRIVATE"
        for open_to_others in (mail.message["Subject"], mail.event["SUMMARY"], mail.event["LOCATION"]):
            assert "Kim" not in open_to_others
            assert PERSON not in open_to_others
        own = sent[PERSON].part("text/calendar").get_payload(decode=True).decode()
        assert "Kim" not in own
        assert "syv." not in own + sent[PERSON].text + sent[PERSON].html

    def test_what_was_asked_about_stands_in_the_counsellors_mail_and_in_no_calendar(self, database, office, now):
        with database.transaction() as session:
            book(session, new(session, asked_about="Svetsare i Arvika.\n<b>Frågor</b> om lön"), office, now)
            sent = take(session, now)
        assert "> Svetsare i Arvika.\n> <b>Frågor</b> om lön" in sent[COUNSELLOR].text
        assert "&lt;b&gt;Frågor" in sent[COUNSELLOR].html
        assert "Svetsare" not in sent[COUNSELLOR].event.to_ical().decode() + sent[COUNSELLOR].message["Subject"]
        assert "Svetsare" not in sent[PERSON].message.as_string()

    def test_without_a_yes_the_counsellor_is_not_told_of_any_questions(self, database, office, now):
        with database.transaction() as session:
            book(session, new(session), office, now)
            assert "har frågat" not in take(session, now)[COUNSELLOR].text

    def test_a_counsellor_who_wants_it_is_asked_for_an_answer(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            meeting.counsellor.asks_for_answer = True
            book(session, meeting, office, now)
            sent = take(session, now)
        asked, own = sent[COUNSELLOR].event["ATTENDEE"].params, sent[PERSON].event["ATTENDEE"].params
        assert (asked["PARTSTAT"], asked["RSVP"]) == ("NEEDS-ACTION", "TRUE")
        assert (own["PARTSTAT"], own["RSVP"]) == ("ACCEPTED", "FALSE")
        assert "Svaret flyttar inte mötet" in sent[COUNSELLOR].text

    def test_an_interpreter_and_easy_swedish_are_told_to_both(self, database, office, now):
        with database.transaction() as session:
            book(session, new(session, interpreter_language="arabiska", wants_easy=True), office, now)
            sent = take(session, now)
        assert "tolk på arabiska" in sent[COUNSELLOR].text
        assert "lätt svenska" in sent[COUNSELLOR].text
        assert "Tolk: Ja, på arabiska." in sent[PERSON].text
        assert "Din kod:" in sent[PERSON].text, "the words are those of easy Swedish"

    def test_a_video_link_is_given_where_the_counsellor_has_one(self, database, office, now):
        link = "https://video.example.org/rum/karlstad-1"
        with database.transaction() as session:
            meeting = new(session, meeting_type="video")
            meeting.counsellor.video_url = link
            book(session, meeting, office, now)
            mail = take(session, now)[PERSON]
        assert link in mail.text
        assert link in mail.event["DESCRIPTION"]
        assert "skickar länken" not in mail.text

    def test_who_left_a_telephone_number_gets_no_mail_and_the_caller_is_told(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session, email=None)
            told = mails.booked(session, meeting, office, manage_url="https://x.example.org", now=now)
            assert set(take(session, now)) == {COUNSELLOR}
        assert not told

    @pytest.mark.parametrize("name", ["<b>Kim</b>", 'Kim "K" Ö, a; b', "Åsa\\nÖberg", "Å" * 80])
    def test_no_name_breaks_a_mail(self, database, office, now, name):
        with database.transaction() as session:
            book(session, new(session, person_name=name), office, now)
            sent = take(session, now)
        for mail in sent.values():
            assert_by_the_rules(mail, method="REQUEST", sequence=0)
            assert name in mail.text
            assert "<b>Kim" not in mail.html
        assert f"Namn: {name}\n" in sent[COUNSELLOR].event["DESCRIPTION"]

    def test_a_line_break_in_a_name_never_becomes_a_header(self, database, office, now):
        with database.transaction() as session:
            book(session, new(session, person_name="Kim\r\nBcc: x@example.org"), office, now)
            sent = take(session, now)
        for mail in sent.values():
            assert mail.message["Bcc"] is None
            assert_by_the_rules(mail, method="REQUEST", sequence=0)


class TestMoved:
    def test_a_move_is_the_same_meeting_with_a_raised_sequence(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            first = take(session, now)
            assert move(session, meeting, office, now, message="Jag har fått förhinder.\nVi ses lite senare!")
            second = take(session, now)
        assert {to: mail.kind for to, mail in second.items()} == {COUNSELLOR: "REQUEST", PERSON: "CHANGE"}
        for to, mail in second.items():
            assert_by_the_rules(mail, method="REQUEST", sequence=1)
            assert mail.event["UID"] == first[to].event["UID"]
            assert mail.event["DTSTART"].dt == first[to].event["DTSTART"].dt + timedelta(hours=2)
            assert "Ny tid: torsdag 26 november kl. 15.00–15.30" in mail.text
            assert "kl. 13.00–13.30" in mail.text
        assert "> Jag har fått förhinder.\n> Vi ses lite senare!" in second[PERSON].text
        assert "förhinder" not in second[COUNSELLOR].text
        assert re.search(r"https://vagledning\.example\.org/mote/[\w-]{22}\b", second[PERSON].text)

    def test_another_counsellor_is_invited_and_the_first_one_relieved(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            first = take(session, now)
            move(session, meeting, office, now, hours=0, counsellor=other_counsellor(session))
            second = take(session, now)
        new_one = "syv.karlstad-2@example.org"
        kinds = {COUNSELLOR: "CANCEL", new_one: "REQUEST", PERSON: "CHANGE"}
        assert {to: mail.kind for to, mail in second.items()} == kinds
        assert_by_the_rules(second[COUNSELLOR], method="CANCEL", sequence=1)
        assert_by_the_rules(second[new_one], method="REQUEST", sequence=1)
        assert {mail.event["UID"] for mail in (*first.values(), *second.values())} == {meeting.ical_uid}
        assert "Kim" not in second[COUNSELLOR].message.as_string()
        assert "Kim" not in second[COUNSELLOR].event.to_ical().decode()
        assert PERSON in second[new_one].text
        assert "en annan vägledare" in second[PERSON].text
        assert "Ny tid" not in second[PERSON].text

    def test_and_back_again_the_meeting_returns_with_a_higher_sequence(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            mine = meeting.counsellor
            book(session, meeting, office, now)
            take(session, now)
            for counsellor in (other_counsellor(session), mine):
                move(session, meeting, office, now, hours=0, counsellor=counsellor)
                last = take(session, now)
        assert_by_the_rules(last[COUNSELLOR], method="REQUEST", sequence=2)
        assert_by_the_rules(last["syv.karlstad-2@example.org"], method="CANCEL", sequence=2)

    def test_who_has_heard_nothing_yet_gets_one_mail_with_the_new_time_only(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            move(session, meeting, office, now)
            sent = take(session, now)
        assert {to: mail.kind for to, mail in sent.items()} == {COUNSELLOR: "REQUEST", PERSON: "CONFIRMATION"}
        for mail in sent.values():
            assert_by_the_rules(mail, method="REQUEST", sequence=1)
            assert "13.00–13.30" not in mail.text


class TestCancelled:
    @pytest.mark.parametrize("by_person", [True, False])
    def test_the_meeting_leaves_both_calendars(self, database, office, now, by_person):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            first = take(session, now)
            assert cancel(session, meeting, office, now, by_person=by_person, message="Vi är tyvärr sjuka.")
            second = take(session, now)
        assert {to: mail.kind for to, mail in second.items()} == {COUNSELLOR: "CANCEL", PERSON: "CANCELLATION"}
        for to, mail in second.items():
            assert_by_the_rules(mail, method="CANCEL", sequence=1)
            assert mail.event["UID"] == first[to].event["UID"]
        assert ("Vi beklagar det" in second[PERSON].text) is not by_person
        assert "> Vi är tyvärr sjuka." in second[PERSON].text
        assert "sjuka" not in second[COUNSELLOR].message.as_string()
        assert "Kim" not in second[COUNSELLOR].message.as_string()

    def test_nobody_hears_of_a_meeting_that_was_cancelled_before_any_mail_left(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            cancel(session, meeting, office, now)
            assert take(session, now + timedelta(days=2)) == {}

    def test_but_a_person_whose_meeting_staff_cancel_is_always_told(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            assert cancel(session, meeting, office, now, by_person=False)
            sent = take(session, now)
        assert {to: mail.kind for to, mail in sent.items()} == {PERSON: "CANCELLATION"}

    def test_an_attempt_that_failed_may_have_arrived_so_the_cancellation_goes(self, database, office, now):
        with database.transaction() as session:
            meeting = new(session)
            book(session, meeting, office, now)
            for claim in outbox.claim(session, now):
                outbox.mark_failed(session, claim, now, error="SMTPServerDisconnected", permanent=False, jitter=0)
            cancel(session, meeting, office, now)
            sent = take(session, now + timedelta(hours=1))
        assert {to: mail.kind for to, mail in sent.items()} == {COUNSELLOR: "CANCEL", PERSON: "CANCELLATION"}
