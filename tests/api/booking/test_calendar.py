"""Calendar files: bytes that do not change by themselves, and the rules of RFC 5545, 5546 as assertions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from api.clock import STOCKHOLM
from api.outbox.calendar import Attendee, Invitation, cancellation, published, request, subscription

GOLDEN = Path(__file__).with_name("golden")
INVITATION = Invitation(
    uid="6f1c0c1e-8a57-4a3b-9a55-5f6f0a3c1d2e@example.org",
    sequence=0,
    stamp=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    start=datetime(2026, 11, 26, 12, 0, tzinfo=UTC),
    end=datetime(2026, 11, 26, 12, 30, tzinfo=UTC),
    summary="Vägledningssamtal, telefon",
    description="Namn: Kim Öberg; Åsa, \\ och en lång rad som måste vikas mitt i ett ord med å ä ö\n"
    "Telefon: 0701740667",
    location="Industrinoden i Karlstad, Exempelgatan 3, Karlstad",
    organizer_name="Industrivägledaren",
    organizer_email="boka@example.org",
)
COUNSELLOR = Attendee("Studie- och yrkesvägledare 1, Karlstad", "syv1.karlstad@example.org")
ASKED = replace(COUNSELLOR, asks_for_answer=True)
FILES = {
    "request.ics": request(INVITATION, COUNSELLOR),
    "request_asking.ics": request(INVITATION, ASKED),
    "cancel.ics": cancellation(replace(INVITATION, sequence=1), ASKED),
    "published.ics": published(INVITATION),
    "published_cancelled.ics": published(replace(INVITATION, sequence=1), cancelled=True),
}


@pytest.fixture(params=sorted(FILES))
def file(request: pytest.FixtureRequest) -> bytes:
    return FILES[request.param]


def parsed(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_bytes_are_those_of_the_golden_file(name):
    assert FILES[name] == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "method", "status", "attendees"),
    [
        ("request.ics", "REQUEST", "CONFIRMED", 1),
        ("request_asking.ics", "REQUEST", "CONFIRMED", 1),
        ("cancel.ics", "CANCEL", "CANCELLED", 1),
        ("published.ics", "PUBLISH", "CONFIRMED", 0),
        ("published_cancelled.ics", "PUBLISH", "CANCELLED", 0),
    ],
)
def test_method_status_and_attendees_belong_together(name, method, status, attendees):
    calendar, event = parsed(FILES[name])
    assert calendar["METHOD"] == method
    assert event["STATUS"] == status
    found = event.get("ATTENDEE", [])
    assert len(found if isinstance(found, list) else [found]) == attendees


def test_every_file_has_exactly_one_of_what_is_required(file):
    calendar, event = parsed(file)
    lines = file.replace(b"\r\n ", b"").split(b"\r\n")
    for name in (b"UID", b"DTSTAMP", b"DTSTART", b"DTEND", b"SUMMARY", b"SEQUENCE", b"ORGANIZER", b"STATUS", b"METHOD"):
        assert sum(line.split(b":")[0].split(b";")[0] == name for line in lines) == 1
    assert "METHOD" not in event
    assert calendar["VERSION"] == "2.0"
    assert "@" in event["UID"]


def test_organizer_and_attendee_are_mail_addresses_of_different_people(file):
    _, event = parsed(file)
    assert event["ORGANIZER"] == "mailto:boka@example.org"
    if "ATTENDEE" in event:
        assert event["ATTENDEE"] == "mailto:syv1.karlstad@example.org"
        assert event["ATTENDEE"].params["CN"] == "Studie- och yrkesvägledare 1, Karlstad"


@pytest.mark.parametrize(
    ("name", "partstat", "rsvp"),
    [
        ("request.ics", "ACCEPTED", "FALSE"),
        ("request_asking.ics", "NEEDS-ACTION", "TRUE"),
        ("cancel.ics", "ACCEPTED", "FALSE"),
    ],
)
def test_an_answer_is_asked_for_only_where_the_counsellor_wants_it(name, partstat, rsvp):
    _, event = parsed(FILES[name])
    assert (event["ATTENDEE"].params["PARTSTAT"], event["ATTENDEE"].params["RSVP"]) == (partstat, rsvp)


def test_an_invitation_is_private_in_a_shared_calendar():
    assert parsed(FILES["request.ics"])[1]["CLASS"] == "PRIVATE"
    assert "CLASS" not in parsed(FILES["published.ics"])[1]


def test_times_are_plain_utc_without_a_zone_and_without_alarms(file):
    assert b"DTSTART:20261126T120000Z\r\n" in file
    assert b"DTEND:20261126T123000Z\r\n" in file
    for absent in (b"TZID", b"VTIMEZONE", b"VALARM"):
        assert absent not in file


def test_a_cancellation_keeps_the_uid_and_raises_the_sequence():
    _, before = parsed(FILES["request.ics"])
    _, after = parsed(FILES["cancel.ics"])
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def check_wire_format(content: bytes) -> None:
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # a fold inside a character would fail here


def test_lines_end_with_crlf_and_fold_at_75_octets_between_characters(file):
    check_wire_format(file)


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\n;,\\åäöÅÄÖ:"'), max_size=200)


@given(texts, texts)
def test_any_text_survives_and_keeps_the_wire_format(description, location):
    content = request(replace(INVITATION, description=description, location=location), COUNSELLOR)
    check_wire_format(content)
    _, event = parsed(content)
    assert str(event["DESCRIPTION"]) == description
    assert str(event["LOCATION"]) == location


def test_text_cannot_add_lines_of_its_own():
    content = request(replace(INVITATION, description="Kim\r\nATTENDEE:mailto:x@example.org\nEND:VEVENT"), COUNSELLOR)
    _, event = parsed(content)
    assert event["ATTENDEE"] == "mailto:syv1.karlstad@example.org"
    assert content.count(b"\r\nEND:VEVENT") == 1


@pytest.mark.parametrize(
    "name", ['Kim "K" Öberg; a, b: c', "Kim\r\nATTENDEE:mailto:x@example.org", "Åsa^n\tÖ" + "å" * 80]
)
def test_no_name_breaks_out_of_its_line(name):
    content = request(INVITATION, replace(COUNSELLOR, name=name))
    check_wire_format(content)
    _, event = parsed(content)
    assert event["ATTENDEE"] == "mailto:syv1.karlstad@example.org"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert '"' not in event["ATTENDEE"].params["CN"]


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2027-01-14T13:00", "20270114T120000Z"),
        ("2027-07-15T13:00", "20270715T110000Z"),
        ("2027-03-26T13:00", "20270326T120000Z"),
        ("2027-03-29T13:00", "20270329T110000Z"),
        ("2026-10-23T13:00", "20261023T110000Z"),
        ("2026-10-26T13:00", "20261026T120000Z"),
    ],
)
def test_winter_and_summer_times_have_the_right_utc(wall, utc):
    start = datetime.fromisoformat(wall).replace(tzinfo=STOCKHOLM).astimezone(UTC)
    content = request(replace(INVITATION, start=start, end=start + timedelta(minutes=30)), COUNSELLOR)
    assert f"DTSTART:{utc}\r\n".encode() in content
    _, event = parsed(content)
    assert event["DTSTART"].dt.astimezone(STOCKHOLM).isoformat().startswith(wall)


def test_a_subscription_has_a_name_and_a_rhythm_and_nobody_s_address():
    content = subscription("Vägledningssamtal, Karlstad; a\nb", [(INVITATION, "CONFIRMED"), (INVITATION, "CANCELLED")])
    check_wire_format(content)
    calendar = Calendar.from_ical(content)
    assert calendar["METHOD"] == "PUBLISH"
    assert b"X-WR-CALNAME:V\xc3\xa4gledningssamtal\\, Karlstad\\; a\\nb\r\n" in content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in content
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in content
    assert b"ATTENDEE" not in content
    assert [event["STATUS"] for event in calendar.walk("VEVENT")] == ["CONFIRMED", "CANCELLED"]
