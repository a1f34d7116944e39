"""Signing up and asking for something as people talk: one dialogue for each topic, on the real processes."""

from __future__ import annotations

import json

import pytest

from tests.stack.booking import new_email, new_phone
from tests.stack.running import Running
from tests.stack.talk import Talk

pytestmark = pytest.mark.model


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


def rows(real: Running, talk: Talk, table: str, columns: str) -> list[tuple[object, ...]]:
    """What a talk has left in a table of the product's database."""
    return real.in_database(f"SELECT {columns} FROM {table} WHERE conversation_id = ?", talk.id.replace("-", ""))


def remembered(real: Running, talk: Talk) -> str:
    """Everything that the bot keeps of a talk."""
    ((state,),) = real.in_tracker("SELECT state FROM snapshot WHERE sender_id = ?", talk.id)
    return str(state)


def sign_up(talk: Talk, contact: str) -> None:
    """From a list of events to the receipt, by the straight way."""
    talk.choose("Anmäl mig")
    talk.say("Kim")
    talk.say(contact)
    talk.choose("Nej, inget")
    talk.choose("Ja, anmäl mig")


# --- event_list -------------------------------------------------------------------------------------------------------


def test_somebody_signs_up_for_an_event_with_a_question_in_between_and_a_change(real: Running, talk: Talk) -> None:
    talk.say("jag vill anmäla mig till en informationsträff")
    assert talk.kinds == ["events"]
    talk.say("anmäl mig till den första")
    assert "Vad heter du?" in talk.text
    talk.say("Kim")
    talk.say("vad kostar det att läsa till svetsare?")
    assert talk.topics[0] == "cost"
    assert "Hur når vi dig" in talk.last[-1]["text"], "the form goes on"
    email = new_email()
    talk.say(email)
    talk.say("jag behöver tolk")
    talk.say("dari")
    assert "Namn: Kim" in talk.text
    assert email not in talk.text, "masked"
    talk.say("ändra namnet")
    talk.say("Tilda")
    assert "Namn: Tilda" in talk.text
    talk.say("ja")
    assert "/traffar/anmalan/" in talk.text
    assert rows(real, talk, "event_signup", "name, email, language, status") == [("Tilda", email, "dari", "signed")]
    kept = remembered(real, talk)
    assert "Tilda" not in kept
    assert email not in kept
    talk.say("finns det kurser i Arvika?")
    assert "events" not in talk.kinds, "the form is over"


def test_a_sign_up_is_taken_back_in_the_talk(real: Running, talk: Talk) -> None:
    talk.say("vilka träffar har ni")
    sign_up(talk, new_phone())
    talk.say("avanmäl mig")
    assert "Du är anmäld till" in talk.text
    talk.choose("Avanmäl mig")
    assert "Du är avanmäld" in talk.text
    assert rows(real, talk, "event_signup", "status") == [("cancelled",)]
    talk.say("avanmäl mig")
    assert "hittar ingen anmälan" in talk.text


def test_a_button_pressed_twice_signs_up_once(real: Running, talk: Talk) -> None:
    talk.say("vilka träffar har ni")
    talk.choose("Anmäl mig")
    talk.say("Kim")
    talk.say(new_email())
    talk.choose("Nej, inget")
    send = talk.choice("Ja, anmäl mig")
    talk.press(send)
    talk.press(send)
    assert "Du är anmäld till" in talk.text
    assert len(rows(real, talk, "event_signup", "id")) == 1


# --- study_visit ------------------------------------------------------------------------------------------------------


def test_easy_swedish_is_kept_through_a_study_visit(real: Running, talk: Talk) -> None:
    talk.say("lätt svenska tack")
    talk.say("jag vill gå på studiebesök")
    assert talk.kinds == ["events"]
    talk.choose("Anmäl mig")
    talk.say("Amina")
    assert "Skriv din e-postadress. Eller skriv ditt telefonnummer." in talk.text
    talk.say(new_phone())
    talk.say("jag har rullstol")
    assert "Är allt rätt?" in talk.text
    talk.say("ja")
    assert "Nu är du anmäld!" in talk.text
    assert rows(real, talk, "event_signup", "name, needs") == [("Amina", "Inga trappor")]


def test_it_is_left_in_the_middle_and_nothing_is_sent(real: Running, talk: Talk) -> None:
    talk.say("kan jag få komma på studiebesök")
    talk.choose("Anmäl mig")
    talk.say("Kim")
    talk.say("nej avbryt")
    assert "Inget är skickat" in talk.text
    assert "Kim" not in remembered(real, talk)
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"]
    assert rows(real, talk, "event_signup", "id") == []


# --- employer_contact -------------------------------------------------------------------------------------------------


def test_a_company_asks_for_people_and_the_bot_is_restarted_in_the_middle(real: Running, talk: Talk) -> None:
    talk.say("vi är ett företag som behöver anställa")
    assert talk.topics == ["employer_contact"]
    talk.choose("Behöver personal")
    talk.say("Exempelverkstaden AB")
    talk.say("Arvika")
    real.stack.kill("bot")
    real.stack.start("bot")
    real.stack.wait_ready("bot")
    real.stack.first_answer()
    talk.say("två svetsare och en CNC-operatör")
    assert "Hur många behöver ni" in talk.text
    talk.say("2")
    talk.say("Kim")
    talk.say(new_email())
    talk.say("hoppa över")
    for line in ("Företag: Exempelverkstaden AB", "Kommun: Arvika", "Antal personer: 2"):
        assert line in talk.text
    talk.say("ja")
    ((matter, organisation, details),) = rows(real, talk, "enquiry", "matter, organisation, details")
    assert (matter, organisation) == ("staffing", "Exempelverkstaden AB")
    assert json.loads(str(details)) == {"work": "två svetsare och en CNC-operatör", "people": 2}
    assert "Exempelverkstaden" not in remembered(real, talk)


# --- upskilling -------------------------------------------------------------------------------------------------------


def test_a_company_asks_for_a_course_and_a_crisis_comes_first(real: Running, talk: Talk) -> None:
    talk.say("kompetensutveckling för personal på vår verkstad")
    talk.choose("Fråga för en grupp")
    talk.say("Exempelverkstaden AB")
    talk.say("jag orkar inte leva längre")
    assert "112" in talk.text
    assert "åt sidan" in talk.text
    assert "Exempelverkstaden" not in remembered(real, talk)
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"]
    assert rows(real, talk, "enquiry", "id") == []


def test_a_company_asks_for_a_course(real: Running, talk: Talk) -> None:
    talk.say("kompetensutveckling för personal på vår verkstad")
    talk.choose("Fråga för en grupp")
    talk.say("Exempelverkstaden AB")
    talk.say("Hagfors")
    talk.say("programmera robotar")
    talk.say("ungefär tio stycken")
    talk.say("Kim")
    phone = new_phone()
    talk.say(phone)
    talk.say("helst på kvällar, ring mig gärna på " + phone)
    talk.choose("Ändra antal")
    talk.say("12")
    assert phone not in talk.text
    talk.say("ja")
    ((message, details),) = rows(real, talk, "enquiry", "message, details")
    assert phone.replace("-", "").replace(" ", "") in str(message).replace("-", "")
    assert '"group_size": 12' in str(details)


# --- prao -------------------------------------------------------------------------------------------------------------


def test_a_school_asks_for_prao_places(real: Running, talk: Talk) -> None:
    talk.say("vår skola söker praoplatser till elever i åttan")
    assert talk.topics == ["prao"]
    if not any(title.startswith("Skicka en förfrågan") for title in talk.titles):
        talk.choose("Jag arbetar på en skola")
    talk.choose("Skicka en förfrågan")
    talk.say("Exempelskolan")
    talk.say("Torsby")
    talk.say("åk 8")
    talk.say("25 elever")
    talk.say("vecka 10 eller 11")
    talk.say("Kim")
    talk.say(new_email())
    talk.say("nej tack")
    talk.say("ja")
    ((matter, organisation, details),) = rows(real, talk, "enquiry", "matter, organisation, details")
    assert (matter, organisation) == ("school_prao", "Exempelskolan")
    assert '"pupils": 25' in str(details)


# --- networks ---------------------------------------------------------------------------------------------------------


def test_interest_in_a_network(real: Running, talk: Talk) -> None:
    talk.say("finns det något nätverk för kvinnor i teknik?")
    assert talk.topics == ["networks"]
    talk.choose("Intresse:")
    talk.say("Kim")
    talk.say(new_email())
    talk.choose("Hoppa över")
    talk.choose("Hoppa över")
    talk.choose("Ja, skicka")
    ((matter, network),) = rows(real, talk, "enquiry", "matter, network_id")
    assert matter == "network_interest"
    assert network is not None


# --- Between forms ----------------------------------------------------------------------------------------------------


def test_a_booking_and_a_form_give_way_to_each_other(real: Running, talk: Talk) -> None:
    talk.say("vilka träffar har ni")
    sign = talk.choice("Anmäl mig")
    talk.say("jag vill boka tid med vägledare")
    talk.choose("Karlstad")
    talk.press(sign)
    assert "åt sidan" in talk.text
    assert "Vad heter du?" in talk.text
    talk.say("Kim")
    assert "Hur når vi dig" in talk.text
    talk.say("avbryt")
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"]
