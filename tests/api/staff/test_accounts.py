"""Administrators make, change and close accounts."""

from __future__ import annotations

import re

import pytest

from api.staff import accounts, logging_in
from api.staff.errors import AccountUnknown, LinkUnknown
from api.staff.sessions import SignedIn
from tests.api.staff.conftest import PASSWORD, House
from tests.conftest import MovableClock

NEW = "grind åska 41 pelargon"


def link_in(text: str) -> str:
    return re.search(r"https://vagledaren\.example\.org(/personal/lank/[\w-]{43})", text)[1]


@pytest.fixture
def admin(house: House):
    return house.signed_in(house.account("chefen@example.org", "admin"))


class TestNewAccount:
    async def test_gets_a_link_that_is_shown_once_and_works_once(self, house: House, admin) -> None:
        page = await admin.post("/personal/konton", login="Ny@Example.org", title="Vägledningen i Sunne", role="staff")
        path = link_in(page.text)
        assert path not in (await admin.get("/personal/konton")).text
        person = house.browser()
        form = await person.get(path)
        assert "ny@example.org" in form.text
        assert (await person.post(path, new="kort", again="kort")).status_code == 422
        answer = await person.post(path, new=NEW, again=NEW)
        assert answer.headers["location"] == "/personal/logga-in?klart=losenord"
        assert (await person.get(path)).status_code == 404
        assert (await person.post(path, new=PASSWORD, again=PASSWORD)).status_code in {403, 404}
        assert (await house.browser().log_in("ny@example.org", NEW)).status_code == 303

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"login": ""}, "new-login"), ({"login": "a b"}, "new-login"), ({"login": "<script>"}, "new-login"),
            ({"login": "CHEFEN@example.org"}, "new-login"), ({"title": ""}, "new-title"),
            ({"title": "x" * 81}, "new-title"), ({"title": "<b>"}, "new-title"), ({"role": "chef"}, "new-role"),
        ],
    )  # fmt: skip
    async def test_a_wrong_value_is_explained_and_nothing_made(self, house: House, admin, values, field) -> None:
        good = {"login": "ny@example.org", "title": "Vägledningen", "role": "staff"}
        page = await admin.post("/personal/konton", **good | values)
        assert page.status_code in {409, 422}
        assert f'<a href="#{field}">' in page.text
        assert "account_created" not in house.actions()[1:]

    async def test_has_no_link_where_everybody_uses_the_log_in_service(self, build) -> None:
        house = build(oidc_only=True, oidc_issuer="https://login.example.org", oidc_client_id="x")
        admin = house.signed_in(house.account("chefen@example.org", "admin"))
        page = await admin.post("/personal/konton", login="ny@example.org", title="Vägledningen", role="staff")
        assert "Personen loggar in med organisationens konto." in page.text
        assert "/personal/lank/" not in page.text


class TestLink:
    async def test_ends_after_a_day_and_when_a_newer_one_is_made(
        self, house: House, admin, clock: MovableClock
    ) -> None:
        number = house.account()
        first = link_in((await admin.post(f"/personal/konton/{number}/lank")).text)
        second = link_in((await admin.post(f"/personal/konton/{number}/lank")).text)
        assert (await house.browser().get(first)).status_code == 404
        assert (await house.browser().get(second)).status_code == 200
        clock.move(hours=24)
        page = await house.browser().get(second)
        assert page.status_code == 404
        assert "Be en administratör om en ny." in page.text

    async def test_leaves_the_password_alone_until_it_is_used_and_then_ends_all_sessions(
        self, house: House, admin
    ) -> None:
        number = house.account()
        theirs = house.signed_in(number)
        path = link_in((await admin.post(f"/personal/konton/{number}/lank")).text)
        assert (await house.browser().log_in()).status_code == 303
        assert await theirs.is_in()
        person = house.browser()
        await person.get(path)
        await person.post(path, new=NEW, again=NEW)
        assert not await theirs.is_in()
        assert (await house.browser().log_in()).status_code == 401

    async def test_is_used_up_by_the_first_of_two(self, house: House) -> None:
        number = house.account()
        with house.database.transaction() as session:
            token = accounts.make_link(session, accounts.get(session, number), now=house.clock(), actor="cli").token
        gate = logging_in.Gate(house.database, house.settings, "203.0.113.5", house.clock())
        logging_in.use_link(gate, token, NEW, NEW)
        with pytest.raises(LinkUnknown):
            logging_in.use_link(gate, token, PASSWORD, PASSWORD)

    async def test_its_address_is_kept_from_other_sites_and_caches(self, house: House) -> None:
        page = await house.browser().get("/personal/lank/x")
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["cache-control"] == "no-store"


class TestChanges:
    async def test_another_role_holds_at_once_and_ends_the_sessions(self, house: House, admin) -> None:
        number = house.account()
        theirs = house.signed_in(number)
        answer = await admin.post(f"/personal/konton/{number}/roll", role="counsellor")
        assert answer.headers["location"] == "/personal/konton?klart=roll"
        assert house.row(number).role == "counsellor"
        assert not await theirs.is_in()

    async def test_a_closed_account_is_out_at_once_and_its_link_void(self, house: House, admin) -> None:
        number = house.account()
        theirs = house.signed_in(number)
        path = link_in((await admin.post(f"/personal/konton/{number}/lank")).text)
        await admin.post(f"/personal/konton/{number}/stang")
        assert not await theirs.is_in()
        assert (await house.browser().get(path)).status_code == 404
        assert (await house.browser().log_in()).status_code == 401
        assert (await admin.post(f"/personal/konton/{number}/lank")).status_code == 409
        await admin.get("/personal/konton")
        await admin.post(f"/personal/konton/{number}/oppna")
        assert (await house.browser().log_in()).status_code == 303

    async def test_sessions_can_be_ended_for_somebody_else_and_for_oneself_elsewhere(self, house: House, admin) -> None:
        number = house.account()
        theirs = house.signed_in(number)
        await admin.post(f"/personal/konton/{number}/sessioner")
        assert not await theirs.is_in()
        chief = house.row(number - 1)
        elsewhere = house.signed_in(chief.id)
        await admin.post(f"/personal/konton/{chief.id}/sessioner")
        assert not await elsewhere.is_in()
        assert await admin.is_in()

    async def test_nobody_closes_or_demotes_the_account_in_use(self, house: House, admin) -> None:
        number = house.account() - 1
        for what, fields in (("stang", {}), ("roll", {"role": "staff"})):
            page = await admin.post(f"/personal/konton/{number}/{what}", **fields)
            assert page.status_code == 409
            assert "Be en annan administratör." in page.text
        assert (house.row(number).role, house.row(number).active) == ("admin", True)

    async def test_of_two_administrators_who_close_each_other_one_remains(self, house: House) -> None:
        one, other = house.account("en@example.org", "admin"), house.account("tva@example.org", "admin")

        def signed(number: int) -> SignedIn:
            return SignedIn(number, "", "", "admin", 1, "", True)

        with house.database.transaction() as session:
            accounts.set_active(session, other, False, by=signed(one), now=house.clock())
        with pytest.raises(AccountUnknown), house.database.transaction() as session:
            accounts.set_active(session, one, False, by=signed(other), now=house.clock())
        assert house.row(one).active

    async def test_every_change_leaves_an_audit_row_without_names(self, house: House, admin) -> None:
        number = house.account()
        for what, fields in (
            ("roll", {"role": "counsellor"}), ("sessioner", {}), ("lank", {}), ("stang", {}), ("oppna", {}),
        ):  # fmt: skip
            await admin.post(f"/personal/konton/{number}/{what}", **fields)
            await admin.get("/personal/konton")
        rows = [row for row in house.audited() if row.actor == f"admin:{number - 1}"]
        assert [row.action for row in rows] == [
            "role_changed", "sessions_ended", "link_made", "account_closed", "account_opened",
        ]  # fmt: skip
        assert {row.subject for row in rows} == {f"account:{number}"}
        assert rows[0].details == {"from": "staff", "to": "counsellor"}

    async def test_an_account_that_is_not_there_is_a_page_that_says_so(self, admin) -> None:
        page = await admin.post("/personal/konton/999999/stang")
        assert page.status_code == 404
        assert "Kontot finns inte." in page.text
