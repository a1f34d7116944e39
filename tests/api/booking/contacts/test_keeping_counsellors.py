"""Counsellors come, move and go, and what is booked or held with them is seen to."""

from __future__ import annotations

import re
from datetime import time

import pytest
from sqlalchemy import select

from api.booking import holds
from api.booking.feed import service as feeds
from api.booking.openings import node_slots
from api.booking.tables import Availability, AvailabilityException, Counsellor, Meeting
from api.catalogue.tables import Node
from api.chat.tables import Conversation
from api.outbox.office import Office
from tests.api.booking.conftest import counsellor, utc
from tests.api.booking.mailing import new
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import form_of, send

LIST = "/personal/orter"
NEW = LIST + "/ny-vagledare"
ABOUT = {"title": "Studie- och yrkesvägledare", "email": "syv.ny@example.org", "phone": "031-390 06 77"}
OFFICE = Office("Industrivägledaren <boka@example.org>", "https://vagledning.example.org")


def stored(house: House, slug: str = "arvika-1") -> Counsellor | None:
    with house.database.transaction(read_only=True) as session:
        return session.scalars(select(Counsellor).where(Counsellor.slug == slug)).unique().one_or_none()


def node_id(house: House, slug: str) -> int:
    with house.database.transaction(read_only=True) as session:
        return session.scalars(select(Node.id).where(Node.slug == slug)).one()


def path_of(house: House, slug: str = "arvika-1") -> str:
    row = stored(house, slug)
    assert row
    return f"{LIST}/vagledare/{row.id}"


def hours(house: House, number: int) -> set[tuple[int, time, time]]:
    with house.database.transaction(read_only=True) as session:
        rows = session.scalars(select(Availability).where(Availability.counsellor_id == number))
        return {(row.weekday, row.start_time, row.end_time) for row in rows}


def booked(house: House, slug: str = "arvika-1", **values: object) -> Meeting:
    with house.database.transaction() as session:
        return new(session, counsellor=slug, **values)


def held(house: House, slug: str = "arvika-1") -> Meeting:
    """The first free time of the counsellor, held by somebody who is chatting."""
    now = house.clock()
    with house.database.transaction() as session:
        conversation = Conversation(token_hash="x", created_at=now, active_at=now)
        session.add(conversation)
        session.flush()
        node = counsellor(session, slug).node.slug
        offer = node_slots(session, node, "phone", now, counsellor=slug)[0]
        return holds.hold(session, offer.id, "phone", conversation.id, now)


def status(house: House, meeting: Meeting) -> str:
    with house.database.transaction(read_only=True) as session:
        return session.get_one(Meeting, meeting.id).status


async def undo(browser: Browser, where: str) -> int:
    """Open the page that says what was done, and press its "Ångra"; the status of the answer."""
    page = await browser.get(where)
    address = re.search(r'action="(/personal/angra/[0-9a-f]+)"', page.text)
    assert address
    return (await browser.post(address[1], **form_of(page, address[1]))).status_code


class TestComing:
    async def test_a_new_counsellor_has_the_usual_rules_and_no_hours_until_somebody_sets_them(
        self, house: House, staff: Browser
    ) -> None:
        number = node_id(house, "arvika")
        page = await staff.get(LIST)
        assert f'href="{NEW}?nod={number}"' in page.text
        page = await staff.get(f"{NEW}?nod={number}")
        answer = await staff.post(NEW, **{**form_of(page, NEW), **ABOUT})
        assert answer.status_code == 303
        row = stored(house, "arvika-2")
        assert row
        assert (row.node_id, row.title, row.active, row.example) == (number, ABOUT["title"], True, False)
        assert (row.meeting_types, row.languages, row.meeting_minutes) == (["phone", "video", "on_site"], ["sv"], 30)
        assert hours(house, row.id) == set()
        told = await staff.get(answer.headers["location"])
        assert "Ställ nu in veckotiderna" in told.text
        assert "/personal/tider/vecka?vagledare=arvika-2" in told.text
        assert "Vägledaren har inga veckotider än." in (await staff.get(path_of(house, "arvika-2"))).text
        assert await undo(staff, answer.headers["location"]) == 303
        assert stored(house, "arvika-2") is None

    async def test_a_new_counsellor_is_called_as_nobody_was_before(self, house: House, staff: Browser) -> None:
        """Neither as a node nor as one who is gone: a time on an old screen must not go to somebody else."""
        number = node_id(house, "arvika")
        with house.database.transaction() as session:
            session.get_one(Node, node_id(house, "sunne")).slug = "arvika-2"
        for slug in ("arvika-3", "arvika-4"):
            page = await staff.get(f"{NEW}?nod={number}")
            await staff.post(NEW, **{**form_of(page, NEW), **ABOUT})
            assert stored(house, slug)
            await send(staff, path_of(house, slug) + "/ta-bort")
            assert stored(house, slug) is None

    @pytest.mark.parametrize("node", ["", "99999", "x"])
    async def test_a_new_counsellor_needs_a_node_that_is_there(self, house: House, staff: Browser, node: str) -> None:
        page = await staff.get(NEW)
        refused = await staff.post(NEW, **{**form_of(page, NEW), **ABOUT, "node_id": node})
        assert refused.status_code == 422
        assert 'href="#f-node_id"' in refused.text
        assert "counsellor.create" not in house.actions()

    async def test_the_example_mark_is_taken_off_and_put_on(self, house: House, staff: Browser) -> None:
        path = path_of(house)
        answer = await send(staff, path, example="")
        row = stored(house)
        assert row
        assert row.example is False
        assert "Exempeldata</span>" not in (await staff.get(path)).text
        assert await undo(staff, answer.headers["location"]) == 303
        row = stored(house)
        assert row
        assert row.example is True


class TestMoving:
    async def test_a_counsellor_moves_to_another_node_and_held_times_are_let_go(
        self, house: House, staff: Browser
    ) -> None:
        meeting = held(house)
        answer = await send(staff, path_of(house), node_id=str(node_id(house, "sunne")))
        assert answer.status_code == 303
        row = stored(house)
        assert row
        assert row.node.slug == "sunne"
        assert status(house, meeting) == "expired"
        history = await staff.get(f"/personal/historik/counsellor/{row.id}")
        assert "Industrinoden i Sunne" in history.text

    async def test_but_not_while_somebody_has_booked_at_the_old_one(self, house: House, staff: Browser) -> None:
        booked(house)
        refused = await send(staff, path_of(house), node_id=str(node_id(house, "sunne")))
        assert refused.status_code == 422
        assert "har fått veta en annan plats" in refused.text
        row = stored(house)
        assert row
        assert row.node.slug == "arvika"

    async def test_nor_is_a_move_taken_back_then(self, house: House, staff: Browser) -> None:
        answer = await send(staff, path_of(house), node_id=str(node_id(house, "sunne")))
        booked(house)
        assert await undo(staff, answer.headers["location"]) == 409
        row = stored(house)
        assert row
        assert row.node.slug == "sunne"


class TestLeaving:
    async def test_who_cannot_be_booked_any_more_keeps_the_meetings_and_staff_see_them(
        self, house: House, staff: Browser
    ) -> None:
        meeting = booked(house)
        answer = await send(staff, path_of(house), active="")
        assert answer.headers["location"].startswith("/personal/tider/bokade?vagledare=arvika-1")
        page = await staff.get(answer.headers["location"])
        assert "Ett möte är redan bokat" in page.text
        for way in ("flytta", "kollega", "avboka"):
            assert f"/personal/moten/{meeting.id}/{way}" in page.text
        assert meeting.reference in (await staff.get("/personal/moten")).text
        await staff.get("/personal/moten")
        assert meeting.reference in (await staff.post("/personal/moten", sok=meeting.reference)).text
        assert "arvika-1" in (await staff.get("/personal/tider")).text
        overview = await staff.get("/personal/bokningar")
        assert "Arvika" in overview.text
        assert await undo(staff, answer.headers["location"]) == 303
        row = stored(house)
        assert row
        assert row.active

    async def test_nobody_is_offered_when_booking_for_a_caller(self, house: House, staff: Browser) -> None:
        await send(staff, path_of(house), active="")
        page = await staff.get("/personal/moten/boka")
        assert 'value="arvika-1"' not in page.text
        assert 'value="karlstad-1"' in page.text

    async def test_without_meetings_the_page_stays_and_held_times_are_let_go(
        self, house: House, staff: Browser
    ) -> None:
        meeting = held(house)
        path = path_of(house)
        answer = await send(staff, path, active="")
        assert answer.headers["location"].startswith(f"{path}?")
        assert status(house, meeting) == "expired"

    async def test_a_change_of_something_else_lets_nothing_go(self, house: House, staff: Browser) -> None:
        meeting = held(house)
        await send(staff, path_of(house), phone="031-390 06 98", example="")
        assert status(house, meeting) == "held"


class TestGoing:
    async def test_a_counsellor_without_meetings_goes_with_hours_and_all_and_comes_back(
        self, house: House, staff: Browser
    ) -> None:
        row = stored(house)
        assert row
        before = hours(house, row.id)
        account = house.account("vagledaren@example.org", "counsellor")
        with house.database.transaction() as session:
            one = session.get_one(Counsellor, row.id)
            one.account_id = account
            session.add(AvailabilityException(counsellor_id=one.id, day=utc("2026-12-01 12:00").date()))
            session.add(
                Meeting(
                    reference="IV-AAAAA",
                    counsellor_id=one.id,
                    meeting_type="phone",
                    status="expired",
                    starts_at=utc("2026-12-02 12:00"),
                    ends_at=utc("2026-12-02 12:30"),
                    block_from=utc("2026-12-02 12:00"),
                    block_to=utc("2026-12-02 12:40"),
                    created_at=house.clock(),
                )
            )
            feeds.create_feed(session, one, OFFICE, house.clock(), "staff:1")
        path = path_of(house)
        assert f'href="{path}/ta-bort"' in (await staff.get(path)).text
        answer = await send(staff, path + "/ta-bort")
        assert answer.status_code == 303
        assert stored(house) is None
        assert "Det är borttaget." in (await staff.get(answer.headers["location"])).text
        assert await undo(staff, answer.headers["location"]) == 303
        back = stored(house)
        assert back
        assert (back.id, back.account_id, back.title) == (row.id, account, row.title)
        assert hours(house, row.id) == before
        with house.database.transaction(read_only=True) as session:
            assert session.scalars(select(AvailabilityException.day)).all() == [utc("2026-12-01 12:00").date()]

    @pytest.mark.parametrize("which", ["confirmed", "cancelled"])
    async def test_whoever_has_meetings_that_are_kept_stays(self, house: House, staff: Browser, which: str) -> None:
        booked(house, status=which, person_name=None, email=None, contact_value=None, at=utc("2026-10-01 12:00"))
        path = path_of(house)
        page = await staff.get(path + "/ta-bort")
        assert "det finns möten som sparas" in page.text
        assert '<button type="submit" class="danger"' not in page.text
        assert (await staff.post(path + "/ta-bort")).status_code == 409
        assert stored(house)

    async def test_and_so_does_one_whom_somebody_is_booking(self, house: House, staff: Browser) -> None:
        meeting = held(house)
        path = path_of(house)
        assert "någon håller på att boka" in (await staff.get(path + "/ta-bort")).text
        assert (await staff.post(path + "/ta-bort")).status_code == 409
        assert status(house, meeting) == "held"

    async def test_a_node_goes_when_its_counsellor_has_gone(self, house: House, staff: Browser) -> None:
        with house.database.transaction() as session:
            arvika = session.scalars(select(Node).where(Node.slug == "arvika")).one()
            values = {column.key: getattr(arvika, column.key) for column in Node.__table__.columns}
            grums = Node(**{**values, "id": None, "slug": "grums", "town": "Grums", "name": "Industrinoden i Grums"})
            session.add(grums)
            session.flush()
            feeds.create_feed(session, grums, OFFICE, house.clock(), "staff:1")
            path = f"{LIST}/noder/{grums.id}"
        page = await staff.get(f"{NEW}?nod={node_id(house, 'grums')}")
        await staff.post(NEW, **{**form_of(page, NEW), **ABOUT})
        assert "hör till den: vägledare." in (await staff.get(path + "/ta-bort")).text
        await send(staff, path_of(house, "grums-1") + "/ta-bort")
        assert (await send(staff, path + "/ta-bort")).status_code == 303
        assert "Industrinoden i Grums" not in (await staff.get(LIST)).text
