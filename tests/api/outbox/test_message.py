"""Mails as they are on the wire, parsed back."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from api.outbox.message import Payload, build

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Vägledningssamtal å ä ö\r\nEND:VCALENDAR\r\n"
MAIL: Payload = {
    "from": "Industrivägledaren <boka@example.org>",
    "reply_to": "vagledning@example.org",
    "subject": "Bokat: Vägledningssamtal, telefon, tors 26 nov kl. 13.00–13.30",
    "text": "Hej Åsa!\n" + "En lång rad med å, ä och ö som inte får brytas sönder. " * 20 + "\n",
    "html": "<p>Hej Åsa!</p>",
    "ics": ICS,
    "ics_method": "REQUEST",
}


def sent(**changes: object) -> EmailMessage:
    mail: Payload = MAIL | changes
    message = build(
        mail, recipient="syv@example.org", message_id="uid.0@example.org", date=datetime(2026, 11, 23, 9, tzinfo=UTC)
    )
    raw = message.as_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=SMTP)


def shape(part: EmailMessage) -> object:
    kind = part.get_content_type()
    return {kind: [shape(child) for child in part.iter_parts()]} if part.is_multipart() else kind


def test_an_invitation_has_the_shape_that_mail_programs_know():
    assert shape(sent()) == {
        "multipart/mixed": [
            {"multipart/alternative": ["text/plain", "text/html", "text/calendar"]},
            "application/ics",
        ]
    }


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_the_calendar_part_has_the_method_utf8_and_base64(method):
    message = sent(ics_method=method)
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == method
    assert part.get_param("charset").lower() == "utf-8"
    assert part["Content-Transfer-Encoding"] == "base64"
    assert part["MIME-Version"] is None


def test_the_calendar_bytes_arrive_unchanged_twice():
    message = sent()
    files = [part for part in message.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    assert [part.get_payload(decode=True) for part in files] == [ICS.encode()] * 2
    assert files[1].get_filename() == "kalender.ics"


def test_a_mail_without_a_calendar_file_is_text_and_html():
    assert shape(sent(ics=None, ics_method=None)) == {"multipart/alternative": ["text/plain", "text/html"]}


def test_headers_and_text_arrive_as_written():
    message = sent()
    assert message["From"] == "Industrivägledaren <boka@example.org>"
    assert message["To"] == "syv@example.org"
    assert message["Reply-To"] == "vagledning@example.org"
    assert message["Subject"] == MAIL["subject"]
    assert message["Message-ID"] == "<uid.0@example.org>"
    assert message["Date"].datetime == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == MAIL["text"]


@pytest.mark.parametrize("sign", "\v\f\x1c\x1d\x1e\x85\u2028\u2029")
def test_a_title_that_was_pasted_with_an_odd_line_end_keeps_no_mail_from_leaving(sign):
    assert sent(subject=f"Öppet hus{sign}i Arvika")["Subject"] == "Öppet hus i Arvika"


@pytest.mark.parametrize("text", ["Kim\r\nBcc: x@example.org", "Kim\nBcc: x@example.org"])
def test_a_line_break_cannot_become_a_header(text):
    with pytest.raises(ValueError):
        sent(subject=text)
