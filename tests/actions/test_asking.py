"""Signing up and asking for something in the chat: one form, whose questions come from the real api."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from actions.asking.steps import FORM, STATE
from api.catalogue.tables import Municipality
from api.contact.enquiries.tables import Enquiry
from api.database import Database
from api.events.tables import Event, EventSignup
from api.outbox.tables import Outbox
from tests.actions.booking import NewConversation, SafeText, booked, until
from tests.actions.conversation import Conversation
from tests.conftest import NOW, MovableClock

TRAINING = '/upskilling{"asking_kind": "enquiry:training"}'
EMAIL = "verkstad@example.org"
Meets = Callable[..., str]


@pytest.fixture
def meets(store: Database) -> Meets:
    """An event that one can sign up for; the payload of its button."""

    def make(**facts: object) -> str:
        with store.transaction() as session:
            town = session.scalars(select(Municipality).where(Municipality.name == "Arvika")).one()
            event = Event(
                id=uuid4(),
                kind="information",
                title="Träffa industrin",
                host="Noden i Arvika",
                municipality_id=town.id,
                place_name="Exempelhuset",
                starts_at=NOW + timedelta(days=10),
                ends_at=NOW + timedelta(days=10, hours=2),
                contact="Vägledningen i Arvika",
                contact_email="arvika@example.org",
                status="published",
                created_at=NOW,
                updated_at=NOW,
                **facts,
            )
            session.add(event)
            return f'/event_list{{"asking_kind": "event:{event.id}"}}'

    return make


def enquiries(store: Database) -> list[Enquiry]:
    with store.transaction(read_only=True) as session:
        return list(session.scalars(select(Enquiry)))


def signups(store: Database, status: str = "signed") -> list[EventSignup]:
    """Those that were made in a talk; the seed has some of its own."""
    made = select(EventSignup).where(EventSignup.status == status, EventSignup.conversation_id.is_not(None))
    with store.transaction(read_only=True) as session:
        return list(session.scalars(made))


async def to_check(talk: Conversation, safe_text: SafeText) -> None:
    """Answer every question of the form about training."""
    await talk.send(TRAINING)
    await talk.talk("Exempelverkstaden")
    await talk.talk("Arvika", entities={"place": "Arvika"})
    await talk.talk("svetsa rostfritt", "course_search")
    await talk.talk("8 personer", confidence=0.3)
    await talk.talk("Kim", confidence=0.2)
    await talk.talk(safe_text(talk, EMAIL), confidence=0.2)
    await talk.press_button("Hoppa över")


async def sign_up(talk: Conversation, payload: str, contact: str) -> None:
    await talk.send(payload)
    await talk.talk("Kim", confidence=0.2)
    await talk.talk(contact, confidence=0.2)
    await talk.press_button("Nej, inget")
    await talk.press_button("Ja, anmäl mig")


class TestAnEnquiry:
    async def test_it_is_sent_after_a_yes_and_nothing_of_it_is_kept(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await to_check(talk, safe_text)
        assert "Företag: Exempelverkstaden" in talk.text
        assert "v•••@example.org" in talk.text
        assert enquiries(store) == []
        await talk.press_button("Ja, skicka")
        (enquiry,) = enquiries(store)
        assert (enquiry.matter, enquiry.email, enquiry.name) == ("training", EMAIL, "Kim")
        assert enquiry.details == {"skill": "svetsa rostfritt", "group_size": 8}
        assert str(enquiry.conversation_id) == talk.sender
        assert enquiry.reference in talk.text
        assert talk.form is None
        assert talk.slots[STATE] is None

    async def test_a_second_press_of_the_same_button_tells_that_it_is_sent(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await to_check(talk, safe_text)
        send = next(b["payload"] for b in talk.buttons if b["title"] == "Ja, skicka")
        await talk.send(send)
        await talk.send(send)
        (enquiry,) = enquiries(store)
        assert "redan skickat" in talk.text
        assert enquiry.reference in talk.text

    async def test_the_same_turn_twice_sends_once(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        """The action server died after api had sent it, or the line broke."""
        await to_check(talk, safe_text)
        slots, form = dict(talk.slots), talk.form
        send = next(b["payload"] for b in talk.buttons if b["title"] == "Ja, skicka")
        await talk.send(send)
        talk.slots, talk.form = slots, form
        await talk.send(send)
        assert len(enquiries(store)) == 1
        with store.transaction(read_only=True) as session:
            assert session.scalar(select(func.count()).select_from(Outbox)) == 2, "one to the function, one receipt"

    async def test_another_one_may_follow(self, talk: Conversation, safe_text: SafeText, store: Database) -> None:
        await to_check(talk, safe_text)
        await talk.press_button("Ja, skicka")
        await to_check(talk, safe_text)
        await talk.press_button("Ja, skicka")
        assert len(enquiries(store)) == 2

    async def test_a_button_of_a_form_that_was_left_sends_nothing(
        self, talk: Conversation, safe_text: SafeText, store: Database
    ) -> None:
        await to_check(talk, safe_text)
        send = next(b["payload"] for b in talk.buttons if b["title"] == "Ja, skicka")
        await talk.talk("avbryt", "restart")
        assert talk.form is None
        await talk.send(send)
        assert "Inget är skickat" in talk.text
        assert enquiries(store) == []

    @pytest.mark.parametrize("matter", ["staffing", "receive", "council", "other"])
    async def test_every_matter_of_a_company_can_be_sent_by_somebody_who_answers_only_what_is_needed(
        self, talk: Conversation, safe_text: SafeText, store: Database, matter: str
    ) -> None:
        await talk.send(f'/employer_contact{{"asking_kind": "enquiry:{matter}"}}')
        await _answer_all(talk, safe_text)
        assert [enquiry.matter for enquiry in enquiries(store)] == [matter]

    async def test_a_school_asks_for_places(self, talk: Conversation, safe_text: SafeText, store: Database) -> None:
        await talk.send('/prao{"asking_kind": "enquiry:school_prao"}')
        await _answer_all(talk, safe_text)
        (enquiry,) = enquiries(store)
        assert enquiry.details == {"grade": "svar", "pupils": 7, "weeks": "svar"}

    async def test_interest_in_a_network(self, talk: Conversation, safe_text: SafeText, store: Database) -> None:
        await talk.send('/networks{"asking_kind": "enquiry:network_interest:techniqual"}')
        assert "TechniQual" in talk.text
        await _answer_all(talk, safe_text)
        (enquiry,) = enquiries(store)
        assert enquiry.network_id is not None

    async def test_a_network_that_is_not_there_is_said(self, talk: Conversation) -> None:
        await talk.send('/networks{"asking_kind": "enquiry:network_interest:ingen"}')
        assert "Se vilka nätverk" in talk.text
        assert talk.form is None


async def _answer_all(talk: Conversation, safe_text: SafeText) -> None:
    for _ in range(12):
        step = talk.slots[STATE]["step"]
        titles = [button["title"] for button in talk.buttons]
        if step == "check":
            await talk.press_button("Ja, skicka")
            return
        if "Hoppa över" in titles:
            await talk.press_button("Hoppa över")
        elif step == "municipality":
            await talk.press_button("Annan kommun")
        elif step == "contact":
            await talk.talk(safe_text(talk, EMAIL), confidence=0.2)
        elif step == "pupils":
            await talk.talk("sju elever", confidence=0.2)
        elif step == "receives":
            await talk.talk("studiebesök", "study_visit")
        else:
            await talk.talk("Kim" if step == "name" else "svar", confidence=0.2)
    raise AssertionError("the form never ends")


class TestBesideTheForm:
    async def test_a_question_is_answered_and_the_form_asks_again(self, talk: Conversation) -> None:
        await talk.send(TRAINING)
        await talk.talk("vad kostar det?", "cost")
        assert "Vad heter företaget" in talk.said[-1]["text"]
        assert talk.said[0]["custom"]["topic"] == "cost"
        await talk.talk("Exempelverkstaden")
        assert talk.slots[STATE]["step"] == "municipality"

    async def test_a_crisis_comes_first_and_ends_it(self, talk: Conversation) -> None:
        await talk.send(TRAINING)
        await talk.talk("jag orkar inte leva", entities={"distress": "yes"})
        assert "112" in talk.text
        assert "utter_asking_put_aside" in talk.text
        assert talk.form is None
        assert talk.slots[STATE] is None

    async def test_easy_swedish_is_kept_to(self, talk: Conversation, safe_text: SafeText) -> None:
        talk.slots["easy"] = True
        await talk.send(TRAINING)
        assert "Vad heter ditt företag?" in talk.text

    async def test_easy_swedish_can_be_wished_for_in_the_middle(self, talk: Conversation) -> None:
        await talk.send(TRAINING)
        await talk.talk("lätt svenska tack", "simplify")
        assert "Vad heter ditt företag?" in talk.said[-1]["text"]
        assert talk.slots["easy"] is True
        assert talk.slots[STATE]["step"] == "organisation"

    async def test_somebody_who_would_rather_book_is_let_go(self, talk: Conversation) -> None:
        await talk.send(TRAINING)
        await talk.send("/book_meeting")
        assert "utter_asking_put_aside" in talk.text
        assert talk.form == "booking_form"
        assert talk.slots["requested_slot"] == "booking_node"
        assert talk.slots[STATE] is None

    async def test_somebody_who_books_may_rather_sign_up(
        self, talk: Conversation, safe_text: SafeText, meets: Meets, store: Database
    ) -> None:
        await until(talk, "booking_name", safe_text)
        await talk.send(meets())
        assert "utter_booking_put_aside" in talk.text
        assert talk.form == FORM
        assert talk.slots["booking_meeting"] is None
        await talk.talk("Kim", confidence=0.2)
        assert talk.slots[STATE]["step"] == "contact"
        assert booked(store) == []

    async def test_another_form_takes_the_place_of_the_one_that_is_open(self, talk: Conversation, meets: Meets) -> None:
        await talk.send(TRAINING)
        await talk.send(meets())
        assert talk.slots[STATE]["kind"].startswith("event:")
        assert talk.form == FORM

    async def test_the_municipality_of_the_talk_is_taken_over(self, talk: Conversation) -> None:
        talk.slots["place"] = "Sunne"
        await talk.send(TRAINING)
        await talk.talk("Exempelverkstaden")
        assert talk.slots[STATE]["step"] == "skill"
        assert talk.slots[STATE]["answers"]["municipality"] == "Sunne"


class TestAnEvent:
    async def test_somebody_signs_up_with_what_they_need(
        self, talk: Conversation, safe_text: SafeText, meets: Meets, store: Database
    ) -> None:
        await talk.send(meets(capacity=5))
        assert "Träffa industrin" in talk.text
        assert "5 platser" in talk.text
        await talk.talk("Kim", confidence=0.2)
        await talk.talk(safe_text(talk, EMAIL), confidence=0.2)
        await talk.press_button("Tolk")
        await talk.talk("Dari", confidence=0.2)
        assert "Tolkens språk: Dari" in talk.text
        await talk.press_button("Ja, anmäl mig")
        (signup,) = signups(store)
        assert (signup.name, signup.email, signup.needs, signup.language) == ("Kim", EMAIL, "", "dari")
        assert signup.reference in talk.text
        assert "/traffar/anmalan/" in talk.text

    async def test_when_it_is_full_the_waiting_list_is_told_of_before_and_after(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText, meets: Meets, store: Database
    ) -> None:
        payload = meets(capacity=1)
        await sign_up(talk, payload, safe_text(talk, EMAIL))
        other = new_conversation()
        await other.send(payload)
        assert "väntelistan" in other.text
        await sign_up(other, payload, safe_text(other, "070-174 06 35"))
        assert "Du står på väntelistan" in other.text
        assert len(signups(store, "waiting")) == 1

    async def test_who_has_signed_up_in_this_talk_is_shown_that(
        self, talk: Conversation, safe_text: SafeText, meets: Meets, store: Database
    ) -> None:
        payload = meets()
        await sign_up(talk, payload, safe_text(talk, EMAIL))
        await talk.send(payload)
        assert "Du är anmäld till" in talk.text
        assert talk.form is None
        assert len(signups(store)) == 1

    async def test_the_sign_up_of_somebody_else_is_not_given_away(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText, meets: Meets, store: Database
    ) -> None:
        payload = meets()
        await sign_up(talk, payload, safe_text(talk, EMAIL))
        (signup,) = signups(store)
        other = new_conversation()
        await sign_up(other, payload, safe_text(other, EMAIL))
        assert len(signups(store)) == 1
        assert signup.reference not in other.text
        assert "/traffar/anmalan/" not in other.text

    @pytest.mark.parametrize(("text", "topic"), [("avanmäl mig", "event_list"), ("avboka", "cancel_meeting")])
    async def test_a_sign_up_is_taken_back_in_words_and_by_its_button(
        self, talk: Conversation, safe_text: SafeText, meets: Meets, store: Database, text: str, topic: str
    ) -> None:
        await sign_up(talk, meets(), safe_text(talk, EMAIL))
        talk.said = []
        await talk.run("action_cancel_meeting" if topic == "cancel_meeting" else "action_answer", text, topic)
        assert "Du är anmäld till" in talk.text
        assert "ingen bokad tid" not in talk.text
        off = next(b["payload"] for b in talk.buttons if b["title"].startswith("Avanmäl mig"))
        await talk.send(off)
        assert "Du är avanmäld" in talk.text
        await talk.send(off)
        assert "Du är avanmäld" in talk.text, "a second press changes nothing"
        assert signups(store) == []

    async def test_an_offered_place_is_taken_by_its_button_and_never_by_somebody_else(
        self,
        talk: Conversation,
        new_conversation: NewConversation,
        safe_text: SafeText,
        meets: Meets,
        store: Database,
        clock: MovableClock,
    ) -> None:
        payload = meets(capacity=1)
        await sign_up(talk, payload, safe_text(talk, EMAIL))
        other, third = new_conversation(), new_conversation()
        await sign_up(other, payload, safe_text(other, "070-174 06 35"))
        await sign_up(third, payload, safe_text(third, "070-174 06 36"))
        await other.talk("avanmäl mig", "event_list")
        assert not [b for b in other.buttons if b["title"].startswith("Ja, jag vill ha platsen")], "nothing is free"
        await talk.talk("avanmäl mig", "event_list")
        await talk.press_button("Avanmäl mig: Träffa industrin")
        other.said = []
        await other.talk("avanmäl mig", "event_list")
        assert "Det finns en plats till dig på Träffa industrin" in other.text
        yes = next(b["payload"] for b in other.buttons if b["title"].startswith("Ja, jag vill ha platsen"))
        await third.send(yes)
        assert not signups(store), "not the one of another talk"
        for _ in range(2):
            other.said = []
            await other.send(yes)
            assert "Du är anmäld till Träffa industrin" in other.text
        assert len(signups(store)) == 1
        await other.send(next(b["payload"] for b in other.buttons if b["title"].startswith("Avanmäl mig")))
        await third.talk("avanmäl mig", "event_list")
        late = next(b["payload"] for b in third.buttons if b["title"].startswith("Ja, jag vill ha platsen"))
        clock.move(days=2)
        third.said = []
        await third.send(late)
        assert "har gått till någon annan" in third.text
        assert not signups(store)

    async def test_nobody_takes_back_the_sign_up_of_another_talk(
        self, talk: Conversation, new_conversation: NewConversation, safe_text: SafeText, meets: Meets, store: Database
    ) -> None:
        await sign_up(talk, meets(), safe_text(talk, EMAIL))
        (signup,) = signups(store)
        other = new_conversation()
        await other.send(f'/event_list{{"event_signup": "{signup.id}"}}')
        assert len(signups(store)) == 1
        await other.talk("avanmäl mig", "event_list")
        assert "hittar ingen anmälan" in other.text

    async def test_one_that_closes_meanwhile_ends_the_form(
        self, talk: Conversation, safe_text: SafeText, meets: Meets, store: Database, clock: MovableClock
    ) -> None:
        await talk.send(meets())
        clock.move(days=11)
        await talk.talk("Kim", confidence=0.2)
        assert "Det går inte längre att anmäla sig" in talk.text
        assert talk.form is None
        assert signups(store) == []

    async def test_one_that_is_not_there_is_said(self, talk: Conversation) -> None:
        await talk.send(f'/event_list{{"asking_kind": "event:{uuid4()}"}}')
        assert "finns inte längre" in talk.text
        assert talk.form is None
