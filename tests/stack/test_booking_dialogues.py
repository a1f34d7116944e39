"""Bookings as people talk: in a hurry, in little Swedish, and changing their minds at every step."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.stack.booking import assert_asks, book, go_to, new_email, new_phone
from tests.stack.running import Running
from tests.stack.talk import Talk

pytestmark = pytest.mark.model


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


def starts(talk: Talk) -> list[datetime]:
    return [datetime.fromisoformat(item["start"]) for item in talk.items("slots")]


def booked(real: Running, talk: Talk, column: str = "reference") -> list[object]:
    rows = real.in_database(
        f"SELECT {column} FROM meeting WHERE conversation_id = ? AND status = 'confirmed'",
        talk.id.replace("-", ""),
    )
    return [value for (value,) in rows]


# --- Typed times: every answer shows real free times, inside the wish or said to be the nearest -----------------------


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        ("på torsdag efter lunch", "torsdag"),
        ("pa torsdag efter lunch", "torsdag"),
        ("torsdagen", "torsdag"),
        ("torsdgs", "torsdag"),
        ("på mondag", "måndag"),
        ("imorn", "Vilken tid passar dig?"),
        ("måndagar", "på måndagar"),
        ("inte fredag", "andra dagar än fredagar"),
        ("nästa vecka", "vecka"),
        ("nästa torsdag", "Menar du torsdag"),
        ("så fort som möjligt", "de första lediga tiderna"),
        ("lördag", "Det finns inga lediga tider lördag"),
        ("kl 9", "09.00"),
        ("9.30", "09.30"),
        ("halv tre", "14.30"),
        ("kvart över två", "14.15"),
        ("jag kan bara efter 14", "från kl. 14.00"),
        ("på förmiddagen", "mellan kl. 08.00 och 12.00"),
        ("om tre dagar", "Vilken tid passar dig?"),
        ("när som helst", "Här är lediga tider"),
        ("tisdag eller torsdag", "eller torsdag"),
        ("khamiis", "torsdag"),
        ("monday morning", "måndag"),
    ],
)
def test_a_typed_time_is_answered_with_free_times(talk: Talk, words: str, lead: str) -> None:
    go_to(talk, "time", town="Kristinehamn")
    talk.say(words)
    assert lead in talk.text
    if "Jag har reserverat" in talk.text:  # the hour of one of the times on screen, which depends on the day
        assert lead[0].isdigit()
        return
    assert talk.kinds == ["slots"], talk.text
    assert starts(talk)
    assert_asks(talk, "time")


def test_evening_is_answered_with_the_latest_times(talk: Talk) -> None:
    go_to(talk, "time", town="Arvika")
    talk.say("kväll")
    assert "på kvällen" in talk.text
    assert all(start.hour >= 13 for start in starts(talk))


@pytest.mark.parametrize("words", ["den andra", "tvåan", "2", "jag tar den andra tack"])
def test_a_time_on_screen_is_chosen_in_words(talk: Talk, words: str) -> None:
    go_to(talk, "time", town="Hagfors")
    talk.say(words)
    assert "Jag har reserverat" in talk.text
    assert_asks(talk, "name")


@pytest.mark.parametrize("words", ["en annan dag", "annan dag", "vilka dagar finns?"])
def test_other_days_are_listed_and_chosen(talk: Talk, words: str) -> None:
    go_to(talk, "time", town="Sunne")
    talk.say(words)
    assert "Vilken dag passar dig?" in talk.text
    talk.choose(talk.titles[1])
    assert len({start.date() for start in starts(talk)}) == 1


@pytest.mark.parametrize("words", ["nej inte den", "ingen av dem passar", "har ni fler tider?"])
def test_later_times_follow_when_none_fits(talk: Talk, words: str) -> None:
    go_to(talk, "time", town="Säffle")
    first = starts(talk)
    talk.say(words)
    assert min(starts(talk)) > max(first)


def test_call_me_shows_telephone_times_and_the_number(talk: Talk) -> None:
    go_to(talk, "time", town="Karlstad", kind="Videomöte")
    talk.say("kan ni ringa mig i stället")
    assert "Vägledaren ringer dig på den tid du väljer" in talk.text
    assert "telefon" in talk.titles[0]


# --- People -----------------------------------------------------------------------------------------------------------


def test_somebody_in_a_hurry_says_all_at_once(real: Running, talk: Talk) -> None:
    talk.say("boka telefontid i Karlstad på torsdag")
    assert_asks(talk, "time")
    assert {start.weekday() for start in starts(talk)} == {3}
    talk.say("den första")
    talk.say("Kim")
    talk.say(new_phone())
    talk.say("nej")
    talk.say("ja")
    assert talk.kinds == ["booking"]
    assert len(booked(real, talk)) == 1


def test_somebody_with_little_swedish_books_in_easy_swedish_with_an_interpreter(real: Running, talk: Talk) -> None:
    talk.say("lätt svenska tack")
    talk.say("jag vill boka tid")
    talk.say("karlstad")
    talk.say("telefon")
    talk.say("på mondag")
    talk.choose(talk.titles[0])
    assert "är din tid nu" in talk.text
    talk.say("Amina")
    talk.say(new_phone())
    assert "Välj ditt språk" in talk.text
    talk.say("tigrinya")
    assert "Tolk: tigrinja" in talk.text
    talk.say("ja")
    assert "Du har bokat en tid" in talk.text
    assert booked(real, talk, "interpreter_language") == ["tigrinja"]
    assert booked(real, talk, "wants_easy") == [1]


def test_somebody_changes_their_mind_at_every_step(real: Running, talk: Talk) -> None:
    talk.say("jag vill boka tid med vägledare")
    talk.say("Arvika")
    talk.say("video")
    talk.say("nej Sunne i stället")
    assert "Sunne" in talk.text
    talk.say("på telefon går också bra")
    assert "per telefon" in talk.text
    talk.choose(talk.titles[0])
    assert_asks(talk, "name")
    talk.say("en annan dag")
    talk.choose(talk.titles[0])
    talk.choose(talk.titles[0])
    talk.say("Frida")
    talk.say("kan vi ta torsdag i stället")
    assert_asks(talk, "time")
    talk.choose(talk.titles[0])
    assert_asks(talk, "contact")
    talk.say(new_email())
    talk.say("arabiska")
    if "får inte plats då" in talk.text:  # it is a longer meeting, and others have booked what comes after
        assert_asks(talk, "time")
        talk.choose(talk.titles[0])
    assert "Tolk: arabiska" in talk.text
    talk.say("fel namn")
    talk.say("Tilda")
    assert "Namn: Tilda" in talk.text
    talk.say("ändra tolk")
    talk.say("nej")
    assert "Tolk" not in talk.text
    talk.say("video går bra")
    talk.choose(talk.titles[0])
    assert_asks(talk, "check")
    talk.say("ja")
    assert booked(real, talk, "person_name") == ["Tilda"]


def test_a_counsellor_is_chosen_and_kept_and_one_who_speaks_the_language_needs_no_interpreter(
    real: Running, talk: Talk
) -> None:
    go_to(talk, "time", town="Karlstad")
    talk.say("välj vägledare")
    assert talk.titles[-1] == "Vem som helst", talk.text
    talk.say("2")
    assert "Du träffar studie- och yrkesvägledare 2." in talk.text
    talk.choose("Annan dag")
    talk.choose(talk.titles[0])
    talk.say("fler tider")
    assert {item["counsellor"] for item in talk.items("slots")} == {"Studie- och yrkesvägledare 2, Karlstad"}
    talk.choose(talk.titles[0])
    talk.say("Amina")
    talk.say(new_email())
    talk.say("somaliska")
    assert "Vägledaren talar somaliska. Då behöver du ingen tolk." in talk.text
    assert "hos studie- och yrkesvägledare 2 i Karlstad" in talk.text
    talk.say("ja")
    assert booked(real, talk, "spoken_language") == ["somaliska"]
    assert booked(real, talk, "interpreter_language") == [None]
    talk.say("jag vill byta tid")
    assert {item["counsellor"] for item in talk.items("slots")} == {"Studie- och yrkesvägledare 2, Karlstad"}


@pytest.mark.parametrize(("words", "sent"), [("ja gärna", True), ("nej", False), ("nej tack", False)])
def test_what_was_asked_about_goes_to_the_counsellor_only_after_a_yes(
    real: Running, talk: Talk, words: str, sent: bool
) -> None:
    talk.say("vad kostar det att läsa till svetsare i Arvika?")
    go_to(talk, "interpreter")
    talk.choose("Nej, ingen tolk")
    assert "Yrke: svetsare" in talk.text
    talk.say(words)
    assert_asks(talk, "check")
    assert ("Vägledaren får veta" in talk.text) == sent
    talk.say("ja")
    assert [value is not None for value in booked(real, talk, "asked_about")] == [sent]


# --- A meeting that is booked already ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["jag vill byta tid", "kan jag flytta mitt möte?", "omboka"])
def test_a_meeting_is_moved_in_words(real: Running, talk: Talk, words: str) -> None:
    receipt = book(talk, town="Hagfors")
    talk.say(words)
    assert "Din gamla tid gäller" in talk.text
    talk.say("fler tider")
    talk.say("den sista")
    assert "Du byter från" in talk.text
    talk.say("ja")
    moved = talk.of_kind("booking")["data"]
    assert moved["reference"] == receipt["reference"]
    assert moved["start"] > receipt["start"]
    assert booked(real, talk, "sequence") == [1]
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"], "the form is over"


def test_without_a_meeting_there_is_nothing_to_move_and_the_talk_goes_on(talk: Talk) -> None:
    talk.say("jag vill byta tid")
    assert "ingen bokad tid" in talk.text
    talk.say("vad kostar det?")
    assert talk.topics == ["cost"]


def test_a_move_is_left_and_the_meeting_stays(real: Running, talk: Talk) -> None:
    receipt = book(talk, town="Arvika")
    talk.say("jag vill byta tid")
    talk.say("avbryt")
    assert "finns kvar" in talk.text
    assert booked(real, talk) == [receipt["reference"]]


def test_move_cancel_or_one_more_is_asked_before_any_time(real: Running, talk: Talk) -> None:
    book(talk, town="Säffle")
    talk.say("boka tid")
    assert "Vill du byta tid, avboka eller boka en till?" in talk.text
    talk.choose("Avboka")
    assert "är avbokad" in talk.text
    assert booked(real, talk) == []
