"""Booking, moving through it in every way people do, and what it leaves in the mail folder."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.stack import booking
from tests.stack.booking import STEPS, answer, assert_asks, begin, book, choose_time, go_to, new_email, new_phone
from tests.stack.running import Running
from tests.stack.talk import Talk

pytestmark = pytest.mark.model


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


def booked_meetings(real: Running, talk: Talk) -> int:
    """How many confirmed meetings the conversation has."""
    ((number,),) = real.in_database(
        "SELECT count(*) FROM meeting WHERE conversation_id = ? AND status = 'confirmed'", talk.id.replace("-", "")
    )
    return int(number)


@pytest.mark.parametrize(
    "words",
    [
        (
            "Jag vill boka tid med en vägledare",
            "Karlstad",
            "telefon tack",
            "Jag heter Kim",
            "Nej, det behövs inte",
            "Ja, det stämmer",
        ),
        ("jag behover boka tid hos vagledare", "i karlstad", "kan ni ringa", "mitt namn är Kim", "nej tack", "ja tack"),
        ("boka möte", "karlstad blir bra", "på telefon", "Kim", "nej", "ok"),
    ],
    ids=["native", "learner", "hurried"],
)
def test_a_meeting_is_booked_in_words_with_a_button_for_the_time(
    real: Running, talk: Talk, words: tuple[str, ...]
) -> None:
    wish, town, kind, name, nobody, yes = words
    talk.say(wish)
    assert_asks(talk, "node")
    assert set(talk.titles) == {"Arvika", "Hagfors", "Karlstad", "Kristinehamn", "Sunne", "Säffle"}
    talk.say(town)
    assert_asks(talk, "type")
    assert talk.titles == ["Telefon", "Videomöte", "Träffas på plats"]
    talk.say(kind)
    assert_asks(talk, "time")
    assert len(talk.items("slots")) == 3
    assert talk.titles[3:] == ["Fler tider", "Annan dag", "Välj vägledare", "Ring mig"]
    offered = talk.items("slots")[1]
    choose_time(talk, 1)
    assert_asks(talk, "name")
    talk.say(name)
    assert_asks(talk, "contact")
    phone = new_phone()
    talk.say(phone)
    assert_asks(talk, "interpreter")
    talk.say(nobody)
    assert_asks(talk, "check")
    check = talk.of_kind("confirm")
    assert "Namn: Kim" in check["text"]
    assert phone not in check["text"], "the contact is masked"
    assert phone[-2:] in check["text"]
    assert check["data"]["start"] == offered["start"]
    talk.say(yes)
    receipt = talk.of_kind("booking")
    assert receipt["data"]["reference"] in receipt["text"]
    assert receipt["data"]["reference"].startswith("IV-")
    assert receipt["data"]["start"] == offered["start"]
    assert receipt["data"]["meeting_type"] == "phone"
    assert "Karlstad" in receipt["text"]
    assert booked_meetings(real, talk) == 1


def test_a_town_in_the_first_message_is_not_asked_for_again(talk: Talk) -> None:
    talk.say("vill ha tid med vägledare i Sunne")
    assert_asks(talk, "type")
    assert "Sunne" in talk.text


DIGRESSIONS = {
    "node": ("vad kostar utbildningen?", "cost"),
    "type": ("vad händer på mötet?", "meeting_info"),
    "time": ("kan jag få pengar från csn?", "csn"),
    "name": ("vem kan se vad jag skriver?", "privacy"),
    "contact": ("hur ansöker man till en utbildning?", "apply_how"),
    "interpreter": ("hur lång är utbildningen?", "course_length"),
    "check": ("vilka orter finns ni på?", "node_list"),
}
LEARNERS_DIGRESSIONS = {
    "node": ("maste man betala for kurs", "cost"),
    "type": ("är du robot eller människa", "bot_challenge"),
    "time": ("hur lång tid tar utbildning", "course_length"),
    "name": ("vad gör en svetsare på jobbet?", "job_describe"),
    "contact": ("csn kan jag få det när jag läser", "csn"),
    "interpreter": ("kan jag plugga på distans", "course_pace"),
    "check": ("hur ansöker jag till kurs", "apply_how"),
}


@pytest.mark.parametrize("questions", [DIGRESSIONS, LEARNERS_DIGRESSIONS], ids=["native", "learner"])
def test_a_question_in_any_step_is_answered_and_the_booking_goes_on(
    real: Running, talk: Talk, questions: dict[str, tuple[str, str]]
) -> None:
    begin(talk)
    for step, (question, topic) in questions.items():
        talk.say(question)
        assert talk.topics[0] == topic, talk.text
        assert len(talk.last) > 1
        assert_asks(talk, step)
        answer(talk, step)
    assert talk.of_kind("booking")["data"]["reference"]
    assert booked_meetings(real, talk) == 1


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("words", ["avbryt", "nej jag vill inte boka, sluta"], ids=["one word", "in a sentence"])
def test_a_booking_can_be_left_in_any_step(real: Running, talk: Talk, step: str, words: str) -> None:
    go_to(talk, step)
    talk.say(words)
    assert "Inget är bokat" in talk.text
    talk.say("när är min tid?")
    assert "ingen bokad tid" in talk.text
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"], "nothing of the booking is asked any more"
    assert booked_meetings(real, talk) == 0


@pytest.mark.parametrize("words", ["fler tider", "finns det andra tider?", "jag vill ha en senare tid", ""])
def test_other_times_are_shown_on_request(talk: Talk, words: str) -> None:
    go_to(talk, "time", town="Säffle")
    first = talk.items("slots")
    talk.say(words) if words else talk.choose("Fler tider")
    more = talk.items("slots")
    assert more[0]["start"] > first[-1]["start"]
    choose_time(talk)
    assert_asks(talk, "name")


def test_the_time_is_changed_at_the_check_and_the_rest_is_kept(talk: Talk) -> None:
    go_to(talk, "check", who="Robin")
    before = talk.of_kind("confirm")["data"]["start"]
    talk.choose("Ändra tid")
    assert_asks(talk, "time")
    choose_time(talk, 2)
    assert_asks(talk, "check")
    assert talk.of_kind("confirm")["data"]["start"] != before
    assert "Namn: Robin" in talk.text


@pytest.mark.parametrize("words", ["nej", "nej det är fel", "nä"])
def test_a_no_at_the_check_asks_what_to_change(real: Running, talk: Talk, words: str) -> None:
    go_to(talk, "check")
    talk.say(words)
    assert "Vad vill du ändra?" in talk.text
    parts = {"Tiden", "Orten", "Hur ni ses", "Namn", "Telefon eller e-post", "Tolk", "Avbryt bokningen"}
    assert parts == set(talk.titles)
    assert booked_meetings(real, talk) == 0
    talk.choose("Namn")
    assert_asks(talk, "name")
    talk.say("jag heter Alex")
    assert_asks(talk, "check")
    assert "Namn: Alex" in talk.text
    talk.say("ja")
    assert booked_meetings(real, talk) == 1


def test_another_town_can_be_chosen_at_the_check(talk: Talk) -> None:
    go_to(talk, "check", town="Sunne")
    talk.say("nej")
    talk.choose("Orten")
    assert_asks(talk, "node")
    talk.choose("Hagfors")
    talk.choose("Videomöte")
    choose_time(talk)
    assert "Hagfors" in talk.of_kind("confirm")["text"]


def test_a_contact_that_cannot_be_read_is_asked_for_again(talk: Talk) -> None:
    go_to(talk, "contact")
    talk.say("123456")
    assert "kan inte läsa" in talk.text
    assert_asks(talk, "contact")
    talk.say(new_email())
    assert_asks(talk, "interpreter")


def test_two_bookings_at_once_do_not_mix(real: Running) -> None:
    one, other = real.talk(), real.talk()
    begin(one)
    begin(other)
    for step in ("node", "type", "time", "name", "contact", "interpreter"):
        answer(one, step, town="Arvika", who="Love")
        answer(
            other, step, town="Hagfors", kind="Videomöte", who="Sam", contact=new_email() if step == "contact" else ""
        )
    assert ("Arvika" in one.text, "Namn: Love" in one.text) == (True, True)
    assert ("Hagfors" in other.text, "Namn: Sam" in other.text) == (True, True)
    one.say("ja")
    other.say("avbryt")
    assert (booked_meetings(real, one), booked_meetings(real, other)) == (1, 0)


def test_a_time_that_one_holds_is_not_offered_to_another(real: Running) -> None:
    one, other = real.talk(), real.talk()
    go_to(one, "name", town="Säffle", kind="Videomöte")
    taken = one.history()[-4]
    go_to(other, "time", town="Säffle", kind="Videomöte")
    assert taken["sender"] == "bot"
    assert taken["data"]["items"][0]["id"] not in {item["id"] for item in other.items("slots")}


def test_a_second_booking_starts_from_nothing_and_a_third_is_refused(real: Running, talk: Talk) -> None:
    first = book(talk, who="Robin", town="Kristinehamn")
    talk.say("jag vill boka tid med vägledare")
    talk.choose("Boka en till")
    for step in STEPS:
        assert_asks(talk, step)
        answer(talk, step, who="Alex", town="Sunne", kind="Träffas på plats")
    second = talk.of_kind("booking")["data"]
    assert first["reference"] != second["reference"]
    assert "Sunne" in second["place"]
    talk.say("när är min tid?")
    assert {message["data"]["reference"] for message in talk.last} == {first["reference"], second["reference"]}
    talk.say("jag vill boka tid med vägledare")
    assert "redan 2 bokade tider" in talk.text, "told before a time is chosen"
    assert not any("en till" in title for title in talk.titles)
    talk.choose("Gör ingenting")
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"], "the form is over"
    assert booked_meetings(real, talk) == 2


@pytest.mark.parametrize(
    "words", [("när är min tid?", "avboka"), ("vilken tid är mitt möte", "jag kan inte komma, vill avboka tid")]
)
def test_a_meeting_is_looked_up_and_cancelled_in_the_chat(real: Running, talk: Talk, words: tuple[str, str]) -> None:
    when, cancel = words
    receipt = book(talk, town="Hagfors")
    talk.say(when)
    mine = talk.of_kind("booking")["data"]
    assert (mine["reference"], mine["start"]) == (receipt["reference"], receipt["start"])
    talk.say(cancel)
    assert booked_meetings(real, talk) == 1, "nothing is cancelled before it is chosen"
    talk.choose("Avboka")
    assert "är avbokad" in talk.text
    assert booked_meetings(real, talk) == 0
    talk.say(when)
    assert "ingen bokad tid" in talk.text


def test_the_counsellor_gets_an_invitation_and_a_cancellation_of_the_same_event(real: Running, talk: Talk) -> None:
    phone = new_phone()
    receipt = book(talk, who="Nova", contact=phone, town="Arvika")
    (invitation,) = real.mailbox.wait_for(receipt["reference"], 1)
    assert invitation.to == "syv1.arvika@example.org", "a person who gave a phone number gets no mail"
    assert invitation.calendar_part.get_param("method") == "REQUEST"
    assert invitation.calendar["METHOD"] == "REQUEST"
    assert invitation.event["DTSTART"].dt == datetime.fromisoformat(receipt["start"])
    assert "Nova" in invitation.text
    assert phone.replace("-", "").replace(" ", "") in invitation.text.replace("-", "").replace(" ", "")
    assert "Nova" not in invitation.subject + str(invitation.event["SUMMARY"]), "calendars are shown to others"

    talk.say("avboka min tid")
    talk.choose("Avboka")
    _, cancellation = real.mailbox.wait_for(receipt["reference"], 2)
    assert cancellation.to == invitation.to
    assert cancellation.calendar_part.get_param("method") == "CANCEL"
    assert cancellation.calendar["METHOD"] == "CANCEL"
    assert cancellation.event["UID"] == invitation.event["UID"]
    assert cancellation.event["SEQUENCE"] > invitation.event.get("SEQUENCE", 0)


def test_a_person_who_gave_an_address_gets_a_confirmation_with_a_link_that_cancels(real: Running, talk: Talk) -> None:
    email = new_email()
    receipt = book(talk, who="Nova", contact=email, town="Kristinehamn", kind="Videomöte")
    mails = {mail.to: mail for mail in real.mailbox.wait_for(receipt["reference"], 2)}
    confirmation = mails.pop(email)
    (invitation,) = mails.values()
    assert invitation.to.endswith("kristinehamn@example.org")
    assert receipt["manage_url"] in confirmation.text
    assert receipt["manage_url"] not in invitation.text, "the link is the person's own"
    assert confirmation.calendar["METHOD"] == "REQUEST"

    path = receipt["manage_url"].removeprefix(real.url)
    page = real.http.get(path)
    assert receipt["reference"] in page.text
    assert booked_meetings(real, talk) == 1, "looking changes nothing"
    assert real.http.post(f"{path}/avboka").status_code == 303
    assert "Tiden är avbokad" in real.http.get(path).text
    assert booked_meetings(real, talk) == 0
    after = real.mailbox.wait_for(receipt["reference"], 4)[2:]
    assert {mail.to for mail in after} == {email, invitation.to}


def test_a_booking_leaves_nothing_of_the_person_behind_outside_its_own_table(real: Running, talk: Talk) -> None:
    name, phone, email = "Wilhelmina Provare", new_phone(), new_email()
    secret = "min granne heter Zebedeus och vi pratade om industrin"
    talk.say(secret)
    go_to(talk, "check", who=name, contact=phone)
    talk.say("nej")
    talk.choose("Telefon eller e-post")
    talk.say(f"ta {email} i stället")
    assert_asks(talk, "check")
    answer(talk, "check")
    real.mailbox.wait_for(talk.of_kind("booking")["data"]["reference"], 2)
    digits = phone.replace("-", "").replace(" ", "")

    (state,) = real.in_tracker("SELECT state FROM snapshot WHERE sender_id = ?", talk.id)[0]
    for trace in (name, "Wilhelmina", phone, digits, email, secret, "Zebedeus"):
        assert trace not in state, "the bot forgets when the booking is made"
    for process, log in real.stack.logs.items():
        text = log.read_text("utf-8") if log.is_file() else ""
        for trace in (name, "Wilhelmina", phone, digits, email, secret, "Zebedeus", talk.token):
            assert trace not in text, f"in the log of {process}"
    said = real.in_database(
        "SELECT text, data, choices FROM message WHERE conversation_id = ?", talk.id.replace("-", "")
    )
    assert said
    for trace in (phone, digits, digits[1:], email):
        assert not any(trace in str(column) for row in said for column in row), "contact data is masked in messages"


def test_the_helper_knows_every_step(real: Running, talk: Talk) -> None:
    """Guards the tests above: a step that was added would be skipped by them."""
    receipt = book(talk, town="Säffle")
    asked = [m["text"] for m in talk.history() if m["sender"] == "bot"][1:-1]
    assert len(asked) == len(booking.STEPS) + 1, "one question a step, and that the time is held"
    assert receipt["reference"]
