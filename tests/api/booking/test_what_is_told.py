"""What the messages of a booking tell beside its time: the language, and whether a time is still held."""

from __future__ import annotations

import httpx
import pytest

from tests.api.booking.conftest import Person
from tests.api.booking.test_api import TIME, confirm, hold, times

MOVED = "karlstad-1@20261127T1200Z"


async def with_interpreter(client: httpx.AsyncClient, person: Person, *, easy: bool = False) -> dict[str, dict]:
    """A meeting with an interpreter, booked, asked for and moved: each message by what was done."""
    who = {"conversation_id": str(person.conversation_id), "easy": easy}
    wanted = who | {"slot_id": TIME, "meeting_type": "phone", "interpreter_language": "arabiska"}
    held = (await client.post("/internal/v1/meetings/holds", json=wanted)).json()
    root = f"/internal/v1/meetings/{held['meeting_id']}"
    details = who | {"name": "Kim", "contact_token": person.email}
    booked = await client.post(f"{root}/confirm", json=details, headers={"Idempotency-Key": "k"})
    mine = await client.get("/internal/v1/meetings", params=who)
    moved = await client.post(f"{root}/move", json=who | {"slot_id": MOVED})
    answers = {"booked": booked, "mine": mine, "moved": moved}
    return {name: answer.json()["messages"][0] for name, answer in answers.items()}


@pytest.mark.parametrize("easy", [False, True])
async def test_the_interpreter_s_language_stands_in_every_message_about_a_booked_meeting(client, person, easy):
    for told, message in (await with_interpreter(client, person, easy=easy)).items():
        assert "Tolk: arabiska" in message["text"].splitlines(), told
        assert message["data"]["interpreter_language"] == "arabiska", told


async def test_without_an_interpreter_none_is_spoken_of(client, person):
    meeting_id = (await hold(client, person)).json()["meeting_id"]
    (message,) = (await confirm(client, person, meeting_id)).json()["messages"]
    assert "Tolk" not in message["text"]


async def test_a_receipt_and_every_question_for_another_time_say_that_none_is_held(client, person):
    meeting_id = (await hold(client, person)).json()["meeting_id"]
    booked = (await confirm(client, person, meeting_id)).json()["messages"][0]
    days = {"conversation_id": str(person.conversation_id), "node": "karlstad", "meeting_type": "phone"}
    asked = [
        await client.get("/internal/v1/booking/nodes"),
        await client.get("/internal/v1/booking/meeting-types", params={"node": "karlstad"}),
        await client.post("/internal/v1/booking/days", json=days),
        await times(client),
    ]
    for message in (booked, *(answer.json()["messages"][0] for answer in asked)):
        assert message["data"]["held_until"] is None, message["text"]


async def test_what_is_booked_already_says_nothing_of_a_time_that_is_held(client, person):
    """It can be asked for while another time is held."""
    meeting_id = (await hold(client, person)).json()["meeting_id"]
    await confirm(client, person, meeting_id)
    answer = await client.get("/internal/v1/meetings", params={"conversation_id": str(person.conversation_id)})
    assert "held_until" not in answer.json()["messages"][0]["data"]
