"""`/personal/arenden`: staff see what waits, late ones first, and nobody sees what is not theirs."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from api.booking.tables import Counsellor
from api.catalogue.tables import Municipality
from api.contact.enquiries import mails as letters
from api.contact.enquiries import service
from api.contact.enquiries.office import Promise
from api.contact.enquiries.tables import Enquiry
from api.privacy.contacts import Contact
from api.staff.tables import Audit
from tests.api.contact.enquiries.conftest import TRAINING, mails
from tests.api.staff.conftest import SITE, Browser, House
from tests.api.staff.desk import form_of
from tests.conftest import MovableClock

PATH = "/personal/arenden"


def number_of(house: House, name: str) -> int:
    with house.database.transaction(read_only=True) as session:
        return session.scalars(select(Municipality.id).where(Municipality.name == name)).one()


def sent(house: House, place: str = "Arvika", **changed: object) -> UUID:
    """An enquiry from a company in a municipality."""
    new = replace(TRAINING, municipality_id=number_of(house, place), **changed)  # type: ignore[arg-type]
    with house.database.transaction() as session:
        return service.send(session, new, Promise.of(house.settings), house.clock()).enquiry.id


def row_of(house: House, enquiry_id: UUID) -> Enquiry:
    with house.database.transaction(read_only=True) as session:
        return session.get_one(Enquiry, enquiry_id)


@pytest.fixture
def counsellor(house: House) -> Browser:
    """A counsellor at the node in Arvika."""
    account = house.account("vagledare@example.org", "counsellor")
    with house.database.transaction() as session:
        own = session.scalars(select(Counsellor).where(Counsellor.slug.startswith("arvika"))).unique()
        next(own).account_id = account
    return house.signed_in(account)


async def press(browser: Browser, enquiry_id: UUID, what: str, **texts: str) -> str:
    """Press a button on the page of an enquiry; what the page says then."""
    page = await browser.get(f"{PATH}/{enquiry_id}")
    action = f"{PATH}/{enquiry_id}/{what}"
    answer = await browser.post(action, **form_of(page, action) | texts)
    assert answer.status_code == 303, answer.text
    return (await browser.get(answer.headers["location"])).text


async def test_what_waits_longest_stands_first_and_is_marked_when_late(house: House, clock: MovableClock) -> None:
    sent(house, organisation="Den sena verkstaden")
    clock.move(days=8)
    sent(house, organisation="Den nya verkstaden")
    staff = house.signed_in(house.account())
    page = (await staff.get(PATH)).text
    assert page.index("Den sena verkstaden") < page.index("Den nya verkstaden")
    assert page.count("Försenat") == 1
    assert "Väntar på svar (2)" in page


async def test_the_list_is_narrowed_by_municipality_and_matter(house: House, staff: Browser) -> None:
    sent(house, "Arvika", organisation="Arvikaverkstaden")
    sent(house, "Sunne", organisation="Sunneverkstaden")
    page = (await staff.get(f"{PATH}?kommun={number_of(house, 'Sunne')}&arende=training")).text
    assert "Sunneverkstaden" in page
    assert "Arvikaverkstaden" not in page
    assert "Inget väntar på svar" in (await staff.get(f"{PATH}?arende=council")).text
    assert (await staff.get(f"{PATH}?kommun=x&arende=x&visa=x")).status_code == 200


async def test_staff_take_it_answer_it_and_are_done(house: House, staff: Browser) -> None:
    enquiry_id = sent(house)
    assert "Du har tagit ärendet." in await press(staff, enquiry_id, "ta")
    assert "(1)" in (await staff.get(f"{PATH}?visa=mina")).text
    page = await press(staff, enquiry_id, "svara", answer="Ja, vi har plats i mars.")
    assert "Svaret är på väg" in page
    assert "Ja, vi har plats i mars." in page
    assert "svar på ett ärende till personal@verkstad.example.org" in page
    await press(staff, enquiry_id, "avsluta")
    assert row_of(house, enquiry_id).status == "closed"
    assert "Besvarade (0)" in (await staff.get(f"{PATH}?visa=avslutade")).text
    assert "öppet igen" in await press(staff, enquiry_id, "oppna")
    with house.database.transaction(read_only=True) as session:
        assert len(mails(session, "ANSWER")) == 1


async def test_an_answer_without_words_is_asked_for_at_the_field(house: House, staff: Browser) -> None:
    enquiry_id = sent(house)
    path = f"{PATH}/{enquiry_id}"
    page = await staff.get(path)
    answer = await staff.post(f"{path}/svara", **form_of(page, f"{path}/svara") | {"answer": "  "})
    assert answer.status_code == 422
    assert 'href="#f-answer"' in answer.text
    assert 'id="f-answer-error"' in answer.text


@pytest.mark.parametrize(
    "text",
    ["Se https://exempel.example.org/a här", " ".join(f"Läs mer på https://exempel.example.org/{n}" for n in "abcd")],
)
async def test_an_answer_that_is_refused_leaves_the_enquiry_waiting_and_nobody_is_mailed(
    house: House, staff: Browser, text: str
) -> None:
    enquiry_id = sent(house)
    before = row_of(house, enquiry_id)
    path = f"{PATH}/{enquiry_id}"
    answer = await staff.post(f"{path}/svara", **form_of(await staff.get(path), f"{path}/svara") | {"answer": text})
    assert answer.status_code == 422
    assert 'id="f-answer-error"' in answer.text
    after = row_of(house, enquiry_id)
    assert (after.status, after.answered_at, after.taken_by) == ("new", None, before.taken_by)
    assert after.remind_at == before.remind_at
    with house.database.transaction(read_only=True) as session:
        assert not mails(session, "ANSWER")
        assert not session.scalars(select(Audit).where(Audit.action == "enquiry.answered")).all()
    assert "Ja, vi har plats i mars." in await press(staff, enquiry_id, "svara", answer="Ja, vi har plats i mars.")


async def test_an_answer_that_a_colleague_was_faster_with_is_not_lost(
    house: House, staff: Browser, colleague: Browser
) -> None:
    enquiry_id = sent(house)
    path = f"{PATH}/{enquiry_id}/svara"
    mine = form_of(await staff.get(f"{PATH}/{enquiry_id}"), path)
    await press(colleague, enquiry_id, "svara", answer="Kollegans svar.")
    answer = await staff.post(path, **mine | {"answer": "Mitt långa svar."})
    assert answer.status_code == 409
    assert "redan besvarat" in answer.text
    assert "Mitt långa svar." in answer.text


async def test_who_left_a_telephone_number_is_phoned_and_the_enquiry_marked(house: House, staff: Browser) -> None:
    enquiry_id = sent(house, contact=Contact("phone", "0701740605"))
    page = (await staff.get(f"{PATH}/{enquiry_id}")).text
    assert 'href="tel:+46701740605"' in page
    assert "Skicka svaret" not in page
    assert "Inget mejl har skickats" in await press(staff, enquiry_id, "besvarat")


async def test_a_note_shows_for_colleagues_and_not_for_the_sender(house: House, staff: Browser) -> None:
    enquiry_id = sent(house)
    words = "Ringde i dag, ingen svarade."
    assert words in await press(staff, enquiry_id, "anteckning", note=words)
    with house.database.transaction() as session:
        enquiry = session.get_one(Enquiry, enquiry_id)
        url = letters.new_link(session, enquiry, Promise.of(house.settings), house.clock())
    own = await house.browser().get(url.removeprefix(SITE))
    assert own.status_code == 200
    assert words not in own.text
    assert row_of(house, enquiry_id).status == "new"


async def test_an_enquiry_is_found_by_code_name_and_organisation(house: House, staff: Browser) -> None:
    enquiry_id = sent(house, organisation="Åkerströms Smide", name="Örjan")
    code = row_of(house, enquiry_id).reference
    for text in (code, code.lower(), "åkerströms", "ÖRJAN", "personal@verkstad"):
        page = await staff.post(PATH, **form_of(await staff.get(PATH), PATH) | {"sok": text})
        assert "Åkerströms Smide" in page.text, text
    page = await staff.post(PATH, **form_of(await staff.get(PATH), PATH) | {"sok": "finns inte"})
    assert "Inget ärende stämmer" in page.text


async def test_a_counsellor_sees_those_of_the_own_town_and_no_other(
    house: House, counsellor: Browser, staff: Browser
) -> None:
    near, far = sent(house, "Arvika", organisation="Nära AB"), sent(house, "Sunne", organisation="Långt bort AB")
    page = (await counsellor.get(PATH)).text
    assert "Nära AB" in page
    assert "Långt bort AB" not in page
    assert (await counsellor.get(f"{PATH}/{near}")).status_code == 200
    assert (await counsellor.get(f"{PATH}/{far}")).status_code == 404
    token = form_of(await counsellor.get(PATH), PATH)
    for what in ("ta", "svara", "besvarat", "anteckning", "avsluta", "oppna"):
        refused = await counsellor.post(f"{PATH}/{far}/{what}", **token | {"answer": "Hej på dig.", "note": "Hej."})
        assert refused.status_code == 404, what
    assert row_of(house, far).status == "new"


async def test_a_counsellor_without_a_node_sees_none(house: House) -> None:
    sent(house)
    browser = house.signed_in(house.account("ny@example.org", "counsellor"))
    assert "Inget väntar på svar" in (await browser.get(PATH)).text


async def test_the_start_page_says_how_many_wait_and_how_many_are_late(house: House, clock: MovableClock) -> None:
    sent(house, "Arvika")
    clock.move(days=8)
    sent(house, "Sunne")
    staff = house.signed_in(house.account())
    page = (await staff.get("/personal")).text
    assert "Ärenden som skulle ha besvarats (1)" in page
    assert "Ärenden som väntar på svar (1)" in page


async def test_the_file_holds_the_list_runs_nothing_and_is_noted(house: House, staff: Browser) -> None:
    enquiry_id = sent(house, organisation="=1+1", message="Rad ett; med semikolon.\nRad två.")
    answer = await staff.get(f"{PATH}/arenden.csv")
    text = answer.content.decode("utf-8-sig")
    assert text.startswith("Ärendekod;Ärende;Kommun;")
    assert row_of(house, enquiry_id).reference in text
    assert "'=1+1" in text
    with house.database.transaction(read_only=True) as session:
        noted = session.scalars(select(Audit).where(Audit.action == "enquiry.exported")).one()
    assert noted.details == {"rows": 1}


async def test_an_unknown_enquiry_is_not_found(house: House, staff: Browser) -> None:
    sent(house)
    assert (await staff.get(f"{PATH}/{UUID(int=1)}")).status_code == 404


async def test_an_enquiry_that_is_late_says_so_to_whoever_opens_it(house: House, clock: MovableClock) -> None:
    enquiry_id = sent(house)
    clock.move(days=8)
    staff = house.signed_in(house.account())
    assert "<strong>Försenat.</strong>" in (await staff.get(f"{PATH}/{enquiry_id}")).text
