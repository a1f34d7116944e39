"""Every mail word for word, against golden files: read them aloud when they change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.booking import letters
from api.booking.letters import Earlier
from api.booking.tables import Counsellor, Meeting
from api.catalogue.tables import Node
from api.outbox.message import Letter
from api.outbox.office import Office

GOLDEN = Path(__file__).parent / "golden" / "mails"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "https://vagledning.example.org/mote/AbCdEfGhIjKlMnOpQrStUv"
OFFICE = Office("Industrivägledaren <boka@example.org>", "https://vagledning.example.org")


def counsellor(number: int = 1, **facts: object) -> Counsellor:
    node = Node(
        name="Industrinoden i Karlstad",
        town="Karlstad",
        street="Exempelgatan 3",
        phone="031-390 06 13",
        email="vagledning.karlstad@example.org",
    )
    syv = Counsellor(
        id=number,
        node=node,
        title=f"Studie- och yrkesvägledare {number}, Karlstad",
        email=f"syv{number}.karlstad@example.org",
        phone="031-390 06 21",
        video_url="",
        asks_for_answer=False,
    )
    for name, value in facts.items():
        setattr(syv, name, value)
    return syv


def meeting(**facts: object) -> Meeting:
    start = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    values: dict[str, object] = {
        "reference": "IV-7K3MX",
        "counsellor": counsellor(),
        "meeting_type": "phone",
        "starts_at": start,
        "ends_at": start + timedelta(minutes=30),
        "status": "confirmed",
        "person_name": "Kim",
        "contact_kind": "email",
        "contact_value": "kim@example.org",
        "ical_uid": "6f1c0c1e-8a57-4a3b-9a55-5f6f0a3c1d2e@example.org",
        "sequence": 0,
        "wants_easy": False,
    }
    return Meeting(**(values | facts))


BEFORE = Earlier.of(meeting())
LATER = {
    "sequence": 1,
    "starts_at": datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
    "ends_at": datetime(2026, 11, 30, 8, 30, tzinfo=UTC),
}
VIDEO = {"meeting_type": "video", "counsellor": counsellor(video_url="https://video.example.org/rum/karlstad-1")}
EASY = {"wants_easy": True, "interpreter_language": "arabiska"}
ASKED = "Svetsare i Arvika: hur lång utbildningen är, och vad den kostar.\nStudiemedel."


def moved(**facts: object) -> Letter:
    return letters.person_moved(meeting(**LATER, **facts), BEFORE, OFFICE, manage_url=URL, now=NOW)


def cancelled(message: str = "", *, by_person: bool, **facts: object) -> Letter:
    found = meeting(status="cancelled", sequence=1, **facts)
    return letters.person_cancelled(found, OFFICE, now=NOW, by_person=by_person, message=message)


def relieved() -> Letter:
    taken = meeting(sequence=1, counsellor=counsellor(2))
    return letters.counsellor_relieved(taken, BEFORE, OFFICE, now=NOW)


def reassigned(**facts: object) -> Letter:
    taken = meeting(sequence=1, counsellor=counsellor(2), **facts)
    return letters.person_moved(taken, BEFORE, OFFICE, manage_url=URL, now=NOW, message="Din vägledare är sjuk.")


MAILS: dict[str, Callable[[], Letter]] = {
    "person_booked_phone": lambda: letters.person_booked(meeting(), OFFICE, manage_url=URL, now=NOW),
    "person_booked_video": lambda: letters.person_booked(meeting(**VIDEO), OFFICE, manage_url=URL, now=NOW),
    "person_booked_on_site_interpreter": lambda: letters.person_booked(
        meeting(meeting_type="on_site", interpreter_language="arabiska"), OFFICE, manage_url=URL, now=NOW
    ),
    "person_booked_easy": lambda: letters.person_booked(
        meeting(meeting_type="on_site", **EASY), OFFICE, manage_url=URL, now=NOW
    ),
    "person_booked_easy_video": lambda: letters.person_booked(
        meeting(**VIDEO, **EASY), OFFICE, manage_url=URL, now=NOW
    ),
    "person_moved": moved,
    "person_moved_easy": lambda: moved(**EASY),
    "person_reassigned": reassigned,
    "person_reassigned_easy": lambda: reassigned(**EASY),
    "person_cancelled_by_person": lambda: cancelled(by_person=True),
    "person_cancelled_by_staff": lambda: cancelled("Jag är tyvärr sjuk.\n/Vägledaren", by_person=False),
    "person_cancelled_easy": lambda: cancelled(by_person=False, **EASY),
    "person_reminder": lambda: letters.person_reminder(meeting(), OFFICE, manage_url=URL),
    "person_reminder_easy": lambda: letters.person_reminder(meeting(**VIDEO, **EASY), OFFICE, manage_url=URL),
    "counsellor_booked": lambda: letters.counsellor_booked(meeting(asked_about=ASKED), OFFICE, now=NOW),
    "counsellor_booked_interpreter": lambda: letters.counsellor_booked(
        meeting(**EASY, contact_kind="phone", contact_value="0701740635"), OFFICE, now=NOW
    ),
    "counsellor_taken_over": lambda: letters.counsellor_booked(meeting(), OFFICE, now=NOW, taken_over=True),
    "counsellor_moved": lambda: letters.counsellor_moved(meeting(**LATER), BEFORE, OFFICE, now=NOW),
    "counsellor_relieved": relieved,
    "counsellor_shared_mailbox": lambda: letters.counsellor_booked(
        meeting(sequence=1), OFFICE, now=NOW, taken_over=True, left_by=counsellor(2).title
    ),
    "counsellor_readdressed": lambda: letters.counsellor_readdressed(meeting(sequence=1), OFFICE, now=NOW),
    "counsellor_address_left": lambda: letters.counsellor_address_left(
        meeting(sequence=1), "syv.gammal@example.org", OFFICE, now=NOW
    ),
    "counsellor_cancelled": lambda: letters.counsellor_cancelled(
        meeting(status="cancelled", sequence=1), OFFICE, now=NOW
    ),
}

each_mail = pytest.mark.parametrize("name", sorted(MAILS))


def as_read(letter: Letter) -> str:
    """Subject, text, and what the calendar shows."""
    ics = (letter.payload["ics"] or "").replace("\r\n ", "").replace("\r\n", "\n")
    shown = [line for line in ics.split("\n") if line.startswith(("SUMMARY", "DESCRIPTION", "LOCATION"))]
    calendar = "".join(f"{line}\n" for line in shown)
    return f"{letter.payload['subject']}\n\n{letter.payload['text']}" + (f"\n-- \n{calendar}" if calendar else "")


class Words(HTMLParser):
    """The words of an HTML mail, as somebody reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._skipped = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped = tag in ("style", "title")
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._skipped = False

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words += data.split()


@each_mail
def test_the_words_are_those_of_the_golden_file(name):
    assert as_read(MAILS[name]()) == (GOLDEN / f"{name}.txt").read_text("utf-8")


@each_mail
def test_the_html_says_what_the_text_says(name):
    payload = MAILS[name]().payload
    html = Words()
    html.feed(payload["html"])
    plain = [word for word in payload["text"].lower().replace("> ", "").split() if not word.startswith("https://")]
    spoken = [word for word in " ".join(html.words).lower().split() if not word.startswith("https://")]
    assert [word.rstrip(":") for word in plain] == [word.rstrip(":") for word in spoken]
    in_text = {word for word in payload["text"].split() if word.startswith("https://")}
    assert set(html.links) == in_text


@each_mail
def test_a_subject_line_names_nobody_and_nothing_that_was_said(name):
    subject = MAILS[name]().payload["subject"]
    for private in ("Kim", "kim@", "0701740635", "Svetsare", "arabiska", "sjuk"):
        assert private not in subject


@each_mail
def test_every_mail_says_whom_to_turn_to(name):
    payload = MAILS[name]().payload
    assert payload["reply_to"] == "vagledning.karlstad@example.org"
    if name.startswith("person"):
        assert "031-390 06 13" in payload["text"]
