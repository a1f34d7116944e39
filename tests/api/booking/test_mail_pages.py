"""“Utskick”: what staff see of mails, and what they can do; over HTTP, as a browser without scripts does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.outbox import service
from api.outbox.delivery import make_mailer
from api.outbox.sending import send_due
from api.outbox.tables import Outbox
from tests.api.booking.mailing import PERSON, book, new
from tests.api.staff.conftest import build  # noqa: F401 - a fixture

PAGE = "/personal/utskick"

pytestmark = pytest.mark.usefixtures("counsellors")


@pytest.fixture
def meeting(database, office, now):
    with database.transaction() as session:
        meeting = new(session)
        book(session, meeting, office, now)
    return meeting


@pytest.fixture
def house(build, tmp_path):  # noqa: F811
    return build(data_dir=tmp_path)


@pytest.fixture
def staff(house):
    return house.signed_in(house.account())


def fail(database, now) -> int:
    """The person's mail is given up, the counsellor's is tried again later; the id of the first."""
    with database.transaction() as session:
        for claim in service.claim(session, now):
            permanent = claim.recipient == PERSON
            error = "550" if permanent else "unreached SMTPConnectError"
            service.mark_failed(session, claim, now, error=error, permanent=permanent, jitter=0)
        return session.scalars(select(Outbox.id).where(Outbox.recipient == PERSON, Outbox.kind == "CONFIRMATION")).one()


async def test_a_failed_and_a_waiting_mail_are_listed_without_what_they_say(staff, database, meeting, now):
    fail(database, now)
    page = (await staff.get(PAGE)).text
    for shown in (
        "Kom inte fram (1)",
        "Väntar (1)",
        "bekräftelse till den som bokade",
        PERSON,
        meeting.reference,
        "tors 26 nov kl. 13.00–13.30",
        "Adressen kan vara fel.",
        "Mejlservern svarar inte.",
        "dagen före möten och träffar: 1",
    ):
        assert shown in page
    for private in ("Kim", "Hej ", "/mote/", "031-390 06 21"):
        assert private not in page


async def test_the_start_page_says_that_something_did_not_arrive(staff, database, meeting, now):
    assert "Mejl som inte kom fram" not in (await staff.get("/personal")).text
    fail(database, now)
    assert "Mejl som inte kom fram (1)" in (await staff.get("/personal")).text


async def test_nothing_waits(staff):
    page = (await staff.get(PAGE)).text
    assert "Alla mejl har kommit fram" in page
    assert "Inget mejl väntar" in page


async def test_trying_again_sends_it(staff, house, database, meeting, now):
    mail_id = fail(database, now)
    await staff.get(PAGE)
    answer = await staff.post(f"{PAGE}/{mail_id}/igen")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?klart=igen")
    assert "Vi försöker skicka mejlet igen" in (await staff.get(answer.headers["Location"])).text
    await send_due(database, make_mailer(house.settings), lambda: now)
    with database.transaction() as session:
        assert session.get_one(Outbox, mail_id).sent_at == now


async def test_sending_it_elsewhere(staff, database, meeting, now):
    mail_id = fail(database, now)
    await staff.get(PAGE)
    answer = await staff.post(f"{PAGE}/{mail_id}/adress", address="  kim.ratt@example.org ")
    assert answer.headers["Location"] == f"{PAGE}?klart=adress"
    with database.transaction() as session:
        assert {claim.recipient for claim in service.claim(session, now)} == {"kim.ratt@example.org"}


async def test_a_wrong_address_is_said_at_its_field_and_kept(staff, database, meeting, now):
    mail_id = fail(database, now)
    await staff.get(PAGE)
    answer = await staff.post(f"{PAGE}/{mail_id}/adress", address="kim<at>example")
    assert answer.status_code == 422
    assert f'<a href="#adress-{mail_id}">Skriv en e-postadress' in answer.text
    assert 'value="kim&lt;at&gt;example"' in answer.text
    assert "<title>Fel: Utskick" in answer.text


async def test_a_mail_that_was_sent_meanwhile_is_refused_with_a_sentence(staff, database, meeting, now):
    mail_id = fail(database, now)
    await staff.get(PAGE)
    with database.transaction() as session:
        service.mark_sent(session, mail_id, now)
    answer = await staff.post(f"{PAGE}/{mail_id}/igen")
    assert answer.status_code == 409
    assert "redan skickat" in answer.text


@pytest.mark.parametrize("role", ["counsellor"])
async def test_it_is_staff_s_page(house, role):
    visitor = house.signed_in(house.account(role=role))
    assert (await visitor.get(PAGE)).status_code == 403


class TestFiles:
    async def test_in_development_the_files_can_be_read(self, staff, house, database, meeting, now):
        await send_due(database, make_mailer(house.settings), lambda: now)
        page = (await staff.get(PAGE)).text
        name = next(path.name for path in house.settings.mail_dir.glob("*-CONFIRMATION.eml"))
        assert f'href="{PAGE}/fil/{name}"' in page
        mail = (await staff.get(f"{PAGE}/fil/{name}")).text
        for shown in ("Hej Kim Öberg!", PERSON, "METHOD:REQUEST", "Din tid hos vägledaren"):
            assert shown in mail

    async def test_a_name_in_a_file_is_no_html(self, staff, house, database, office, now):
        with database.transaction() as session:
            book(session, new(session, person_name="<b>Kim</b>", at=now + timedelta(days=5)), office, now)
        await send_due(database, make_mailer(house.settings), lambda: now)
        for path in house.settings.mail_dir.glob("*.eml"):
            assert "<b>Kim" not in (await staff.get(f"{PAGE}/fil/{path.name}")).text

    @pytest.mark.parametrize("name", ["x.eml", "..%2Fhemlig.eml", "20261123T090000Z-1-REQUEST.eml", "%2e%2e"])
    async def test_no_other_file_can_be_read(self, staff, house, tmp_path, name):
        (tmp_path / "hemlig.eml").write_text("hemligt")
        assert (await staff.get(f"{PAGE}/fil/{name}")).status_code == 404

    @pytest.mark.parametrize(
        "settings",
        [
            {"smtp_url": "smtp://127.0.0.1:1"},
            {"env": "prod", "smtp_url": "smtp://127.0.0.1:1"},
        ],
        ids=["with a server", "prod"],
    )
    async def test_with_a_mail_server_or_in_prod_there_are_none(self, build, tmp_path, settings):  # noqa: F811
        (tmp_path / "mail").mkdir()
        name = "20261123T090000Z-1-REQUEST.eml"
        (tmp_path / "mail" / name).write_text("Subject: x\n\nhemligt")
        house = build(data_dir=tmp_path, **settings)
        staff = house.signed_in(house.account())
        assert "Mejl som filer" not in (await staff.get(PAGE)).text
        assert (await staff.get(f"{PAGE}/fil/{name}")).status_code == 404
