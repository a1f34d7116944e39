"""A counsellor whom somebody chose: it is their times that are shown, until another one is asked for."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from api.booking import holds, moves
from api.booking.errors import HoldExpired, SlotTaken
from api.booking.links import new_link
from api.booking.tables import Meeting
from tests.api.booking.conftest import counsellor
from tests.api.booking.test_api import book as book_in_chat
from tests.api.booking.test_api import hold as hold_in_chat
from tests.api.booking.test_api import times

ONE, TWO, NODE = (f"{slug}@20261126T1200Z" for slug in ("karlstad-1", "karlstad-2", "karlstad"))
FIRST, SECOND = "Studie- och yrkesvägledare 1", "Studie- och yrkesvägledare 2"


def message(answer) -> dict:
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["messages"]
    return found


def titles(answer) -> list[str]:
    return [choice["title"] for choice in message(answer)["choices"]]


def whose(ids) -> set[str]:
    return {one.partition("@")[0] for one in ids}


def offered(answer) -> set[str]:
    return whose(item["id"] for item in message(answer)["data"]["items"])


class TestChoosing:
    async def test_it_is_offered_where_more_than_one_meets_people_that_way(self, client):
        assert "Välj vägledare" in titles(await times(client))
        assert "Välj vägledare" not in titles(await times(client, meeting_type="video"))
        assert "Välj vägledare" not in titles(await times(client, node="arvika"))

    async def test_counsellors_are_listed_by_function_with_their_languages_and_anybody_last(self, client, database):
        with database.transaction() as session:
            counsellor(session, "karlstad-1").languages = ["sv", "ar"]
            counsellor(session, "karlstad-2").languages = []
        asked = {"conversation_id": str(UUID(int=0)), "node": "karlstad", "meeting_type": "phone"}
        listed = await client.post("/internal/v1/booking/counsellors", json=asked)
        assert titles(listed) == [f"{FIRST} (svenska och arabiska)", SECOND, "Vem som helst"]
        carried = [choice["entities"]["booking_counsellor"] for choice in message(listed)["choices"]]
        assert carried == ["karlstad-1", "karlstad-2", "any"]

    async def test_those_who_have_left_are_not_listed(self, client, database):
        with database.transaction() as session:
            counsellor(session, "karlstad-2").active = False
        asked = {"conversation_id": str(UUID(int=0)), "node": "karlstad", "meeting_type": "phone"}
        assert len(titles(await client.post("/internal/v1/booking/counsellors", json=asked))) == 2
        assert offered(await times(client, counsellor="karlstad-2")) == {"karlstad"}

    async def test_the_chosen_ones_times_are_shown_also_later_ones_and_days(self, client):
        first = await times(client, counsellor="karlstad-2")
        assert offered(first) == {"karlstad-2"}
        assert message(first)["text"].startswith("Du träffar studie- och yrkesvägledare 2.")
        last = message(first)["data"]["items"][-1]["id"]
        assert offered(await times(client, counsellor="karlstad-2", after=last)) == {"karlstad-2"}
        assert offered(await times(client, counsellor="any")) == {"karlstad"}

    async def test_days_are_those_when_the_chosen_one_is_free(self, client, database):
        with database.transaction() as session:
            row = counsellor(session, "karlstad-2")
            row.hours = [hours for hours in row.hours if hours.weekday == 3]
        asked = {"conversation_id": str(UUID(int=0)), "node": "karlstad", "meeting_type": "phone"}
        days = await client.post("/internal/v1/booking/days", json=asked | {"counsellor": "karlstad-2"})
        assert all(title.casefold().startswith("tors") or title == "Senare dagar" for title in titles(days))

    async def test_without_any_times_of_theirs_somebody_else_can_be_chosen(self, client, database):
        with database.transaction() as session:
            counsellor(session, "karlstad-2").hours = []
        none = await times(client, counsellor="karlstad-2")
        assert f"{SECOND} har inga lediga tider" in message(none)["text"]
        assert titles(none)[:2] == ["Vem som helst", "Välj vägledare"]

    async def test_a_refusal_offers_the_chosen_ones_other_times(self, client, hold, new_person):
        hold(new_person(), TWO)
        with pytest.raises(SlotTaken) as error:
            hold(new_person(), TWO)
        (reply,) = error.value.extra["messages"]
        assert whose(item["id"] for item in reply.data["items"]) == {"karlstad-2"}

    def test_a_hold_that_has_run_out_offers_the_chosen_ones_other_times(self, database, counsellors, hold, person, now):
        held = hold(person, TWO)
        with pytest.raises(HoldExpired) as error, database.transaction() as session:
            holds.extend(session, held.id, person.conversation_id, now + 2 * holds.HOLD_TIME)
        (reply,) = error.value.extra["messages"]
        assert whose(item["id"] for item in reply.data["items"]) == {"karlstad-2"}

    async def test_everything_read_back_says_who_it_is(self, client, person):
        meeting = (await hold_in_chat(client, person, TWO)).json()["meeting_id"]
        details = {"conversation_id": str(person.conversation_id), "name": "Kim", "contact_token": person.email}
        checked = await client.post(f"/internal/v1/meetings/{meeting}/check", json=details)
        assert "hos studie- och yrkesvägledare 2 i Karlstad" in message(checked)["text"]


class TestMovingInTheChat:
    async def test_a_meeting_with_a_chosen_counsellor_is_offered_that_ones_times(self, client, person):
        booked = await book_in_chat(client, person, TWO)
        mine = {"conversation_id": str(person.conversation_id), "moving": booked["id"]}
        assert offered(await times(client, **mine)) == {"karlstad-2"}
        assert offered(await times(client, **mine, counsellor="any")) == {"karlstad"}
        assert offered(await times(client, **mine, counsellor="karlstad-1")) == {"karlstad-1"}

    async def test_a_meeting_with_whoever_is_free_is_offered_everybodys_times(self, client, person):
        booked = await book_in_chat(client, person, NODE)
        mine = {"conversation_id": str(person.conversation_id), "moving": booked["id"]}
        assert offered(await times(client, **mine)) == {"karlstad"}

    async def test_the_new_time_of_another_counsellor_is_read_back_with_who_it_is(self, client, person):
        booked = await book_in_chat(client, person, ONE)
        wanted = {"conversation_id": str(person.conversation_id), "slot_id": "karlstad-2@20261127T1200Z"}
        checked = await client.post(f"/internal/v1/meetings/{booked['id']}/move/check", json=wanted)
        assert "hos studie- och yrkesvägledare 2 i Karlstad" in message(checked)["text"]

    @pytest.mark.parametrize(("slug", "chosen"), [("karlstad-2", True), ("karlstad", False)])
    def test_whose_time_was_taken_says_whether_the_counsellor_is_chosen_from_then_on(
        self, database, counsellors, book, person, office, now, slug, chosen
    ):
        booked = book(person, NODE if chosen else ONE)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            moves.move_to_slot(session, row, f"{slug}@20261127T1200Z", now, "chat", office)
        with database.transaction() as session:
            assert session.get_one(Meeting, booked.id).counsellor_chosen == chosen

    def test_a_taken_time_of_a_chosen_counsellor_offers_their_others(
        self, database, counsellors, book, new_person, office, now
    ):
        booked = book(new_person(), TWO)
        book(new_person(), "karlstad-2@20261127T1200Z")
        slot = "karlstad-2@20261127T1200Z"
        with pytest.raises(SlotTaken) as error, database.transaction() as session:
            moves.move_to_slot(session, session.get_one(Meeting, booked.id), slot, now, "chat", office)
        (reply,) = error.value.extra["messages"]
        assert whose(item["id"] for item in reply.data["items"]) == {"karlstad-2"}


class TestMovingOnThePersonsPage:
    @pytest.fixture
    def path(self, database, counsellors, book, person, office, now) -> str:
        booked = book(person, TWO)
        with database.transaction() as session:
            link = new_link(session, session.get_one(Meeting, booked.id), office, now)
        return link.removeprefix(office.base_url) + "/tider"

    @staticmethod
    def slots(page) -> set[str]:
        return whose(found.replace("%40", "@") for found in re.findall(r'\?tid=([^"]+)"', page.text))

    async def test_the_chosen_one_stays_until_somebody_else_is_asked_for(self, client, path):
        assert self.slots(await client.get(path)) == {"karlstad-2"}
        assert self.slots(await client.get(path + "?vagledare=alla")) == {"karlstad"}
        assert self.slots(await client.get(path + "?vagledare=karlstad-1")) == {"karlstad-1"}
        assert self.slots(await client.get(path + "?vagledare=finns-inte")) == {"karlstad-2"}

    async def test_later_times_days_and_one_day_keep_the_choice(self, client, path):
        page = await client.get(path + "?vagledare=karlstad-1")
        for title in ("Fler tider", "Välj en annan dag"):
            address = re.search(rf'href="([^"]+)">{title}<', page.text)[1].replace("&amp;", "&")
            after = await client.get(address)
            assert "vagledare=karlstad-1" in address
            if title == "Fler tider":
                assert self.slots(after) == {"karlstad-1"}
        day = re.search(r'href="([^"]+\?dag=[^"]+)"', after.text)[1].replace("&amp;", "&")
        assert self.slots(await client.get(day)) == {"karlstad-1"}

    async def test_a_time_of_another_counsellor_can_be_taken(self, client, path, database):
        slot = "karlstad-1@20261127T1200Z"
        check = await client.get(path, params={"tid": slot})
        assert "Stämmer det?" in check.text
        assert FIRST in check.text
        moved = await client.post(path.removesuffix("tider") + "byt", data={"tid": slot})
        assert moved.status_code == 303
        assert FIRST in (await client.get(path.removesuffix("/tider"))).text
