"""A name that staff add is understood by the running bot, without training and without a restart."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from tests.api.staff.desk import form_of
from tests.stack.running import Running

pytestmark = pytest.mark.model

PATIENCE_SECONDS = 60


def understood(real: Running, text: str) -> set[str]:
    response = real.http.post(
        f"{real.stack.bot_url}/webhooks/gateway/understanding",
        json={"text": text},
        headers={"Authorization": f"Bearer {real.stack.env['IV_SERVICE_TOKEN']}"},
    )
    return {entity["value"] for entity in response.raise_for_status().json()["entities"]}


def test_a_new_alias_of_an_occupation_reaches_the_bot_within_a_minute(real: Running) -> None:
    assert "svetsare" not in understood(real, "vill bli fogvärmare i Arvika")
    password = json.loads((real.stack.data_dir / "demo-accounts.json").read_text("utf-8"))["staff"]
    with httpx.Client(base_url=real.url, headers={"Accept": "text/html"}) as desk:
        login = form_of(desk.get("/personal/logga-in"), "/personal/logga-in")
        desk.post("/personal/logga-in", data={**login, "login": "staff", "password": password})
        [(number,)] = real.in_database("SELECT id FROM occupation WHERE slug = ?", "svetsare")
        path = f"/personal/yrken/{number}"
        form = form_of(desk.get(path), path)
        saved = desk.post(path, data={**form, "aliases": f"{form['aliases']}\nfogvärmare"})
        assert saved.status_code == 303
        until = time.monotonic() + PATIENCE_SECONDS
        while "svetsare" not in understood(real, "vill bli fogvärmare i Arvika"):
            assert time.monotonic() < until, "the name did not reach the bot"
            time.sleep(1)
        page = desk.get(saved.headers["location"])
        form = form_of(desk.get(path), path)
        desk.post(path, data={**form, "aliases": form["aliases"].replace("\nfogvärmare", "")})
        assert page.status_code == 200
