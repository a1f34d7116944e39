"""What the greeting offers first when the page says what it is about."""

from __future__ import annotations

import pytest

ALWAYS = ["Hitta utbildning", "Så söker du", "Boka möte"]


async def titles(client, body: object) -> list[str]:
    response = await client.post("/api/v1/conversations", json=body)
    assert response.status_code == 201, response.text
    return [choice["title"] for choice in response.json()["messages"][0]["choices"]]


@pytest.mark.parametrize(
    ("about", "first"),
    [
        ({}, []),
        ({"topic": "csn"}, ["Studiemedel från CSN"]),
        ({"topic": "book_meeting"}, ["Boka möte"]),
        ({"occupation": "svetsare"}, ["Utbildning till svetsare", "Yrket svetsare"]),
        ({"occupation": "svetsare", "place": "Arvika"}, ["Utbildning till svetsare i Arvika", "Yrket svetsare"]),
        ({"place": "Sunne"}, ["Utbildningar i Sunne"]),
        ({"topic": "finns_inte", "occupation": "trollkarl", "place": "Månen", "annat": 1}, []),
    ],
)
async def test_the_page_s_subject_comes_first_and_nothing_twice(client, about: dict, first: list[str]) -> None:
    assert await titles(client, about) == [*first, *(title for title in ALWAYS if title not in first)]


async def test_nothing_need_be_said_about_the_page(client) -> None:
    response = await client.post("/api/v1/conversations")
    assert response.status_code == 201


async def test_a_button_of_the_page_asks_the_bot_about_its_subject(client, bot) -> None:
    about = {"occupation": "svetsare", "place": "Arvika"}
    started = (await client.post("/api/v1/conversations", json=about)).json()
    chosen = started["messages"][0]["choices"][0]["id"]
    path = f"/api/v1/conversations/{started['conversation_id']}/messages"
    await client.post(path, json={"choice": chosen}, headers={"Authorization": f"Bearer {started['token']}"})
    assert bot.texts == ['/course_search{"occupation": "svetsare", "place": "Arvika"}']
