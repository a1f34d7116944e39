"""Parts of an answer, and what leads from them to a form, through the real actions to the real api."""

from __future__ import annotations

from tests.actions.conversation import Conversation
from tests.actions.test_job_guide import press, titles


async def test_prao_for_a_school_leads_to_the_request(talk: Conversation) -> None:
    await talk.ask("hur funkar prao?", "prao")
    assert titles(talk) == ["Jag är elev", "Jag är vårdnadshavare", "Jag arbetar på en skola", "Visa företag"]
    await press(talk, "Jag arbetar på en skola")
    assert "Du som arbetar på en skola" in talk.text
    assert titles(talk)[0] == "Skicka en förfrågan"


async def test_the_companies_of_another_town_follow(talk: Conversation) -> None:
    await talk.ask("hur funkar prao?", "prao")
    await press(talk, "Visa företag")
    assert "7 företag" in talk.text
    await talk.ask("och i säffle då?", "prao", entities={"place": "Säffle", "follow_up": "ja"})
    assert "Exempelbruket Säffle" in talk.text


async def test_typed_words_name_no_part(talk: Conversation) -> None:
    await talk.ask("jag är elev", "prao", entities={"part": "school"})
    assert "Jag är elev" in titles(talk)


async def test_courses_for_people_in_work_are_one_press_away_from_the_others(talk: Conversation) -> None:
    await talk.ask("svetsutbildning i arvika", "course_search", entities={"occupation": "svetsare", "place": "Arvika"})
    await press(talk, "Kurser för dig med jobb")
    assert "Svetsning i rostfritt, kvällskurs i Arvika" in talk.text
    assert "Fråga för en grupp" in titles(talk)
    await press(talk, "Visa kurser för dig med jobb")
    assert len(talk.said[-1]["custom"]["data"]["items"]) == 6
