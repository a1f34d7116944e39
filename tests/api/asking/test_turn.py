"""A form goes from question to question, takes what was answered, and sends once somebody has said yes."""

from __future__ import annotations

import pytest

from api.events.errors import SignupClosed
from api.privacy.contacts import CONTACT_TOKEN
from api.privacy.errors import NameInvalid
from api.privacy.masking import mask_personal_numbers
from tests.api.asking.forms import Visitor


def test_it_asks_every_step_reads_back_and_sends_after_a_yes(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.reply.text == "Välkommen.\nmunicipality?"
    visitor.hear("i Arvika", place="Arvika")
    assert visitor.reply.text == "work?"
    visitor.hear("svetsa och slipa")
    visitor.press("Tolk")
    assert visitor.state.step == "language", "only asked after this answer"
    visitor.hear("arabiska")
    visitor.hear("ca 12 stycken")
    visitor.hear("jag heter Kim", name="Kim", introduces=True)
    visitor.hear("kim@example.org")
    assert visitor.state.step == "check"
    assert visitor.reply.text.splitlines() == [
        "Municipality: Arvika",
        "Work: svetsa och slipa",
        "Needs: Tolk",
        "Language: arabiska",
        "People: 12",
        "Name: Kim",
        "Contact: k•••@example.org",
        "Stämmer det?",
    ]
    assert visitor.sent == []
    visitor.press("Ja, skicka")
    assert visitor.reply.text == "Skickat"
    assert visitor.last is not None
    assert visitor.last.state is None
    (filled,) = visitor.sent
    assert filled.contact.value == "kim@example.org"
    assert filled.get("people") == "12"


def test_the_bot_gets_tokens_and_the_receiver_the_words_as_they_were_written(visitor: Visitor) -> None:
    visitor.begin(municipality="Arvika")
    visitor.hear("ring 070-174 06 35 om jobbet")
    assert CONTACT_TOKEN.search(visitor.state.answers["work"])
    visitor.press("Nej, inget")
    visitor.press("Hoppa över")
    visitor.hear("Kim", name="Kim")
    visitor.hear("070-174 06 35")
    assert "0701740635" not in visitor.state.model_dump_json()
    assert "Work: ring •••• 35 om jobbet" in visitor.reply.text
    visitor.press("Ja, skicka")
    assert visitor.sent[0].get("work") == "ring 0701740635 om jobbet"


@pytest.mark.parametrize("number", ["070-174 06 31", "070-174 06 49", "0303-12 34 59", "+46 70 174 06 31"])
def test_a_number_that_could_be_an_identity_number_reaches_the_receiver(visitor: Visitor, number: str) -> None:
    visitor.begin(municipality="Arvika")
    visitor.hear(f"svetsa, ring {number}")
    visitor.press("Nej, inget")
    visitor.press("Hoppa över")
    visitor.hear("Kim", name="Kim")
    visitor.hear(number)
    visitor.press("Ja, skicka")
    work = mask_personal_numbers(visitor.sent[0].answers["work"])
    digits = "".join(sign for sign in number if sign.isdigit())
    assert digits in work.replace("-", "")


def test_the_municipality_of_the_talk_is_not_asked_for(visitor: Visitor) -> None:
    visitor.begin(municipality="Sunne")
    assert visitor.state.step == "work"
    visitor.begin(municipality="Malmö")
    assert visitor.state.step == "municipality"


def test_a_name_with_a_number_answers_both_questions(visitor: Visitor) -> None:
    visitor.begin(municipality="Sunne")
    visitor.hear("svetsa")
    visitor.press("Nej")
    visitor.press("Hoppa")
    visitor.hear("Kim 070-174 06 35", name="Kim")
    assert visitor.state.step == "check"


@pytest.mark.parametrize("words", ["ändra namn", "fel namn", "namnet är fel stavat"])
def test_words_name_the_part_to_change(visitor: Visitor, words: str) -> None:
    visitor.fill_in()
    visitor.hear(words, changes=True, yes=False)
    assert visitor.state.step == "name"
    visitor.hear("Tilda", name="Tilda")
    assert "Name: Tilda" in visitor.reply.text
    assert "Work: svetsa" in visitor.reply.text, "the rest is kept"


def test_a_button_changes_a_part_at_any_time(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.press("Ändra needs")
    visitor.press("Tolk")
    assert visitor.state.step == "language"
    visitor.hear("dari")
    assert "Language: dari" in visitor.reply.text
    visitor.press("Ändra needs")
    visitor.press("Nej, inget")
    assert "Language" not in visitor.reply.text, "what was answered on the way to another answer goes with it"


def test_no_asks_what_is_wrong_and_a_yes_to_that_sends_nothing(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.hear("nej", yes=False, topic="deny")
    assert visitor.reply.text == "Vad vill du ändra?"
    visitor.hear("ja", yes=True, topic="affirm")
    assert visitor.sent == []
    visitor.hear("ja", yes=True, topic="affirm")
    assert len(visitor.sent) == 1


def test_numret_alone_answers_what_shall_be_changed(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.hear("nej", yes=False)
    visitor.hear("numret")
    assert visitor.state.step == "contact"


def test_a_question_is_told_apart_and_asks_again(visitor: Visitor) -> None:
    for step in ("municipality", "work", "needs", "people", "name", "contact", "check"):
        visitor.fill_in()
        if step != "check":
            visitor.last = visitor.last.model_copy(
                update={
                    "state": visitor.state.model_copy(
                        update={
                            "step": step,
                            "answers": {key: value for key, value in visitor.state.answers.items() if key != step},
                        }
                    )
                }
            )
        visitor.hear("vad kostar det?", topic="cost", certain=True)
        assert visitor.last.understood is False, step
        assert visitor.state.step == step


@pytest.mark.parametrize("words", ["avbryt", "nej sluta"])
def test_it_can_be_left_at_any_step(visitor: Visitor, words: str) -> None:
    for answers in range(3):
        visitor.begin()
        for text in ("Arvika", "svetsa")[:answers]:
            visitor.hear(text, place=text)
        visitor.hear(words, stops=True)
        assert visitor.last is not None
        assert visitor.last.state is None
        assert "Inget är skickat" in visitor.reply.text


def test_a_sentence_with_such_a_word_in_it_is_an_answer_where_anything_may_be_written(visitor: Visitor) -> None:
    visitor.begin(municipality="Sunne")
    visitor.hear("vi vill sluta köpa in svetsning", stops=True)
    assert visitor.state.step == "needs"


def test_the_button_for_leaving_leaves(visitor: Visitor) -> None:
    visitor.begin()
    visitor.press("Avbryt")
    assert visitor.last is not None
    assert visitor.last.state is None


@pytest.mark.parametrize(
    ("step", "words", "says"),
    [
        ("municipality", "Malmö", "känner jag inte igen"),
        ("work", "x" * 61, "högst 60 tecken"),
        ("people", "99", "från 1 till 50"),
        ("name", "12", "uppfattade inget namn"),
        ("contact", "07", "kan inte läsa det"),
    ],
)
def test_what_cannot_be_an_answer_is_explained_and_asked_again(
    visitor: Visitor, step: str, words: str, says: str
) -> None:
    visitor.fill_in()
    visitor.press(f"Ändra {step}")
    visitor.hear(words)
    assert says in visitor.reply.text
    assert visitor.state.step == step


@pytest.mark.parametrize("step", ["municipality", "work", "needs", "people", "name", "contact"])
@pytest.mark.parametrize(
    ("words", "topic"), [("lätt svenska", "simplify"), ("jag vill prata med någon", "human_contact")]
)
def test_what_no_form_asks_about_is_no_answer(visitor: Visitor, step: str, words: str, topic: str) -> None:
    visitor.fill_in()
    visitor.press(f"Ändra {step}")
    visitor.hear(words, topic=topic, certain=True, name=words)
    assert visitor.last is not None
    assert visitor.last.understood is False
    assert visitor.state.step == step


def test_only_where_a_button_is_the_answer_a_typed_number_is_one(visitor: Visitor) -> None:
    kinds = {}
    visitor.fill_in()
    for step in ("municipality", "work", "needs", "people", "name", "contact"):
        visitor.press(f"Ändra {step}")
        kinds[step] = visitor.reply.kind
        visitor.begin()
        visitor.fill_in()
    assert {step for step, kind in kinds.items() if kind == "choices"} == {"municipality", "needs"}


def test_the_name_of_a_language_is_an_answer_where_it_was_asked_for(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.press("Ändra needs")
    visitor.press("Tolk")
    visitor.hear("dari", topic="other_language", certain=True)
    assert visitor.state.answers["language"] == "dari"


def test_own_words_are_an_answer_where_they_may_be(visitor: Visitor) -> None:
    visitor.begin(municipality="Sunne")
    visitor.hear("svetsa")
    visitor.hear("jag ser dåligt", certain=False)
    assert visitor.state.answers["needs"] == "jag ser dåligt"


@pytest.mark.parametrize("words", ["tolk", "jag vill ha en översättare"])
def test_a_choice_is_meant_by_its_title_and_by_its_other_words(visitor: Visitor, words: str) -> None:
    visitor.begin(municipality="Sunne")
    visitor.hear("svetsa")
    visitor.hear(words)
    assert visitor.state.answers["needs"] == "interpreter"


def test_a_button_of_an_earlier_step_changes_that_step(visitor: Visitor) -> None:
    visitor.begin(municipality="Sunne")
    visitor.hear("svetsa")
    early = visitor.reply
    visitor.press("Nej, inget")
    visitor.press("Hoppa")
    assert visitor.state.step == "name"
    said = next(c.entities["asking_say"] for c in early.choices if c.title == "Något annat")
    visitor.press_said(said)
    assert visitor.state.answers["needs"] == "other"
    assert visitor.state.step == "name"


@pytest.mark.parametrize("said", ["ffffff:needs=none", "ffffff:check=send", ":", "x", "ffffff:stop="])
def test_a_button_of_another_form_does_nothing_to_this_one(visitor: Visitor, said: str) -> None:
    visitor.fill_in()
    before = visitor.state.answers
    visitor.press_said(said)
    assert visitor.state.answers == before
    assert visitor.sent == []
    assert "gäller inte längre" in visitor.reply.text


@pytest.mark.parametrize("value", ["needs=everything", "people=999", "name=x", "check=", "nothing=1", "language=x"])
def test_a_button_that_was_never_there_does_nothing(visitor: Visitor, value: str) -> None:
    visitor.begin(municipality="Sunne")
    before = visitor.state.answers
    visitor.press_said(f"{visitor.state.key}:{value}")
    assert visitor.state.answers == before
    assert visitor.sent == []


def test_a_button_of_something_else_is_something_else(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.hear("", topic="affirm", yes=True)
    assert visitor.last is not None
    assert visitor.last.understood is False
    assert visitor.sent == []


def test_a_contact_that_is_gone_is_asked_for_again(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.state.answers["contact"] = "kontakt-" + "0" * 24
    visitor.press("Ja, skicka")
    assert visitor.state.step == "contact"
    assert visitor.sent == []


def test_words_that_are_too_long_with_their_contacts_are_asked_for_again(visitor: Visitor) -> None:
    visitor.begin(municipality="Arvika")
    visitor.hear(f"skriv till {'x' * 50}@example.org")
    visitor.press("Nej, inget")
    visitor.press("Hoppa över")
    visitor.hear("Kim", name="Kim")
    visitor.hear("070-174 06 35")
    visitor.press("Ja, skicka")
    assert visitor.state.step == "work"
    assert "högst 60 tecken" in visitor.reply.text


def test_a_refused_name_is_asked_for_again(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.refusal = NameInvalid()
    visitor.press("Ja, skicka")
    assert visitor.state.step == "name"
    visitor.refusal = None
    visitor.hear("Tilda", name="Tilda")
    visitor.press("Ja, skicka")
    assert [filled.get("name") for filled in visitor.sent] == ["Tilda"]


def test_another_refusal_is_said_and_ends_the_form(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.refusal = SignupClosed()
    visitor.press("Ja, skicka")
    assert visitor.last is not None
    assert visitor.last.state is None
    assert visitor.reply.text == SignupClosed().detail


def test_easy_swedish_has_its_own_questions(visitor: Visitor) -> None:
    visitor.easy = True
    visitor.begin()
    assert "municipality, lätt?" in visitor.reply.text
    visitor.hear("qqq")
    assert "Jag känner inte kommunen" in visitor.reply.text


@pytest.mark.parametrize("kind", ["test:gone", "nobody:knows", "", "test:"])
def test_a_form_that_is_not_there_says_so(visitor: Visitor, kind: str) -> None:
    visitor.begin(kind)
    assert visitor.last is not None
    assert (visitor.last.state is None) == (kind != "test:")


def test_a_form_whose_matter_is_gone_meanwhile_ends(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.last = visitor.last.model_copy(update={"state": visitor.state.model_copy(update={"kind": "test:gone"})})
    visitor.hear("ja", yes=True)
    assert visitor.reply.text == "Borta"
    assert visitor.last is not None
    assert visitor.last.state is None


def test_a_name_that_sounds_like_a_question_to_the_assistant_is_an_answer_where_anything_may_be_written(
    visitor: Visitor,
) -> None:
    visitor.begin(municipality="Arvika")
    visitor.hear("Verkstan i Exempel AB", topic="help_capabilities", certain=True)
    assert visitor.state.answers["work"] == "Verkstan i Exempel AB"
    visitor.begin(municipality="Arvika")
    visitor.hear("vad kan du hjälpa mig med?", topic="help_capabilities", certain=True)
    assert visitor.state.step == "work"
    visitor.hear("kan du skriva enklare", topic="simplify", certain=True)
    assert visitor.state.step == "work"


def test_a_wish_with_a_number_in_it_is_an_answer_where_anything_may_be_written(visitor: Visitor) -> None:
    visitor.begin(municipality="Arvika")
    visitor.hear("kan ni ringa 070-174 06 05?", topic="human_contact", certain=True)
    assert visitor.state.step == "work"
    visitor.hear("ring mig på 070-174 06 05", topic="human_contact", certain=True)
    assert visitor.state.answers["work"].startswith("ring mig på ")
    assert visitor.state.step == "needs"
