"""The pages of counsellors and staff about meetings: who sees what, and what each button does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from api.booking.pages import listing
from api.booking.tables import Counsellor, Meeting
from api.outbox.tables import Outbox
from tests.api.booking.conftest import counsellor, utc
from tests.api.booking.mailing import new
from tests.api.staff.conftest import (
    Browser,
    House,
    build,  # noqa: F401 - a fixture that `house` asks for
    house,  # noqa: F401 - a fixture
)
from tests.api.staff.desk import form_of

PATH = "/personal/moten"
pytestmark = pytest.mark.usefixtures("counsellors")


@pytest.fixture
def own(house: House) -> Browser:  # noqa: F811
    """The counsellor karlstad-1."""
    return linked(house, "karlstad-1")


@pytest.fixture
def staff(house: House) -> Browser:  # noqa: F811
    return house.signed_in(house.account())


def linked(house: House, slug: str) -> Browser:  # noqa: F811
    number = house.account(f"{slug}@example.org", "counsellor")
    with house.database.transaction() as session:
        counsellor(session, slug).account_id = number
    return house.signed_in(number)


@pytest.fixture
def booked(database):
    """Make a meeting; by default karlstad-1 on Thursday at 13."""

    def make(**values) -> Meeting:
        with database.transaction() as session:
            return new(session, **values)

    return make


@pytest.fixture
def stored(database):
    def read(meeting: Meeting) -> Meeting:
        with database.transaction(read_only=True) as session:
            return session.get_one(Meeting, meeting.id)

    return read


def references(page: str) -> list[str]:
    """The codes of the meetings on a list, in its order."""
    return re.findall(r"Kod (IV-\w+)", page)


def sent_to(database, address: str) -> list[str]:
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(Outbox.kind).where(Outbox.recipient == address).order_by(Outbox.id)))


WAYS = ("", "/flytta", "/kollega", "/avboka")
POSTS = ("/flytta", "/kollega", "/avboka", "/anteckning", "/uteblev")


class TestWhoSeesWhat:
    @pytest.mark.parametrize("way", WAYS)
    async def test_a_counsellor_opens_no_page_of_another_counsellors_meeting(self, own, staff, booked, way):
        theirs = booked(counsellor="karlstad-2")
        assert (await own.get(f"{PATH}/{theirs.id}{way}")).status_code == 404
        assert (await staff.get(f"{PATH}/{theirs.id}{way}")).status_code == 200

    @pytest.mark.parametrize("way", POSTS)
    async def test_a_counsellor_changes_nothing_of_another_counsellors_meeting(self, own, booked, stored, way):
        theirs = booked(counsellor="karlstad-2")
        await own.get(PATH)
        answer = await own.post(
            f"{PATH}/{theirs.id}{way}", dag="2026-11-27", tid="10:00", kollega="karlstad-1", note="x", over="ja"
        )
        assert answer.status_code == 404
        after = stored(theirs)
        assert (after.sequence, after.status, after.counsellor_note, after.no_show) == (0, "confirmed", None, False)

    async def test_lists_and_search_hold_only_the_own_ones(self, own, staff, booked):
        mine, theirs = booked(person_name="Kim Öberg"), booked(counsellor="karlstad-2", person_name="Bo Öberg")
        page = await own.get(PATH)
        assert mine.reference in page.text
        assert theirs.reference not in page.text
        found = await own.post(PATH, sok="öberg")
        assert mine.reference in found.text
        assert theirs.reference not in found.text
        await staff.get(PATH)
        found = await staff.post(PATH, sok="ÖBERG")
        assert mine.reference in found.text
        assert theirs.reference in found.text

    async def test_a_language_the_counsellor_speaks_stands_there_as_a_language(self, own, booked):
        meeting = booked(spoken_language="arabiska")
        assert "Språk: arabiska" in (await own.get(PATH)).text
        page = await own.get(f"{PATH}/{meeting.id}")
        assert "<dt>Språk</dt><dd>Arabiska</dd>" in page.text
        assert "Tolk" not in page.text

    async def test_an_account_without_a_counsellor_is_told_so(self, house, booked):  # noqa: F811
        meeting = booked()
        nobody = house.signed_in(house.account("ny@example.org", "counsellor"))
        page = await nobody.get(PATH)
        assert "inte kopplat" in page.text
        assert meeting.reference not in page.text
        assert "inte kopplat" in (await nobody.get(PATH + "/boka")).text

    async def test_staff_do_not_read_the_counsellors_note(self, own, staff, booked, stored):
        meeting = booked()
        await own.get(f"{PATH}/{meeting.id}")
        await own.post(f"{PATH}/{meeting.id}/anteckning", note="Ta med broschyren")
        assert "Ta med broschyren" in (await own.get(f"{PATH}/{meeting.id}")).text
        assert "Ta med broschyren" not in (await staff.get(f"{PATH}/{meeting.id}")).text
        await staff.post(f"{PATH}/{meeting.id}/anteckning", note="annat")
        assert stored(meeting).counsellor_note == "Ta med broschyren"

    async def test_a_successor_does_not_read_the_notes_of_whoever_was_there_before(self, house, own, booked, stored):  # noqa: F811
        meeting = booked()
        page = f"{PATH}/{meeting.id}"
        await own.get(page)
        await own.post(f"{page}/anteckning", note="Ta med broschyren")
        number = house.account("efter@example.org", "counsellor")
        with house.database.transaction() as session:
            counsellor(session, "karlstad-1").account_id = number
        successor = house.signed_in(number)
        assert "Ta med broschyren" not in (text := (await successor.get(page)).text)
        assert "Din anteckning" in text
        await successor.post(f"{page}/anteckning", note="Ta med broschyren")
        assert "Ta med broschyren" in (await successor.get(page)).text
        assert stored(meeting).counsellor_note == "Ta med broschyren"

    async def test_a_held_time_is_no_meeting_yet(self, staff, hold, person):
        assert (await staff.get(f"{PATH}/{hold(person).id}")).status_code == 404


class TestSearching:
    @pytest.mark.parametrize("text", ["kim", "DELTAGARE@", "{reference}", "{short}"])
    async def test_finds_by_code_name_and_contact(self, own, booked, text):
        meeting = booked()
        await own.get(PATH)
        short = meeting.reference.removeprefix("IV-").lower()
        found = await own.post(PATH, sok=text.format(reference=meeting.reference, short=short))
        assert meeting.reference in found.text

    async def test_finds_a_telephone_number_however_it_is_spaced(self, own, booked):
        meeting = booked(email=None)
        await own.get(PATH)
        assert meeting.reference in (await own.post(PATH, sok="0701-74 06 35")).text
        assert meeting.reference not in (await own.post(PATH, sok="finns inte")).text

    async def test_coming_meetings_stand_first_however_many_there_are(self, own, booked, now, monkeypatch):
        """The soonest of them, then the latest of those that have been; and the page says when it shows only some."""
        monkeypatch.setattr(listing, "FOUND", 3)
        moments = [now - timedelta(days=1), now + timedelta(days=9), now - timedelta(days=2), now + timedelta(days=2)]
        codes = [booked(at=at).reference for at in moments]
        await own.get(PATH)
        found = (await own.post(PATH, sok="kim")).text
        assert references(found) == [codes[3], codes[1], codes[0]]
        assert "Fler möten stämmer än de 3 som visas" in found
        assert "Fler möten stämmer" not in (await own.post(PATH, sok=codes[2])).text

    async def test_a_meeting_that_has_lost_its_person_is_found_by_its_code_alone(self, own, booked):
        gone = booked(person_name=None, contact_kind=None, contact_value=None)
        await own.get(PATH)
        assert references((await own.post(PATH, sok="kim")).text) == []
        assert references((await own.post(PATH, sok=gone.reference.lower())).text) == [gone.reference]


class TestLongLists:
    @pytest.fixture(autouse=True)
    def three(self, monkeypatch):
        monkeypatch.setattr(listing, "MOST", 3)

    async def test_the_soonest_are_shown_and_the_page_says_that_there_are_more(self, own, booked, now):
        codes = [booked(at=now + timedelta(days=days)).reference for days in (14, 1, 2, 16)]
        page = (await own.get(PATH)).text
        assert references(page) == [codes[1], codes[2], codes[0]]
        assert "fler möten längre fram än de 3 som visas" in page

    async def test_what_was_not_read_is_not_said_to_be_empty(self, own, booked, now):
        for hours in (1, 2, 3, 24):
            booked(at=now + timedelta(hours=hours))
        page = (await own.get(PATH)).text
        assert "fler möten längre fram än de 3 som visas" in page
        assert "Senare i veckan" not in page
        assert "Längre fram" not in page

    async def test_of_the_last_month_the_latest_are_shown(self, own, booked, now):
        codes = [booked(at=now - timedelta(days=days)).reference for days in (20, 3, 5, 1)]
        page = (await own.get(PATH + "?tidigare=ja")).text
        assert references(page) == [codes[3], codes[1], codes[2]]
        assert "fler möten än de 3 senaste" in page

    async def test_a_list_that_is_whole_says_nothing_of_more(self, own, booked, now):
        booked(at=now + timedelta(days=1))
        page = (await own.get(PATH)).text
        assert "fler möten" not in page
        assert "Längre fram" in page


class TestChanging:
    async def test_moving_tells_both_and_keeps_the_words_nowhere(self, own, booked, stored, database):
        meeting = booked()
        address = f"{PATH}/{meeting.id}/flytta"
        assert "?dag=2026-11-26&amp;tid=14%3A00" in (await own.get(address)).text
        page = await own.get(f"{address}?dag=2026-11-26&tid=14:00")
        assert "Personen får ett mejl" in page.text
        answer = await own.post(address, **{**form_of(page, address), "halsning": "Jag blev sjuk."})
        assert answer.status_code == 303
        assert stored(meeting).starts_at == utc("2026-11-26 13:00")
        assert stored(meeting).sequence == 1
        assert len(sent_to(database, "deltagare@example.org")) == 2  # the mail, and the reminder
        after = await own.get(answer.headers["location"])
        assert "Mötet är flyttat." in after.text
        assert "Flyttat från" in after.text
        assert "Jag blev sjuk" not in after.text

    async def test_a_taken_time_needs_a_visible_double_booking(self, own, booked, stored):
        booked(at=utc("2026-11-26 13:00"))
        meeting = booked()
        address = f"{PATH}/{meeting.id}/flytta"
        page = await own.get(f"{address}?dag=2026-11-26&tid=14:00")
        assert "Boka ändå, som dubbelbokning" in page.text
        form = form_of(page, address)
        refused = await own.post(address, **form)
        assert refused.status_code == 409
        assert stored(meeting).sequence == 0
        assert (await own.post(address, **{**form, "over": "ja"})).status_code == 303
        assert stored(meeting).staff_override
        assert "dubbelbokning" in (await own.get(f"{PATH}/{meeting.id}")).text

    @pytest.mark.parametrize(
        ("day", "at"),
        [
            ("2026-11-20", "10:00"),
            ("x", "10:00"),
            ("", ""),
            ("0001-01-01", "00:00"),
            ("0001-01-02", "10:00"),
            ("1776-07-04", "10:00"),
            ("9999-12-31", "23:59"),
        ],
    )
    async def test_a_time_that_is_over_or_unreadable_is_refused(self, own, booked, stored, day, at):
        meeting = booked()
        await own.get(PATH)
        answer = await own.post(f"{PATH}/{meeting.id}/flytta", dag=day, tid=at)
        assert answer.status_code == 422
        assert "Det gick inte" in answer.text
        assert stored(meeting).sequence == 0
        assert (await own.get(f"{PATH}/{meeting.id}/flytta?dag={day}&tid={at}")).status_code in (200, 422)

    async def test_cancelling_sends_the_words_and_says_what_to_do_without_mail(self, own, booked, stored, database):
        meeting = booked()
        page = await own.get(f"{PATH}/{meeting.id}/avboka")
        address = f"{PATH}/{meeting.id}/avboka"
        await own.post(address, **{**form_of(page, address), "halsning": "Ring mig på måndag."})
        assert stored(meeting).status == "cancelled"
        assert sent_to(database, "deltagare@example.org") == ["CANCELLATION"]
        by_phone = booked(email=None, at=utc("2026-11-27 12:00"))
        page = await own.get(f"{PATH}/{by_phone.id}/avboka")
        assert "Personen får inget mejl." in page.text
        assert 'name="halsning"' not in page.text
        answer = await own.post(f"{PATH}/{by_phone.id}/avboka")
        assert "Ring personen och berätta" in (await own.get(answer.headers["location"])).text

    async def test_a_colleague_takes_over_and_the_first_one_sees_it_no_more(self, own, house, booked, stored):  # noqa: F811
        meeting = booked()
        address = f"{PATH}/{meeting.id}/kollega"
        answer = await own.post(address, **{**form_of(await own.get(address), address), "kollega": "karlstad-2"})
        assert answer.headers["location"].startswith(PATH + "?")
        assert stored(meeting).counsellor.slug == "karlstad-2"
        assert (await own.get(f"{PATH}/{meeting.id}")).status_code == 404
        other = linked(house, "karlstad-2")
        assert "Lämnat från Studie- och yrkesvägledare 1" in (await other.get(f"{PATH}/{meeting.id}")).text

    async def test_whose_note_goes_is_said_before_the_hand_over(self, own, staff, booked, stored):
        meeting = booked()
        address = f"{PATH}/{meeting.id}/kollega"
        assert "anteckning" not in (await own.get(address)).text
        await own.post(f"{PATH}/{meeting.id}/anteckning", note="Ta med broschyren")
        page = await own.get(address)
        assert "Din anteckning om mötet raderas." in page.text
        others = await staff.get(address)
        assert "Vägledarens egen anteckning om mötet raderas." in others.text
        assert "broschyren" not in others.text
        await own.post(address, **{**form_of(page, address), "kollega": "karlstad-2"})
        assert stored(meeting).counsellor_note is None

    async def test_a_busy_colleague_and_nobody_are_refused(self, own, booked, stored):
        meeting = booked()
        booked(counsellor="karlstad-2")
        address = f"{PATH}/{meeting.id}/kollega"
        page = await own.get(address)
        assert "har redan något då" in page.text
        assert (await own.post(address, kollega="karlstad-2")).status_code == 409
        assert (await own.post(address, kollega="arvika-1")).status_code == 404
        assert stored(meeting).counsellor.slug == "karlstad-1"

    async def test_nobody_came_and_then_somebody_did(self, own, booked, stored, clock):
        meeting = booked()
        address = f"{PATH}/{meeting.id}/uteblev"
        assert "uteblev" not in (await own.get(f"{PATH}/{meeting.id}")).text
        assert (await own.post(address)).status_code == 409
        clock.now += timedelta(days=3, hours=12)
        own_again = own.house.signed_in(stored(meeting).counsellor.account_id)
        page = await own_again.get(f"{PATH}/{meeting.id}")
        await own_again.post(address, **form_of(page, address))
        assert stored(meeting).no_show
        page = await own_again.get(f"{PATH}/{meeting.id}")
        assert "Markerat att ingen kom." in page.text
        await own_again.post(address, **form_of(page, address))
        assert not stored(meeting).no_show


class TestBookingForSomebody:
    async def test_a_caller_gets_a_time(self, own, database):
        page = await own.get(f"{PATH}/boka?vagledare=karlstad-1&typ=phone&dag=2026-11-26&tid=13:00")
        form = form_of(page, PATH + "/boka")
        assert (form["dag"], form["tid"]) == ("2026-11-26", "13:00")
        typed = {**form, "namn": "Kim", "kontakt": "070-174 06 35", "latt": "ja"}
        answer = await own.post(PATH + "/boka", **typed)
        assert answer.status_code == 303
        with database.transaction(read_only=True) as session:
            meeting = session.scalars(select(Meeting)).one()
            assert (meeting.person_name, meeting.contact_kind, meeting.wants_easy) == ("Kim", "phone", True)
            assert meeting.starts_at == utc("2026-11-26 12:00")
        assert "Läs upp tiden" in (await own.get(answer.headers["location"])).text
        again = await own.post(PATH + "/boka", **typed)
        assert again.headers["location"] == answer.headers["location"]

    async def test_what_is_wrong_comes_back_with_what_was_typed(self, own, database):
        page = await own.get(f"{PATH}/boka?vagledare=karlstad-1&typ=phone&tolk=ja")
        typed = {**form_of(page, PATH + "/boka"), "namn": "Kim", "kontakt": "", "sprak": "blurgh"}
        refused = await own.post(PATH + "/boka", **typed)
        assert refused.status_code == 422
        assert 'value="blurgh"' in refused.text
        for field in ("dag", "kontakt", "sprak"):
            assert f'href="#{field}"' in refused.text

    async def test_an_interpreter_makes_it_longer(self, own, database):
        page = await own.get(f"{PATH}/boka?vagledare=karlstad-1&typ=phone&tolk=ja&dag=2026-11-26&tid=13:00")
        typed = {**form_of(page, PATH + "/boka"), "namn": "Kim", "kontakt": "kim@example.org", "sprak": "Arabiska"}
        assert (await own.post(PATH + "/boka", **typed)).status_code == 303
        with database.transaction(read_only=True) as session:
            meeting = session.scalars(select(Meeting)).one()
        assert meeting.interpreter_language == "arabiska"
        assert meeting.ends_at - meeting.starts_at == timedelta(hours=1)

    async def test_who_speaks_the_language_needs_no_interpreter(self, own, database):
        with database.transaction() as session:
            counsellor(session, "karlstad-1").languages = ["svenska", "arabiska"]
        page = await own.get(f"{PATH}/boka?vagledare=karlstad-1&typ=phone&tolk=ja&dag=2026-11-26&tid=13:00")
        typed = {**form_of(page, PATH + "/boka"), "namn": "Kim", "kontakt": "kim@example.org", "sprak": "Arabiska"}
        assert (await own.post(PATH + "/boka", **typed)).status_code == 303
        with database.transaction(read_only=True) as session:
            meeting = session.scalars(select(Meeting)).one()
        assert (meeting.interpreter_language, meeting.spoken_language) == (None, "arabiska")
        assert meeting.ends_at - meeting.starts_at == timedelta(minutes=30)

    async def test_a_taken_time_is_booked_only_on_purpose(self, own, booked, database):
        booked()
        page = await own.get(f"{PATH}/boka?typ=phone&dag=2026-11-26&tid=13:00")
        typed = {**form_of(page, PATH + "/boka"), "namn": "Bo", "kontakt": "bo@example.org"}
        refused = await own.post(PATH + "/boka", **typed)
        assert refused.status_code == 422
        assert "Boka ändå" in refused.text
        assert (await own.post(PATH + "/boka", **{**typed, "over": "ja"})).status_code == 303
        with database.transaction(read_only=True) as session:
            assert sorted(session.scalars(select(Meeting.staff_override))) == [False, True]

    async def test_a_counsellor_books_only_with_themselves(self, own, staff, database):
        page = await staff.get(f"{PATH}/boka?vagledare=karlstad-2&typ=phone&dag=2026-11-26&tid=13:00")
        typed = {**form_of(page, PATH + "/boka"), "namn": "Bo", "kontakt": "bo@example.org"}
        await own.get(PATH)
        typed.pop("csrf")
        assert (await own.post(PATH + "/boka", **typed)).status_code == 422
        with database.transaction(read_only=True) as session:
            assert session.scalars(select(Meeting)).all() == []
        assert (await staff.post(PATH + "/boka", **typed)).status_code == 303


class TestLinking:
    async def test_an_account_belongs_to_one_counsellor(self, house, database):  # noqa: F811
        admin = house.signed_in(house.account("admin@example.org", "admin"))
        number = house.account("syv@example.org", "counsellor")
        other = house.account("red@example.org", "staff")
        with database.transaction(read_only=True) as session:
            first, second = (counsellor(session, slug).id for slug in ("karlstad-1", "karlstad-2"))
        await admin.get("/personal/vagledarkonton")
        for target in (first, second):
            answer = await admin.post(f"/personal/vagledarkonton/{target}", konto=str(number))
            assert answer.status_code == 303
        await admin.post(f"/personal/vagledarkonton/{first}", konto=str(other))
        with database.transaction(read_only=True) as session:
            found = dict(session.execute(select(Counsellor.id, Counsellor.account_id)).all())
        assert (found[first], found[second]) == (None, number)
        assert house.actions().count("counsellor.account") == 2
        assert "nu hos" in (await admin.get("/personal/vagledarkonton")).text
