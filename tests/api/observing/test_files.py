"""The dashboard and the alerts ask for figures that there are, and say what to do."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.exposition import generate_latest

from actions.figures import Figures
from api.database import Database
from deploy.local.config import ROOT
from tests.api.chat.conftest import MakeApp

FOLDER = ROOT / "deploy" / "observing"
RULES = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
PANELS = json.loads((FOLDER / "grafana-dashboard.json").read_text("utf-8"))["panels"]
QUERIES = {rule["alert"]: rule["expr"] for rule in RULES} | {
    f"{panel['title']} {target['refId']}": target["expr"] for panel in PANELS for target in panel["targets"]
}
LABEL = re.compile(r'(\w+)="([^"]*)"')


@pytest.fixture
async def shown(make_app: MakeApp, seeded: Database, connect: Any) -> str:
    """What Prometheus reads: of the api, and of the action server."""
    client: httpx.AsyncClient = await connect(make_app(seeded, metrics_token="nyckel"))
    await client.get("/health")
    await client.get("/metrics")
    ours = (await client.get("/metrics", headers={"Authorization": "Bearer nyckel"})).text
    return ours + generate_latest(Figures(["action_answer"]).registry).decode()


@pytest.mark.parametrize("name", QUERIES)
async def test_every_figure_that_is_asked_for_is_there(shown: str, name: str) -> None:
    figures = set(re.findall(r"iv_\w+", QUERIES[name]))
    assert figures or "up{" in QUERIES[name]
    missing = {figure for figure in figures if not re.search(rf"^{figure}(\{{| )", shown, re.MULTILINE)}
    assert missing == set()
    for label, value in LABEL.findall(QUERIES[name]):
        if label not in {"job", "status"}:
            assert f'{label}="{value}"' in shown


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_people_notice_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert set(rule["annotations"]) == {"summary", "do"}


def test_the_dashboard_has_no_two_panels_in_one_place() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in PANELS]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
